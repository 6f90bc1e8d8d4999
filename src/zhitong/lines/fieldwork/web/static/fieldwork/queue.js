// What was entered and is not sent yet.  Each entry carries a key of its own, so that sending it again does no harm.
import { Away, clockOff, post } from "./contact.js";
import * as store from "./store.js";

const KEPT_DONE = 20;
const address = document.getElementById("field").dataset.send;
const AGAIN = new Set([401, 403, 408, 429, 500, 502, 503, 504]);

export async function add(kind, fields, files = {}, about = "") {
  const { owner } = await store.shift();
  const photos = [];
  for (const [name, many] of Object.entries(files)) {
    for (const file of many) photos.push({ name, file: file.name, type: file.type, sealed: await store.seal(await file.arrayBuffer()) });
  }
  const at = new Date().toISOString();
  const entry = { key: crypto.randomUUID(), owner, kind, about, at, state: "waiting", photos, sealed: await store.seal(fields) };
  await store.write(entry);
  return entry;
}

export async function mine() {
  const shift = await store.shift();
  const rows = (await store.rows()).filter((row) => row.owner === shift?.owner);
  return rows.sort((one, other) => one.at.localeCompare(other.at));
}

async function parcel(entry) {
  const body = new FormData();
  body.append("key", entry.key);
  body.append("kind", entry.kind);
  body.append("said_at", entry.at);
  body.append("fields", JSON.stringify(await store.read(entry.sealed)));
  for (const photo of entry.photos) {
    const content = await store.opened(photo.sealed);
    body.append(photo.name, new File([content], photo.file, { type: photo.type || "image/jpeg" }));
  }
  body.append("sent_at", new Date().toISOString());
  return body;
}

function after(entry, status, said) {
  if (status === 200 || status === 201) return { ...entry, state: "done", photos: [], answer: said, off: clockOff() };
  if (status === 409) return { ...entry, state: "conflict", answer: said };
  return { ...entry, state: "refused", answer: said };
}

// Sends what waits, the oldest first; stops where the network does.  Answers "away", "out" (signed out) or "done".
async function sendAll(changed) {
  for (const entry of await mine()) {
    if (entry.state !== "waiting") continue;
    let answer;
    try {
      answer = await post(address, await parcel(entry));
    } catch (problem) {
      if (problem instanceof Away) return "away";
      throw problem;
    }
    if (AGAIN.has(answer.status) && !answer.said.code) return answer.status === 401 || answer.status === 403 ? "out" : "away";
    if (answer.said.code === "no_shift") return "out";
    if (answer.status === 429) return "away";
    if (await store.row(entry.key)) await store.write(after(entry, answer.status, answer.said));
    changed();
  }
  await tidy();
  return "done";
}

async function tidy() {
  const done = (await mine()).filter((entry) => entry.state === "done");
  for (const entry of done.slice(0, -KEPT_DONE)) await store.strike(entry.key);
}

// Two pages of the same phone do not send the same entry side by side.
export const flush = (changed) => navigator.locks.request("zhitong-field-queue", () => sendAll(changed));

export const fields = (entry) => store.read(entry.sealed);
export const discard = (key) => store.strike(key);

// What was refused about a thing goes when it is entered anew with all that was there.
export async function replaced(kind, about) {
  for (const entry of await mine()) {
    if (entry.kind === kind && entry.about === about && (entry.state === "refused" || entry.state === "conflict")) await store.strike(entry.key);
  }
}

export async function again(entry, changes = {}) {
  const sealed = await store.seal({ ...(await store.read(entry.sealed)), ...changes });
  await store.write({ ...entry, key: crypto.randomUUID(), state: "waiting", answer: undefined, sealed });
  await store.strike(entry.key);
}
