// The picture: the video's frame with everything that is drawn on it, in one canvas, so that both are always of the same frame.

import { GROUND } from "./colors.js";
import { Marks } from "./marks.js";

/** The layers, by the names of their switches. */
export const LAYERS = ["boxes", "headings", "courses", "labels", "scores", "trails", "forecasts", "masks"];

export class Picture {
  /** @param size the picture's width and height in pixels */
  constructor(canvas, size) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.size = size;
    this.zoom = 1;
    // The middle of what is seen, as shares of the picture.
    this.center = [0.5, 0.5];
  }

  /** Takes over the canvas's size on the screen, in device pixels. */
  resize() {
    const ratio = window.devicePixelRatio || 1;
    const box = this.canvas.getBoundingClientRect();
    const [width, height] = [Math.max(1, Math.round(box.width * ratio)), Math.max(1, Math.round(box.height * ratio))];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
  }

  /** Picture to canvas: scale and offset. */
  get view() {
    const { width, height } = this.canvas;
    const scale = Math.min(width / this.size[0], height / this.size[1]) * this.zoom;
    return {
      scale,
      left: width / 2 - this.center[0] * this.size[0] * scale,
      top: height / 2 - this.center[1] * this.size[1] * scale,
    };
  }

  /** A point on the screen (CSS pixels within the canvas) as one of the picture. */
  toPicture(x, y) {
    const { scale, left, top } = this.view;
    const ratio = this.canvas.width / Math.max(1, this.canvas.getBoundingClientRect().width);
    return [(x * ratio - left) / scale, (y * ratio - top) / scale];
  }

  /** Zooms by a factor so that a point of the screen stays where it is. */
  zoomBy(factor, x, y) {
    const before = this.toPicture(x, y);
    this.zoom = Math.min(40, Math.max(1, this.zoom * factor));
    const after = this.toPicture(x, y);
    this.#move((before[0] - after[0]) / this.size[0], (before[1] - after[1]) / this.size[1]);
  }

  /** Moves what is seen by CSS pixels. */
  panBy(dx, dy) {
    const ratio = this.canvas.width / Math.max(1, this.canvas.getBoundingClientRect().width);
    const { scale } = this.view;
    this.#move((-dx * ratio) / scale / this.size[0], (-dy * ratio) / scale / this.size[1]);
  }

  #move(dx, dy) {
    const slack = this.zoom === 1 ? 0 : 0.5;
    this.center = [this.center[0] + dx, this.center[1] + dy].map((c) => Math.min(0.5 + slack, Math.max(0.5 - slack, c)));
  }

  reset() {
    this.zoom = 1;
    this.center = [0.5, 0.5];
  }

  /**
   * Draws a frame.
   *
   * @param source the video or another picture; undefined for none
   * @param shown which rows are drawn: a function of a track's index
   */
  draw(set, frame, { source, layers, selected, shown, outline }) {
    const context = this.context;
    const { scale, left, top } = this.view;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = GROUND;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(scale, 0, 0, scale, left, top);
    context.imageSmoothingEnabled = scale < 4;
    if (source) context.drawImage(source, 0, 0, this.size[0], this.size[1]);
    else this.#drawGround();
    if (frame < 0) return;
    this.unit = (window.devicePixelRatio || 1) / scale;
    const rows = [];
    for (let row = set.start[frame]; row < set.start[frame + 1]; row++) if (shown(set.rowTrack[row])) rows.push(row);
    new Marks(context, set, frame, this.unit, Boolean(source)).draw(rows, { layers, selected, outline });
  }

  #drawGround() {
    const context = this.context;
    context.fillStyle = "#1b2027";
    context.fillRect(0, 0, this.size[0], this.size[1]);
  }

  /** The track whose box holds a point, the smallest first; -1 for none. */
  trackAt(set, frame, x, y, shown) {
    let [best, area] = [-1, Infinity];
    const slack = 4 * (this.unit || 1);
    for (let row = set.start[frame]; row < set.start[frame + 1]; row++) {
      if (!shown(set.rowTrack[row])) continue;
      const [dx, dy] = [x - set.column("cx")[row], y - set.column("cy")[row]];
      const angle = set.column("angle")[row] || 0;
      const [along, across] = [dx * Math.cos(angle) + dy * Math.sin(angle), dy * Math.cos(angle) - dx * Math.sin(angle)];
      const [w, h] = [set.column("w")[row], set.column("h")[row]];
      if (Math.abs(along) > w / 2 + slack || Math.abs(across) > h / 2 + slack || w * h >= area) continue;
      [best, area] = [set.rowTrack[row], w * h];
    }
    return best;
  }
}
