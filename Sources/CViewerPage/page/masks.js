// Masks: COCO's compressed run lengths of rows, painted over a picture.

/** How much of the picture a mask hides, 0 to 255. */
const OPACITY = 105;

/** The lengths of runs outside and inside by turns, down the columns from the left (COCO's maskApi, rleFrString). */
export function runsOf(bytes) {
  const runs = [];
  for (let at = 0; at < bytes.length; ) {
    let [value, shift, code] = [0, 0, 0];
    do {
      code = bytes[at++] - 48;
      value |= (code & 31) << shift;
      shift += 5;
    } while (code & 32 && at < bytes.length && shift < 32);
    if (code & 16 && shift < 32) value |= -1 << shift;
    if (runs.length > 2) value += runs[runs.length - 2];
    runs.push(value);
  }
  return runs;
}

/** One picture for the masks of a frame. */
export class MaskLayer {
  /** Paints the masks of rows in their colours. @param parts groups of rows with color and alpha */
  draw(context, set, parts) {
    const [starts, text, size] = [set.columns["mask.start"], set.columns["mask.text"], set.meta.maskSize];
    if (!starts || !size) return;
    const masked = parts.flatMap((part) => part.rows.filter((row) => starts[row + 1] > starts[row]).map((row) => ({ part, row })));
    if (!masked.length) return;
    const [height, width] = size;
    const pixels = this.#clear(width, height);
    for (const { part, row } of masked) this.#paint(pixels, runsOf(text.subarray(starts[row], starts[row + 1])), height, part);
    this.canvas.getContext("2d").putImageData(this.image, 0, 0);
    context.globalAlpha = 1;
    context.drawImage(this.canvas, 0, 0);
  }

  #clear(width, height) {
    if (this.canvas?.width !== width || this.canvas?.height !== height) {
      this.canvas = document.createElement("canvas");
      [this.canvas.width, this.canvas.height] = [width, height];
      this.image = new ImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    return this.pixels.fill(0);
  }

  #paint(pixels, runs, height, { color, alpha }) {
    const value = Number.parseInt(color.slice(1), 16);
    const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
    // As the canvas has them in memory: red first.
    const pixel = ((Math.round(OPACITY * alpha) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    const width = pixels.length / height;
    let place = 0;
    runs.forEach((run, index) => {
      const end = Math.min(pixels.length, place + Math.max(0, run));
      if (index % 2) for (let at = place; at < end; at++) pixels[(at % height) * width + ((at / height) | 0)] = pixel;
      place = end;
    });
  }
}
