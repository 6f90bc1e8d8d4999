// What is not sent yet is kept on this machine, sealed, one draft for each account and target: it outlives the page and the browser, and only
// that account reads it again.  What another account left here goes as soon as somebody else opens a form.
import { box } from "../ui/kept.js";
import { imported, openFiles, sealFiles } from "../ui/sealed.js";

const drafts = box("zhitong-survey", ["drafts"]);

// In a private window, or where nothing can be sealed, nothing is kept; everything else works.
const quietly = (act) => act().catch(() => undefined);

export function draftsOf(given) {
  let asked = null;
  const keys = () => (asked ??= imported(given));
  const drop = (key) => quietly(() => drafts.drop("drafts", key));

  async function kept(key) {
    const own = key.slice(0, key.indexOf(":") + 1);
    const there = (await quietly(() => drafts.keys("drafts"))) ?? [];
    for (const other of there) if (!other.startsWith(own)) await drop(other);
    const found = await quietly(() => drafts.get("drafts", key));
    return found && quietly(async () => openFiles(await keys(), found));
  }

  return {
    kept,
    keep: (key, files) => quietly(async () => drafts.put("drafts", key, await sealFiles(await keys(), files))),
    forget: drop,
  };
}

