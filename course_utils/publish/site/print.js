// On paper: questions as they are asked, with room to write, and what is right at the end. The rest is style.
import { make } from "./dom.js";

let answers = null;

function prepare() {
  if (answers) return;
  const pieces = [...document.querySelectorAll("article :is(.cu-question, .cu-exercise, .cu-derivation)")];
  const found = pieces.map(answerTo).filter(Boolean);
  if (found.length === 0) return;
  answers = make("section", { className: "cu-answers mathjax_process" }, make("h2", {}, "Answers"), ...found);
  document.querySelector("article").append(answers);
}

function restore() {
  answers?.remove();
  answers = null;
}

// What stands folded in the HTML of a piece and is an answer: a question has one, the last of an exercise is its
// solution, the last of a derivation repeats it as text.
const FOLDED = { "cu-question": (all) => all, "cu-exercise": (all) => all.slice(-1), "cu-derivation": (all) => all.slice(0, -1) };

function answerTo(piece) {
  const kind = Object.keys(FOLDED).find((name) => piece.classList.contains(name));
  const folded = FOLDED[kind]([...piece.querySelectorAll(":scope > .cu-static > details")]);
  const parts = folded.flatMap(unfolded);
  if (parts.length === 0) return null;
  return make("div", { className: `${kind}-answer` }, ...titleOf(kind, piece), ...parts);
}

// What is folded, without its summary; but that of a derivation says which line it is.
function unfolded({ children: [summary, ...parts] }) {
  const copies = parts.map((part) => part.cloneNode(true));
  const line = summary.textContent.match(/^Line \d+/)?.[0];
  if (line) copies[0].prepend(make("strong", {}, `${line}. `));
  return copies;
}

// Questions have numbers, by style; an exercise has the name of its function, a derivation its title.
function titleOf(kind, piece) {
  if (kind === "cu-question") return [];
  const named = piece.querySelector(kind === "cu-exercise" ? ".cu-static code" : ".cu-static strong");
  return [make("p", {}, make("strong", {}, named.textContent))];
}

// ?print: nothing comes to life, all pictures are loaded: for those who make a file of the page.
export const onPaper = new URLSearchParams(location.search).has("print");

export function readyForPaper() {
  addEventListener("beforeprint", prepare);
  addEventListener("afterprint", restore);
  if (!onPaper) return;
  document.querySelectorAll("img[loading]").forEach((image) => { image.loading = "eager"; });
  prepare();
}
