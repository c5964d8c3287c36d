// Text with light mathematics: runs of [text, style]; a style is "i" for italic or nothing, and then a place.
import { children, set, setText } from "./dom.js";

// Size and rise of each place, in sizes of the text around it, as in typeset.py.
const PLACES = { "": [1, 0], sub: [0.72, -0.2], sup: [0.72, 0.36], supsub: [0.58, 0.2] };

export function paintRuns(node, runs, size) {
  const spans = children(node, "tspan", runs.length);
  let level = 0;
  runs.forEach(([text, style], i) => {
    const [share, rise] = PLACES[style.replace("i", "")];
    set(spans[i], {
      dy: rise === level ? null : ((level - rise) * size).toFixed(2),
      "font-size": share < 1 ? (share * size).toFixed(2) : null,
      "font-style": style.startsWith("i") ? "italic" : null,
    });
    setText(spans[i], text);
    level = rise;
  });
}
