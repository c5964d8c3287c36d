// Numbers and formulas: as Python writes them; numbers as sliders have them, as pixels.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decoded, unpacked } from "../../course_utils/teaching/view/arrays.js";
import { changed } from "../../course_utils/teaching/view/changes.js";
import { aria } from "../../course_utils/teaching/view/dom.js";
import { formatNumber } from "../../course_utils/teaching/view/format.js";
import { inLetters, withScripts } from "../../course_utils/teaching/view/scripts.js";
import { axisMap, evenScale, logScale, panelMap, reciprocalScale, scaleOf, snapped } from "../../course_utils/teaching/view/scales.js";

const near = (a, b, tolerance = 1e-12) => assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

// test_view.py writes what format_number says of many numbers.
test("numbers are written as Python writes them", { skip: !process.env.FORMATTED && "run by pytest" }, () => {
  const cases = JSON.parse(readFileSync(process.env.FORMATTED, "utf8"));
  assert.ok(cases.length > 1000);
  for (const [hex, digits, text] of cases) {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setBigUint64(0, BigInt(`0x${hex}`));
    assert.equal(formatNumber(bits.getFloat64(0), digits), text, `${bits.getFloat64(0)} in ${digits} digits`);
  }
});

// test_view.py writes what with_scripts makes of many formulas.
test("powers and indices are written as Python writes them", { skip: !process.env.SCRIPTS && "run by pytest" }, () => {
  for (const [plain, html] of JSON.parse(readFileSync(process.env.SCRIPTS, "utf8"))) {
    assert.equal(withScripts(plain).replaceAll(">", "&gt;"), html.replaceAll(">", "&gt;"));
    assert.equal(html.replace(/<.*?>/g, "").replaceAll("&lt;", "<").replaceAll("&amp;", "&"), plain);
  }
});

test("where no markup can be, indices that are numbers have letters of their own", () => {
  assert.equal(inLetters("slope ∂f/∂x0, log p1 of (x, 0)"), "slope ∂f/∂x₀, log p₁ of (x, 0)");
  assert.equal(inLetters("z_12, z_i and x^2 in float16, 2-20-1"), "z₁₂, z_i and x^2 in float16, 2-20-1");
});

test("a tie goes to the even neighbor, as in Python, not up", () => {
  assert.equal(formatNumber(1.125), "1.12");
  assert.equal(formatNumber(1.375), "1.38");
  assert.equal((1.125).toPrecision(3), "1.13", "JavaScript itself rounds up: the reason for code of our own");
});

test("two copies of the module on one page make no id twice, at whatever time they are asked", async (context) => {
  context.mock.method(Date, "now", () => 0); // a coarse clock
  const copies = await Promise.all([1, 2].map((copy) => import(`../../course_utils/teaching/view/dom.js?${copy}`)));
  const ids = copies.flatMap(({ newId }) => [newId(), newId()]);
  assert.equal(new Set(ids).size, 4, ids.join());
});

test("what is announced as a value has no exponent", () => {
  const said = aria({ valuemin: 1e-15, valuenow: 0.25, valuemax: 1e21, label: "one", valuetext: "1e-15" });
  assert.deepEqual(said, {
    "aria-valuemin": "0.000000000000001", "aria-valuenow": 0.25, "aria-valuemax": "1000000000000000000000", "aria-label": "one", "aria-valuetext": "1e-15",
  });
});

test("what is no number has words", () => {
  assert.equal(formatNumber(Number.NaN), "not a number");
  assert.equal(formatNumber(-Infinity), "\u2212infinity");
  assert.equal(formatNumber(true), "yes");
  assert.equal(formatNumber("A"), "A");
});

test("every notch of an even scale has a clean value, and leads back to itself", () => {
  for (const control of [{ low: -5, high: 5, step: 0.1 }, { low: 0, high: 1e-6, step: 1e-7 }, { low: -100, high: 100, step: 1 }]) {
    const scale = evenScale(control);
    for (let notch = 0; notch <= scale.notches; notch++) {
      const value = scale.toValue(notch);
      assert.equal(scale.toNotch(value), notch);
      assert.ok(String(value).length <= 8, `${value} shows the rounding of a computer`);
    }
    assert.equal(scale.toValue(scale.notches), control.high);
  }
});

test("a logarithmic scale ends exactly at its ends, and its reciprocal at theirs", () => {
  const scale = logScale({ low: 0.05, high: 20, step: 1.05 }), other = reciprocalScale(scale);
  assert.equal(scale.toValue(0), 0.05);
  assert.equal(scale.toValue(scale.notches), 20);
  assert.equal(other.toValue(0), 1 / 20);
  assert.equal(other.toNotch(1 / scale.toValue(17)), scale.notches - 17);
  for (let notch = 0; notch <= scale.notches; notch++) assert.equal(scale.toNotch(scale.toValue(notch)), notch);
});

test("a value from outside is brought to the nearest notch within the ends", () => {
  const scale = scaleOf({ kind: "float", low: -5, high: 5, step: 0.1 });
  assert.equal(snapped(scale, 7), 5);
  assert.equal(snapped(scale, -99), -5);
  assert.equal(snapped(scale, 1.26), 1.3);
});

test("data and pixels correspond, on even, logarithmic and reversed axes", () => {
  const axes = [{ scale: "linear", limits: [-3, 3] }, { scale: "log", limits: [1e-8, 10] }, { scale: "linear", limits: [2.5, -0.5] }];
  for (const axis of axes) {
    const map = axisMap(axis, 40, 340);
    near(map.toPixel(axis.limits[0]), 40);
    near(map.toPixel(axis.limits[1]), 340);
    for (const pixel of [40, 77, 200.5, 340]) near(map.toPixel(map.toData(pixel)), pixel);
  }
  near(axisMap(axes[1], 0, 9).toPixel(1e-5), 3);
});

test("y grows upwards", () => {
  const map = panelMap({ box: [10, 20, 100, 50], x: { scale: "linear", limits: [0, 1] }, y: { scale: "linear", limits: [0, 1] } });
  assert.deepEqual([map.x.toPixel(0), map.y.toPixel(0), map.y.toPixel(1)], [10, 70, 20]);
});

test("arrays are read from lists and from little-endian bytes, wherever these begin", () => {
  assert.deepEqual(decoded([1, null, 3], []), [1, Number.NaN, 3]);
  const whole = new Uint8Array([9, 9, 0, 0, 128, 63, 0, 0, 192, 255]); // two bytes of others, then 1 and nan
  const view = new DataView(whole.buffer, 2, 8);
  assert.deepEqual(decoded({ b: 0, t: "f4", n: 2 }, [view]), [1, Number.NaN]);
  assert.deepEqual(decoded({ b: 0, t: "f4", n: 1 }, [whole.buffer.slice(2)]), [1]);
  assert.deepEqual(decoded({ b: 0, t: "u1", n: 2 }, [Uint8Array.of(7, 255).buffer]), [7, 255]);
  assert.deepEqual(decoded({ b: 0, t: "i4", n: 1 }, [Uint8Array.of(254, 255, 255, 255).buffer]), [-2]);
});

test("a spec is unpacked as a copy: labels and runs stay as they are", () => {
  const spec = { panels: [{ marks: [{ kind: "points", x: [0, 1], y: { b: 0, t: "u1", n: 2 }, labels: ["a", "b"], runs: [["p", "i"]] }] }] };
  const [mark] = unpacked(spec, [Uint8Array.of(3, 4).buffer]).panels[0].marks;
  assert.deepEqual([mark.y, mark.labels, mark.runs], [[3, 4], ["a", "b"], [["p", "i"]]]);
  assert.ok(!Array.isArray(spec.panels[0].marks[0].y));
});

test("what Python says has changed makes the next picture of the one before", { skip: !process.env.CHANGES }, () => {
  const open = ({ spec, buffers }) => unpacked(spec, buffers.map((text) => new Uint8Array(Buffer.from(text, "base64"))));
  for (const { before, told, now } of JSON.parse(readFileSync(process.env.CHANGES, "utf8"))) {
    assert.deepEqual(changed(open(before), open(told)), open(now));
    assert.notDeepEqual({ ...open(before), says: "" }, open(now));
  }
});

test("places in two bytes lie between their ends, and the last number is a gap", () => {
  const bytes = Uint16Array.of(0, 65534, 32767, 65535).buffer;
  assert.deepEqual(decoded({ b: 0, t: "u2", n: 4, ends: [-1, 3] }, [bytes]), [-1, 3, 1, NaN]);
});
