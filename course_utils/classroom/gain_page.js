// The page of the gain: a table comes in by hand or from a file, and stays in this page.
import { gain, paired, percent, readTable, toldGain, toldPairs, wrongTurns } from "./gain.js";

const { keys, names, means, example } = JSON.parse(document.getElementById("test").textContent);
const [field, file, button, said] = ["table", "file", "compute", "said"].map((id) => document.getElementById(id));

function make(tag, text = "", ...children) {
  const node = document.createElement(tag);
  node.append(text, ...children);
  return node;
}

function row(tag, scope, [first, ...rest]) {
  const head = make("th", first);
  head.scope = scope;
  return make("tr", "", head, ...rest.map((text) => make(tag, text)));
}

function bars(shares) {
  const cell = make("td");
  cell.className = "bars";
  shares.forEach((share, when) => {
    const bar = make("span");
    bar.className = when ? "after" : "before";
    bar.style.width = `${100 * share}%`;
    cell.append(bar);
  });
  cell.setAttribute("aria-hidden", "true"); // the numbers stand beside
  return cell;
}

function shown(found) {
  const { before, after, students, shares } = found;
  const head = make("h2", `${before}, ${after}: ${students} students who wrote both`);
  const means = make("p", `On average ${percent(found.mean_before)} right ${before}, ${percent(found.mean_after)} ${after}. `, make("strong", toldGain(found)));
  const titles = row("th", "col", ["concept", before, after]);
  titles.append(make("td"));
  const body = names.map((name, item) => {
    const one = row("td", "row", [`${item + 1}. ${name}`, percent(shares[0][item]), percent(shares[1][item])]);
    one.append(bars([shares[0][item], shares[1][item]]));
    return one;
  });
  const table = make("table", "", make("caption", "Share of right answers"), make("thead", "", titles), make("tbody", "", ...body));
  return [head, means, table];
}

function turned(table, when) {
  const turns = wrongTurns(table, when, keys);
  if (!turns.length) return [];
  const lines = turns.map(([form, item, letter, count]) => make("li", `${count} chose ${letter} in item ${item} of form ${form} (${names[item - 1]}): ${means[form][item - 1]["ABCD".indexOf(letter)]}`));
  return [make("h2", `What it means: wrong options that five or more chose, ${when}`), make("ul", "", ...lines)];
}

function compute() {
  let table;
  try {
    table = readTable(field.value, keys);
  } catch (error) {
    said.replaceChildren(make("p", `This table cannot be used: ${error.message}.`));
    return;
  }
  const pairs = [["before", "after"], ["before", "later"], ["after", "later"]].filter(([x, y]) => table[x].length && table[y].length);
  const parts = pairs.flatMap(([x, y]) => {
    const found = gain(table, x, y, keys);
    const told = found ? shown(found) : [make("p", `Fewer than five wrote both ${x} and ${y}: no gain is shown.`)];
    const without = toldPairs(paired(table, x, y));
    return without ? [...told, make("p", without)] : told;
  });
  const last = ["later", "after", "before"].find((when) => table[when].length);
  said.replaceChildren(...(pairs.length ? parts : [make("p", "There is only one occasion yet: a gain needs two.")]), ...(last ? turned(table, last) : []));
}

button.addEventListener("click", compute);
document.getElementById("example").addEventListener("click", () => {
  field.value = example;
  compute();
});
file.addEventListener("change", async () => {
  field.value = await file.files[0].text();
  file.value = "";
  compute();
});
