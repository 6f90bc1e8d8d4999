// Speaking with the server: the standing of this phone, its clock against the server's, the token that forms need.
import * as store from "./store.js";

const WAIT = 60_000;
const SLOWEST = 20; // bytes in a millisecond: a film takes its time
let token = "";
let off = 0;

export class Away extends Error {} // no network, or nobody answers in time

const addresses = document.getElementById("field").dataset;

async function ask(address, options = {}) {
  try {
    return await fetch(address, { credentials: "same-origin", redirect: "follow", signal: AbortSignal.timeout(WAIT + weight(options.body) / SLOWEST), ...options });
  } catch (problem) {
    throw new Away(String(problem));
  }
}

const weight = (body) => (body instanceof FormData ? [...body.values()].reduce((sum, one) => sum + (one.size ?? 0), 0) : 0);

const isTold = (answer) => (answer.headers.get("Content-Type") ?? "").includes("json");

async function told(answer) {
  try {
    return await answer.json();
  } catch (problem) {
    throw new Away(String(problem)); // the answer broke off on its way
  }
}

// The server's time, as far as this phone's clock was measured against it.
export const now = () => new Date(Date.now() - off);
export const clockOff = () => off;
export const csrf = () => token;

function measure(said, before) {
  off = Math.round((before + Date.now()) / 2 - new Date(said).getTime());
}

export function believe(kept) {
  off = kept ?? 0;
}

// ok, signed_out, ended, revoked, unknown.
export async function standing(phone) {
  const before = Date.now();
  const answer = await ask(addresses.standing, { headers: phone ? { "X-Phone": phone } : {}, cache: "no-store" });
  if (!answer.ok || !isTold(answer)) throw new Away(`${answer.status}`);
  const said = await told(answer);
  token = said.csrf;
  measure(said.now, before);
  await store.note({ off });
  return said.state;
}

export async function post(address, body) {
  if (!token) await standing((await store.shift())?.phone);
  const answer = await ask(address, { method: "POST", body, headers: { "X-CSRFToken": token } });
  if (answer.redirected) return { status: 401, said: {} };
  if (!isTold(answer)) return { status: answer.status === 403 ? 503 : answer.status, said: {} }; // a token of another session: once more
  return { status: answer.status, said: await told(answer) };
}

// What was heard last at each address, by its mark: the same is not sent again.
const marks = new Map();
export const SAME = Symbol("as it was");

async function heard(address) {
  const mark = marks.get(address); // none: all of it is sent
  const answer = await ask(address, { cache: "no-store", headers: mark ? { "If-None-Match": mark } : {} });
  if (mark && answer.status === 304) return SAME;
  if (answer.redirected || !answer.ok || !isTold(answer)) return null;
  const said = await told(answer);
  marks.set(address, answer.headers.get("ETag"));
  return said;
}

export const forget = () => marks.clear();
export const day = () => heard(addresses.day);
export async function homes(isTouched) {
  if (isTouched) marks.delete(addresses.homes); // what was entered here may have been refused there
  return heard(addresses.homes);
}
export async function part(kind, first) {
  const address = `${addresses.todoHref.replace(/x$/, kind)}?first=${first}`;
  marks.delete(address);
  return heard(address);
}

// A file that belongs to what is to do, as text or as bytes.
export async function file(address) {
  const answer = await ask(address);
  if (answer.redirected || !answer.ok) throw new Away(`${answer.status}`);
  return answer;
}
