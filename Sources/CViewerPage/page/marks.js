// What is drawn on a frame. Marks that look alike go into one path: a hundred paths a frame are what a browser is slow at.

import { inverse, KINDS } from "./data.js";
import { classColor, INK } from "./colors.js";
import { MaskLayer } from "./masks.js";

/** How far a trail reaches back and ahead, seconds. */
const TRAIL_BEFORE = 4;
const TRAIL_AFTER = 1.5;
/** Points of a trail that are nearer to each other than this are one, screen pixels: about two widths of its line. */
const TRAIL_STEP = 4;
/** The radius of an ellipse that holds 95 % of a Gaussian, in standard deviations: the root of chi-squared's quantile with two degrees. */
const HOLDS_95 = 2.4477;
/** How strongly the tracks beside the chosen one are drawn. */
const DIM = 0.25;
const CASING = "rgba(8,10,14,0.6)";
const LABEL_HEIGHT = 12;
/** Widths of labels, in heights of their letters. */
const widths = new Map();
const masks = new MaskLayer();

/** Rows that are drawn alike: in one colour, dimmed or not; those that are chosen come last. */
function groups(set, rows, selected, outline) {
  const found = new Map();
  const classes = set.columns["track.class"];
  for (const row of rows) {
    const color = outline ? outline(row) : classColor(classes[set.rowTrack[row]]);
    if (!color) continue;
    const alpha = selected >= 0 && set.rowTrack[row] !== selected ? DIM : 1;
    const key = color + alpha;
    if (!found.has(key)) found.set(key, { color, alpha, rows: [] });
    found.get(key).rows.push(row);
  }
  return [...found.values()].sort((a, b) => a.alpha - b.alpha);
}

/** The marks of one frame on a context whose units are the picture's pixels. */
export class Marks {
  /** @param unit a pixel of the screen in pixels of the picture */
  constructor(context, set, frame, unit) {
    this.context = context;
    this.set = set;
    this.frame = frame;
    this.unit = unit;
  }

  /** @param outline the colour of a row, if not that of its class */
  draw(rows, { layers, selected, outline }) {
    const { context } = this;
    context.lineJoin = "bevel";
    const parts = groups(this.set, rows, selected, outline);
    if (layers.has("masks")) masks.draw(context, this.set, parts);
    const draws = [
      ["trails", (part) => this.#trails(part)], ["forecasts", (part) => this.#forecasts(part)], ["boxes", (part) => this.#boxes(part, selected)],
      ["headings", (part) => this.#headings(part)], ["courses", (part) => this.#courses(part)],
    ];
    for (const [layer, draw] of draws) {
      if (!layers.has(layer)) continue;
      for (const part of parts) {
        context.globalAlpha = part.alpha;
        draw(part);
      }
    }
    if (layers.has("labels") || layers.has("scores")) for (const part of parts) this.#labels(part, layers);
    context.globalAlpha = 1;
  }

  #stroke(color, width) {
    this.context.strokeStyle = color;
    this.context.lineWidth = width * this.unit;
    this.context.stroke();
  }

  #boxes({ rows, color }, selected) {
    const { context, set, unit } = this;
    const kinds = set.column("kind");
    const isPredicted = (row) => KINDS[kinds[row]] === "predicted";
    for (const [part, dash] of [[rows.filter((row) => !isPredicted(row)), []], [rows.filter(isPredicted), [5 * unit, 4 * unit]]]) {
      if (!part.length) continue;
      context.setLineDash(dash);
      context.beginPath();
      for (const row of part) this.#boxPath(row);
      // A dark casing beneath shows the line on any ground.
      this.#stroke(CASING, 3.4);
      this.#stroke(color, part.length === 1 && set.rowTrack[part[0]] === selected ? 2.6 : 1.6);
    }
    context.setLineDash([]);
  }

  #boxPath(row) {
    const { context, set } = this;
    const angle = set.column("angle")[row] || 0;
    const [x, y] = [set.column("cx")[row], set.column("cy")[row]];
    const [c, s] = [Math.cos(angle) / 2, Math.sin(angle) / 2];
    const [w, h] = [set.column("w")[row], set.column("h")[row]];
    const [ax, ay, bx, by] = [w * c, w * s, -h * s, h * c];
    context.moveTo(x - ax - bx, y - ay - by);
    context.lineTo(x + ax - bx, y + ay - by);
    context.lineTo(x + ax + bx, y + ay + by);
    context.lineTo(x - ax + bx, y - ay + by);
    context.closePath();
  }

  #headings({ rows, color }) {
    const { context, set, unit } = this;
    const [headings, deviations] = [set.column("heading"), set.column("heading_sd")];
    const known = rows.filter((row) => !Number.isNaN(headings[row]));
    const reach = (row) => set.column("w")[row] / 2 + 10 * unit;
    context.beginPath();
    for (const row of known) {
      if (!(deviations[row] > 0)) continue;
      const [x, y, half] = [set.column("cx")[row], set.column("cy")[row], Math.min(Math.PI, deviations[row])];
      context.moveTo(x, y);
      context.arc(x, y, reach(row), headings[row] - half, headings[row] + half);
      context.closePath();
    }
    context.fillStyle = color + "55";
    context.fill();
    context.beginPath();
    for (const row of known) this.#arrow(row, headings[row], reach(row));
    this.#stroke(CASING, 3.6);
    this.#stroke(color, 2);
  }

  /** An arrow from a box's middle; its shaft in pieces where a dash is given, which costs less than the browser's own dashes. */
  #arrow(row, angle, reach, dash) {
    const { context, set } = this;
    const [x, y] = [set.column("cx")[row], set.column("cy")[row]];
    const [c, s, head] = [Math.cos(angle), Math.sin(angle), 6 * this.unit];
    for (let at = 0; at < reach; at += dash ? 2 * dash : reach) {
      const end = dash ? Math.min(reach, at + dash) : reach;
      context.moveTo(x + at * c, y + at * s);
      context.lineTo(x + end * c, y + end * s);
    }
    for (const turn of [2.6, -2.6]) {
      context.moveTo(x + reach * c, y + reach * s);
      context.lineTo(x + reach * c + head * Math.cos(angle + turn), y + reach * s + head * Math.sin(angle + turn));
    }
  }

  #courses({ rows }) {
    const { context, set, unit } = this;
    const courses = set.column("course");
    context.beginPath();
    for (const row of rows) {
      if (Number.isNaN(courses[row])) continue;
      const reach = set.column("w")[row] / 2 + 18 * unit;
      // At most sixteen pieces, however large the box is.
      this.#arrow(row, courses[row], reach, Math.max(3 * unit, reach / 32));
    }
    this.#stroke(CASING, 2.8);
    this.#stroke(INK, 1.2);
  }

  #forecasts({ rows, color }) {
    const { context, set } = this;
    const starts = set.columns["forecast.start"];
    if (!starts) return;
    const column = (name) => set.columns["forecast." + name];
    context.beginPath();
    for (const row of rows) {
      for (let point = starts[row]; point < starts[row + 1]; point++) {
        const [xx, xy, yy] = [column("xx")[point], column("xy")[point], column("yy")[point]];
        const middle = (xx + yy) / 2;
        const spread = Math.hypot((xx - yy) / 2, xy);
        if (!(middle - spread >= 0)) continue;
        const [major, minor] = [HOLDS_95 * Math.sqrt(middle + spread), HOLDS_95 * Math.sqrt(Math.max(0, middle - spread))];
        const turn = Math.atan2(2 * xy, xx - yy) / 2;
        const [x, y] = [column("cx")[point], column("cy")[point]];
        context.moveTo(x + major * Math.cos(turn), y + major * Math.sin(turn));
        context.ellipse(x, y, major, minor, turn, 0, 2 * Math.PI);
      }
    }
    this.#stroke(color, 1);
  }

  #trails({ rows, color, alpha }) {
    const { context } = this;
    context.beginPath();
    for (const row of rows) this.#trail(row, -1, TRAIL_BEFORE, false);
    this.#stroke(color, 1.8);
    context.globalAlpha = alpha * 0.6;
    context.beginPath();
    for (const row of rows) this.#trail(row, 1, TRAIL_AFTER, true);
    this.#stroke(color, 1.2);
  }

  /** Where a track was before or will be after, carried into the present picture by the camera's motion. */
  #trail(row, step, span, isDotted) {
    const { context, set, frame } = this;
    this.back ??= inverse(set.map(frame)) ?? [1, 0, 0, 0, 1, 0, 0, 0, 1];
    const [a, b, c, d, e, f, g, h, i] = this.back;
    const { x: xs, y: ys } = set.stablePlaces;
    const [track, now, origin] = [set.rowTrack[row], set.time[frame], set.origin(frame)];
    const least = (TRAIL_STEP * this.unit) ** 2;
    const [first, end] = [set.trackStart[track], set.trackStart[track + 1]];
    let [lastX, lastY] = [set.column("cx")[row], set.column("cy")[row]];
    context.moveTo(lastX, lastY);
    let isGap = false;
    for (let place = set.placeInTrack[row] + step; place >= first && place < end; place += step) {
      const other = set.trackRows[place];
      const otherFrame = set.rowFrame[other];
      if (Math.abs(set.time[otherFrame] - now) > span || set.origin(otherFrame) !== origin) break;
      const w = g * xs[other] + h * ys[other] + i;
      const [x, y] = [(a * xs[other] + b * ys[other] + c) / w, (d * xs[other] + e * ys[other] + f) / w];
      const length = (x - lastX) ** 2 + (y - lastY) ** 2;
      if (!(length < Infinity)) break;
      if (length < least * (isDotted ? 4 : 1)) continue;
      if (isGap) context.moveTo(x, y);
      else context.lineTo(x, y);
      if (isDotted) isGap = !isGap;
      [lastX, lastY] = [x, y];
    }
  }

  #labels({ rows, color, alpha }, layers) {
    const { context, set, unit } = this;
    const height = LABEL_HEIGHT * unit;
    context.font = `${height}px system-ui, sans-serif`;
    context.textBaseline = "bottom";
    const labels = rows.map((row) => ({ text: this.#text(row, layers), place: this.#labelPlace(row) })).filter(({ text }) => text);
    context.globalAlpha = alpha;
    context.beginPath();
    for (const { text, place: [x, y] } of labels) context.rect(x, y - height * 1.25, this.#width(text, height) + 6 * unit, height * 1.25);
    context.fillStyle = "rgba(14,17,23,0.72)";
    context.fill();
    context.fillStyle = color;
    for (const { text, place: [x, y] } of labels) context.fillText(text, x + 3 * unit, y - height * 0.05);
  }

  #width(text, height) {
    if (widths.size > 100_000) widths.clear();
    if (!widths.has(text)) widths.set(text, this.context.measureText(text).width / height);
    return widths.get(text) * height;
  }

  #text(row, layers) {
    const { set } = this;
    const track = set.rowTrack[row];
    const parts = layers.has("labels") ? [String(set.ids[track]), set.className(track)] : [];
    const score = set.column("score")[row];
    if (layers.has("scores") && !Number.isNaN(score)) parts.push(score.toFixed(2));
    return parts.filter((part) => part !== "").join(" ");
  }

  /** Above the upright rectangle around a box. */
  #labelPlace(row) {
    const { set } = this;
    const angle = set.column("angle")[row] || 0;
    const [w, h] = [set.column("w")[row], set.column("h")[row]];
    const [c, s] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
    return [set.column("cx")[row] - (w * c + h * s) / 2, set.column("cy")[row] - (w * s + h * c) / 2 - 2 * this.unit];
  }
}
