// A pen on a pad, without a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { handlesOf } from "../../course_utils/teaching/view/drag.js";
import { padsOf, stroked } from "../../course_utils/teaching/view/pad.js";

const linear = (low, high) => ({ scale: "linear", limits: [low, high] });
const PAINT = { paint: { control: "ink", pen: 1 } };
const image = (drags) => ({
  width: 640, height: 120,
  panels: [{
    box: [10, 20, 100, 50], x: linear(0, 4), y: linear(0, 2),
    marks: [{ kind: "image", name: "drawing", shape: [2, 4], extent: [1, 3, 0, 2], colormap: "gray", ...(drags ? { drags } : {}) }],
  }],
});

test("a pad lies where its image lies, and is no handle", () => {
  const [pad] = padsOf(image(PAINT));
  assert.deepEqual(pad.box, [35, 20, 50, 50]);
  assert.deepEqual([pad.control, pad.pen, pad.shape], ["ink", 1, [2, 4]]);
  assert.deepEqual(padsOf(image()), []);
  assert.deepEqual(handlesOf(image(PAINT), []), []);
});

test("a stroke blackens the pixels under the pen, row by row from the top, and no others", () => {
  const blank = "0".repeat(8), across = stroked(blank, [2, 4], 1, [0.5, 0.5], [2.5, 0.5]);
  assert.equal(across, "11100000");
  assert.equal(stroked(across, [2, 4], 1, [3.5, 1.5], [3.5, 1.5]), "11100001", "a dot; what is black stays");
  assert.equal(stroked(blank, [2, 4], 2.1, [1.5, 1.5], [1.5, 1.5]), "01001110", "half a pen to each side");
  assert.equal(stroked(blank, [2, 4], 1, [-3, -3], [-3, 9]), blank, "beside the pad nothing is drawn");
});
