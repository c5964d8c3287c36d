// Python beside the page: Pyodide, NumPy and the course, without Matplotlib and without widgets.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const here = new URL("./", import.meta.url);
async function bytes(name) {
  const answer = await fetch(new URL(name, here)).catch(() => ({ ok: false }));
  if (!answer.ok) throw new Error("This part of Python is not on this device yet: the first time it needs a network. Nothing you wrote is lost.");
  return answer.arrayBuffer();
}

async function begin() {
  const [pyodide, course, objects] = await Promise.all([
    loadPyodide({ indexURL: new URL("pyodide/", here).href, packages: ["numpy"] }),
    bytes("python/course.zip"),
    fetch(new URL("python/objects.json", here)).then((answer) => answer.text()),
  ]);
  pyodide.unpackArchive(course, "zip", { extractDir: "/course" });
  pyodide.globals.set("declared", objects);
  pyodide.runPython(`
import json, sys
sys.path.insert(0, "/course")
from course_utils.publish.answers import Answers
answers = Answers(json.loads(declared))
`);
  // A Pyodide that broke answers to nothing, not even what its errors are.
  return { pyodide, answer: pyodide.globals.get("answers").answer, PythonError: pyodide.ffi.PythonError };
}

let algebra = null; // SymPy is large, and only derivations need it
async function withAlgebra({ pyodide }) {
  algebra ??= Promise.all(["mpmath", "sympy"].map(async (name) => {
    pyodide.unpackArchive(await bytes(`python/${name}.zip`), "zip", { extractDir: "/course" });
  }));
  await algebra.catch((error) => {
    algebra = null; // the next request tries again
    throw error;
  });
}

const lastLine = (error) => error.message.trim().split("\n").at(-1);
const begun = begin();
begun.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: `Python cannot start here: ${lastLine(error)}` }));

// After what Python itself does not raise, such as a full stack of the browser's, its answers are no longer right.
function answered({ answer, PythonError }, request) {
  try {
    return JSON.parse(answer(JSON.stringify(request)));
  } catch (error) {
    if (error instanceof PythonError) throw error;
    return { fatal: true };
  }
}

self.onmessage = async ({ data: { id, ...request } }) => {
  try {
    const python = await begun;
    if (request.do === "derivation") await withAlgebra(python);
    postMessage({ id, ...answered(python, request) });
  } catch (error) {
    postMessage({ id, failed: lastLine(error) });
  }
};
