// What is kept on this machine and only whoever it belongs to may read: sealed with keys that the server gives to that account.  The first
// key seals, all open; the browser can use them and not read them.
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export async function imported(given) {
  return Promise.all(given.map((key) => crypto.subtle.importKey("raw", bytesOf(key), "AES-GCM", false, ["encrypt", "decrypt"])));
}

export async function seal(keys, content) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = content instanceof ArrayBuffer ? content : new TextEncoder().encode(JSON.stringify(content));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, keys[0], bytes) };
}

export async function opened(keys, { iv, data }) {
  for (const key of keys) {
    try {
      return await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
    } catch { /* sealed with another one */ }
  }
  throw new Error("sealed for somebody else");
}

// Files by their names, each sealed once, however often something beside it changes.
const known = new WeakMap();

async function sealedFile(keys, [name, file]) {
  if (!known.has(file)) known.set(file, await seal(keys, await file.arrayBuffer()));
  return { name, type: file.type, sealed: known.get(file) };
}

export const sealFiles = (keys, files) => Promise.all(files.map((one) => sealedFile(keys, one)));
export const openFiles = (keys, found) =>
  Promise.all(found.map(async ({ name, type, sealed }) => [name, new File([await opened(keys, sealed)], name, { type })]));
