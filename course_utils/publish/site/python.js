// Python in the page: a worker with Pyodide, started when a reader first needs it, ended when code never returns.
import { address } from "./dom.js";

const MISSING = "This copy of the site has no Python: what was recorded answers, and code is checked in JupyterLab.";

let worker = null, isReady = false, count = 0, settle;
const waiting = new Map();
let started = new Promise((...both) => { settle = both; });
started.catch(() => {});

function start() {
  if (worker) return started;
  worker = new Worker(address("_static/worker.js"), { type: "module" });
  worker.onmessage = ({ data: { id, ready, failed, ...answer } }) => {
    if (ready) { isReady = true; settle[0](); return; }
    if (failed && id === undefined) { fail(new Error(failed)); return; }
    const [done, refused] = waiting.get(id) ?? [];
    waiting.delete(id);
    if (failed) refused?.(new Error(failed));
    else done?.(answer);
  };
  worker.onerror = () => fail(new Error(MISSING));
  return started;
}

function fail(error) {
  settle[1](error);
  for (const [, refused] of waiting.values()) refused(error);
  waiting.clear();
}

// What runs is ended and forgotten; the next request starts anew.
function stop() {
  worker?.terminate();
  worker = null;
  isReady = false;
  fail(new Error("Stopped. Nothing you wrote is lost."));
  started = new Promise((...both) => { settle = both; });
  started.catch(() => {});
}

async function ask(request) {
  await start();
  const id = ++count;
  return new Promise((...both) => {
    waiting.set(id, both);
    worker.postMessage({ id, ...request });
  });
}

export const python = {
  start, stop,
  ready: () => isReady,
  get started() { return started; },
  picture: (name, request) => ask({ do: "picture", name, request }),
  check: (name, code) => ask({ do: "check", name, code }),
  derivation: (name, request) => ask({ do: "derivation", name, request }),
};
