// What brings a page to life. Each piece is whole in HTML before this runs, and stays so where it cannot.
import { askingDerivation } from "./derivations.js";
import { writableExercise } from "./exercises.js";
import { address, make, painted, typeset } from "./dom.js";
import { answeringFilm } from "./films.js";
import { onPaper, readyForPaper } from "./print.js";
import { askedQuestion, veil } from "./questions.js";
import { onUnkept } from "./store.js";
import { saveButton, showYours } from "./yours.js";

const KINDS = {
  "cu-film": answeringFilm,
  "cu-question": askedQuestion,
  "cu-derivation": askingDerivation,
  "cu-exercise": writableExercise,
};

const NEAR = "600px"; // a piece is brought to life when it is this far below the window

function live(node) {
  const kind = Object.keys(KINDS).find((name) => node.classList.contains(name));
  if (!kind || node.dataset.live) return null;
  node.dataset.live = "yes";
  const given = node.querySelector(":scope > script[type='application/json']");
  return KINDS[kind](node, given ? JSON.parse(given.textContent) : null);
}

// The formulas of the page are set when the pictures in sight are painted: with MathJax that takes it half a second.
const PATIENCE = 2000; // milliseconds; a picture may come late, or not at all
let waiting = true;
function setFormulas() {
  if (waiting) typeset();
  waiting = false;
}

const near = new IntersectionObserver((entries) => {
  const come = entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target);
  come.forEach((node) => near.unobserve(node));
  Promise.allSettled(come.map(live)).then(painted).then(setFormulas);
}, { rootMargin: NEAR });

// A link to a state leads to where its demo is, also if that has still to come to life.
const linked = () => location.hash.includes("?") && document.getElementById(location.hash.slice(1).split("?")[0]);
addEventListener("hashchange", () => { if (linked()) location.reload(); });
const pieces = onPaper ? [] : [...document.querySelectorAll(".cu-piece")];
pieces.forEach((node) => near.observe(node));
if (pieces.length === 0) setFormulas();
setTimeout(setFormulas, PATIENCE);
if (!onPaper) document.querySelectorAll(".cell.tag_veiled").forEach(veil);
if (linked()) {
  history.scrollRestoration = "manual"; // where the page was before it was loaded again
  (linked().closest(".cell") ?? linked()).scrollIntoView({ behavior: "instant" });
}
readyForPaper();
// What scrolls by itself must do so by keyboard too, also once it is unveiled or the window has become narrower.
const sized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
document.querySelectorAll("article pre").forEach((node) => sized.observe(node));
document.querySelectorAll(".cu-yours").forEach(showYours);
const tell = (...said) => document.body.prepend(make("p", { className: "cu-newer", role: "status" }, ...said));
onUnkept(() => tell("This browser keeps nothing here: save your answers before you leave the page; “Yours” takes the file back. ", saveButton()));
// The theme has two landmarks of one kind, which those who hear the page tell apart by name, and a link outside of all.
const upward = document.querySelector(".back-to-top");
if (upward) document.querySelector("article")?.append(upward);
for (const [part, name] of [[".sidebar-drawer", "All pages"], [".toc-drawer", "This page"]]) document.querySelector(part)?.setAttribute("aria-label", name);

if (!onPaper && "serviceWorker" in navigator && location.protocol.startsWith("http")) {
  navigator.serviceWorker.register(address("service.js"), { updateViaCache: "none" }).catch(() => {}); // online only, then
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (!data.newer) return;
    const part = data.lacks ? " Not all of it is on this device: you can keep it there on the page “Yours”." : "";
    tell(`A newer edition of this course is here: load the page again to see it.${part}`);
  });
}
