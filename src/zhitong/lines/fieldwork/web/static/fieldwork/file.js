// At the door: buildings, units and households of the own grids, verified or corrected; what was entered waits in the queue like everything else.
import * as queue from "./queue.js";
import { renew } from "./rows.js";
import * as store from "./store.js";
import { here } from "./walk.js";

const PANELS = ["household", "building", "unit"];
const words = JSON.parse(document.getElementById("field").dataset.words);
let homes = [];
let screen = null;
let touched = false; // the copy on the phone says more than was heard

export const doors = (grid) => homes.filter((one) => one.grid === grid && one.lon !== null);

const part = (selector) => screen.querySelector(selector);
const units = () => homes.flatMap((building) => building.units);
const byId = (rows, id) => rows.find((one) => one.id === id);

// ``writing`` as in app.js.
export async function start(field, writing) {
  homes = (await store.known("homes")) ?? [];
  if (!screen) {
    screen = field.querySelector("[data-screen=file]");
    for (const form of screen.querySelectorAll("form")) form.addEventListener("submit", (event) => submitted(event, writing));
    part("[data-back]").addEventListener("click", list);
    part("[data-point-here]").addEventListener("click", pointHere);
  }
  list();
}

export function forget() {
  homes = [];
  if (screen) list();
}

export const isTouched = () => touched;

export async function heard(said) {
  homes = said;
  touched = false;
  await store.keep("homes", homes);
  if (!part("[data-buildings]").hidden) list();
}

function button(text, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "btn zt-btn-secondary fw-wide", textContent: text });
  made.addEventListener("click", act);
  return made;
}

// Which of the parts of the screen is seen: the list, or one thing of it.
function show(panel) {
  part("[data-buildings]").hidden = Boolean(panel);
  part("[data-no-homes]").hidden = Boolean(panel) || homes.length > 0;
  for (const name of PANELS) part(`[data-panel=${name}]`).hidden = name !== panel;
  part("[data-back]").hidden = !panel;
  part("[data-to-unit]").hidden = true;
}

function list() {
  show("");
  renew(part("[data-buildings]"), homes.map((building) => [building.id, building, (old) => drawn(building, old)]));
}

// What was unfolded stays so, also when somebody has moved in.
function drawn(building, old) {
  const fold = old ?? document.createElement("details");
  const homesIn = building.units.reduce((sum, unit) => sum + unit.households.length, 0);
  const title = `${building.name} (${homesIn})`;
  renew(fold, [
    ["name", title, (summary) => Object.assign(summary ?? document.createElement("summary"), { textContent: title })],
    ...building.units.flatMap((unit) => rows(building, unit)),
    ["building", building, () => button(words.kind_building, () => openBuilding(building))],
  ]);
  return fold;
}

function rows(building, unit) {
  const row = (id, text, open) => [id, [building.name, unit, text], () => button(`${unit.door} ${text}`, open)];
  if (!unit.households.length) return [row(unit.id, words.new_home, () => openEmpty(building, unit))];
  return unit.households.map((household) => row(household.id, household.people[0] ?? "", () => openHousehold(building, unit, household)));
}

function fill(form, values) {
  form.reset();
  for (const [name, value] of Object.entries(values)) if (form.elements[name]) form.elements[name].value = value ?? "";
}

const form = (kind) => part(`form[data-kind=${kind}]`);

function opened(panel, name) {
  show(panel);
  part(`[data-panel=${panel}] [data-panel-name]`).textContent = name;
  scrollTo(0, 0);
}

function openHousehold(building, unit, household) {
  opened("household", `${building.name} ${unit.door}`);
  part("[data-home-people]").textContent = household.people.join("  ");
  form("household").hidden = false;
  fill(form("household"), { household: household.id, version: household.version, kind: household.kind, note: household.note });
  fill(form("resident"), { household: household.id, version: household.version });
  toUnit(building, unit);
}

function openEmpty(building, unit) {
  opened("household", `${building.name} ${unit.door}`);
  part("[data-home-people]").textContent = words.none;
  form("household").hidden = true;
  fill(form("resident"), { unit: unit.id, role: "head" });
  toUnit(building, unit);
}

function toUnit(building, unit) {
  part("[data-to-unit]").hidden = false;
  part("[data-to-unit]").onclick = () => {
    opened("unit", `${building.name} ${unit.door}`);
    const { households: _inside, door: _door, ...facts } = unit;
    fill(form("unit"), { ...facts, unit: unit.id });
  };
}

function openBuilding(building) {
  opened("building", building.name);
  const { units: _inside, grid: _grid, ...facts } = building;
  fill(form("building"), { ...facts, building: building.id });
  fill(form("new_unit"), { building: building.id });
  part("[data-point]").textContent = building.lon === null ? words.point_none : words.point_known;
}

async function pointHere() {
  const line = part("[data-point]"), { lon, lat } = form("building").elements;
  line.textContent = words.locating;
  try {
    const { longitude, latitude, accuracy } = await here();
    [lon.value, lat.value] = [longitude.toFixed(6), latitude.toFixed(6)];
    line.textContent = words.point_set.replace("{metres}", Math.round(accuracy));
  } catch {
    line.textContent = words.not_located_walk;
  }
}

const number = (text) => (text === "" || text === undefined ? null : Number(text));

// What was entered, in the copy on the phone too: what is entered next rests on it.
function apply(kind, fields) {
  if (kind === "household" || (kind === "resident" && fields.household)) {
    const one = byId(units().flatMap((unit) => unit.households), fields.household);
    revise(one, kind === "household" ? { kind: fields.kind, note: fields.note } : null);
  } else if (kind === "building") {
    if (fields.is_gone) homes = homes.filter((one) => one.id !== fields.building);
    else revise(byId(homes, fields.building), { name: fields.name, floors: number(fields.floors), lon: number(fields.lon), lat: number(fields.lat) });
  } else if (kind === "unit") {
    const { entrance, number: door, use } = fields;
    if (fields.is_gone) for (const building of homes) building.units = building.units.filter((one) => one.id !== fields.unit);
    else revise(byId(units(), fields.unit), { entrance, number: door, floor: number(fields.floor), use, door: [entrance, door].filter(Boolean).join("-") });
  }
}

// ``facts`` null: something about it has changed that is not kept here.
function revise(one, facts) {
  if (!one) return;
  if (!facts || Object.entries(facts).some(([name, value]) => (one[name] ?? null) !== value)) one.version += 1;
  Object.assign(one, facts);
}

async function submitted(event, writing) {
  event.preventDefault();
  const { target } = event, { kind } = target.dataset;
  if (!target.reportValidity()) return;
  const fields = Object.fromEntries(new FormData(target));
  const written = writing();
  screen.inert = true; // until it is written down: nothing is opened or typed that would be shut again
  try {
    await queue.add(kind, { ...fields, ...(fields.version ? { version: Number(fields.version) } : {}) });
    apply(kind, fields);
    touched = true;
    await store.keep("homes", homes);
  } finally {
    screen.inert = false;
  }
  list();
  written();
}
