// The page that shows, saves, takes back and forgets what a reader chose and wrote.
import { address, button, make, setResting } from "./dom.js";
import { all, forget, listen, persist, read, write } from "./store.js";

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

// The service worker keeps what passes, and answers only when it has.
async function keepAll(say) {
  if (!navigator.serviceWorker?.controller) throw new Error("This browser keeps no pages here, or not yet: load the page again, and try once more.");
  persist();
  const fetched = async (file) => {
    const answer = await fetch(address(file), { headers: { "Must-Be-Kept": "yes" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer;
  };
  let count = 0, files, size;
  try {
    ({ files, size } = await (await fetched("_static/everything.json")).json());
    for (const file of files) {
      await fetched(file);
      count += 1;
      say(`${count} of ${files.length} files, ${Math.round(size / 1e6)} MB in all`);
    }
  } catch {
    throw new Error(`${count} files are here. Then the network was gone, or the room on this device: try again later, and it goes on from there.`);
  }
  const python = files.some((file) => file.includes("/pyodide/")) ? " and with Python" : "";
  say(`All pages are here now, with their pictures${python}, and work without a network. Notebooks with cells to run need one.`);
}

export const saveButton = () => button("Save as a file", () => {
  const url = URL.createObjectURL(new Blob([JSON.stringify(all(), null, 1)], { type: "application/json" }));
  make("a", { href: url, download: "answers.json" }).click();
  URL.revokeObjectURL(url);
});

export function showYours(node) {
  const problem = make("p", { role: "alert" });
  const list = make("div");
  const file = make("input", { type: "file", accept: ".json,application/json", "aria-label": "A file that was saved here" });
  const save = saveButton();
  // What one touch forgets or replaces can be taken back until the page is left.
  const gone = make("p", { role: "status" });
  const replace = (said, work) => {
    const before = all();
    work();
    gone.replaceChildren(said, button("Take it back", () => {
      write(before);
      gone.replaceChildren();
      save.focus();
    }));
  };
  file.addEventListener("change", async () => {
    try {
      const taken = read(await file.files[0].text());
      replace("The file is here, in place of what was here before. ", () => write(taken));
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
  const forgetAll = button("Forget everything", () => replace("Forgotten. ", forget));
  const offline = make("p", { role: "status" });
  const whole = button("Keep the whole course on this device", async () => {
    setResting(whole, true);
    try {
      await keepAll((text) => { offline.textContent = text; });
    } catch (error) {
      offline.textContent = error.message;
      setResting(whole, false);
    }
  });
  listen(show);
  show();
  node.append(list, make("p", { className: "cu-buttons" }, save, forgetAll), gone, make("p", {}, make("label", {}, "Take back a saved file: ", file)), problem, make("h2", {}, "Without a network"), make("p", {}, "What you have seen on a page works offline. ", whole), offline);
}
