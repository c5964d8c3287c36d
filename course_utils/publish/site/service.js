// After the first visit the site works offline: what was fetched is kept, and asked for again when there is a network.
// An edition has a name that stands for all its files, and what a first visit keeps: pages and scripts. The build
// writes it. The pages say so when a newer one is there.
importScripts("_static/edition.js");
const { name, first: FIRST } = self.edition;
const OURS = `softmax-and-its-neighbors ${self.registration.scope} `; // what else is on this origin keeps its own
const EDITION = OURS + name;

const GONE = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1"><title>No network</title>
<body style="font: 1.1em/1.5 system-ui, sans-serif; color-scheme: light dark; max-width: 60ch; margin: 2em auto; padding: 0 1em"><main><h1>No network</h1>
<p>This is not on your device yet. The pages of the course work without a network; notebooks with cells to run need one.</p>
<p><a href="javascript:history.back()">Back</a></p></main>`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(EDITION).then((cache) => cache.addAll(FIRST)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((one) => one.startsWith(OURS) && one !== EDITION);
    await Promise.all(old.map((one) => caches.delete(one)));
    await self.clients.claim();
    if (old.length > 0) for (const page of await self.clients.matchAll()) page.postMessage({ newer: true });
  })());
});

// The rest is fetched when it is needed, and kept.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith((async () => {
    const cache = await caches.open(EDITION);
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    const answer = await fetch(request).catch((error) => {
      if (request.mode !== "navigate") throw error;
      return new Response(GONE, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
    });
    if (answer.status === 200) { // a part of a file is not kept
      const put = cache.put(request, answer.clone());
      if (request.headers.has("Must-Be-Kept")) await put;
      else event.waitUntil(put.catch(() => {})); // without room it is read online
    }
    return answer;
  })());
});
