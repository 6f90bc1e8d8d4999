// At the door: the households of the own grids, verified or corrected; what was entered waits in the queue like everything else.
import * as queue from "./queue.js";
import * as store from "./store.js";

let homes = [];
let screen = null;

export const doors = (grid) => homes.filter((one) => one.grid === grid && one.lon !== null);

export async function start(field, kept) {
  homes = (await store.known("homes")) ?? [];
  if (!screen) {
    screen = field.querySelector("[data-screen=file]");
    for (const form of screen.querySelectorAll("form")) form.addEventListener("submit", (event) => submitted(event, kept));
    screen.querySelector("[data-back]").addEventListener("click", list);
  }
  list();
}

export function forget() {
  homes = [];
  if (screen) list();
}

export async function heard(said) {
  homes = said;
  await store.keep("homes", homes);
  if (screen.querySelector("[data-household]").hidden) list();
}

function list() {
  screen.querySelector("[data-household]").hidden = true;
  const part = screen.querySelector("[data-buildings]");
  part.hidden = false;
  screen.querySelector("[data-no-homes]").hidden = homes.length > 0;
  part.replaceChildren(...homes.map((building) => {
    const fold = document.createElement("details");
    fold.appendChild(document.createElement("summary")).textContent = `${building.name} (${building.households.length})`;
    for (const household of building.households) {
      const button = fold.appendChild(document.createElement("button"));
      button.type = "button";
      button.className = "btn zt-btn-secondary fw-wide";
      button.textContent = `${household.door} ${household.people[0] ?? ""}`;
      button.addEventListener("click", () => open(building, household));
    }
    return fold;
  }));
}

function open(building, household) {
  screen.querySelector("[data-buildings]").hidden = true;
  screen.querySelector("[data-household]").hidden = false;
  screen.querySelector("[data-home-name]").textContent = `${building.name} ${household.door}`;
  screen.querySelector("[data-home-people]").textContent = household.people.join("  ");
  for (const form of screen.querySelectorAll("form")) {
    form.reset();
    form.elements.household.value = household.id;
    form.elements.version.value = household.version;
    if (form.elements.kind) form.elements.kind.value = household.kind;
    if (form.elements.note) form.elements.note.value = household.note;
  }
  scrollTo(0, 0);
}

async function submitted(event, kept) {
  event.preventDefault();
  const form = event.target;
  if (!form.reportValidity()) return;
  const fields = Object.fromEntries(new FormData(form));
  const household = homes.flatMap((building) => building.households).find((one) => one.id === fields.household);
  await queue.add(form.dataset.kind, { ...fields, version: Number(fields.version) });
  const isOther = form.dataset.kind === "resident" || household.kind !== fields.kind || household.note !== fields.note;
  if (isOther) household.version += 1; // what this phone enters next rests on what it entered now
  if (fields.kind) Object.assign(household, { kind: fields.kind, note: fields.note });
  await store.keep("homes", homes);
  list();
  await kept();
}
