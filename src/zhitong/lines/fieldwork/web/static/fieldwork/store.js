// What lies on the phone, sealed: without the keys of the shift nobody reads it, with them only whoever it belongs to.
import { box } from "../ui/kept.js";
import * as sealed from "../ui/sealed.js";

const OF_THE_SHIFT = ["shift", "day", "walk", "homes", "lists", "things"];
const STORES = [...OF_THE_SHIFT, "queue", "drafts"];
const kept = box("zhitong-field", STORES, 3);
let keys = [];

export async function begin(shift) {
  keys = await sealed.imported(shift.keys);
  const { keys: _given, ...rest } = shift;
  await kept.put("shift", "now", { ...rest, sealing: keys }); // a key that can be used, not read
}

export async function shift() {
  const found = await kept.get("shift", "now");
  keys = found?.sealing ?? [];
  return found ?? null;
}

export async function note(changes) {
  const found = await kept.get("shift", "now");
  if (found) await kept.put("shift", "now", { ...found, ...changes });
}

// The shift is over: the queue and what is half filled in stay, sealed, until the same person signs in again; everything else goes.
export async function close() {
  keys = [];
  await Promise.all(OF_THE_SHIFT.map((store) => kept.clear(store)));
}

export async function destroy() {
  keys = [];
  await Promise.all(STORES.map((store) => kept.clear(store)));
  await kept.destroy();
}

export const seal = (content) => sealed.seal(keys, content);
export const opened = (found) => sealed.opened(keys, found);
export const read = async (found) => JSON.parse(new TextDecoder().decode(await opened(found)));

// One sealed thing at a place: the day as it was last heard, the round that is on.
export const keep = async (store, content) => kept.put(store, "now", await seal(content));
export const drop = (store) => kept.drop(store, "now");
export async function known(store) {
  const found = await kept.get(store, "now");
  return found ? read(found).catch(() => null) : null;
}

export const rows = () => kept.all("queue");
export const write = (row) => kept.put("queue", row.key, row);
export const strike = (key) => kept.drop("queue", key);
export const row = (key) => kept.get("queue", key);

// What lists of other lines keep by name: forms and what they show.
export const names = () => kept.keys("things");
export const keepThing = async (name, content) => kept.put("things", name, await seal(content));
export const dropThing = (name) => kept.drop("things", name);
export async function thing(name) {
  const found = await kept.get("things", name);
  return found ? read(found).catch(() => null) : null;
}

// What is half filled in, with its photos.
const own = async (key) => `${(await shift()).owner} ${key}`;
export const keepDraft = async (key, files) => kept.put("drafts", await own(key), await sealed.sealFiles(keys, files));
export const dropDraft = async (key) => kept.drop("drafts", await own(key));
export async function drafts() {
  const start = await own("");
  return (await kept.keys("drafts")).filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
}
export async function draft(key) {
  const found = await kept.get("drafts", await own(key));
  return found ? sealed.openFiles(keys, found) : null;
}
