// What a page without Python answers: recorded states, a sentence where something has not come, and never nothing.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// The site's own modules, with the view beside them as a page has it.
const { filmAdapter } = await import(`${process.env.SITE}/film.js`);
const { openedFilm } = await import(`${process.env.SITE}/film_file.js`);

const film = (name) => openedFilm(new Blob([readFileSync(`${process.env.SITE}/${name}.film`)]).stream());

function asking(adapter) {
  return (request) => new Promise((done) => {
    const forget = adapter.on((answer) => { forget(); done(answer); });
    adapter.set({ id: 1, width: 640, ...request });
  });
}

test("a mark that some recorded states lack can be dragged", async () => {
  const hinges = await film("hinges"), ask = asking(filmAdapter(hinges));
  const [held] = hinges.controls.filter(({ kind }) => kind === "vector");
  let lacking = 0;
  for (const preset of [hinges.defaults, ...Object.values(hinges.presets)]) {
    for (let mark = 0; mark < 6; mark += 1) {
      await ask({ values: preset, by: "hand" });
      const answer = await ask({ values: preset, by: "hand", drag: { panel: 0, mark, index: 0, x: 1, y: 1 } });
      assert.equal(answer.error, undefined);
      assert.ok(held.name in answer.values);
      lacking += JSON.stringify(answer.values) === JSON.stringify(preset);
    }
  }
  assert.ok(lacking > 0, "one goes nowhere, as its mark is not there");
});

test("numbers that did not come are told, and the picture is there", async () => {
  const hinges = await film("hinges");
  const answer = await asking(filmAdapter({ ...hinges, table: () => Promise.reject(new Error("no network")) }))({ values: hinges.defaults, table: true });
  assert.match(answer.table, /The numbers are not on this device yet/);
  assert.equal(answer.spec.says, hinges.states[0][1]);
});

test("whatever goes wrong is an answer", async () => {
  const hinges = await film("hinges"), fails = () => Promise.reject(new Error("No."));
  const moved = { ...hinges.defaults, [hinges.controls[0].name]: hinges.controls[0].low };
  const answer = await asking(filmAdapter(hinges, { beyond: fails }))({ values: { ...moved, ...other(hinges) } });
  assert.equal(answer.error, "No.");
});

// Values that no film has recorded.
const other = ({ controls, defaults }) => Object.fromEntries(controls.filter(({ kind }) => kind === "vector").map(({ name, low, high }) => [name, defaults[name].map((_, i) => low + (high - low) * (0.123 + i / 77))]));

test("a drawing stays what the hand drew, though no recorded one is like it", async () => {
  const pad = await film("draw"), ink = pad.defaults.ink.replace(/1/, "0").replace(/0$/, "1");
  const answer = await asking(filmAdapter(pad))({ values: { ...pad.defaults, ink }, by: "hand" });
  assert.equal(answer.values.ink, ink);
});

test("after Python has answered, what a hand drags goes on from there", async () => {
  const hinges = await film("hinges"), far = Object.values(hinges.presets).at(-1), asked = [];
  let there = true;
  const beyond = (request) => { asked.push(request); return there ? { values: far, spec: {}, buffers: [] } : null; };
  const ask = asking(filmAdapter(hinges, { beyond }));
  const drag = { panel: 0, mark: 0, index: 0, x: 1, y: 1 };
  assert.deepEqual((await ask({ values: hinges.defaults, by: "hand", drag })).values, far);
  assert.deepEqual(asked.at(-1).drag, drag, "Python computes what is dragged, too");
  there = false;
  const { values } = await ask({ values: far, by: "hand", drag: { ...drag, mark: 99 } });
  assert.deepEqual(values, far);
});
