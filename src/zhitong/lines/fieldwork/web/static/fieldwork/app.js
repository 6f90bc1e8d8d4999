// The app of grid workers: shows the screens, puts what is entered into the queue, sends it when there is a network.
import * as contact from "./contact.js";
import * as queue from "./queue.js";
import * as calls from "./calls.js";
import * as file from "./file.js";
import { renew } from "./rows.js";
import { show as showQueue } from "./sent.js";
import * as store from "./store.js";
import * as todo from "./todo.js";
import { Walk, draw, here, isInside } from "./walk.js";

const AGAIN = 30_000;
const SELDOM = 10; // turns until the homes are asked for again, where nothing happens here
const field = document.getElementById("field");
const words = JSON.parse(field.dataset.words);
const one = (selector) => field.querySelector(selector);
const every = (selector) => [...field.querySelectorAll(selector)];
const walk = new Walk(() => refreshWalk());
const NOTHING = { grids: [], matters: [], notes: [], calls: [] };
let day = NOTHING;
let mattersShown = 6; // what is to do comes below them
let isOpen = false;
let speaking = null;
let isWanted = false;
let isWholeWanted = false;
let isGone = false;

const ON_TIME = ["on_time", "warning"];
const CLOCK = new Intl.DateTimeFormat(document.documentElement.lang, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" });
const when = (moment) => CLOCK.format(new Date(moment));
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");

function say(text, isBad = false) {
  const line = one("[data-said]");
  line.textContent = text;
  line.classList.toggle("fw-bad", isBad);
  line.hidden = !text;
}

let moves = 0; // how often somebody went to a screen

function go(screen) {
  moves += 1;
  for (const part of every("[data-screen]")) part.hidden = part.dataset.screen !== screen;
  for (const button of every("[data-go]")) button.setAttribute("aria-current", button.dataset.go === screen ? "page" : "false");
  say("");
  scrollTo(0, 0);
  if (screen === "walk") refreshWalk();
  const form = one(`[data-screen="${screen}"] form[data-kind]`);
  if (form?.elements.lon) place(form);
}

const grid = () => day.grids.find((known) => known.id === one("[data-grid]").value) ?? day.grids[0];

// Where the phone is, beside the form; without it the address says where.
async function place(form) {
  const line = form.querySelector("[data-place]");
  line.textContent = words.locating;
  try {
    const { longitude, latitude, accuracy } = await here();
    form.elements.lon.value = longitude.toFixed(6);
    form.elements.lat.value = latitude.toFixed(6);
    line.textContent = fill(words.located, { metres: Math.round(accuracy) });
  } catch {
    form.elements.lon.value = form.elements.lat.value = "";
    line.textContent = words.not_located;
  }
}

function entered(form) {
  const fields = {}, files = {};
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) { if (value.size) (files[name] ??= []).push(value); }
    else if (name !== "csrfmiddlewaretoken") fields[name] = value;
  }
  fields.grid = grid()?.id ?? "";
  if (todo.title(form)) fields.title = todo.title(form);
  return [fields, files];
}

// Called when an entry begins to be written down; what it gives back, when that is done: back to the day, unless the worker has
// gone on meanwhile, be it to the same screen.
function writing() {
  const since = moves;
  return () => {
    if (moves === since) go("day");
    say(words.kept);
  };
}

async function submitted(event) {
  event.preventDefault();
  const form = event.target;
  if (!form.reportValidity()) return;
  const unseen = todo.missing(form);
  if (unseen) {
    say(fill(words.no_photo, { what: words[`field_${unseen}`] }), true);
    return;
  }
  if (form.elements.is_appeal) form.elements.is_appeal.value = event.submitter?.dataset.appeal ?? "";
  form.inert = true; // until it is written down: what is typed now would be lost
  const written = writing();
  try {
    await queue.add(form.dataset.kind, ...entered(form), todo.about(form));
    todo.empty(form);
    written();
  } catch {
    say(words.full, true);
  } finally {
    form.inert = false;
  }
  speak();
}

// The same for a screen of its own: what is refused later is mended there and entered anew.
async function enteredThere(kind, fields, files, row) {
  const written = writing();
  try {
    await queue.add(kind, { ...fields, title: row.title }, files, row.id);
    await queue.replaced(kind, row.id);
    written();
  } catch (problem) {
    say(words.full, true);
    throw problem;
  }
  speak();
}

function showDay() {
  const select = one("[data-grid]"), chosen = select.value;
  renew(select, day.grids.map((known) => [known.id, known.name, () => new Option(known.name, known.id, false, known.id === chosen)]));
  one("[data-none]").hidden = day.grids.length > 0;
  list("[data-grids]", day.grids.map(({ id, name, is_walked_today }) => ({ id, name, is_walked_today })), ({ name, is_walked_today: isDone }) => item(name, isDone ? words.walked_today : words.not_walked, isDone ? "good" : "warn"));
  const { matters } = day, more = one("[data-more-matters]");
  more.hidden = matters.length <= mattersShown;
  more.textContent = fill(words.more, { count: matters.length - mattersShown });
  list("[data-matters]", matters.slice(0, mattersShown), (matter) => item(matter.title, matter.due ? fill(ON_TIME.includes(matter.grade) ? words.due : words.overdue, { stage: matter.stage, at: when(matter.due) }) : matter.stage, matter.grade === "on_time" ? "" : "warn", `${field.dataset.matter}${matter.id}/`));
  list("[data-notes]", day.notes, note);
  calls.show(one("[data-calls]"), day.calls ?? [], (known) => item(`${known.number} ${known.title}`, fill(words.call_by, { by: known.by, at: when(known.at) })), words, say);
  for (const name of ["matters", "notes", "calls"]) one(`[data-part="${name}"]`).hidden = !day[name]?.length;
}

const list = (selector, rows, make) => renew(one(selector), rows.map((row) => [row.id, row, () => make(row)]));

function item(title, text, tone = "", href = "") {
  const row = document.createElement("li");
  const name = row.appendChild(document.createElement(href ? "a" : "strong"));
  name.textContent = title;
  if (href) name.href = href;
  const line = row.appendChild(document.createElement("span"));
  line.textContent = text;
  if (tone) line.className = `fw-${tone}`;
  return row;
}

function note(known) {
  const row = item(known.text, when(known.at));
  const button = row.appendChild(document.createElement("button"));
  button.type = "button";
  button.className = "btn zt-btn-secondary";
  button.textContent = words.raise;
  button.addEventListener("click", async () => {
    button.disabled = true;
    await queue.add("raise", { note: known.id });
    contact.forget(); // the day on the phone says something else than was heard from here on
    day.notes = day.notes.filter((other) => other.id !== known.id);
    await store.keep("day", day);
    showDay();
    speak();
  });
  return row;
}

function refreshWalk() {
  const known = walk.on ? day.grids.find((other) => other.id === walk.on.grid) : grid();
  one("[data-walk-begin]").hidden = Boolean(walk.on) || !known;
  one("[data-walk-on]").hidden = !walk.on;
  one("[data-drawing]").hidden = !known?.shape;
  if (known?.shape && !one('[data-screen="walk"]').hidden) draw(one("[data-drawing]"), known.shape, walk.on?.track ?? [], file.doors(known.id));
  if (!walk.on) return;
  const [, lon, lat] = walk.on.track.at(-1);
  const inside = known?.shape ? isInside(known.shape, lon, lat) : true;
  one("[data-walk-said]").textContent = fill(inside ? words.walking : words.walking_outside, { metres: Math.round(walk.metres), grid: known?.name ?? "" });
}

async function beginWalk() {
  const button = one("[data-walk-begin]");
  button.disabled = true;
  say(words.locating);
  try {
    await walk.begin(grid());
    say(walk.on.inside ? words.checked_in : words.checked_in_outside, !walk.on.inside);
  } catch {
    say(words.not_located_walk, true);
  } finally {
    button.disabled = false;
  }
  refreshWalk();
  speak();
}

async function endWalk() {
  await walk.end();
  refreshWalk();
  say(words.kept);
  speak();
}

// Whether the app is shut, and why: no shift yet, signed out, taken out of use.
function shut(why) {
  isOpen = why === "";
  for (const part of every("[data-shut]")) part.hidden = part.dataset.shut !== why;
  one("[data-open]").hidden = one("[data-grid]").hidden = !isOpen;
  if (!isOpen) say("");
}

// Nothing of anybody stands on the page any more.
function emptied() {
  day = NOTHING;
  contact.forget();
  file.forget();
  todo.forget();
  showDay();
  one("[data-queue]").replaceChildren();
}

async function wiped() {
  isGone = true; // nothing is kept from here on
  walk.stop();
  await store.destroy();
  for (const name of await caches.keys()) if (name.startsWith("zhitong-field")) await caches.delete(name);
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  emptied();
  shut("revoked");
}

async function closed(why) {
  if (walk.on) await walk.end().catch(() => undefined); // what was walked stays in the queue
  walk.stop();
  await store.close();
  emptied();
  shut(why);
}

async function beginShift() {
  const body = new FormData();
  body.append("name", navigator.userAgentData?.platform || navigator.platform || "");
  try {
    await contact.standing();
    const { status, said } = await contact.post(field.dataset.shift, body);
    if (status !== 200) { shut("out"); return; }
    await store.begin(said);
  } catch {
    say(words.away, true);
    return;
  }
  await start();
}

async function endShift() {
  if (walk.on) await walk.end();
  await speak();
  if (!isOpen) return;
  const waiting = (await queue.mine()).filter((entry) => entry.state !== "done").length;
  if (waiting && !confirm(fill(words.end_waiting, { count: waiting }))) return;
  await contact.post(field.dataset.end, new FormData()).catch(() => undefined);
  await closed("shift");
}

const isOver = (shift) => contact.now() > new Date(shift.ends_at);

// One contact with the server: how this phone stands, what waits is sent, the day is heard anew.
async function talk(isWhole) {
  const shift = await store.shift();
  if (!shift) return;
  let state;
  try {
    state = await contact.standing(shift.phone);
  } catch {
    network(false);
    if (isOver(shift)) await closed("shift");
    return;
  }
  network(true);
  if (state === "revoked") { await wiped(); return; }
  if (state !== "ok") { await closed(state === "ended" ? "shift" : "out"); return; }
  const end = await queue.flush(refresh);
  if (end === "away") { network(false); return; }
  if (end === "out") { await closed("out"); return; }
  const heard = await contact.day().catch(() => null);
  if (!heard) return;
  let isCalled = false;
  if (heard !== contact.SAME) {
    isCalled = calls.isNew(heard.calls, day.calls);
    day = heard;
    await store.keep("day", day);
  }
  await todo.heard(day.todo);
  if (isWhole) {
    const homes = await contact.homes(file.isTouched()).catch(() => null);
    if (homes && homes !== contact.SAME) await file.heard(homes.homes);
  }
  showDay();
  refreshWalk();
  if (isCalled) { say(words.called); navigator.vibrate?.([200, 100, 200]); }
}

async function speakOut() {
  while (isWanted && !isGone) {
    const isWhole = isWholeWanted;
    isWanted = isWholeWanted = false;
    await talk(isWhole).catch(() => network(false));
    await refresh().catch(() => undefined); // whatever it was: who has asked meanwhile is heard
  }
}

// ``isQuiet``: nothing has happened here; what changes seldom is left out.
function speak(isQuiet = false) {
  if (isGone) return Promise.resolve();
  isWanted = true;
  isWholeWanted ||= isQuiet !== true;
  speaking ??= speakOut().finally(() => { speaking = null; });
  return speaking;
}

function network(isThere) {
  one("[data-net]").textContent = isThere ? words.online : words.offline;
  one("[data-net]").classList.toggle("fw-warn", !isThere);
}

async function refresh() {
  if (!isOpen) return;
  const entries = await queue.mine();
  const waiting = entries.filter((entry) => entry.state === "waiting").length;
  const stuck = entries.filter((entry) => entry.state === "refused" || entry.state === "conflict").length;
  one("[data-waiting]").textContent = waiting ? fill(words.waiting, { count: waiting }) : stuck ? "" : words.all_sent;
  one("[data-stuck]").hidden = !stuck;
  one("[data-stuck]").textContent = fill(words.stuck, { count: stuck });
  todo.waiting(entries.filter((entry) => entry.state === "waiting" && entry.about).map((entry) => entry.about));
  await showQueue(one("[data-queue]"), entries, words, async () => { await refresh(); speak(); });
}

async function start() {
  const shift = await store.shift();
  if (!shift) { shut("shift"); return; }
  contact.believe(shift.off);
  if (isOver(shift)) { await closed("shift"); return; }
  shut("");
  day = (await store.known("day")) ?? day;
  await walk.resume();
  await file.start(field, () => { const written = writing(); return () => { written(); speak(); }; });
  await todo.start({ go, add: enteredThere, changed: () => keepShell().catch(() => undefined) });
  showDay();
  go("day");
  await refresh();
  await speak();
}

async function keepShell() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(field.dataset.worker, { scope: field.dataset.scope });
  const { active } = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => name.includes("/static/"));
  active.postMessage({ keep: [...new Set(loaded)], isAll: todo.isReady() });
}

for (const button of every("[data-go]")) button.addEventListener("click", () => go(button.dataset.go));
for (const button of every("[data-leave]")) button.addEventListener("click", () => go("day"));
for (const form of every("form[data-kind]:not([data-home])")) form.addEventListener("submit", submitted);
one("[data-more-matters]").addEventListener("click", () => { mattersShown = Infinity; showDay(); });
one("[data-walk-begin]").addEventListener("click", beginWalk);
one("[data-walk-end]").addEventListener("click", endWalk);
one("[data-grid]").addEventListener("change", refreshWalk);
one("[data-begin]").addEventListener("click", beginShift);
one("[data-end]").addEventListener("click", endShift);
addEventListener("online", speak);
document.addEventListener("visibilitychange", () => { if (!document.hidden) speak(); });
let turns = 0;
setInterval(() => speak((turns += 1) % SELDOM !== 0), AGAIN);
start();
addEventListener("load", () => setTimeout(() => keepShell().catch(() => undefined), 500)); // without network: next time
