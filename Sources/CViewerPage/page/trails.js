// Trails: where tracks were before and will be after, carried into the present picture by the camera's motion.

import { inverse } from "./data.js";

/** How far a trail reaches back and ahead, seconds. */
const TRAIL_BEFORE = 4;
const TRAIL_AFTER = 1.5;
/** Points of a trail that are nearer to each other than this are one, screen pixels: about two widths of its line. */
const TRAIL_STEP = 4;
/** How far the line of a trail may pass by one of its points, screen pixels: less than half of its width. */
const TRAIL_SLACK = 0.7;

/** The trails of one frame's rows, added to the path of a context whose units are the picture's pixels. */
export class Trails {
  /** @param unit a pixel of the screen in pixels of the picture */
  constructor(context, set, frame, unit) {
    this.context = context;
    this.set = set;
    this.frame = frame;
    this.unit = unit;
    this.back = inverse(set.map(frame)) ?? [1, 0, 0, 0, 1, 0, 0, 0, 1];
    this.line = new Sleeve(context, TRAIL_SLACK * unit);
  }

  /** A line through the places before. */
  addPast(row) {
    this.line.begin(this.set.column("cx")[row], this.set.column("cy")[row]);
    this.#walk(row, -1, TRAIL_BEFORE, TRAIL_STEP * this.unit, (x, y) => this.line.add(x, y));
    this.line.end();
  }

  /** Pieces of a line through the places after. */
  addComing(row) {
    const { context } = this;
    context.moveTo(this.set.column("cx")[row], this.set.column("cy")[row]);
    let isGap = false;
    this.#walk(row, 1, TRAIL_AFTER, 2 * TRAIL_STEP * this.unit, (x, y) => {
      if (isGap) context.moveTo(x, y);
      else context.lineTo(x, y);
      isGap = !isGap;
    });
  }

  /** Gives the places of a row's track from it on, none nearer than a step to the one before. @param direction of time, 1 or -1 */
  #walk(row, direction, span, step, take) {
    const { set, frame } = this;
    const [a, b, c, d, e, f, g, h, i] = this.back;
    const { x: xs, y: ys } = set.stablePlaces;
    const [track, now, origin] = [set.rowTrack[row], set.time[frame], set.origin(frame)];
    const [first, end] = [set.trackStart[track], set.trackStart[track + 1]];
    let [lastX, lastY] = [set.column("cx")[row], set.column("cy")[row]];
    for (let place = set.placeInTrack[row] + direction; place >= first && place < end; place += direction) {
      const other = set.trackRows[place];
      const otherFrame = set.rowFrame[other];
      if (Math.abs(set.time[otherFrame] - now) > span || set.origin(otherFrame) !== origin) return;
      const w = g * xs[other] + h * ys[other] + i;
      const [x, y] = [(a * xs[other] + b * ys[other] + c) / w, (d * xs[other] + e * ys[other] + f) / w];
      const length = (x - lastX) ** 2 + (y - lastY) ** 2;
      if (!(w > 0) || !(length < Infinity)) return;
      if (length < step * step) continue;
      take(x, y);
      [lastX, lastY] = [x, y];
    }
  }
}

/**
 * A polyline of fewer points that passes by none further than a slack: points are left out as long as one direction from the last corner leads
 * through the slack around each of them (Zhao and Saalfeld, "Linear-time sleeve-fitting polyline simplification algorithms", 1997).
 */
class Sleeve {
  constructor(context, slack) {
    this.context = context;
    this.slack = slack;
  }

  begin(x, y) {
    this.context.moveTo(x, y);
    [this.cornerX, this.cornerY] = [x, y];
    this.last = undefined;
  }

  add(x, y) {
    if (this.last && !this.#holds(x, y)) {
      this.context.lineTo(...this.last);
      [this.cornerX, this.cornerY] = this.last;
      this.last = undefined;
    }
    if (!this.last) {
      // Directions are turns from the first one, so that none jumps.
      [this.aheadX, this.aheadY] = [x - this.cornerX, y - this.cornerY];
      [this.low, this.high] = [-Math.PI / 4, Math.PI / 4];
      this.#holds(x, y);
    }
    this.last = [x, y];
  }

  end() {
    if (this.last) this.context.lineTo(...this.last);
  }

  /** Whether a direction that all points before allow leads to this one; narrows what is allowed. */
  #holds(x, y) {
    const [dx, dy] = [x - this.cornerX, y - this.cornerY];
    const turn = Math.atan2(this.aheadX * dy - this.aheadY * dx, this.aheadX * dx + this.aheadY * dy);
    if (turn < this.low || turn > this.high) return false;
    const half = Math.asin(Math.min(1, this.slack / Math.hypot(dx, dy)));
    [this.low, this.high] = [Math.max(this.low, turn - half), Math.min(this.high, turn + half)];
    return true;
  }
}
