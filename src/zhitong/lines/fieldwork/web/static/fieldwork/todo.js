// What lines of business put on the phone: lists of what is to do, each thing done with one form; what was entered waits in the queue.
import { renew } from "./rows.js";

const field = document.getElementById("field");
const words = JSON.parse(field.dataset.words);
const lists = [...field.querySelectorAll("[data-todo]")];
const opened = new WeakMap();
let known = {}, entered = new Set();

export function heard(todo, go) {
  known = todo ?? {};
  show(go);
}

// What is in the queue for one of them is not done again until it is heard of.
export function waiting(ids, go) {
  entered = new Set(ids);
  show(go);
}

function show(go) {
  for (const list of lists) {
    const rows = known[list.dataset.todo] ?? [];
    list.hidden = !rows.length;
    renew(list.querySelector("ul"), rows.map((row) => [row.id, [row, entered.has(row.id)], () => line(list.dataset.todo, row, go)]));
  }
}

function line(kind, row, go) {
  const item = document.createElement("li");
  const isEntered = entered.has(row.id);
  const name = item.appendChild(document.createElement(isEntered ? "strong" : "button"));
  name.textContent = row.title;
  item.appendChild(document.createElement("span")).textContent = row.text;
  if (isEntered) {
    const said = item.appendChild(document.createElement("span"));
    said.textContent = words.state_waiting;
    said.className = "fw-warn";
  } else {
    Object.assign(name, { type: "button", className: "btn zt-btn-secondary fw-wide" });
    name.addEventListener("click", () => open(kind, row, go));
  }
  return item;
}

function open(kind, row, go) {
  const screen = field.querySelector(`[data-screen="${kind}"]`), form = screen.querySelector("form");
  screen.querySelector("[data-todo-title]").textContent = row.title;
  screen.querySelector("[data-todo-text]").textContent = row.text;
  if (opened.get(form)?.id !== row.id) empty(form); // back to the same one: what was typed and taken is still there
  for (const [name, value] of Object.entries(row.fields)) form.elements[name].value = value;
  for (const [name, values] of Object.entries(row.choices)) {
    renew(form.elements[name], values.map((value) => [value, value, () => new Option(value || words.only_note, value)]));
  }
  for (const name of ["photos", "after"]) {
    const mark = form.elements[name] && form.querySelector(`label[for="${form.elements[name].id}"] .zt-optional`);
    if (mark) mark.hidden = name in row.needs;
  }
  opened.set(form, row);
  go(kind);
}

export function empty(form) {
  opened.delete(form);
  form.reset();
  form.querySelectorAll("[data-photo-picker]").forEach((picker) => picker.dispatchEvent(new Event("zt-empty")));
}

// What an entry of this form is about, where it is done once.
export const about = (form) => (opened.get(form)?.is_once ? opened.get(form).id : "");

export const title = (form) => opened.get(form)?.title ?? "";

// The first thing that must be photographed before this may be sent; nothing where all is there.
export function missing(form) {
  const row = opened.get(form);
  if (!row) return "";
  const [first] = Object.keys(row.choices);
  const said = first ? form.elements[first].value : "";
  return Object.entries(row.needs).find(([name, when]) => (!first || when.includes(said)) && !form.elements[name].files.length)?.[0] ?? "";
}
