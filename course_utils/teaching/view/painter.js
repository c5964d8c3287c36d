// One picture as stacked layers: SVG, a canvas where a mark is an image or thousands of polygons, SVG again.
// The nodes stay from one picture to the next as long as both have the same kinds of marks in the same places.
import { boxStyle, children, newId, set, svgNode } from "./dom.js";
import { colormap, resolver } from "./colors.js";
import { panelMap } from "./scales.js";
import { paintBand } from "./marks/band.js";
import { paintBars } from "./marks/bars.js";
import { paintImage } from "./marks/image.js";
import { paintLine } from "./marks/line.js";
import { paintPoints } from "./marks/points.js";
import { drawPolygons, MOST_PATHS, paintPolygons } from "./marks/polygons.js";
import { paintRule } from "./marks/rule.js";
import { paintText, styleText } from "./marks/text.js";
import { paintTiles } from "./marks/tiles.js";

const PATHS = {
  line: paintLine, points: paintPoints, bars: paintBars, band: paintBand, polygons: paintPolygons,
  rule: paintRule, text: paintText, tiles: paintTiles,
};
const PIXELS = { image: paintImage, polygons: drawPolygons };
const UNCLIPPED = ["points", "text", "rule", "tiles"]; // these are whole or absent
const OVERHANG = 1; // a line on the edge of its panel keeps its width
const UNDER = ["grid"]; // what of the frame lies below the marks
const FRAME_INK = { grid: "faint", axis: "axis", tick: "axis", zero: "ink" };

const onCanvas = (mark) => mark.kind === "image" || (mark.kind === "polygons" && mark.counts.length > MOST_PATHS);
const shapeOf = (spec) => spec.panels.map(({ marks }) => marks.map((mark) => mark.kind + onCanvas(mark)).join()).join(";");

// `art` is the element that holds the layers.
export function makePainter(art) {
  let shape = null, plan = null, layers = [], shown = null;
  const hatches = newId();

  // The layer of this depth: even ones are SVG, odd ones hold canvases.
  function layer(depth) {
    while (layers.length <= depth) {
      const node = layers.length % 2 ? document.createElement("div") : svgNode("svg");
      node.setAttribute("class", "cu-layer");
      art.append(node);
      layers.push(node);
    }
    return layers[depth];
  }
  const group = (depth, clip = null) => {
    const node = set(svgNode("g"), { "clip-path": clip });
    layer(depth).append(node);
    return node;
  };

  function build(spec) {
    layers.forEach((node) => node.remove());
    layers = [];
    const defs = svgNode("defs");
    layer(0).append(defs);
    defs.innerHTML = hatchPatterns(hatches);
    plan = spec.panels.map((panel) => {
      const clipId = newId(), clip = svgNode("clipPath"), area = svgNode("rect");
      clip.id = clipId;
      clip.append(area);
      defs.append(clip);
      let depth = 0;
      const under = group(depth);
      const marks = panel.marks.map((mark) => {
        if (!onCanvas(mark)) return group(depth, UNCLIPPED.includes(mark.kind) ? null : `url(#${clipId})`);
        const window = document.createElement("div"), canvas = document.createElement("canvas");
        window.className = "cu-window";
        window.append(canvas);
        layer(depth + 1).append(window);
        depth += 2;
        return canvas;
      });
      return { area, under, marks, strips: group(depth), lines: group(depth), texts: group(depth), defs };
    });
    shape = shapeOf(spec);
  }

  function paint(spec) {
    shown = spec;
    if (shape !== shapeOf(spec)) build(spec);
    layers.forEach((node) => { if (node.tagName === "svg") set(node, { viewBox: `0 0 ${spec.width} ${spec.height}` }); });
    const screen = layers.length > 1 ? screenOf(art, spec) : {};
    spec.panels.forEach((panel, p) => {
      const nodes = plan[p], map = panelMap(panel), [x, y, width, height] = panel.box;
      set(nodes.area, { x: x - OVERHANG, y: y - OVERHANG, width: width + 2 * OVERHANG, height: height + 2 * OVERHANG });
      paintLines(nodes.under, panel.lines.filter(({ role }) => UNDER.includes(role)));
      paintLines(nodes.lines, panel.lines.filter(({ role }) => !UNDER.includes(role)));
      paintStrips(nodes, panel.scales ?? []);
      const texts = children(nodes.texts, "text", panel.texts.length);
      panel.texts.forEach((text, i) => styleText(texts[i], text));
      panel.marks.forEach((mark, m) => {
        const kit = { box: panel.box, ...screen, hatch: (kind) => `url(#${hatches}${HATCHES.indexOf(kind)})` };
        if (!onCanvas(mark)) PATHS[mark.kind](nodes.marks[m], mark, map, kit);
        else place(nodes.marks[m], panel.box, PIXELS[mark.kind](nodes.marks[m], mark, map, kit), spec);
      });
    });
  }

  return { paint, repaint: () => shown && paint(shown) };
}

// What a canvas must know and SVG need not: asking makes the browser lay out the page.
const screenOf = (art, spec) => ({
  resolve: resolver(art),
  ratio: (art.clientWidth / spec.width || 1) * Math.min(2, window.devicePixelRatio || 1),
});

// A canvas lies in a window that cuts off what reaches beyond its panel.
function place(canvas, box, [x, y, width, height], spec) {
  set(canvas.parentElement, { style: boxStyle(box, [spec.width, spec.height]) });
  set(canvas, { style: boxStyle([x - box[0], y - box[1], width, height], [box[2], box[3]]) });
}

function paintLines(group, lines) {
  const nodes = children(group, "path", lines.length);
  lines.forEach(({ role, d: [x1, y1, x2, y2] }, i) =>
    set(nodes[i], { d: `M${x1} ${y1}L${x2} ${y2}`, stroke: `var(--cu-${FRAME_INK[role]})`, "stroke-width": 1 }));
}

// The scale of an image as a strip of its colors, the low end at the left or at the bottom.
function paintStrips({ strips, defs }, scales) {
  const nodes = children(strips, "rect", scales.length);
  scales.forEach(({ box: [x, y, width, height], colormap: name }, i) => {
    set(nodes[i], { x, y, width, height, fill: `url(#${gradient(defs, name, height > width)})` });
  });
}

function gradient(defs, name, upright) {
  const kind = `${name}${upright}`;
  const known = [...defs.children].find((node) => node.dataset.kind === kind);
  if (known) return known.id;
  const node = svgNode("linearGradient"), table = colormap(name);
  node.id = newId();
  node.dataset.kind = kind;
  set(node, upright ? { x1: 0, x2: 0, y1: 1, y2: 0 } : {});
  table.forEach((color, i) => {
    if (i % 15 === 0) node.append(set(svgNode("stop"), { offset: i / (table.length - 1), "stop-color": color }));
  });
  defs.append(node);
  return node.id;
}

const HATCHES = ["//", "..", "xx"];
const HATCH_PATHS = [
  '<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke-width="1.6"', '<path d="M2 2h.01M6 6h.01" stroke-linecap="round" stroke-width="2.4"',
  '<path d="M0 8L8 0M0 0L8 8" stroke-width="1.2"',
];

function hatchPatterns(id) {
  return HATCH_PATHS.map((path, i) =>
    `<pattern id="${id}${i}" width="8" height="8" patternUnits="userSpaceOnUse">` +
    `${path} style="stroke:var(--cu-paper)" fill="none"/></pattern>`).join("");
}
