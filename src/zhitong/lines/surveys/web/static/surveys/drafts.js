// What is not sent yet is kept on this machine, one draft for each account and target: it outlives the page and the browser.
// What another account left here goes as soon as somebody else opens a form.
import { box } from "../ui/kept.js";

const drafts = box("zhitong-survey-drafts", ["drafts"]);

// In a private window nothing is kept, everything else works.
const quietly = (asked) => asked.catch(() => undefined);

export async function kept(key) {
  const own = key.slice(0, key.indexOf(":") + 1);
  const keys = (await quietly(drafts.keys("drafts"))) ?? [];
  for (const other of keys) if (!other.startsWith(own)) await forget(other);
  return quietly(drafts.get("drafts", key));
}

export const keep = (key, files) => quietly(drafts.put("drafts", key, files));
export const forget = (key) => quietly(drafts.drop("drafts", key));
