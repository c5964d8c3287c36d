// Runs Python in node as a worker of the site does: node in_node.mjs SITE CODE.py < JSON
// The JSON has `packages`, names in JupyterLite's lock file, or `archives`, which Python in the page unpacks. CODE.py
// declares `answer`, a coroutine function of the JSON's text; the text that it returns is printed.
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const [site, code] = process.argv.slice(2);
const given = await text(process.stdin);
const { packages, archives = [] } = JSON.parse(given);
const core = `${site}/_static/pyodide/`;
const { loadPyodide } = await import(pathToFileURL(`${core}pyodide.mjs`));

// A worker may wait for a file of the site, and `in_jupyterlite` does.
Object.defineProperty(globalThis, "location", { value: { href: `${site}/lab/extensions/` }, configurable: true });
globalThis.XMLHttpRequest = class {
  open(_, url) { this.url = url; }
  send() { this.status = 200; this.response = new Uint8Array(readFileSync(this.url)).buffer; }
};

const options = packages ? { lockFileURL: `${site}/lab/pyodide/pyodide-lock.json` } : {};
const pyodide = await loadPyodide({ indexURL: core, packages: packages ?? ["numpy"], stdout: () => {}, ...options });
if (archives.length > 0) {
  for (const name of archives) {
    pyodide.unpackArchive(new Uint8Array(readFileSync(`${site}/_static/python/${name}.zip`)), "zip", { extractDir: "/course" });
  }
  pyodide.runPython("import sys; sys.path.insert(0, '/course')");
}
try {
  await pyodide.runPythonAsync(readFileSync(code, "utf-8"));
  console.log(await pyodide.globals.get("answer")(given));
} catch (error) { // node would print all of Pyodide
  console.error(error.message.trim() || error.stack);
  process.exitCode = 1;
}
