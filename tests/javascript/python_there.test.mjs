// Python in the page may be slow, busy for ever, broken, or not there: demos move on, and what happened is told.
import "./page.mjs";
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

const soon = () => new Promise((done) => setTimeout(done)); // after all that waits for nobody else
const workers = [], ended = new Set();
let found = 200, copied;

globalThis.location = { href: "https://example.org/page.html", hash: "" };
globalThis.addEventListener = () => {};
globalThis.window = { devicePixelRatio: 1 };
document.querySelector = () => null;
Object.defineProperty(globalThis, "navigator", { configurable: true, value: { onLine: true, clipboard: { async writeText(text) { copied = text; } } } });
globalThis.fetch = async (address, { method } = {}) => {
  if (method === "HEAD" && found === 0) throw new TypeError("no network");
  return method === "HEAD" ? { status: found } : new Response(readFileSync(`${process.env.SITE}/${address.split("/").at(-1)}`));
};
globalThis.Worker = class {
  asked = [];
  constructor() { workers.push(this); }
  postMessage(request) { this.asked.push(request); }
  terminate() { ended.add(this); }
  says(data) { this.onmessage({ data }); }
};

// The site's own modules, with the view beside them as a page has it.
const { answeringFilm } = await import(`${process.env.SITE}/films.js`);
const { python } = await import(`${process.env.SITE}/python.js`);

async function started() {
  python.stop();
  python.start();
  workers.at(-1).says({ ready: true });
  return workers.at(-1);
}

async function demo(name = "hinges") {
  const node = document.createElement("div"), still = document.createElement("div");
  still.replaceWith = (...parts) => node.replaceChildren(...parts);
  node.querySelector = () => still;
  node.dataset.name = name;
  await answeringFilm(Object.assign(node, { id: "demo" }));
  const part = (name) => node.all(({ className }) => className === name)[0];
  const [field] = node.all((one) => one.getAttribute("type") === "number");
  return {
    note: () => part("cu-note").textContent, says: () => part("cu-readout").textContent, link: () => part("cu-link").fire("click"),
    reset: () => node.all(({ textContent, tagName }) => tagName === "button" && textContent === "Reset")[0].fire("click"),
    // The last of three hinges, to where another one is: that was recorded.
    drag() {
      const handle = node.all(({ className }) => className === "cu-handle")[4];
      for (const [type, clientX] of [["pointerdown", 60], ["pointermove", 20], ["pointerup", 20]]) handle.fire(type, { pointerId: 1, clientX, clientY: 0 });
    },
    draw() {
      const canvas = part("cu-pad").querySelector("canvas");
      for (const [type, clientX] of [["pointerdown", 30], ["pointermove", 44], ["pointerup", 44]]) canvas.fire(type, { pointerId: 1, clientX, clientY: 30 });
    },
    type(value) {
      field.fire("keydown", { key: "1" });
      field.valueAsNumber = value;
      field.fire("change");
    },
  };
}
const PICTURE = { width: 640, height: 100, says: "Computed.", readout: "Computed.", panels: [] };

test("a picture that Python computes is shown; of one that comes too late the link knows nothing", async () => {
  const worker = await started(), { type, says, link, reset } = await demo(), recorded = says();
  type(0.123);
  await soon();
  const [{ id, request }] = worker.asked;
  worker.says({ id, values: request.values, spec: PICTURE });
  await soon();
  assert.equal(says(), "Computed.");
  link();
  await soon();
  const there = copied;
  reset();
  type(0.234);
  reset();
  await soon();
  worker.says({ id: worker.asked.at(-1).id, values: worker.asked.at(-1).request.values, spec: PICTURE });
  await soon();
  link();
  await soon();
  assert.equal(says(), recorded);
  assert.ok(there.includes("0.123") && !copied.includes("0.234"), copied);
});

test("what went wrong with a picture is told as long as it is the last that was asked for", async () => {
  const worker = await started(), { type, note, reset } = await demo();
  type(0.123);
  await soon();
  worker.says({ id: worker.asked.at(-1).id, error: "it says why" });
  await soon();
  assert.match(note(), /it says why/);
  type(0.234);
  await soon();
  reset();
  worker.says({ id: worker.asked.at(-1).id, error: "it says why" });
  await soon();
  assert.equal(note(), "");
});

test("while code of a reader runs demos move along what was recorded", async () => {
  const worker = await started(), { type, note, says } = await demo(), recorded = says();
  const verdict = python.check("00-loop", "while True: pass", []).catch(({ message }) => message);
  await soon();
  type(0.123);
  type(0.234);
  await soon();
  assert.deepEqual([worker.asked.map((one) => one.do), says()], [["check"], recorded]);
  assert.equal(note(), "Python is busy checking: the nearest recorded state is shown.");
  python.stop();
  assert.match(await verdict, /^Stopped/);
});

test("after the check a demo that was moved meanwhile goes on, and no longer says that Python is busy", async () => {
  const worker = await started(), [typed, dragged] = [await demo(), await demo()], recorded = dragged.says();
  const verdicts = [python.check("00-a", "", []), python.check("00-b", "", [])];
  await soon();
  typed.type(0.123);
  dragged.drag();
  await soon();
  assert.ok([typed, dragged].every(({ note }) => note().startsWith("Python is busy")));
  worker.says({ id: worker.asked[0].id });
  await soon();
  assert.deepEqual(worker.asked.map((one) => one.do), ["check", "check"], "another one waits");
  worker.says({ id: worker.asked[1].id });
  await Promise.all(verdicts);
  await soon();
  const pictures = worker.asked.slice(2);
  worker.says({ id: pictures[0].id, values: pictures[0].request.values, spec: PICTURE });
  await soon();
  assert.deepEqual([typed.says(), typed.note(), pictures.length], ["Computed.", "", 1]);
  assert.deepEqual([dragged.says() === recorded, dragged.note()], [false, ""], "where the hand left it");
});

test("a demo that waits for Python while that begins to check says so, and goes on after the check", async () => {
  python.stop();
  const verdict = python.check("00-a", "", []), { type, note } = await demo();
  type(0.123);
  await soon();
  const worker = workers.at(-1);
  worker.says({ ready: true });
  await soon();
  assert.match(note(), /^Python is busy/);
  worker.says({ id: worker.asked[0].id });
  await verdict;
  await soon();
  assert.deepEqual(worker.asked.map((one) => one.do), ["check", "picture"]);
});

test("what was drawn before Python was there is computed once it is", async () => {
  python.stop();
  const { draw, note } = await demo("draw");
  draw();
  await soon();
  workers.at(-1).says({ ready: true });
  await soon();
  assert.deepEqual(workers.at(-1).asked.map((one) => one.do), ["picture"]);
  assert.equal(note(), "Python is here: every state is computed now.");
});

test("Python that broke starts anew, and it is told why it broke", async () => {
  const broken = await started(), verdict = python.check("00-endless", "", []).catch(({ message }) => message);
  await soon();
  broken.says({ id: broken.asked[0].id, fatal: true });
  assert.match(await verdict, /calls itself without end/);
  assert.ok(ended.has(broken) && !python.ready());
  python.start();
  assert.notEqual(workers.at(-1), broken);
  for (const ask of [() => python.picture("hinges", {}), () => python.derivation("00-d", {})]) {
    const other = await started(), said = ask().catch(({ message }) => message);
    await soon();
    other.says({ id: other.asked[0].id, fatal: true });
    assert.match(await said, /^Python in this page has ended/);
  }
});

test("that a site has no Python is said where that is so, and only there for good", async () => {
  const asked = async (status) => {
    found = status;
    const said = python.check("00-any", "", []).catch(({ message }) => message);
    workers.at(-1).onerror?.();
    return said;
  };
  python.stop();
  const before = workers.length;
  for (const status of [0, 200]) assert.match(await asked(status), /^Python is not on this device yet/);
  for (const status of [404, 404]) assert.match(await asked(status), /^This copy of the site has no Python/);
  assert.equal(workers.length - before, 3, "it was tried again until it was certain");
});

test("the worker tells what Python says from what breaks Python", async () => {
  mkdirSync(`${process.env.SITE}/pyodide`, { recursive: true });
  writeFileSync(`${process.env.SITE}/pyodide/pyodide.mjs`, `
    class PythonError extends Error {}
    let broken = false;
    const answers = { right: () => "{}", wrong() { throw new PythonError("a\\nb"); }, endless() { broken = true; throw new RangeError("stack"); } };
    export const loadPyodide = async () => ({
      get ffi() { if (broken) throw new Error("already fatally failed"); return { PythonError }; }, unpackArchive() {}, runPython() {},
      globals: { set() {}, get: () => ({ answer: (request) => answers[JSON.parse(request).do]() }) },
    });`);
  const said = [];
  globalThis.self = globalThis;
  globalThis.postMessage = (answer) => said.push(answer);
  globalThis.fetch = async () => new Response("{}");
  await import(`${process.env.SITE}/worker.js`);
  for (const [id, task] of ["right", "wrong", "endless"].entries()) await globalThis.onmessage({ data: { id, do: task } });
  assert.deepEqual(said.filter(({ ready }) => !ready), [{ id: 0 }, { id: 1, failed: "b" }, { id: 2, fatal: true }]);
});
