// What lines of business put on the phone: lists of what is to do, each thing done with one form; what was entered waits in the queue.
// Lists lie on the phone whole, as far as they are held: they are heard anew when their stamp is another.
import * as contact from "./contact.js";
import * as queue from "./queue.js";
import { renew } from "./rows.js";
import * as store from "./store.js";
import { apart, here } from "./walk.js";

const SHOWN = 6, MORE = 20;
const ALIKE = { choices: {}, needs: {}, is_once: true, setup: {}, known: {} };
const field = document.getElementById("field");
const words = JSON.parse(field.dataset.words);
const lists = [...field.querySelectorAll("[data-todo]")].map((part) => ({
  part, kind: part.dataset.todo, screen: field.querySelector(`[data-screen="${part.dataset.todo}"]`), shown: SHOWN, sought: "", from: null, ready: "",
}));
const opened = new WeakMap();
let known = {}, entered = new Set();
let app = null; // go(screen), add(kind, fields, files, row), changed() where there is more to keep

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");
const whole = ({ rows, shared }) => rows.map((row) => ({ ...ALIKE, ...shared[row.as], ...row }));
const frameOf = (list) => list.screen.querySelector("[data-frame]");

export async function start(given) {
  known = (await store.known("lists")) ?? {};
  app = given;
  show();
}

export function forget() {
  known = {};
  show();
}

export async function heard(stamps) {
  let isNew = false;
  for (const { kind } of lists) {
    const now = stamps?.[kind];
    if (now?.stamp === known[kind]?.stamp) continue;
    const found = now ? await fetched(kind) : null;
    if (found) known[kind] = { ...now, ...found };
    else if (!now) delete known[kind];
    isNew = true;
  }
  if (isNew) {
    await store.keep("lists", known);
    show();
  }
  prepare().catch(() => undefined); // next time
}

async function fetched(kind) {
  const rows = [], shared = [];
  for (let first = 0; first !== null;) {
    const part = await contact.part(kind, first).catch(() => null);
    if (!part) return null; // what is there stays until all of it is heard
    rows.push(...part.rows.map((row) => ({ ...row, as: row.as + shared.length })));
    shared.push(...part.shared);
    first = part.next;
  }
  return { rows, shared };
}

// Whether all that the lists need has been asked for since the page was opened; nobody knows before the lists are read.
export const isReady = () => app !== null && lists.every((list) => !frameOf(list) || !known[list.kind] || list.ready);

// What screens of their own need without network.
async function prepare() {
  for (const list of lists) {
    const frame = frameOf(list), said = known[list.kind];
    if (!frame || !said || list.ready === said.stamp) continue;
    const screen = await import(frame.dataset.script);
    await screen.prepare(whole(said), kit(list));
    list.ready = said.stamp;
    app.changed();
  }
}

function kit(list) {
  return {
    template: list.screen.querySelector("template"), file: contact.file,
    names: store.names, known: store.thing, keep: store.keepThing, drop: store.dropThing,
    draft: store.draft, drafts: store.drafts, keepDraft: store.keepDraft, dropDraft: store.dropDraft,
    entered: async () => new Set((await queue.mine()).filter((entry) => entry.state !== "done").map((entry) => entry.about)),
    add: app.add,
  };
}

// What is in the queue for one of them is not done again until it is heard of.
export function waiting(ids) {
  entered = new Set(ids);
  show();
}

function wanted(list, rows) {
  const typed = list.sought.trim();
  const found = typed ? rows.filter((row) => `${row.title} ${row.text}`.includes(typed)) : rows;
  if (!list.from) return found;
  const far = (row) => (row.point ? apart(list.from, [0, ...row.point]) : Infinity);
  return found.map((row) => [far(row), row]).sort(([one], [other]) => one - other).map(([, row]) => row);
}

function show() {
  for (const list of lists) {
    const said = known[list.kind] ?? { rows: [], shared: [], total: 0 };
    const { part, kind } = list;
    const found = wanted(list, said.rows), seen = found.slice(0, list.shown);
    part.hidden = !said.rows.length;
    renew(part.querySelector("ul"), whole({ rows: seen, shared: said.shared }).map((row) => [row.id, [row, entered.has(row.id)], () => line(list, row)]));
    part.querySelector("[data-count]").textContent = fill(said.held < said.total ? words.held : words.count, said);
    part.querySelector("[data-find]").hidden = said.rows.length <= SHOWN;
    part.querySelector("[data-near]").hidden = !said.rows.some((row) => row.point);
    part.querySelector("[data-more]").hidden = found.length <= list.shown;
    part.querySelector("[data-more]").textContent = fill(words.more, { count: found.length - list.shown });
    if (kind) part.querySelector("[data-nothing]").hidden = Boolean(found.length);
  }
}

for (const list of lists) {
  const find = list.part.querySelector("[data-find]");
  find.addEventListener("input", ({ target }) => { list.sought = target.value; list.shown = SHOWN; show(); });
  list.part.querySelector("[data-more]").addEventListener("click", () => { list.shown += MORE; show(); });
  list.part.querySelector("[data-near]").addEventListener("click", async ({ currentTarget }) => {
    try {
      const { longitude, latitude } = await here();
      list.from = [0, longitude, latitude];
    } catch {
      currentTarget.textContent = words.not_located_walk;
    }
    show();
  });
}

function line(list, row) {
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
    name.addEventListener("click", () => open(list, row));
  }
  return item;
}

async function open(list, row) {
  const { kind, screen } = list, frame = frameOf(list);
  screen.querySelector("[data-todo-title]").textContent = row.title;
  screen.querySelector("[data-todo-text]").textContent = row.text;
  if (frame) {
    app.go(kind);
    frame.replaceChildren();
    try {
      await (await import(frame.dataset.script)).open(frame, row, kit(list));
    } catch {
      frame.textContent = words.not_here;
    }
    return;
  }
  fillIn(screen.querySelector("form"), row);
  app.go(kind);
}

function fillIn(form, row) {
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
