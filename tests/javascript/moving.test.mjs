// What a hand, a key, a glide, a film and a slow kernel do, without a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clickedTo, dataAt, handlesOf, isStep, movedTo, notched, startDrag, steppedBy, steppedData, withHeld } from "../../course_utils/teaching/view/drag.js";
import { ahead, nearest, pointOf } from "../../course_utils/publish/site/states.js";
import { eased, glidePath } from "../../course_utils/teaching/view/glide.js";
import { describe as said, plain, under } from "../../course_utils/teaching/view/hover.js";
import { bitNames, flipped, pressesOf } from "../../course_utils/teaching/view/press.js";
import { zoomsOf } from "../../course_utils/teaching/view/zoom.js";
import { BUSY_MS } from "../../course_utils/teaching/view/gone.js";
import { makeRequests } from "../../course_utils/teaching/view/requests.js";

const linear = (low, high) => ({ scale: "linear", limits: [low, high] });
const LOGITS = { kind: "vector", name: "z", label: "logits z", entries: ["cat", "dog"], low: -5, high: 5, step: 0.1 };
const SHIFT = { kind: "float", name: "c", label: "shift c", low: 0, high: 10, step: 1 };

// Two bars in a panel of 100 by 100 pixels: 10 pixels for one unit of y.
function bars(drags, changes = {}) {
  const mark = { kind: "bars", name: "z", x: [0, 1], y: [2, -1], base: 0, width: 0.8, horizontal: false, labels: ["cat", "dog"], drags, ...changes };
  return { width: 640, height: 120, panels: [{ box: [0, 10, 100, 100], x: linear(-0.5, 1.5), y: linear(-5, 5), lines: [], texts: [], marks: [mark] }] };
}
const EACH = { y: { control: "z", entry: "each", scale: 1, offset: 0 } };

test("each bar has a handle at its end, for its own entry", () => {
  const handles = handlesOf(bars(EACH), [LOGITS]);
  assert.deepEqual(handles.map(({ at }) => at), [[25, 40], [75, 70]]);
  assert.deepEqual(handles.map(({ axes }) => axes[0].entry), [0, 1]);
});

test("a bar whose place only Python can translate grows and shrinks, and moves nowhere else", () => {
  const axes = (changes) => handlesOf(bars({ to: true, controls: ["z"], mark: "z" }, changes), [LOGITS])[0].axes;
  assert.deepEqual(axes({}), [{ axis: "y" }]);
  assert.deepEqual(axes({ horizontal: true }), [{ axis: "x" }]);
});

test("bars that lie are dragged along x", () => {
  const spec = bars({ x: EACH.y }, { horizontal: true });
  spec.panels[0].x = linear(-5, 5);
  spec.panels[0].y = linear(1.5, -0.5);
  const [first] = handlesOf(spec, [LOGITS]);
  assert.deepEqual(first.at, [70, 35]);
  assert.deepEqual(withHeld(spec, first, { x: 4 }).panels[0].marks[0].y, [4, -1]);
});

test("what is held is told from the marks that come and go beside it", () => {
  const spec = bars(EACH), [cat] = handlesOf(spec, [LOGITS]), later = bars(EACH);
  later.panels[0].marks.unshift({ kind: "text" }, { ...later.panels[0].marks[0], drags: null });
  const { marks } = withHeld(later, cat, { y: 4 }).panels[0];
  assert.deepEqual(marks.map(({ y }) => y), [undefined, [2, -1], [4, -1]]);
  assert.equal(withHeld({ ...spec, panels: [] }, cat, { y: 4 }).panels.length, 0);
});

test("a dragged bar follows the pointer by the map of the moment it was taken, notch by notch, within the ends", () => {
  const spec = bars(EACH), [cat] = handlesOf(spec, [LOGITS]);
  const start = startDrag(spec, cat, [26, 43]); // taken a little beside its middle
  const moved = (pointer) => movedTo(cat, dataAt(start, pointer), { z: [2, -1] });
  assert.deepEqual(moved([26, 43]).values, { z: [2, -1] }, "taking it moves nothing");
  assert.deepEqual(moved([26, 33]).values, { z: [3, -1] });
  assert.deepEqual(moved([26, 33.4]).values, { z: [3, -1] }, "the nearest notch");
  assert.deepEqual(moved([500, -900]).values, { z: [5, -1] }, "no further than the slider");
  spec.panels[0].y.limits = [-50, 50]; // an answer with other limits
  assert.deepEqual(moved([26, 33]).values.z, [3, -1]);
});

test("scale and offset of a drag: the control is theirs, the mark stays under the hand", () => {
  const spec = bars({ y: { control: "c", entry: null, scale: -2, offset: 4 } }), [bar] = handlesOf(spec, [SHIFT]);
  const { values, held } = movedTo(bar, { y: 1.2 }, { c: 0 });
  assert.deepEqual(values, { c: 2 });
  assert.deepEqual(held, { y: 1 });
  assert.equal(withHeld(spec, bar, held).panels[0].marks[0].y[0], 1);
  assert.deepEqual(steppedBy(bar.axes[0], { c: 4 }, "ArrowUp"), { c: 3 }, "up is up on the screen");
  assert.deepEqual(steppedBy(bar.axes[0], { c: 4 }, "End"), { c: 10 }, "End is the end of the control");
});

test("a bar beyond its panel is taken at the edge", () => {
  const spec = bars(EACH, { y: [99, 0] }), [cat] = handlesOf(spec, [LOGITS]);
  assert.deepEqual(cat.at, [25, 10]);
  assert.deepEqual(movedTo(cat, dataAt(startDrag(spec, cat, [25, 10]), [25, 30]), { z: [5, 0] }).values.z, [3, 0]);
});

test("the handle of a point beyond its panel keeps inside, whole", () => {
  const taken = (changes) => handlesOf(bars({ y: EACH.y }, { kind: "points", x: [0.5], y: [0], ...changes }), [LOGITS])[0].at;
  assert.deepEqual([taken({}), taken({ x: [-0.5] })], [[50, 60], [0, 60]], "at the edge it is not beyond");
  assert.deepEqual([taken({ y: [99] }), taken({ y: [-99] }), taken({ x: [-9] }), taken({ x: [9] })], [[50, 21], [50, 99], [11, 60], [89, 60]]);
});

test("a click brings the only point of a panel there, and no bar", () => {
  const point = bars({ x: EACH.y, y: EACH.y }, { kind: "points", x: [0], y: [0] });
  const { data } = clickedTo(point, handlesOf(point, [LOGITS]), [50, 20]);
  assert.ok(Math.abs(data.x - 0.5) < 1e-12 && Math.abs(data.y - 4) < 1e-12);
  assert.equal(clickedTo(point, handlesOf(point, [LOGITS]), [500, 20]), null);
  assert.equal(clickedTo(bars(EACH), handlesOf(bars(EACH), [LOGITS]), [50, 20]), null);
});

test("keys: one step, ten, the ends", () => {
  const [cat] = handlesOf(bars(EACH), [LOGITS]), step = (key) => steppedBy(cat.axes[0], { z: [2, -1] }, key).z;
  assert.deepEqual(step("ArrowUp"), [2.1, -1]);
  assert.deepEqual(step("ArrowLeft"), [1.9, -1]);
  assert.deepEqual(step("PageDown"), [1, -1]);
  assert.deepEqual(step("Home"), [-5, -1]);
  assert.ok(!isStep("a"));
});

test("a point that only the kernel can translate moves by fiftieths of its panel", () => {
  const spec = bars({ to: true, mark: 0, controls: ["z"], text: "point" }, { kind: "points", x: [0.5], y: [0] });
  const [point] = handlesOf(spec, [LOGITS]);
  assert.deepEqual(point.axes.map(({ axis }) => axis), ["x", "y"]);
  const { x, y } = steppedData(spec, point, "y", "ArrowUp");
  assert.ok(Math.abs(x - 0.5) < 1e-12 && Math.abs(y - 0.2) < 1e-12);
  assert.equal(steppedData(spec, point, "y", "End").y, 5);
});

test("its step is the same way on the screen, whatever the axis says", () => {
  const stepped = (axis, x, key) => {
    const spec = bars({ to: true, mark: 0, controls: ["z"], text: "point" }, { kind: "points", x: [x], y: [0] });
    spec.panels[0].x = axis;
    return steppedData(spec, handlesOf(spec, [LOGITS])[0], "x", key).x;
  };
  const near = (found, wanted) => assert.ok(Math.abs(found / wanted - 1) < 1e-9, `${found}, not ${wanted}`);
  const keys = ["ArrowRight", "ArrowLeft", "PageUp", "Home", "End"];
  const wanted = {
    linear: [linear(-5, 5), 1, [1.2, 0.8, 3, -5, 5]], reversed: [linear(5, -5), 1, [0.8, 1.2, -1, 5, -5]],
    log: [{ scale: "log", limits: [1e-5, 1e5] }, 1, [10 ** 0.2, 10 ** -0.2, 100, 1e-5, 1e5]],
  };
  for (const [axis, from, places] of Object.values(wanted)) keys.forEach((key, i) => near(stepped(axis, from, key), places[i]));
});

test("what is pointed at says its numbers", () => {
  assert.equal(under(bars(null), 25, 60).text, "cat: z = 2");
  assert.equal(under(bars(null), 75, 60).text, "dog: z = \u22121");
  assert.equal(under(bars(null, { name: "" }), 25, 60), null, "a mark without a name only guides the eye");
  assert.equal(said({ kind: "points", name: "*f*_0", x: [0.5], y: [1e-9], x_name: "x" }, 0), "x = 0.5: f0 = 1e\u22129");
  assert.equal(said({ kind: "bars", name: "share", x: [0], y: [0.75], values: [0.25], labels: ["a"] }, 0), "a: share = 0.25");
  const hand = { kind: "points", name: "", x: [0.5], y: [1.6], x_name: "x" };
  assert.equal(said({ ...hand, drags: { text: "slope" } }, 0), "slope, x = 0.5", "1.6 is not the slope");
  assert.equal(said({ ...hand, drags: {} }, 0), "x = 0.5");
  assert.equal(plain("e^{*z*_i}"), "ezi");
});

test("of bars that touch, the one under the pointer is told; a thin one also from beside it", () => {
  const labels = ["a", "b", "c", "d"], thin = { x: [0, 1, 2, 3], y: [5, 5, 5, 5], labels };
  const wide = (changes) => { // 6 pixels for one bar
    const spec = bars(null, { ...thin, ...changes });
    return { ...spec, panels: [{ ...spec.panels[0], box: [0, 10, 24, 100], x: linear(-0.5, 3.5) }] };
  };
  const told = (spec, x) => under(spec, x, 40)?.text[0];
  assert.deepEqual([1, 5, 7, 11, 13, 17, 19, 23].map((x) => told(wide({ width: 1 }), x)), [..."aabbccdd"]);
  assert.deepEqual([2, 4, 8.5, 9.5].map((x) => told(wide({ width: 0.1 }), x)), [..."aabb"], "the nearer one");
  assert.deepEqual([27, 29].map((x) => told(wide({ width: 1 }), x)), ["d", undefined], "not from far away");
  const pair = wide({ width: 0.5, x: [-0.25, 0.75, 1.75, 2.75] }), [first] = pair.panels[0].marks;
  pair.panels[0].marks.push({ ...first, x: [0.25, 1.25, 2.25, 3.25], labels: [..."ABCD"] });
  assert.deepEqual([1, 2, 4, 5, 7].map((x) => told(pair, x)), [..."aaAAb"], "of two marks too");
});

test("of polygons over each other, the one on top is told", () => {
  const square = [0, 1, 1, 0], high = [0, 0, 1, 1];
  const mark = { kind: "polygons", name: "f", x: [...square, ...square], y: [...high, ...high], counts: [4, 4], values: [1, 2], fill: [0, 0] };
  assert.equal(under({ panels: [{ box: [0, 0, 100, 100], x: linear(0, 1), y: linear(0, 1), marks: [mark] }] }, 50, 50).text, "f = 2");
});

test("where an image has no number, none is told", () => {
  const mark = { kind: "image", name: "f", shape: [1, 2], extent: [0, 2, 0, 1], values: [255, 254], low: 0, high: 10, missing: true };
  const told = (changes, x) => under({ panels: [{ box: [0, 0, 100, 100], x: linear(0, 2), y: linear(0, 1), marks: [{ ...mark, ...changes }] }] }, x, 50)?.text;
  assert.deepEqual([told({}, 25), told({}, 75)], [undefined, "f \u2248 10"]);
  assert.equal(told({ missing: false }, 25), "f \u2248 10");
});

test("a glide goes from one picture to the other, limits and ticks included", () => {
  const from = bars(null), to = bars(null, { y: [4, 1] });
  to.panels[0].y = linear(-10, 10);
  const path = glidePath(from, to), half = path(0.5).panels[0];
  assert.deepEqual(half.marks[0].y, [3, 0]);
  assert.deepEqual(half.y.limits, [-7.5, 7.5]);
  assert.equal(path(1), to);
  assert.ok(eased(0) === 0 && eased(1) === 1 && eased(0.5) > 0.5);
});

test("there is no way between pictures of different shapes, and none that invents numbers", () => {
  assert.equal(glidePath(bars(null), bars(null, { x: [0], y: [1] })), null);
  assert.equal(glidePath(bars(null), bars(null, { kind: "points" })), null);
  assert.equal(glidePath(bars(null), { ...bars(null), height: 999 }), null);
  const gap = glidePath(bars(null, { y: [Number.NaN, 0] }), bars(null, { y: [1, Number.NaN] }))(0.5).panels[0].marks[0].y;
  assert.deepEqual(gap, [1, Number.NaN]);
});

// --- requests, with a clock of our own

function conversation() {
  const sent = [], shown = [], signs = [], timers = new Map();
  let now = 0, timerCount = 0;
  const clock = {
    setTimeout(run, wait) { timers.set(++timerCount, { run, at: now + wait }); return timerCount; },
    clearTimeout: (id) => timers.delete(id),
  };
  const requests = makeRequests({
    send: (request) => sent.push(request), show: (answer, latest) => shown.push([answer.values, latest]),
    busy: (waited) => signs.push(waited), clock,
  });
  const pass = (milliseconds) => {
    now += milliseconds;
    for (const [id, { run, at }] of [...timers]) if (at <= now && timers.delete(id)) run();
  };
  const answer = (place) => requests.heard({ id: sent[place].id, values: sent[place].values });
  return { requests, sent, shown, signs, pass, answer };
}

test("two requests are under way at most; of what comes meanwhile, only the latest is asked for", () => {
  const { requests, sent, shown, answer } = conversation();
  for (const values of ["a", "b", "c", "d"]) requests.ask({ values });
  assert.deepEqual(sent.map(({ values }) => values), ["a", "b"]);
  answer(0);
  assert.deepEqual(sent.map(({ values }) => values), ["a", "b", "d"]);
  answer(1);
  answer(2);
  assert.deepEqual(shown, [["a", false], ["b", false], ["d", true]]);
  assert.ok(requests.idle());
});

test("stale and foreign answers are dropped", () => {
  const { requests, sent, shown, answer } = conversation();
  requests.ask({ values: "a" });
  requests.ask({ values: "b" });
  answer(1); // b has overtaken a
  answer(0);
  requests.heard({ id: sent[1].id, values: "again" });
  requests.heard({ id: 12, values: "of another view" });
  assert.deepEqual(shown, [["b", true]]);
});

test("ids grow, and two views of one model do not share them", () => {
  const one = conversation(), other = conversation();
  for (const { requests } of [one, other]) { requests.ask({ values: 1 }); requests.ask({ values: 2 }); }
  assert.ok(one.sent[0].id < one.sent[1].id);
  assert.ok(one.sent.every(({ id }) => other.sent.every((theirs) => theirs.id !== id)));
  assert.ok(Number.isSafeInteger(one.sent[1].id + 2 ** 20));
});

test("half a second without an answer is said, any answer ends it", () => {
  const { requests, signs, pass, answer } = conversation();
  requests.ask({ values: "a" });
  requests.ask({ values: "b" });
  pass(BUSY_MS - 1);
  assert.deepEqual(signs, []);
  answer(0); // in time: the wait for the other begins anew
  pass(BUSY_MS - 1);
  assert.deepEqual(signs, []);
  pass(1);
  pass(BUSY_MS);
  assert.deepEqual(signs, [BUSY_MS, 2 * BUSY_MS]);
  answer(1);
  assert.deepEqual(signs.at(-1), 0);
  pass(10 * BUSY_MS);
  assert.equal(signs.length, 3);
});

test("after the end nothing is sent and nothing shown", () => {
  const { requests, sent, shown, signs, pass, answer } = conversation();
  for (const values of ["a", "b", "c"]) requests.ask({ values });
  requests.stop();
  answer(0);
  pass(10 * BUSY_MS);
  assert.deepEqual([sent.length, shown, signs], [2, [], []]);
});

test("a film answers with the recorded state that is nearest, each control in units of its range", () => {
  const controls = [LOGITS, SHIFT, { kind: "log", name: "T", low: 0.1, high: 10 }, { kind: "choice", name: "k" }];
  const state = (z, c, T, k) => ({ z, c, T, k });
  const states = [state([0, 0], 0, 1, "a"), state([5, 0], 0, 1, "a"), state([0, 0], 10, 1, "a"), state([0, 0], 0, 10, "a"), state([0, 0], 0, 1, "b")];
  const points = states.map((one) => pointOf(one, controls));
  const which = (values) => nearest(points, pointOf({ z: [0, 0], c: 0, T: 1, k: "a", ...values }, controls));
  assert.equal(which({}), 0);
  assert.equal(which({ z: [4, 0] }), 1);
  assert.equal(which({ c: 4 }), 0);
  assert.equal(which({ c: 6 }), 2);
  assert.equal(which({ T: 4 }), 3);
  assert.equal(which({ k: "b" }), 4);
});

test("a key that steps less than recorded states are apart goes on to the next of them, and nowhere else", () => {
  const controls = [LOGITS, { kind: "choice", name: "k" }], point = (cat, dog, k = "a") => pointOf({ z: [cat, dog], k }, controls);
  const points = [point(0, 0), point(1, 0), point(2, 0), point(-1, 0), point(0, 1), point(0.2, 0, "b")];
  const from = (shown, ...wanted) => ahead(points, shown, point(...wanted));
  assert.equal(from(0, 0.1, 0), 1);
  assert.equal(from(0, -0.1, 0), 3);
  assert.equal(from(0, 0, 0.1), 4);
  assert.equal(from(1, 1.1, 0), 2);
  assert.equal(from(2, 2.1, 0), 2, "the last one stays");
  assert.equal(from(0, 0, -0.1), 0, "nothing was recorded there");
  assert.equal(from(0, 0, 0), 0);
  assert.equal(ahead([point(0, 0), null, point(2, 0)], 0, point(0.1, 0)), 2, "past what is out of the way");
});

test("what is pressed lies on its polygon, is named by its power of two, and switches one bit", () => {
  const mark = { kind: "polygons", name: "bits", x: [0, 1, 1, 0, 1, 2, 2, 1], y: [0, 0, 5, 5, 0, 0, 5, 5], counts: [4, 4], drags: { press: { control: "b" } } };
  const spec = { ...bars(EACH), panels: [{ ...bars(EACH).panels[0], x: linear(0, 4), marks: [mark] }] };
  assert.deepEqual(pressesOf(spec).map(({ bit, box }) => [bit, ...box]), [[0, 0, 10, 25, 50], [1, 25, 10, 25, 50]]);
  assert.deepEqual(handlesOf(spec, [LOGITS]), [], "nothing there is dragged");
  assert.deepEqual(bitNames({ groups: [["sign", 1], ["size", 3]] }), ["sign bit", "size bit 2", "size bit 1", "size bit 0"]);
  assert.deepEqual([flipped("0100", 1), flipped("0000", 3)], ["0000", "0001"]);
});

test("a panel zooms by the control that it names, and by nothing that is not there", () => {
  const spec = { panels: [{ box: [0, 0, 9, 9] }, { box: [9, 0, 9, 9], zooms: "c" }, { box: [18, 0, 9, 9], zooms: "d" }] };
  const [zoom, ...more] = zoomsOf(spec, [LOGITS, SHIFT]);
  assert.deepEqual([zoom.box, zoom.axis.control, more], [[9, 0, 9, 9], SHIFT, []]);
  assert.deepEqual(notched(zoom.axis, { c: 4 }, -3), { c: 1 });
  assert.deepEqual(notched(zoom.axis, { c: 4 }, 99), { c: 10 });
});

test("polygons whose numbers are not sent say what their colors say", () => {
  const mark = { kind: "polygons", name: "f", x: [0, 1, 1], y: [0, 0, 1], counts: [3], fill: [51], colormap: "viridis", low: 0, high: 10 };
  assert.equal(said(mark, 0), "f \u2248 2");
  const spec = { panels: [{ box: [0, 0, 100, 100], x: linear(0, 1), y: linear(0, 1), marks: [mark] }] };
  assert.equal(under(spec, 80, 60).text, "f \u2248 2");
  assert.equal(said({ ...mark, values: [2.046] }, 0), "f = 2.05");
});
