// Python in the page: a worker with Pyodide, started when a reader first needs it, ended when code never returns.
import { address } from "./dom.js";

const MISSING = "This copy of the site has no Python: what was recorded answers, and code is checked in JupyterLab.";
const STARTING = "Python is starting in this page; this takes a few seconds the first time. You can go on writing…";
const ENDED = "Python in this page has ended, and starts anew when it is needed. Nothing you wrote is lost.";
const ENDLESS = "Your code calls itself without end. Python in this page starts anew; nothing you wrote is lost.";
const OFFLINE = "Python is not on this device yet: the first time it needs a network. Nothing you wrote is lost.";

let worker = null, isReady = false, count = 0, settle;
const waiting = new Map();
let started = new Promise((...both) => { settle = both; });
started.catch(() => {});

function start() {
  if (worker) return started;
  worker = new Worker(address("_static/worker.js"), { type: "module" });
  worker.onmessage = ({ data: { id, ready, failed, fatal, ...answer } }) => {
    if (fatal) { end(new Error(waiting.get(id)?.task === "check" ? ENDLESS : ENDED)); return; }
    if (ready) { isReady = true; settle[0](); return; }
    if (failed && id === undefined) { end(new Error(navigator.onLine ? failed : OFFLINE)); return; } // it may start later
    const { done, refused } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (failed) refused?.(new Error(failed));
    else done?.(answer);
  };
  const mine = worker;
  worker.onerror = async () => {
    if (isReady) { end(new Error(ENDED)); return; }
    const answer = await fetch(address("_static/pyodide/pyodide.mjs"), { method: "HEAD" }).catch(() => null);
    if (worker !== mine) return;
    if (answer?.status === 404) fail(new Error(MISSING)); // and stays missing
    else end(new Error(OFFLINE));
  };
  return started;
}

function fail(error) {
  settle[1](error);
  for (const { refused } of waiting.values()) refused(error);
  waiting.clear();
}

// What runs is ended and forgotten; the next request starts anew.
const stop = () => end(new Error("Stopped. Nothing you wrote is lost."));

function end(error) {
  worker?.terminate();
  worker = null;
  isReady = false;
  fail(error);
  started = new Promise((...both) => { settle = both; });
  started.catch(() => {});
}

async function ask(request) {
  await start();
  const id = ++count, one = { task: request.do };
  one.answer = new Promise((...both) => { [one.done, one.refused] = both; });
  waiting.set(id, one);
  worker.postMessage({ id, ...request });
  return one.answer;
}

export const python = {
  start, stop,
  ready: () => isReady,
  // Answers to what a reader wrote, which may take for ever.
  checks: () => [...waiting.values()].filter(({ task }) => task !== "picture").map(({ answer }) => answer),
  waits: () => (isReady ? "Checking…" : STARTING),
  get started() { return started; },
  picture: (name, request) => ask({ do: "picture", name, request }),
  check: (name, code, earlier) => ask({ do: "check", name, code, earlier }),
  derivation: (name, request) => ask({ do: "derivation", name, request }),
};
