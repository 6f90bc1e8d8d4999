// What is not sent yet is kept on this machine, one draft for each target: it outlives the page and the browser.
const NAME = "zhitong-surveys";

function opened() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("drafts");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function store(mode, act) {
  try {
    const database = await opened();
    return await new Promise((done, failed) => {
      const asked = act(database.transaction("drafts", mode).objectStore("drafts"));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  } catch {
    return undefined; // a private window: nothing is kept, everything else works
  }
}

export const kept = (key) => store("readonly", (drafts) => drafts.get(key));
export const keep = (key, xml) => store("readwrite", (drafts) => drafts.put(xml, key));
export const forget = (key) => store("readwrite", (drafts) => drafts.delete(key));
