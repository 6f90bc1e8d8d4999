// Keeps the shell of the app on the phone: its page and the files it is made of, nothing of anybody.
const CACHE = "zhitong-field-1";
const START = new URL("./", self.location).pathname;
const WAIT = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(self.skipWaiting());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("zhitong-field-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

// The page says what it is made of; what an older one was made of goes, as soon as the page has said all of it.
self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep, event.data.isAll));
});

async function keep(addresses, isAll) {
  const cache = await caches.open(CACHE);
  const wanted = new Set(addresses.map((one) => new URL(one, self.location).href));
  for (const request of isAll ? await cache.keys() : []) {
    if (new URL(request.url).pathname !== START && !wanted.has(request.url)) await cache.delete(request);
  }
  for (const address of wanted) if (!(await cache.match(address))) await cache.add(address).catch(() => undefined);
  if (!(await cache.match(START))) await freshPage(START, cache).catch(() => undefined);
}

async function freshPage(request, cache) {
  const answer = await fetch(request, { signal: AbortSignal.timeout(WAIT), credentials: "same-origin" });
  if (answer.ok && !answer.redirected) await cache.put(START, answer.clone());
  return answer;
}

async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await freshPage(request.url, cache);
    return answer.redirected ? Response.redirect(answer.url) : answer; // a browser takes no page from elsewhere for this one
  } catch (problem) {
    const known = await cache.match(START);
    if (known) return known;
    throw problem;
  }
}

async function file(request) {
  const known = await caches.match(request);
  return known ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === START) event.respondWith(page(request));
  else if (["script", "style", "image", "font"].includes(request.destination)) event.respondWith(file(request));
});
