// The page that shows, saves, takes back and forgets what a reader chose and wrote.
import { address, make } from "./dom.js";
import { all, forget, listen, read, write } from "./store.js";

// All that is kept, a row for each question, exercise and derivation: where, and what.
export function toRows({ answers, code, verdicts, lines }) {
  const derived = Object.entries(lines).filter(([, own]) => Object.keys(own).length > 0);
  return [
    ...Object.entries(answers).map(([name, letters]) => [name, `chosen: ${[...letters].join(", ")}`]),
    ...Object.keys({ ...verdicts, ...code }).map((name) => [name, codeSaid(name in code, verdicts[name] ?? {})]),
    ...derived.map(([name, own]) => [name, Object.entries(own).map(lineSaid).join("; ")]),
  ].sort();
}

function codeSaid(isHere, { status, changed }) {
  if (status !== "passed") return isHere ? "written" : "tried in JupyterLab";
  if (changed) return "written; changed since it passed";
  return isHere ? "written, and right" : "right in JupyterLab";
}

const lineSaid = ([line, { text, status }]) => `line ${line} ${text === undefined ? "chosen" : "written"}${status === "passed" ? ", and right" : ""}`;

export function showYours(node) {
  const problem = make("p", { role: "alert" });
  const list = make("div");
  const file = make("input", { type: "file", accept: ".json,application/json", ariaLabel: "A file that was saved here" });
  const button = (label, click) => {
    const one = make("button", { type: "button" }, label);
    one.addEventListener("click", click);
    return one;
  };
  const save = button("Save as a file", () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(all(), null, 1)], { type: "application/json" }));
    make("a", { href: url, download: "answers.json" }).click();
    URL.revokeObjectURL(url);
  });
  file.addEventListener("change", async () => {
    try {
      write(read(await file.files[0].text()));
      problem.textContent = "";
    } catch (error) {
      problem.textContent = error.message;
    }
    file.value = "";
  });
  const show = () => {
    const rows = toRows(all());
    list.replaceChildren(rows.length
      ? make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "where"), make("th", { scope: "col" }, "what"))),
        make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((text) => make("td", {}, text))))))
      : make("p", {}, "Nothing yet."));
  };
  // One touch forgets, and stands beside one that saves: it can be taken back until the page is left.
  const gone = make("p", { role: "status" });
  const forgetAll = button("Forget everything", () => {
    const before = all();
    forget();
    gone.replaceChildren("Forgotten. ", button("Take it back", () => { write(before); gone.replaceChildren(); }));
  });
  const offline = make("p", { role: "status" });
  const whole = button("Keep the whole course on this device", async () => {
    whole.disabled = true;
    const { size, files } = await (await fetch(address("_static/everything.json"))).json();
    let count = 0;
    for (const file of files) {
      await fetch(address(file)); // the service worker keeps what passes
      count += 1;
      offline.textContent = `${count} of ${files.length} files, ${Math.round(size / 1e6)} MB in all`;
    }
    offline.textContent = "All pages are here now, with their pictures and with Python, and work without a network. Notebooks with cells to run need one.";
  });
  listen(show);
  show();
  node.append(list, make("p", { className: "cu-buttons" }, save, forgetAll), gone, make("p", {}, make("label", {}, "Take back a saved file: ", file)), problem, make("h2", {}, "Without a network"), make("p", {}, "What you have seen on a page works offline. ", whole), offline);
}
