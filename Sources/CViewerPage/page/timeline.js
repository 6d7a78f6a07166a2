// The time line: a strip of the whole recording, and below it a lane for each track that is shown, of the part that was zoomed to.

import { CAMERA, KINDS } from "./data.js";
import { CAMERA_COLORS, classColor, FAINT, GROUND, INK } from "./colors.js";

const STRIP = 34;
const LANE = 13;
const GUTTER = 44;
/** How strongly a lane's piece is drawn, by the kind of its rows. */
const SHADES = { observed: 1, smoothed: 1, interpolated: 0.55, predicted: 0.28 };

export class Timeline {
  /** @param cursors elements over lanes and strip that mark the moment @param onSeek called with a time and, for a lane, its track */
  constructor(canvas, cursors, set, onSeek) {
    this.canvas = canvas;
    this.cursors = cursors;
    this.set = set;
    this.onSeek = onSeek;
    this.version = 0;
    this.tracks = [];
    this.scroll = 0;
    this.reset();
    this.#listen();
  }

  get span() {
    const end = this.set.time[this.set.frameCount - 1] ?? 1;
    return [0, Math.max(0.04, end)];
  }

  /** Shows other tracks. */
  show(tracks) {
    this.tracks = tracks;
    this.version++;
  }

  reset() {
    [this.from, this.to] = this.span;
  }

  /** Goes on where another time line of the same stream was; one that showed everything shows everything now. */
  adopt(other) {
    this.scroll = other.scroll;
    const [begin, end] = other.span;
    if (other.from > begin || other.to < end) [this.from, this.to] = [other.from, other.to];
  }

  scrollBy(lanes) {
    this.scroll += lanes * LANE;
  }

  #size() {
    const ratio = window.devicePixelRatio || 1;
    const box = this.canvas.getBoundingClientRect();
    const [width, height] = [Math.max(1, Math.round(box.width * ratio)), Math.max(1, Math.round(box.height * ratio))];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    this.ratio = ratio;
    this.width = width / ratio;
    this.height = height / ratio;
  }

  x(time) {
    return GUTTER + ((time - this.from) / (this.to - this.from)) * (this.width - GUTTER);
  }

  /** Where a time stands on the strip. */
  stripX(time) {
    const [begin, end] = this.span;
    return GUTTER + ((time - begin) / (end - begin)) * (this.width - GUTTER);
  }

  stripTimeAt(x) {
    const [begin, end] = this.span;
    return begin + ((x - GUTTER) / Math.max(1, this.width - GUTTER)) * (end - begin);
  }

  timeAt(x) {
    return this.from + ((x - GUTTER) / Math.max(1, this.width - GUTTER)) * (this.to - this.from);
  }

  zoomBy(factor, time) {
    const [begin, end] = this.span;
    const least = Math.min(end - begin, 0.2);
    const width = Math.min(end - begin, Math.max(least, (this.to - this.from) / factor));
    const share = (time - this.from) / (this.to - this.from);
    this.#moveTo(time - share * width, width);
  }

  #moveTo(from, width) {
    const [begin, end] = this.span;
    this.from = Math.min(Math.max(begin, from), end - width);
    this.to = this.from + width;
  }

  /** Brings a time into sight. */
  reveal(time) {
    if (time < this.from || time > this.to) this.#moveTo(time - (this.to - this.from) * 0.1, this.to - this.from);
  }

  /** Brings a track's lane into sight. */
  revealTrack(track) {
    const lane = this.tracks.indexOf(track);
    if (lane < 0) return;
    const room = Math.max(LANE, this.height - STRIP);
    const top = lane * LANE;
    if (top < this.scroll || top + LANE > this.scroll + room) this.scroll = Math.max(0, top - room / 2);
  }

  /** While time goes on only the cursor moves, which is an element of its own. */
  draw({ time, selected, alarms }) {
    this.#size();
    // Who plays or seeks goes on seeing the moment; who only zooms stays where that led.
    if (time !== this.time) this.reveal(time);
    this.time = time;
    const key = () => [this.from, this.to, this.scroll, this.canvas.width, this.canvas.height, selected, this.version, alarms?.length].join();
    if (key() !== this.key) {
      this.context = this.canvas.getContext("2d");
      this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      this.context.fillStyle = GROUND;
      this.context.fillRect(0, 0, this.width, this.height);
      this.#drawLanes(selected);
      this.#drawStrip(alarms);
      // Drawing lanes keeps the scroll in its bounds.
      this.key = key();
    }
    this.#moveCursor(time);
  }

  #drawLanes(selected) {
    const context = this.context;
    const most = Math.max(0, this.tracks.length * LANE - (this.height - STRIP));
    this.scroll = Math.min(most, Math.max(0, this.scroll));
    const first = Math.floor(this.scroll / LANE);
    const last = Math.min(this.tracks.length, Math.ceil((this.scroll + this.height - STRIP) / LANE));
    context.font = "10px system-ui, sans-serif";
    context.textBaseline = "middle";
    for (let lane = first; lane < last; lane++) {
      const track = this.tracks[lane];
      const y = STRIP + lane * LANE - this.scroll;
      if (track === selected) {
        context.fillStyle = "#2a3442";
        context.fillRect(0, y, this.width, LANE);
      }
      this.#drawLane(track, y);
      context.fillStyle = track === selected ? INK : FAINT;
      context.textAlign = "right";
      context.fillText(String(this.set.ids[track]), GUTTER - 6, y + LANE / 2);
    }
  }

  #drawLane(track, y) {
    const { context, set } = this;
    const color = classColor(set.columns["track.class"][track]);
    context.save();
    context.beginPath();
    context.rect(GUTTER, y, this.width - GUTTER, LANE);
    context.clip();
    const step = this.#frameStep();
    for (const [begin, end, kind] of set.segments(track)) {
      const [from, to] = [set.time[begin], (set.time[end + 1] ?? set.time[end] + step)];
      if (to < this.from || from > this.to) continue;
      context.globalAlpha = SHADES[KINDS[kind]];
      context.fillStyle = color;
      context.fillRect(this.x(from), y + 2, Math.max(1, this.x(to) - this.x(from)), LANE - 4);
    }
    context.globalAlpha = 1;
    const reason = set.endReason(track);
    if (reason) {
      const x = this.x(set.rowTime(set.lastRow(track)) + step) + 3;
      context.fillStyle = FAINT;
      context.textAlign = "left";
      if (x < this.width) context.fillText(reason, x, y + LANE / 2);
    }
    context.restore();
  }

  #frameStep() {
    const { time, frameCount } = this.set;
    return frameCount > 1 ? (time[frameCount - 1] - time[0]) / (frameCount - 1) : 0.04;
  }

  /** Counts of tracks and the camera's status, a column a pixel. */
  #drawStrip(alarms) {
    const { context, set } = this;
    context.fillStyle = GROUND;
    context.fillRect(0, 0, this.width, STRIP);
    if (!set.frameCount) return;
    const camera = set.columns["frame.camera"];
    let most = 1;
    const columns = [];
    for (let x = Math.ceil(GUTTER); x < this.width; x++) {
      const frame = set.frameAt(this.stripTimeAt(x));
      const next = Math.max(frame + 1, Math.min(set.frameCount, set.frameAt(this.stripTimeAt(x + 1))));
      let [count, status] = [0, CAMERA[camera[frame]]];
      // A cut must show however little of the picture it takes; long columns are sampled for the count.
      for (let other = frame; other < next; other++) if (CAMERA[camera[other]] === "cut") status = "cut";
      for (let other = frame; other < next; other += Math.max(1, (next - frame) >> 4)) {
        count = Math.max(count, set.start[other + 1] - set.start[other]);
      }
      most = Math.max(most, count);
      columns.push([x, count, status]);
    }
    for (const [x, count, status] of columns) {
      context.fillStyle = CAMERA_COLORS[status];
      context.fillRect(x, STRIP - 7, 1, 4);
      context.fillStyle = "#6f7d8c";
      const height = (count / most) * (STRIP - 11);
      context.fillRect(x, STRIP - 9 - height, 1, height);
    }
    context.fillStyle = FAINT;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.font = "10px system-ui, sans-serif";
    context.fillText(String(most), GUTTER - 6, 8);
    this.#drawMarks(alarms);
    this.#drawWindow();
  }

  #drawMarks(alarms) {
    const { context, set } = this;
    for (const event of set.meta.events) {
      if (event.time === null) continue;
      context.fillStyle = event.kind === "cut" ? "#d55e00" : event.kind === "damage" ? "#f0e442" : FAINT;
      context.fillRect(this.stripX(event.time) - 1, 0, 2, STRIP - 9);
    }
    for (const time of alarms ?? []) {
      context.fillStyle = "#cc79a7";
      context.fillRect(this.stripX(time) - 1, 0, 2, STRIP - 9);
    }
  }

  /** Dims what of the strip the lanes do not show. */
  #drawWindow() {
    const { context } = this;
    const [from, to] = [this.stripX(this.from), this.stripX(this.to)];
    context.fillStyle = "rgba(14,17,23,0.65)";
    context.fillRect(GUTTER, 0, from - GUTTER, STRIP);
    context.fillRect(to, 0, this.width - to, STRIP);
  }

  #moveCursor(time) {
    [this.x(time), this.stripX(time)].forEach((x, place) => {
      const cursor = this.cursors[place];
      const isHidden = x < GUTTER || x > this.width;
      if (cursor.hidden !== isHidden) cursor.hidden = isHidden;
      cursor.style.transform = `translateX(${Math.round(x)}px)`;
    });
  }

  #listen() {
    const canvas = this.canvas;
    let [dragging, isOnStrip] = [false, false];
    const timeOf = (x) => Math.max(0, isOnStrip ? this.stripTimeAt(x) : this.timeAt(x));
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    canvas.addEventListener("pointerdown", (event) => {
      const [x, y] = place(event);
      dragging = true;
      canvas.setPointerCapture(event.pointerId);
      isOnStrip = y <= STRIP;
      const lane = isOnStrip ? -1 : Math.floor((y - STRIP + this.scroll) / LANE);
      this.onSeek(timeOf(x), lane >= 0 && lane < this.tracks.length ? this.tracks[lane] : undefined);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (dragging) this.onSeek(timeOf(place(event)[0]), undefined);
    });
    canvas.addEventListener("pointerup", () => (dragging = false));
    canvas.addEventListener("pointercancel", () => (dragging = false));
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const [x, y] = place(event);
        if (event.ctrlKey || y < STRIP || event.shiftKey) this.zoomBy(Math.exp(-event.deltaY / 300), y < STRIP ? this.stripTimeAt(x) : this.timeAt(x));
        else this.scroll += event.deltaY;
        this.onScroll?.();
      },
      { passive: false },
    );
  }
}
