// The picture: the video's frame with everything that is drawn on it, in one canvas, so that both are always of the same frame.

import { applied, inverse, KINDS } from "./data.js";
import { classColor, GROUND, INK } from "./colors.js";

/** The layers, by the names of their switches. */
export const LAYERS = ["boxes", "headings", "courses", "labels", "scores", "trails", "forecasts"];

/** How far a trail reaches back and ahead, seconds. */
const TRAIL_BEFORE = 4;
const TRAIL_AFTER = 1.5;
/** The radius of an ellipse that holds 95 % of a Gaussian, in standard deviations: the root of chi-squared's quantile with two degrees. */
const HOLDS_95 = 2.4477;

export class Picture {
  /** @param size the picture's width and height in pixels */
  constructor(canvas, size) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
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
    else this.#drawGrid(scale);
    if (frame < 0) return;
    this.unit = (window.devicePixelRatio || 1) / scale;
    const rows = [];
    for (let row = set.start[frame]; row < set.start[frame + 1]; row++) if (shown(set.rowTrack[row])) rows.push(row);
    if (layers.has("trails")) this.#drawTrails(set, frame, rows, selected);
    for (const row of rows) this.#drawRow(set, row, layers, selected, outline);
    context.globalAlpha = 1;
    if (layers.has("labels") || layers.has("scores")) this.#drawLabels(set, rows, layers, selected);
    context.globalAlpha = 1;
  }

  #drawGrid() {
    const context = this.context;
    context.fillStyle = "#1b2027";
    context.fillRect(0, 0, this.size[0], this.size[1]);
  }

  #alpha(set, row, selected) {
    return selected >= 0 && set.rowTrack[row] !== selected ? 0.25 : 1;
  }

  #color(set, row) {
    return classColor(set.columns["track.class"][set.rowTrack[row]]);
  }

  #drawRow(set, row, layers, selected, outline) {
    const context = this.context;
    context.globalAlpha = this.#alpha(set, row, selected);
    const color = outline ? outline(row) : this.#color(set, row);
    if (!color) return;
    const isSelected = set.rowTrack[row] === selected;
    if (layers.has("forecasts")) this.#drawForecasts(set, row, color);
    if (layers.has("boxes")) this.#drawBox(set, row, color, isSelected);
    if (layers.has("headings")) this.#drawHeading(set, row, color);
    if (layers.has("courses")) this.#drawCourse(set, row);
  }

  #drawBox(set, row, color, isSelected) {
    const context = this.context;
    const angle = set.column("angle")[row];
    const [w, h] = [set.column("w")[row], set.column("h")[row]];
    context.save();
    context.translate(set.column("cx")[row], set.column("cy")[row]);
    context.rotate(Number.isNaN(angle) ? 0 : angle);
    const isPredicted = KINDS[set.column("kind")[row]] === "predicted";
    context.setLineDash(isPredicted ? [5 * this.unit, 4 * this.unit] : []);
    // A dark casing beneath shows the line on any ground.
    for (const [style, width] of [["rgba(8,10,14,0.55)", 3.4], [color, isSelected ? 2.6 : 1.6]]) {
      context.strokeStyle = style;
      context.lineWidth = width * this.unit;
      context.strokeRect(-w / 2, -h / 2, w, h);
    }
    context.restore();
  }

  #drawHeading(set, row, color) {
    const heading = set.column("heading")[row];
    if (Number.isNaN(heading)) return;
    const context = this.context;
    const [x, y] = [set.column("cx")[row], set.column("cy")[row]];
    const reach = set.column("w")[row] / 2 + 10 * this.unit;
    const deviation = set.column("heading_sd")[row];
    if (deviation > 0) {
      context.fillStyle = color + "55";
      context.beginPath();
      context.moveTo(x, y);
      context.arc(x, y, reach, heading - Math.min(Math.PI, deviation), heading + Math.min(Math.PI, deviation));
      context.fill();
    }
    this.#arrow(x, y, heading, reach, color, 2);
  }

  #arrow(x, y, angle, reach, color, width) {
    const context = this.context;
    const [ex, ey] = [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
    const head = 6 * this.unit;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(ex, ey);
    for (const turn of [2.6, -2.6]) {
      context.moveTo(ex, ey);
      context.lineTo(ex + head * Math.cos(angle + turn), ey + head * Math.sin(angle + turn));
    }
    for (const [style, thick] of [["rgba(8,10,14,0.7)", width + 1.6], [color, width]]) {
      context.strokeStyle = style;
      context.lineWidth = thick * this.unit;
      context.stroke();
    }
  }

  #drawCourse(set, row) {
    const course = set.column("course")[row];
    if (Number.isNaN(course)) return;
    const context = this.context;
    context.setLineDash([3 * this.unit, 2 * this.unit]);
    this.#arrow(set.column("cx")[row], set.column("cy")[row], course, set.column("w")[row] / 2 + 18 * this.unit, INK, 1.2);
    context.setLineDash([]);
  }

  #drawForecasts(set, row, color) {
    const starts = set.columns["forecast.start"];
    if (!starts) return;
    const context = this.context;
    const c = (name) => set.columns["forecast." + name];
    for (let point = starts[row]; point < starts[row + 1]; point++) {
      const [xx, xy, yy] = [c("xx")[point], c("xy")[point], c("yy")[point]];
      const middle = (xx + yy) / 2;
      const spread = Math.hypot((xx - yy) / 2, xy);
      if (!(middle - spread >= 0)) continue;
      const [major, minor] = [Math.sqrt(middle + spread), Math.sqrt(Math.max(0, middle - spread))];
      context.strokeStyle = color;
      context.lineWidth = this.unit;
      context.beginPath();
      const turn = Math.atan2(2 * xy, xx - yy) / 2;
      context.ellipse(c("cx")[point], c("cy")[point], HOLDS_95 * major, HOLDS_95 * minor, turn, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  #drawTrails(set, frame, rows, selected) {
    const context = this.context;
    const back = inverse(set.map(frame));
    context.lineJoin = "round";
    for (const row of rows) {
      context.globalAlpha = this.#alpha(set, row, selected);
      context.strokeStyle = this.#color(set, row);
      this.#drawTrail(set, frame, row, back, -1, TRAIL_BEFORE, 1.8);
      context.globalAlpha *= 0.6;
      context.setLineDash([2 * this.unit, 3 * this.unit]);
      this.#drawTrail(set, frame, row, back, 1, TRAIL_AFTER, 1.2);
      context.setLineDash([]);
    }
    context.globalAlpha = 1;
  }

  /** Where a track was before or will be after, carried into the present picture by the camera's motion. */
  #drawTrail(set, frame, row, back, step, span, width) {
    const context = this.context;
    const track = set.rowTrack[row];
    const [now, origin] = [set.time[frame], set.origin(frame)];
    context.lineWidth = width * this.unit;
    context.beginPath();
    context.moveTo(set.column("cx")[row], set.column("cy")[row]);
    for (let place = set.placeInTrack[row] + step; place >= set.trackStart[track] && place < set.trackStart[track + 1]; place += step) {
      const other = set.trackRows[place];
      const otherFrame = set.rowFrame[other];
      if (Math.abs(set.time[otherFrame] - now) > span || set.origin(otherFrame) !== origin) break;
      const [x, y] = applied(back, ...set.stablePlace(other));
      if (!Number.isFinite(x + y)) break;
      context.lineTo(x, y);
    }
    context.stroke();
  }

  #drawLabels(set, rows, layers, selected) {
    const context = this.context;
    const height = 12 * this.unit;
    context.font = `${height}px system-ui, sans-serif`;
    context.textBaseline = "bottom";
    for (const row of rows) {
      const track = set.rowTrack[row];
      const parts = [];
      if (layers.has("labels")) parts.push(String(set.ids[track]), set.className(track));
      const score = set.column("score")[row];
      if (layers.has("scores") && !Number.isNaN(score)) parts.push(score.toFixed(2));
      const text = parts.filter((part) => part !== "").join(" ");
      if (!text) continue;
      context.globalAlpha = this.#alpha(set, row, selected);
      const [x, y] = this.#labelPlace(set, row);
      const width = context.measureText(text).width;
      context.fillStyle = "rgba(14,17,23,0.72)";
      context.fillRect(x, y - height * 1.25, width + 6 * this.unit, height * 1.25);
      context.fillStyle = this.#color(set, row);
      context.fillText(text, x + 3 * this.unit, y - height * 0.05);
    }
  }

  /** Above the upright rectangle around a box. */
  #labelPlace(set, row) {
    const angle = set.column("angle")[row] || 0;
    const [w, h] = [set.column("w")[row], set.column("h")[row]];
    const [c, s] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
    return [set.column("cx")[row] - (w * c + h * s) / 2, set.column("cy")[row] - (w * s + h * c) / 2 - 2 * this.unit];
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
