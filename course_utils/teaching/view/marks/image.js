// A grid of colors, one pixel of a small canvas for each value, stretched by the browser.
import { channels, colormap } from "../colors.js";

export const MISSING = 255; // its index, where the mark says that numbers may be missing

export function paintImage(canvas, mark, map) {
  const [rows, columns] = mark.shape, [x0, x1, y0, y1] = mark.extent;
  const table = colormap(mark.colormap).map(channels);
  const pixels = new ImageData(columns, rows);
  mark.values.forEach((value, i) => {
    const at = 4 * ((rows - 1 - Math.floor(i / columns)) * columns + (i % columns)); // rows come from the bottom
    if (mark.missing && value === MISSING) return;
    pixels.data.set(table[mark.missing ? Math.round((value * 255) / 254) : value], at);
    pixels.data[at + 3] = 255;
  });
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  const [left, right] = [map.x.toPixel(x0), map.x.toPixel(x1)], [top, bottom] = [map.y.toPixel(y1), map.y.toPixel(y0)];
  return [left, top, right - left, bottom - top]; // where it lies, in pixels of the picture
}
