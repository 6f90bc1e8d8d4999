// What is not sent yet is kept on this machine, one draft for each target.
import { box } from "../ui/kept.js";

const drafts = box("zhitong-surveys", ["drafts"]);

// In a private window nothing is kept, everything else works.
const quietly = (asked) => asked.catch(() => undefined);

export const kept = (key) => quietly(drafts.get("drafts", key));
export const keep = (key, xml) => quietly(drafts.put("drafts", key, xml));
export const forget = (key) => quietly(drafts.drop("drafts", key));
