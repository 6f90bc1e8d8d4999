// What a page keeps on this machine: named stores in IndexedDB, which outlive the page and the browser.
export function box(name, stores, version = 1) {
  let opening = null;

  function opened() {
    opening ??= new Promise((done, failed) => {
      const asked = indexedDB.open(name, version);
      asked.onupgradeneeded = () => {
        for (const store of stores) {
          if (!asked.result.objectStoreNames.contains(store)) asked.result.createObjectStore(store);
        }
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => { asked.result.close(); opening = null; };
        done(asked.result);
      };
      asked.onerror = () => { opening = null; failed(asked.error); };
    });
    return opening;
  }

  // A write is done when it is on the disk, not when it was asked for.
  async function use(store, mode, act) {
    const database = await opened();
    return new Promise((done, failed) => {
      const change = database.transaction(store, mode, { durability: "strict" });
      const asked = act(change.objectStore(store));
      change.oncomplete = () => done(asked.result);
      change.onerror = change.onabort = () => failed(change.error);
    });
  }

  return {
    get: (store, key) => use(store, "readonly", (rows) => rows.get(key)),
    keys: (store) => use(store, "readonly", (rows) => rows.getAllKeys()),
    all: (store) => use(store, "readonly", (rows) => rows.getAll()),
    put: (store, key, value) => use(store, "readwrite", (rows) => rows.put(value, key)),
    drop: (store, key) => use(store, "readwrite", (rows) => rows.delete(key)),
    clear: (store) => use(store, "readwrite", (rows) => rows.clear()),
    async destroy() {
      if (opening) (await opening).close();
      opening = null;
      await new Promise((done) => {
        const asked = indexedDB.deleteDatabase(name);
        asked.onsuccess = asked.onerror = asked.onblocked = done;
      });
    },
  };
}
