// What works without a network: each edition is kept as it is on the web, and all of it where a reader wants that.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

const SCRIPT = readFileSync(new URL("../../course_utils/publish/site/service.js", import.meta.url), "utf8");
const FILES = { "index.html": "page", "_static/site.js": "script", "_static/a.film": "film" };
const web = (name) => ({ ...FILES, "_static/everything.json": JSON.stringify({ files: Object.keys(FILES) }), name });

// A browser that remembers what it fetched, and a worker of each edition that comes.
function browser() {
  const caches = new Map(), told = [], asked = [];
  let online = {}, room = Infinity, reached = true;
  const cacheOf = (held) => ({
    put: async (file, answer) => {
      const text = await answer.text(), taken = [...caches.values()].flatMap((one) => [...one.values()]).join("").length;
      if (taken + text.length > room) throw new Error("QuotaExceededError");
      held.set(file.url ?? file, text);
    },
    delete: async (file) => held.delete(file),
    match: async (file) => (held.has(file.url ?? file) ? new Response(held.get(file.url ?? file)) : undefined),
  });
  async function fetched(file, { cache } = {}) {
    asked.push([file.url ?? file, cache]);
    const there = (file.url ?? file) in online;
    if (!there && !reached) throw new TypeError("no network");
    const answer = there ? new Response(online[file.url ?? file]) : new Response("", { status: 404 });
    return Object.defineProperty(answer, "redirected", { value: (file.url ?? file).endsWith(".html") });
  }
  function worker(name) {
    const heard = {}, self = {
      edition: { name, first: ["index.html", "_static/site.js"] }, registration: { scope: "here" }, async skipWaiting() {},
      clients: { async claim() {}, matchAll: async () => [{ postMessage: (said) => told.push({ ...said }) }] },
      addEventListener: (type, listener) => { heard[type] = listener; },
    };
    runInNewContext(SCRIPT, {
      self, importScripts() {}, URL, Response, fetch: fetched, location: { origin: "null" },
      caches: {
        open: async (edition) => cacheOf(caches.get(edition) ?? caches.set(edition, new Map()).get(edition)),
        keys: async () => [...caches.keys()], delete: async (edition) => caches.delete(edition),
        match: async (file) => [...caches.values()].find((held) => held.has(file)),
      },
    });
    const happens = async (type, event = {}) => {
      const waits = [];
      heard[type]({ ...event, waitUntil: (promise) => waits.push(promise), respondWith: (promise) => waits.push(promise) });
      const answers = [];
      for (const one of waits) answers.push(await one); // what is waited for may bring more of it
      return answers;
    };
    return {
      async come() { await happens("install"); await happens("activate"); },
      install: () => happens("install"),
      // The answer, once all is kept that is kept besides.
      get: async (file, mode) => (await happens("fetch", { request: { url: `data:${file}`, method: "GET", mode, headers: new Headers() } }))[0],
    };
  }
  return {
    worker, told, asked, kept: () => [...caches.values()].at(-1), editions: () => caches.size,
    goes: (files, isReached = true) => { [online, reached] = [files, isReached]; }, hasRoom: (letters) => { room = letters; },
  };
}

test("a new edition takes what is on the web now, not what the browser knows by that name", async () => {
  const { worker, asked, goes } = browser(), first = worker("1");
  goes({ ...web(), "data:later": "text" });
  await first.come();
  await first.get("later");
  assert.deepEqual(asked, [["index.html", "no-cache"], ["_static/site.js", "no-cache"], ["data:later", "no-cache"]]);
});

test("a page to which a host led is kept as if it had been there", async () => {
  const { worker, goes } = browser(), first = worker("1");
  goes({ ...web(), "data:other.html": "page" });
  await first.come();
  assert.equal((await first.get("other.html")).redirected, false);
});

test("who keeps the whole course keeps the whole of the next edition, and is told if it did not all come", async () => {
  const { worker, told, kept, goes } = browser();
  goes(web());
  await worker("1").come();
  kept().set("_static/everything.json", "{}"); // as the page Yours asks for it
  await worker("2").come();
  assert.deepEqual([...kept().keys()].sort(), Object.keys(web("")).filter((name) => name !== "name").sort());
  const { "_static/a.film": _, ...rest } = web();
  goes(rest);
  await worker("3").come();
  goes(web());
  await worker("4").come();
  assert.deepEqual(told.map(({ lacks }) => lacks), [false, true, false]);
  assert.ok(kept().has("_static/a.film"), "the next one tries again");
});

test("who did not ask for the whole course keeps what a first visit keeps", async () => {
  const { worker, told, kept, goes } = browser();
  goes(web());
  await worker("1").come();
  await worker("2").come();
  assert.deepEqual([[...kept().keys()], told], [["index.html", "_static/site.js"], [{ newer: true, lacks: false }]]);
});

// A reader who keeps the whole course, all of it.
async function whole() {
  const one = browser();
  one.goes({ ...web(), "data:index.html": "page" });
  await one.worker("1").come();
  one.kept().set("_static/everything.json", "{}");
  await one.worker("2").come();
  one.told.length = 0;
  return one;
}

test("what had no room beside the edition before comes at the next visit", async () => {
  const { worker, told, kept, hasRoom } = await whole(), size = [...kept().values()].join("").length;
  hasRoom(size + "pagescript".length);
  await worker("3").come();
  assert.deepEqual([told, kept().has("_static/a.film")], [[{ newer: true, lacks: true }], false]);
  const later = worker("3"); // the browser ends it between two visits
  await later.get("index.html", "navigate");
  assert.ok(kept().has("_static/a.film"));
});

test("what still lacks is tried once in each start of the worker, and by the next edition", async () => {
  const { worker, kept, asked, goes } = await whole();
  const tries = () => asked.filter(([file]) => file === "_static/everything.json").length;
  goes({ "index.html": "page", "_static/site.js": "script", "data:index.html": "page", "data:other": "page" });
  await worker("3").come(); // not even the list of all files
  const before = tries(), later = worker("3");
  await later.get("other");
  assert.equal(tries(), before, "only for a page");
  for (let visit = 0; visit < 2; visit += 1) await later.get("index.html", "navigate");
  assert.equal(tries(), before + 1);
  goes(web());
  await worker("4").come();
  assert.ok(kept().has("_static/a.film"));
  const there = tries();
  await worker("4").get("index.html", "navigate");
  assert.equal(tries(), there, "it is all there");
});

test("where the network goes while a new edition comes, the one that is all there stays, and the next try goes on", async () => {
  const { worker, kept, goes, told, editions } = await whole();
  const { "_static/a.film": _, ...rest } = web();
  goes(rest, false);
  await assert.rejects(worker("3").install());
  assert.equal(editions(), 2);
  goes(web());
  await worker("3").come();
  assert.deepEqual([editions(), kept().has("_static/a.film"), told], [1, true, [{ newer: true, lacks: false }]]);
});
