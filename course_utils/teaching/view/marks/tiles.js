// A matrix as tiles that fill the panel, row 0 at the top, with its numbers on them.
import { children, set } from "../dom.js";
import { fills, paint } from "../colors.js";
import { rectangle } from "./shapes.js";
import { paintRuns } from "../runs.js";

export function paintTiles(group, mark, _map, { box: [left, top, width, height] }) {
  const [rows, columns] = mark.shape, fill = fills(mark);
  const [w, h] = [width / columns, height / rows];
  const cell = (i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return rectangle(left + column * w, top + row * h, left + (column + 1) * w, top + (row + 1) * h);
  };
  const [tiles, chosen, texts] = children(group, "g", 3);
  const paths = children(tiles, "path", mark.fill.length);
  mark.fill.forEach((index, i) => set(paths[i], { d: cell(i), fill: fill(index), stroke: "var(--cu-paper)", "stroke-width": 1.5 }));
  const frames = children(chosen, "path", 2); // ink on paper: seen on tiles of either color
  const d = (mark.outlined ?? []).map(([i, j]) => cell(i * columns + j)).join("");
  ["paper", "ink"].forEach((color, i) => set(frames[i], { d, fill: "none", stroke: paint(color), "stroke-width": 5 - 2.5 * i }));
  const words = mark.texts ?? [], size = mark.size ?? 12;
  const nodes = children(texts, "text", words.length);
  words.forEach((runs, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    set(nodes[i], {
      x: (left + (column + 0.5) * w).toFixed(2), y: (top + (row + 0.5) * h + 0.35 * size).toFixed(2),
      "text-anchor": "middle", "font-size": size, fill: paint(mark.ink?.[i] ?? "ink"),
    });
    paintRuns(nodes[i], runs, size);
  });
}
