// What is drawn on a frame. Each mark is a path of its own: what a browser that draws in software is slow at is a path of many parts.

import { KINDS } from "./data.js";
import { classColor, INK } from "./colors.js";
import { MaskLayer } from "./masks.js";
import { Trails } from "./trails.js";

/** The radius of an ellipse that holds 95 % of a Gaussian, in standard deviations: the root of chi-squared's quantile with two degrees. */
const HOLDS_95 = 2.4477;
/** How strongly the tracks beside the chosen one are drawn. */
const DIM = 0.25;
const CASING = "rgba(8,10,14,0.6)";
/** How much wider than its line a casing is, screen pixels. */
const CASING_WIDTH = 1.8;
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
  /** @param unit a pixel of the screen in pixels of the picture @param hasPicture whether the marks lie on a picture */
  constructor(context, set, frame, unit, hasPicture) {
    this.context = context;
    this.set = set;
    this.frame = frame;
    this.unit = unit;
    this.hasPicture = hasPicture;
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

  /** Strokes a path for each row. @param add adds a row's to the context's path */
  #strokeEach(rows, color, width, add) {
    const { context } = this;
    context.strokeStyle = color;
    context.lineWidth = width * this.unit;
    for (const row of rows) {
      context.beginPath();
      add(row);
      context.stroke();
    }
  }

  /** Strokes as `#strokeEach` does, over a dark casing that shows the line on any picture; the plain ground is dark itself. */
  #strokeCased(rows, color, width, add) {
    if (this.hasPicture) this.#strokeEach(rows, CASING, width + CASING_WIDTH, add);
    this.#strokeEach(rows, color, width, add);
  }

  #boxes({ rows, color }, selected) {
    const { context, set, unit } = this;
    const kinds = set.column("kind");
    const isPredicted = (row) => KINDS[kinds[row]] === "predicted";
    for (const [part, dash] of [[rows.filter((row) => !isPredicted(row)), []], [rows.filter(isPredicted), [5 * unit, 4 * unit]]]) {
      if (!part.length) continue;
      context.setLineDash(dash);
      const isChosen = part.length === 1 && set.rowTrack[part[0]] === selected;
      this.#strokeCased(part, color, isChosen ? 2.6 : 1.6, (row) => this.#boxPath(row));
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
    context.fillStyle = color + "55";
    for (const row of known) {
      if (!(deviations[row] > 0)) continue;
      const [x, y, half] = [set.column("cx")[row], set.column("cy")[row], Math.min(Math.PI, deviations[row])];
      context.beginPath();
      context.moveTo(x, y);
      context.arc(x, y, reach(row), headings[row] - half, headings[row] + half);
      context.fill();
    }
    this.#strokeCased(known, color, 2, (row) => this.#arrow(row, headings[row], reach(row)));
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
    const { set, unit } = this;
    const courses = set.column("course");
    const known = rows.filter((row) => !Number.isNaN(courses[row]));
    this.#strokeCased(known, INK, 1, (row) => {
      const reach = set.column("w")[row] / 2 + 18 * unit;
      // At most sixteen pieces, however large the box is.
      this.#arrow(row, courses[row], reach, Math.max(3 * unit, reach / 32));
    });
  }

  #forecasts({ rows, color }) {
    const { context, set } = this;
    const starts = set.columns["forecast.start"];
    if (!starts) return;
    const column = (name) => set.columns["forecast." + name];
    this.#strokeEach(rows, color, 1, (row) => {
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
    });
  }

  #trails({ rows, color, alpha }) {
    const { context } = this;
    const trails = (this.paths ??= new Trails(context, this.set, this.frame, this.unit));
    this.#strokeEach(rows, color, 1.8, (row) => trails.addPast(row));
    context.globalAlpha = alpha * 0.6;
    this.#strokeEach(rows, color, 1, (row) => trails.addComing(row));
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
