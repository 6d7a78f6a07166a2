// The map: the paths of all tracks that are shown, in the plane of a scene's first picture; a region or a line drawn on it counts.

import { applied } from "./data.js";
import { classColor, FAINT, GROUND, INK } from "./colors.js";

export class PathMap {
  /** @param onBrush called with {kind, points} or undefined when a brush was drawn or taken away */
  constructor(canvas, set, size, onBrush) {
    this.canvas = canvas;
    this.set = set;
    this.size = size;
    this.onBrush = onBrush;
    this.tool = "region";
    this.tracks = [];
    // The first frame of the scene that is shown, whose pixels the plane has.
    this.origin = set.origin(0);
    this.#listen();
  }

  get view() {
    const { width, height } = this.canvas;
    const [x0, y0, x1, y1] = this.bounds ?? [0, 0, ...this.size];
    const scale = Math.min(width / (x1 - x0), height / (y1 - y0));
    return { scale, left: (width - (x1 - x0) * scale) / 2 - x0 * scale, top: (height - (y1 - y0) * scale) / 2 - y0 * scale };
  }

  show(tracks) {
    this.tracks = tracks;
    this.#measure();
  }

  /** Puts the mosaic, or one picture, beneath the paths. */
  showMosaic(isShown) {
    this.showsMosaic = isShown && Boolean(this.mosaic);
    // Frames of a camera that stood still, and of files that tell nothing of it, have one plane.
    this.origin = this.showsMosaic && this.set.columns["frame.origin"] ? this.mosaic.origin : this.set.origin(0);
    this.#measure();
  }

  /** Forgets the drawn paths, as when another picture is there. */
  renew() {
    this.still = undefined;
  }

  /** The tracks that are shown and have no row in this scene. */
  get tracksElsewhere() {
    if (!this.set.columns["frame.origin"]) return 0;
    return this.tracks.filter((track) => !this.set.trackRows.subarray(this.set.trackStart[track], this.set.trackStart[track + 1]).some((row) => this.#isHere(row))).length;
  }

  #isHere(row) {
    return this.set.origin(this.set.rowFrame[row]) === this.origin;
  }

  /** The picture and all that tracks reach beyond it, within ten pictures; the mosaic. */
  #measure() {
    this.renew();
    const [w, h] = this.size;
    const bounds = [0, 0, w, h];
    if (this.showsMosaic) {
      const { left, top, width, height } = this.mosaic;
      [bounds[0], bounds[1]] = [Math.min(0, left), Math.min(0, top)];
      [bounds[2], bounds[3]] = [Math.max(w, left + width), Math.max(h, top + height)];
    }
    for (const track of this.tracks) {
      const rows = [this.set.firstRow(track), this.set.lastRow(track)];
      for (const row of rows) {
        if (!this.#isHere(row)) continue;
        const [x, y] = this.set.stablePlace(row);
        if (Math.abs(x) > 10 * w || Math.abs(y) > 10 * h || !Number.isFinite(x + y)) continue;
        [bounds[0], bounds[1]] = [Math.min(bounds[0], x), Math.min(bounds[1], y)];
        [bounds[2], bounds[3]] = [Math.max(bounds[2], x), Math.max(bounds[3], y)];
      }
    }
    this.bounds = bounds;
  }

  /** @param still a picture, and the frame that it shows */
  draw({ selected, still, frame }) {
    const ratio = window.devicePixelRatio || 1;
    const box = this.canvas.getBoundingClientRect();
    const [width, height] = [Math.max(1, Math.round(box.width * ratio)), Math.max(1, Math.round(box.height * ratio))];
    if (this.canvas.width !== width || this.canvas.height !== height || !this.still) {
      [this.canvas.width, this.canvas.height] = [width, height];
      this.still = this.#drawPaths(still, frame);
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.still, 0, 0);
    const { scale, left, top } = this.view;
    context.setTransform(scale, 0, 0, scale, left, top);
    if (selected >= 0) this.#drawPath(context, selected, INK, 2.5 * ratio / scale);
    this.#drawBrush(context, ratio / scale);
  }

  #drawPaths(still, frame) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [this.canvas.width, this.canvas.height];
    const context = canvas.getContext("2d");
    context.fillStyle = GROUND;
    context.fillRect(0, 0, canvas.width, canvas.height);
    const { scale, left, top } = this.view;
    context.setTransform(scale, 0, 0, scale, left, top);
    this.#drawGround(context, still, frame);
    context.globalAlpha = Math.max(0.15, Math.min(0.9, 60 / Math.max(1, this.tracks.length)));
    for (const track of this.tracks) {
      this.#drawPath(context, track, classColor(this.set.columns["track.class"][track]), 1.4 * (window.devicePixelRatio || 1) / scale);
    }
    return canvas;
  }

  /** What lies beneath the paths, darkened. */
  #drawGround(context, still, frame) {
    context.globalAlpha = 0.6;
    if (this.showsMosaic) {
      const { picture, left, top, width, height } = this.mosaic;
      context.drawImage(picture, left, top, width, height);
      return;
    }
    context.fillStyle = "#2a3038";
    context.fillRect(0, 0, ...this.size);
    if (!still || this.set.origin(frame) !== this.origin) return;
    context.save();
    context.transform(...this.#placeOf(frame));
    context.drawImage(still, 0, 0, ...this.size);
    context.restore();
  }

  /** How a frame's picture lies in the plane: the affine map that touches its homography in the picture's middle. */
  #placeOf(frame) {
    const map = this.set.map(frame);
    if (!map) return [1, 0, 0, 1, 0, 0];
    const [x, y] = [this.size[0] / 2, this.size[1] / 2];
    const w = map[6] * x + map[7] * y + map[8];
    const [u, v] = applied(map, x, y);
    const [a, b] = [(map[0] - map[6] * u) / w, (map[3] - map[6] * v) / w];
    const [c, d] = [(map[1] - map[7] * u) / w, (map[4] - map[7] * v) / w];
    return [a, b, c, d, u - a * x - c * y, v - b * x - d * y];
  }

  #drawPath(context, track, color, width) {
    const { set } = this;
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    let isOpen = false;
    for (let place = set.trackStart[track]; place < set.trackStart[track + 1]; place++) {
      const row = set.trackRows[place];
      if (!this.#isHere(row) || !set.isNear(row)) {
        isOpen = false;
        continue;
      }
      const [x, y] = set.stablePlace(row);
      if (isOpen) context.lineTo(x, y);
      else context.moveTo(x, y);
      isOpen = true;
    }
    context.stroke();
  }

  #drawBrush(context, unit) {
    if (!this.brush) return;
    const [[x0, y0], [x1, y1]] = this.brush.points;
    context.strokeStyle = INK;
    context.lineWidth = 2 * unit;
    context.setLineDash([6 * unit, 4 * unit]);
    context.beginPath();
    if (this.brush.kind === "region") context.rect(x0, y0, x1 - x0, y1 - y0);
    else {
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
    }
    context.stroke();
    context.setLineDash([]);
  }

  #listen() {
    let start;
    const place = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const ratio = this.canvas.width / Math.max(1, box.width);
      const { scale, left, top } = this.view;
      return [((event.clientX - box.left) * ratio - left) / scale, ((event.clientY - box.top) * ratio - top) / scale];
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      start = place(event);
      this.canvas.setPointerCapture(event.pointerId);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!start) return;
      this.brush = { kind: this.tool, points: [start, place(event)] };
      this.onChange?.();
    });
    this.canvas.addEventListener("pointerup", (event) => {
      if (!start) return;
      const end = place(event);
      const isDrawn = Math.hypot(end[0] - start[0], end[1] - start[1]) > 2;
      this.setBrush(isDrawn ? { kind: this.tool, points: [start, end] } : undefined);
      start = undefined;
    });
  }

  setBrush(brush) {
    this.brush = brush;
    this.onBrush(brush);
  }

  /** Goes on with the tool, the brush and the mosaic of another map of the same stream. */
  adopt(other) {
    [this.tool, this.brush, this.mosaic] = [other.tool, other.brush, other.mosaic];
    if (other.showsMosaic) this.showMosaic(true);
  }

  /** The brush as a text x1,y1,x2,y2, as `sextant count --line` takes it; empty for none. */
  get corners() {
    return (this.brush?.points.flat() ?? []).map((value) => Number(value.toFixed(1))).join();
  }

  /** Takes a brush as text; what is no four numbers takes it away. */
  setCorners(text) {
    const numbers = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
    const isWhole = numbers.length === 4 && numbers.every(Number.isFinite);
    this.setBrush(isWhole ? { kind: this.tool, points: [numbers.slice(0, 2), numbers.slice(2)] } : undefined);
  }

  /** Which tracks cross the line or come into the region, with counts each way, by the rule of `sextant count`: steps between rows are straight. */
  crossings() {
    const hits = new Map();
    if (!this.brush) return hits;
    const [a, b] = this.brush.points;
    for (const track of this.tracks) {
      const hit = this.brush.kind === "line" ? this.#overLine(track, a, b) : this.#inRegion(track, a, b);
      if (hit) hits.set(track, hit);
    }
    return hits;
  }

  *#steps(track) {
    const { set } = this;
    let last;
    for (let place = set.trackStart[track]; place < set.trackStart[track + 1]; place++) {
      const row = set.trackRows[place];
      if (!this.#isHere(row) || set.column("kind")[row] === 3) continue;
      const now = set.stablePlace(row);
      if (Number.isNaN(now[0])) continue;
      yield [last, now, row];
      last = now;
    }
  }

  #overLine(track, a, b) {
    const cross = (o, p, q) => (p[0] - o[0]) * (q[1] - o[1]) - (p[1] - o[1]) * (q[0] - o[0]);
    const hit = { rightward: 0, leftward: 0 };
    for (const [last, now] of this.#steps(track)) {
      if (!last) continue;
      const [before, after] = [cross(a, b, last) >= 0, cross(a, b, now) >= 0];
      if (before === after || cross(last, now, a) >= 0 === cross(last, now, b) >= 0) continue;
      if (after) hit.rightward++;
      else hit.leftward++;
    }
    return hit.rightward + hit.leftward ? hit : undefined;
  }

  #inRegion(track, a, b) {
    const [x0, x1] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
    const [y0, y1] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
    let dwell = 0;
    let isHit = false;
    let lastTime;
    for (const [last, now, row] of this.#steps(track)) {
      const time = this.set.rowTime(row);
      const share = last ? insideShare(last, now, x0, x1, y0, y1) : 0;
      if (share > 0) dwell += share * (time - lastTime);
      if (share > 0 || (now[0] >= x0 && now[0] < x1 && now[1] >= y0 && now[1] < y1)) isHit = true;
      lastTime = time;
    }
    return isHit ? { dwell } : undefined;
  }
}

/** The share of a straight step inside an upright rectangle (Liang and Barsky, 1984). */
function insideShare(p, q, x0, x1, y0, y1) {
  let [low, high] = [0, 1];
  for (const [from, way, least, most] of [[p[0], q[0] - p[0], x0, x1], [p[1], q[1] - p[1], y0, y1]]) {
    if (way === 0) {
      if (from < least || from >= most) return 0;
      continue;
    }
    const [s, t] = [(least - from) / way, (most - from) / way];
    [low, high] = [Math.max(low, Math.min(s, t)), Math.min(high, Math.max(s, t))];
  }
  return Math.max(0, high - low);
}

/** A rose of headings: 16 sectors, areas by number of tracks. */
export function drawRose(canvas, headings) {
  const ratio = window.devicePixelRatio || 1;
  const box = canvas.getBoundingClientRect();
  [canvas.width, canvas.height] = [Math.max(1, Math.round(box.width * ratio)), Math.max(1, Math.round(box.height * ratio))];
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = GROUND;
  context.fillRect(0, 0, box.width, box.height);
  const sectors = new Array(16).fill(0);
  for (const heading of headings) {
    if (!Number.isNaN(heading)) sectors[(Math.round((heading / (2 * Math.PI)) * 16) + 32) % 16]++;
  }
  const most = Math.max(1, ...sectors);
  const [x, y, reach] = [box.width / 2, box.height / 2, Math.min(box.width, box.height) / 2 - 4];
  context.strokeStyle = FAINT;
  context.beginPath();
  context.arc(x, y, reach, 0, 2 * Math.PI);
  context.stroke();
  context.fillStyle = "#e69f00";
  sectors.forEach((count, index) => {
    const middle = (index / 16) * 2 * Math.PI;
    context.beginPath();
    context.moveTo(x, y);
    context.arc(x, y, reach * Math.sqrt(count / most), middle - Math.PI / 16, middle + Math.PI / 16);
    context.fill();
  });
}
