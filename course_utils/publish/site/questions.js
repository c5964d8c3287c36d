// Questions: one button per option, what a choice says about one's thinking below, and what follows veiled till then.
import { make, typeset } from "./dom.js";
import { all, keep } from "./store.js";

const waiting = new Map(); // question -> veils that its answer lifts

export function askedQuestion(node, { prompt, answer, options }) {
  const { name } = node.dataset;
  const told = make("div", { className: "cu-told", role: "status" });
  const buttons = options.map(({ letter, text }) => {
    const button = make("button", { type: "button", className: "cu-option", "aria-pressed": "false", innerHTML: `<strong>${letter}</strong> <span>${text}</span>` });
    button.addEventListener("click", () => {
      const chosen = all().answers[name] ?? "";
      keep("answers", name, chosen + letter);
      choose(letter);
    });
    return button;
  });
  const choose = (letter) => {
    const place = options.findIndex((one) => one.letter === letter);
    buttons.forEach((button, i) => {
      button.setAttribute("aria-pressed", i === place);
      button.dataset.state = i !== place ? "" : letter === answer ? "right" : "wrong";
    });
    told.innerHTML = options[place].told;
    typeset(told);
    lift(node.id);
  };
  const asked = make("div", { innerHTML: prompt });
  const still = node.querySelector(".cu-static"), parts = [asked, make("div", { role: "group", "aria-label": "Options" }, ...buttons), told];
  still.after(...parts);
  still.hidden = true; // paper shows it
  typeset(...parts);
  const before = (all().answers[name] ?? "").at(-1);
  if (options.some(({ letter }) => letter === before)) choose(before);
}

// A cell that shows what answers the question above it waits for an answer, or for those who insist.
export function veil(cell) {
  const questions = [...document.querySelectorAll(".cu-question")].filter((one) => one.compareDocumentPosition(cell) & Node.DOCUMENT_POSITION_FOLLOWING);
  const question = questions.at(-1);
  if (!question || all().answers[question.dataset.name]) return;
  const output = cell.querySelector(".cell_output");
  if (!output) return;
  output.hidden = true;
  const show = make("button", { type: "button" }, "show me");
  const sign = make("p", { className: "cu-veil" }, "This answers the question above: choose first, or ", show, ".");
  const open = () => { output.hidden = false; sign.remove(); };
  show.addEventListener("click", open);
  output.before(sign);
  waiting.set(question.id, [...(waiting.get(question.id) ?? []), open]);
}

function lift(id) {
  (waiting.get(id) ?? []).forEach((open) => open());
  waiting.delete(id);
}
