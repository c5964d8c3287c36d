// A derivation. The browser owns what is seen; whoever is asked reads and judges formulas.
import { make } from "./dom.js";
import { BUSY_MS, GONE } from "./gone.js";

// What is remembered of an answer: nothing where it could not be judged.
const statusOf = ({ passed, mark }) => (passed ? { status: "passed" } : mark === "✗" ? { status: "failed" } : {});
const HEARD_BEFORE = {
  passed: "Written before, and right when you checked it.",
  failed: "Written before, and not right when you checked it.",
  undefined: "Written before, and not checked.",
};

// `send(request)` asks, `typeset(node)` sets formulas. Returns what is to be called with each answer.
// `alive()`: where one may wait for nothing, false once nobody is there to answer. `waits()`: what is seen until then.
// `kept`: what a reader did to lines before, {number: {text?, status?}}; keep(number, it) is told what changes, and
// nothing in place of it where nothing is left.
export function showDerivation({ content, send, typeset, alive, waits = () => "…", kept = {}, keep = () => {} }, el) {
  const { rows, modes } = content;
  const lines = { ...kept };
  const keepLine = (line, value) => {
    lines[line] = value;
    keep(line, value);
  };
  const set = (node, html) => { node.innerHTML = html; typeset(node); };
  const formula = (latex) => `$\\displaystyle ${latex.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}$`;

  const status = make("div", { role: "status", className: "cu-said" });
  const say = (text) => { status.textContent = text; };
  const body = make("tbody");
  const buttons = make("p", { className: "cu-buttons" });
  const button = (name, click, label = name) => make("button", { type: "button", "aria-label": label, onclick: click }, name);
  const titles = content.headings.map((heading) => make("th", { scope: "col" }, heading));
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...titles)), body);
  if (content.caption) table.prepend(make("caption", {}, content.caption));

  const isGap = (row, mode) => mode === "blank" || (mode === "faded" && row.faded);
  const written = rows.filter(({ number }) => lines[number]?.text);
  // What was written has a place: in the mode that the page shows first, or in the one with the fewest gaps.
  let mode = [content.mode, ...modes].find((one) => written.every((row) => isGap(row, one))) ?? content.mode;
  let reached = 1; // how many lines are shown, line by line
  const wasRight = ({ number }) => lines[number]?.status === "passed";
  const found = modes.length ? [] : rows.filter(wasRight).map(({ number }) => number); // planted errors
  // Two views of one model hear each other's answers: each counts from a place of its own.
  let last = Math.floor(Math.random() * 2 ** 30) * 2 ** 20;
  const underWay = new Map(); // line -> the last request about it: its number, and what to do with its answer
  const ask = (line, request, use) => {
    const number = ++last;
    underWay.set(line, { number, use });
    send({ line, number, ...request });
    if (alive) expect(line, number);
  };
  const answer = (reply) => {
    const waiting = underWay.get(reply.line);
    if (!waiting || reply.number !== waiting.number) return; // about an old text, or another view's
    underWay.delete(reply.line);
    waiting.use(reply);
  };
  const expect = (line, number) => setTimeout(() => {
    if (underWay.get(line)?.number !== number) return;
    if (alive()) expect(line, number);
    else answer({ line, number, passed: false, mark: "", says: GONE, hint: GONE });
  }, BUSY_MS);
  const told = ({ mark, says }) => `${mark} ${says}`.trim();

  // One row: its cells, and, in a gap, the field with what was understood of it below.
  const rowOf = (row, gap) => {
    const right = make("td", { className: "cu-right" });
    const numbers = content.caption ? [make("td", { className: "cu-numbers", innerHTML: gap ? "" : row.numbers })] : [];
    const cells = [make("th", { scope: "row" }, String(row.number)), make("td", { className: "cu-left", innerHTML: row.left })];
    const node = make("tr", {}, ...cells, right, make("td", { innerHTML: row.because }), ...numbers);
    const fill = (latex) => {
      right.innerHTML = formula(`${row.relation} ${latex}`);
      if (numbers.length) numbers[0].innerHTML = row.numbers;
      typeset(node);
    };
    if (gap) fillable(row, right, fill);
    else fill(row.right);
    if (!modes.length) right.append(...accusable(row));
    typeset(node);
    return node;
  };

  const fillable = (row, place, fill) => {
    const preview = make("div", { className: "cu-preview" });
    const feedback = make("div", { className: "cu-feedback" });
    const { text: before = "", status } = lines[row.number] ?? {};
    const field = make("input", {
      type: "text", value: before, "aria-label": row.asks, placeholder: "such as x e^x/2", autocomplete: "off", spellcheck: false, autocapitalize: "off",
    });
    const understood = (reply) => {
      preview.classList.toggle("cu-hint", Boolean(reply.hint));
      if (reply.hint) preview.textContent = reply.hint;
      else set(preview, reply.formula ? formula(reply.formula) : "");
    };
    if (before) feedback.textContent = HEARD_BEFORE[status];
    const judge = () => {
      const text = field.value;
      feedback.textContent = waits();
      ask(row.number, { do: "judge", text }, (reply) => {
        if (reply.formula) understood(reply);
        else preview.textContent = ""; // what could not be read is said below
        feedback.dataset.mark = reply.mark;
        feedback.textContent = told(reply);
        if (text) keepLine(row.number, { ...lines[row.number], text, ...statusOf(reply) }); // if not judged, as before
        say(feedback.textContent);
        if (!reply.passed) return;
        const hadFocus = place.contains(document.activeElement);
        fill(reply.formula); // in the student's own form
        place.append(feedback);
        if (hadFocus) (body.querySelector("input") ?? table.parentNode).focus();
      });
    };
    const show = () => {
      underWay.delete(row.number); // its answer comes too late
      fill(row.right);
      say(row.shown);
    };
    field.oninput = () => {
      feedback.textContent = "";
      keepLine(row.number, field.value ? { text: field.value } : undefined);
      ask(row.number, { do: "read", text: field.value }, understood);
    };
    field.onkeydown = (event) => {
      event.stopPropagation(); // the notebook's own keys must not see letters
      if (event.key === "Enter" && !event.isComposing) judge(); // else it chooses a letter
    };
    const line = `line ${row.number}`;
    const relation = make("span", { innerHTML: formula(row.relation) });
    const entry = make("div", { className: "cu-entry" }, relation, field, button("Check", judge, `Check ${line}`), button("Show", show, `Show ${line}`));
    place.replaceChildren(entry, preview, feedback);
  };

  const accusable = (row) => {
    const feedback = make("div", { className: "cu-feedback" });
    const accuse = () => ask(row.number, { do: "accuse", found }, (reply) => {
      if (reply.passed && !found.includes(row.number)) found.push(row.number);
      feedback.dataset.mark = reply.mark;
      feedback.textContent = told(reply);
      if (reply.mark) keepLine(row.number, statusOf(reply));
      say(feedback.textContent);
    });
    if (lines[row.number]?.status) feedback.textContent = `You chose this line before${wasRight(row) ? ", and rightly" : ": it was not this one"}.`;
    return [make("div", {}, button(content.accusation, accuse, `Line ${row.number} ${content.accusation}`)), feedback];
  };

  const draw = () => {
    underWay.clear(); // it is about rows that go
    const stepping = modes.length && mode === "worked";
    const shown = stepping ? rows.slice(0, reached) : rows;
    body.replaceChildren(...shown.map((row) => rowOf(row, isGap(row, mode))));
    buttons.hidden = !stepping;
    back.disabled = reached === 1;
    next.disabled = everything.disabled = reached === rows.length;
  };
  const go = (count) => {
    const held = document.activeElement;
    reached = Math.min(Math.max(count, 1), rows.length);
    draw();
    if (held?.disabled) (held === back ? next : back).focus(); // a disabled button loses the keyboard
    say(rows[reached - 1].shown);
  };
  const back = button("Back", () => go(reached - 1));
  const next = button("Next", () => go(reached + 1));
  const everything = button("Show all", () => go(rows.length));
  buttons.append(back, next, everything);

  const head = make("div", { className: "cu-head", innerHTML: content.head });
  const root = make("div", { className: "cu-view cu-derivation" }, head);
  if (modes.length) {
    const choice = make("select", { onchange: () => { mode = choice.value; draw(); } }, ...modes.map((name) => make("option", {}, name)));
    choice.value = mode;
    root.append(make("label", {}, "Mode ", choice));
  }
  root.append(make("div", { role: "group", "aria-label": `Lines of ${content.title}`, tabIndex: 0, className: "cu-lines" }, table), buttons, status);
  draw();
  el.append(root);
  typeset(head);
  typeset(body);
  return answer;
}
