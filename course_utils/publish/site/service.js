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

const EVERYTHING = "_static/everything.json"; // kept where a reader wants the whole course on the device
const FRESH = { cache: "no-cache" }; // the browser may know files of an older edition by the same names
const LACKING = "_static/lacking"; // kept until all of that is here: an update may have room for it only later
const UNREACHED = ["TypeError", "NetworkError", "AbortError"]; // no answer, or half of one; "onLine" may be true then
let goesOn = true; // with what lacks, once in each start of this worker

// Some hosts lead from a page to its name without ".html", and a browser opens no page that says so.
const direct = (answer) => (answer.redirected ? new Response(answer.body, { status: answer.status, headers: answer.headers }) : answer);

async function add(cache, file) {
  const answer = await fetch(file, FRESH);
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  await cache.put(file, direct(answer));
}

async function addEverything(cache) {
  await cache.put(LACKING, new Response()); // first: should the network go now, this edition and the next try again
  await add(cache, EVERYTHING);
  const { files } = await (await cache.match(EVERYTHING)).json();
  for (const file of files) if (!(await cache.match(file))) await add(cache, file);
  await cache.delete(LACKING);
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const wanted = (await caches.match(EVERYTHING)) ?? (await caches.match(LACKING)), cache = await caches.open(EDITION);
    await Promise.all(FIRST.map((file) => add(cache, file)));
    if (wanted) {
      await addEverything(cache).catch((error) => {
        if (UNREACHED.includes(error.name)) throw error; // the edition before stays, and all of it works
      });
    }
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((one) => one.startsWith(OURS) && one !== EDITION);
    await Promise.all(old.map((one) => caches.delete(one)));
    await self.clients.claim();
    const lacks = Boolean(await caches.match(LACKING));
    if (old.length > 0) for (const page of await self.clients.matchAll()) page.postMessage({ newer: true, lacks });
  })());
});

// The rest is fetched when it is needed, and kept.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith((async () => {
    const cache = await caches.open(EDITION);
    if (request.mode === "navigate" && goesOn) {
      goesOn = false;
      event.waitUntil(cache.match(LACKING).then((lacks) => lacks && addEverything(cache)).catch(() => {}));
    }
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    const answer = await fetch(request, FRESH).then(direct).catch((error) => {
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
