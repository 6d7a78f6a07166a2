// A tracker that is running: records and pictures as they come, of which the last minute is kept.

import { applied, CAMERA, composed, inverse, KINDS, NO_CLASS, TrackSet } from "./data.js";

/** How much is kept, seconds. */
const WINDOW = 60;
/** How much is shown behind the newest picture, seconds: what a trail reaches back. */
const SHOWN = 4;
/** How often lanes, table and plots are made anew, milliseconds. */
const RENEWAL = 1000;
/** Delays that are kept for who asks. */
const KEPT_DELAYS = 20_000;

const nothing = (value) => value ?? NaN;
/** The numbers of a row, by the names of their columns. */
const NUMBERS = {
  cx: (row) => row.box.cx, cy: (row) => row.box.cy, w: (row) => row.box.w, h: (row) => row.box.h, angle: (row) => nothing(row.box.angle),
  angle_sd: (row) => nothing(row.box.angle_sd), heading: (row) => nothing(row.heading), heading_sd: (row) => nothing(row.heading_sd),
  course: (row) => nothing(row.course), course_sd: (row) => nothing(row.course_sd), speed: (row) => nothing(row.speed),
  score: (row) => nothing(row.score), existence: (row) => nothing(row.existence),
};

/** The last records of a stream. */
export class LiveRecords {
  constructor() {
    this.frames = [];
    this.events = [];
    this.reasons = new Map();
    this.classes = [];
    this.view = { origin: 0, map: undefined };
  }

  /** Takes a record in. */
  take(record) {
    if (record.record === "header") [this.header, this.classes] = [record, [...record.classes]];
    else if (record.record === "frame") this.#addFrame(record);
    else if (record.record === "backfill") this.#addRows(record);
    else if (record.record === "event") this.#addEvent(record);
    else if (record.record === "gap") this.frames = [];
    else if (record.record === "end") this.end = record;
  }

  get last() {
    return this.frames.at(-1);
  }

  #addFrame(record) {
    const motion = record.camera?.homography;
    const back = motion && inverse(motion);
    if (!this.last || record.camera?.status === "cut") this.view = { origin: record.frame, map: undefined };
    else if (back) this.view = { origin: this.view.origin, map: normalized(composed(this.view.map ?? IDENTITY, back)) };
    this.frames.push({ number: record.frame, time: record.time, camera: record.camera?.status ?? "unknown", view: this.view, rows: record.tracks });
    // In larger pieces, so that it costs nothing a frame.
    const expired = this.frames.findIndex((frame) => record.time - frame.time <= WINDOW);
    if (expired > 64) this.#forget(expired);
  }

  #forget(count) {
    this.frames.splice(0, count);
    const begin = this.frames[0]?.time ?? 0;
    this.events = this.events.filter((event) => event.time >= begin);
    const seen = new Set(this.frames.flatMap((frame) => frame.rows.map((row) => row.id)));
    for (const id of this.reasons.keys()) if (!seen.has(id)) this.reasons.delete(id);
  }

  /** Rows of a frame before, which replace those of the same tracks. */
  #addRows(record) {
    const frame = this.frames.find((other) => other.number === record.frame);
    if (!frame) return;
    const ids = new Set(record.tracks.map((row) => row.id));
    frame.rows = [...frame.rows.filter((row) => !ids.has(row.id)), ...record.tracks];
  }

  #addEvent(record) {
    if (record.kind === "track_end") this.reasons.set(record.id, record.reason);
    else if (record.kind === "track_reidentified") this.reasons.delete(record.id);
    else this.events.push({ time: record.time ?? null, kind: record.kind, message: record.message ?? null });
  }

  /** The tracks from some seconds before the last frame, or before a frame of a number, on. */
  set(seconds, lastNumber = Infinity) {
    let end = this.frames.length;
    while (end > 1 && this.frames[end - 1].number > lastNumber) end--;
    const until = this.frames[end - 1]?.time ?? 0;
    let begin = end;
    while (begin > 0 && until - this.frames[begin - 1].time <= seconds) begin--;
    return this.#columns(this.frames.slice(begin, end));
  }

  #columns(frames) {
    const rows = frames.flatMap((frame) => frame.rows);
    const tracks = new Map();
    for (const row of rows) if (!tracks.has(row.id)) tracks.set(row.id, { place: tracks.size, row });
    const reasons = [...new Set(this.reasons.values())];
    let sum = 0;
    const columns = {
      "frame.number": Uint32Array.from(frames, (frame) => frame.number),
      "frame.time": Float64Array.from(frames, (frame) => frame.time),
      "frame.camera": Uint8Array.from(frames, (frame) => Math.max(0, CAMERA.indexOf(frame.camera))),
      "frame.start": Uint32Array.from([0, ...frames.map((frame) => (sum += frame.rows.length))]),
      "frame.origin": Uint32Array.from(frames, (frame) => frame.view.origin),
      "frame.map": Float64Array.from(frames.flatMap((frame) => frame.view.map ?? IDENTITY)),
      "track.id": Uint32Array.from(tracks.keys()),
      "track.class": Uint16Array.from(tracks.values(), ({ row }) => this.#classOf(row.class)),
      "track.reason": Uint16Array.from(tracks.keys(), (id) => reasons.indexOf(this.reasons.get(id)) + 1),
      "row.track": Uint32Array.from(rows, (row) => tracks.get(row.id).place),
      "row.kind": Uint8Array.from(rows, (row) => Math.max(0, KINDS.indexOf(row.observation))),
    };
    for (const [name, value] of Object.entries(NUMBERS)) columns["row." + name] = Float32Array.from(rows, value);
    this.#addForecasts(columns, rows);
    const maskSize = addMasks(columns, rows);
    const { width = 1280, height = 720 } = this.header.source ?? {};
    return new TrackSet({ classes: this.classes, reasons, events: this.events, maskSize }, columns, Math.max(width, height));
  }

  #classOf(name) {
    if (name === undefined || name === null) return NO_CLASS;
    if (!this.classes.includes(name)) this.classes.push(name);
    return this.classes.indexOf(name);
  }

  #addForecasts(columns, rows) {
    const points = rows.flatMap((row) => row.forecast ?? []);
    if (!points.length) return;
    let sum = 0;
    columns["forecast.start"] = Uint32Array.from([0, ...rows.map((row) => (sum += row.forecast?.length ?? 0))]);
    for (const name of ["cx", "cy"]) columns["forecast." + name] = Float32Array.from(points, (point) => point[name]);
    ["xx", "xy", "yy"].forEach((name, place) => {
      columns["forecast." + name] = Float32Array.from(points, (point) => nothing(point.covariance?.[place]));
    });
  }
}

/** Adds the masks that have the size of the first, which is returned: [height, width]; undefined for none. */
function addMasks(columns, rows) {
  const size = rows.find((row) => row.mask)?.mask.size;
  if (!size) return undefined;
  const texts = rows.map((row) => (row.mask && row.mask.size.join() === size.join() ? row.mask.counts : ""));
  let sum = 0;
  columns["mask.start"] = Uint32Array.from([0, ...texts.map((text) => (sum += text.length))]);
  columns["mask.text"] = new TextEncoder().encode(texts.join(""));
  return size;
}

const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];

function normalized(h) {
  return h.map((value) => value / h[8]);
}

/** The picture of a running tracker, and the page around it. */
class LiveView {
  constructor(records) {
    this.records = records;
    /** From the record's writing to its picture drawn, milliseconds, of the last pictures. */
    this.delays = [];
  }

  /** Decodes a picture: its frame's number, when its record was told, a JPEG. While one is decoded only the newest other waits. */
  async takePicture(buffer) {
    if (this.isDecoding) {
      this.waiting = buffer;
      return;
    }
    this.isDecoding = true;
    const head = new DataView(buffer, 0, 16);
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(buffer, 16)], { type: "image/jpeg" })).catch(() => undefined);
    if (bitmap && this.isRunning) this.#show(bitmap, head.getUint32(0, true), head.getFloat64(8, true));
    this.isDecoding = false;
    const next = this.waiting;
    this.waiting = undefined;
    if (next) await this.takePicture(next);
  }

  #show(bitmap, number, told) {
    this.still?.close?.();
    [this.still, this.number, this.told] = [bitmap, number, told];
    const set = this.records.set(SHOWN, number);
    this.shown = { set, frame: set.frameCount - 1 };
    this.page.drawAll();
  }

  /** Without pictures the newest records are shown as they come. */
  showRecords() {
    if (this.still || !this.isRunning) return;
    const set = this.records.set(SHOWN);
    this.shown = { set, frame: set.frameCount - 1 };
    this.page.drawAll();
  }

  /** The picture of a frame, where it is the one that came last. */
  stillOf(number) {
    return number === this.number ? this.still : undefined;
  }

  get isRunning() {
    return this.page.player.isFollowing;
  }

  showClock(clock, picture) {
    const { set, frame } = this.shown;
    clock.textContent = frame < 0 ? "–" : `live · ${set.time[frame].toFixed(3)} s · frame ${set.number[frame]}`;
    picture.dataset.frame = set.number[frame] ?? "";
    if (this.told === undefined) return;
    this.delays.push(performance.timeOrigin + performance.now() - this.told);
    this.told = undefined;
    if (this.delays.length > KEPT_DELAYS) this.delays.splice(0, KEPT_DELAYS / 2);
  }
}

function liveData(records) {
  const set = records.set(WINDOW);
  const source = records.header.source ?? {};
  const meta = {
    title: source.uri ?? "live", version: 0, isReading: false, width: source.width ?? 1280, height: source.height ?? 720, duration: 0, notes: [],
    results: [{ title: "live", set: 0 }], review: [],
  };
  return { meta, sets: [set] };
}

/** Opens the page of a running tracker; it is there with the first frame. */
export function openLive(config, Page) {
  const records = new LiveRecords();
  const live = new LiveView(records);
  const address = new URL(config.live, location.href);
  address.protocol = "ws:";
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }) => {
    if (typeof data !== "string") return live.page && live.takePicture(data);
    for (const line of data.split("\n")) if (line) records.take(JSON.parse(line));
    if (live.page) live.showRecords();
    else if (records.last) startLive(config, live, Page);
  });
  socket.addEventListener("close", () => {
    const text = records.end ? "The run has ended; its last minute is still here." : "The connection is gone; what came last is still here.";
    if (!live.page) return (document.getElementById("notes").textContent = text);
    live.page.note(text);
    live.page.player.pause();
  });
}

function startLive(config, live, Page) {
  const page = new Page(liveData(live.records));
  live.page = page;
  page.live = live;
  page.config = config;
  window.sextant = page;
  page.start([]);
  followLive(page, live);
  page.player.follow();
  document.getElementById("app").dataset.ready = "true";
  setInterval(() => live.isRunning && page.grow(liveData(live.records)), RENEWAL);
}

/** Playing means following; who stops can look at the last minute, without pictures. */
function followLive(page, live) {
  const { player } = page;
  const [play, pause] = [player.play.bind(player), player.pause.bind(player)];
  player.isFollowing = false;
  player.follow = () => {
    pause();
    player.isFollowing = player.isPlaying = true;
    player.onChange();
  };
  player.play = () => (player.frame >= page.set.frameCount - 1 ? player.follow() : play());
  player.pause = () => {
    if (player.isFollowing) {
      player.isFollowing = false;
      page.grow(liveData(live.records));
      live.shown = undefined;
      const shown = page.set.number.indexOf(live.number ?? -1);
      player.seek(shown < 0 ? page.set.frameCount - 1 : shown);
    }
    pause();
  };
}
