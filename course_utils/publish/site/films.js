// Demos that answer along recorded states, and beyond them from Python in the page, once it is there.
import { filmAdapter } from "./film.js";
import { openedFilm } from "./film_file.js";
import { GLIDE_MS, showFigure } from "./figure.js";
import { address, make, painted } from "./dom.js";
import { python } from "./python.js";
import { fromLink, toLink } from "./links.js";
import { opened } from "./states.js";

// A page of its own, for slides and other pages; there it is alone already.
const alone = (name) => document.querySelector(".cu-alone") ? [] : [make("a", { href: address(`alone/${name}.html`) }, "Alone on a page")];

export async function answeringFilm(node) {
  const { name } = node.dataset;
  const film = await openedFilm((await fetch(address(`_static/films/${name}.film`))).body);
  let tables = null;
  film.table = async (place) => {
    tables ??= await (await fetch(address(`_static/films/${name}.tables.json`))).json();
    return tables.tables[tables.of[place]];
  };
  const note = make("p", { className: "cu-note", role: "status" });
  let missed = null, lead = () => {}, asked = 0;
  const goOn = (said) => {
    const wanted = missed;
    missed = null;
    if (wanted) lead(wanted); // what was asked for, unless the reader has gone on since: a drawing is not lost
    if (!missed) note.textContent = said; // else Python is busy
  };
  const beyond = async (request, near) => {
    if (python.ready()) {
      const checks = python.checks();
      if (checks.length > 0) {
        missed = request.drag ? null : request.values; // after a drag one goes on from the picture that is shown
        note.textContent = "Python is busy checking: the nearest recorded state is shown.";
        Promise.allSettled(checks).then(() => goOn(""));
        return null;
      }
      const mine = asked;
      try {
        const buffers = [], answer = await python.picture(name, request);
        if (answer.error) throw new Error(answer.error);
        return { ...opened(answer, buffers), buffers };
      } catch (error) {
        if (mine === asked) note.textContent = `The picture shows the nearest state that was recorded: ${error.message}`;
        return null;
      }
    }
    if (near) return null;
    missed = request.values;
    python.start(); // from its first answer on every state is exact
    note.textContent = "This state was not recorded: the picture shows the nearest one. Python is starting in this page…";
    python.started.then(() => goOn("Python is here: every state is computed now."),
      () => { note.textContent = "This state was not recorded: the picture shows the nearest one."; });
    return null;
  };
  const linked = fromLink(node.id, film);
  // The first picture of the course moves by itself once: from a preset to where it is at rest.
  const moves = !linked && node.closest(".cu-hook") !== null;
  const start = linked ?? (moves ? Object.values(film.presets)[0] : {});
  const adapter = filmAdapter(film, { beyond, start });
  let { id: newest, values } = adapter.get("answer");
  adapter.on((answer) => {
    if (answer.id < newest) return; // Python is slower than what was recorded
    newest = answer.id;
    values = answer.values ?? values;
  });
  const { set } = adapter;
  adapter.set = (request) => {
    if (request.drag || JSON.stringify(request.values) !== JSON.stringify(values)) { // else it is about a table or a width
      missed = null;
      note.textContent = ""; // what it said was about the picture before
    }
    asked += 1;
    set(request);
  };
  adapter.leads = (go) => { lead = go; };
  const root = make("div", { className: "cu-live" });
  const copied = make("span", { role: "status" });
  const link = make("button", { type: "button", className: "cu-link" }, "Copy link");
  link.addEventListener("click", async () => {
    const text = toLink(node.id, values);
    try {
      await navigator.clipboard.writeText(text);
      copied.textContent = " The link to this state is copied.";
    } catch {
      copied.replaceChildren(" ", make("a", { href: text }, "Link to this state")); // the browser allows no copying
    }
  });
  showFigure(adapter, root);
  node.classList.remove("cu-live"); // the figure has its own
  node.querySelector(".cu-static").replaceWith(root, note, make("p", { className: "cu-more" }, link, " ", ...alone(name), copied));
  if (linked) {
    node.scrollIntoView({ behavior: "instant" });
    lead({ ...values, ...linked }); // from the recorded state that is nearest
  }
  if (!moves) return;
  await painted(); // by then the figure has found how much room it has: what it asks for then would end the motion
  root.querySelector(".cu-reset").click();
  await new Promise((done) => setTimeout(done, 2 * GLIDE_MS)); // what the page does next must not make it skip
}
