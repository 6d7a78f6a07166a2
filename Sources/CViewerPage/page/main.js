// Puts the page together: data, player, picture, time line, table, plots, map, filters, keys and the address.

import { decode } from "./data.js";
import { classColor, FATES } from "./colors.js";
import { LAYERS, Picture } from "./picture.js";
import { Player } from "./player.js";
import { drawRose, PathMap } from "./map.js";
import { Plots } from "./plots.js";
import { Timeline } from "./timeline.js";
import { facts, filtered, Table } from "./table.js";
import { readAddress, writeAddress } from "./address.js";
import { Review } from "./review.js";
import { Comparison } from "./comparison.js";

const $ = (id) => document.getElementById(id);
const RATES = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16];
const STANDARD = ["boxes", "headings", "courses", "labels", "trails", "forecasts"];

class Page {
  constructor(data) {
    this.data = data;
    this.layers = new Set(STANDARD);
    this.selected = -1;
    this.filter = {};
    this.build();
  }

  get set() {
    return this.data.sets[0];
  }

  /** Everything that rests on the data; done anew when a growing stream has more. */
  build() {
    const { meta } = this.data;
    const set = this.set;
    this.size = [meta.width, meta.height];
    this.facts = facts(set);
    this.picture ??= new Picture($("picture"), this.size);
    this.timeline = new Timeline($("timeline"), set, (time, track) => this.onLane(time, track));
    this.table = new Table($("table"), set, this.facts, (track) => this.select(track, true));
    this.plots = new Plots($("plots"), set, (time) => this.player.seek(set.frameAt(time)));
    this.map = new PathMap($("map"), set, this.size, () => this.showBrush());
    this.map.onChange = () => this.drawMap();
    this.timeline.onScroll = () => this.drawTimeline();
    this.comparison = new Comparison(this.data, $("comparison"), (time, id) => this.goTo(time, id));
    this.applyFilter();
  }

  /** Wires what does not change with the data. */
  start(video) {
    this.video = video;
    this.player = new Player(this.set, video, () => this.drawAll());
    this.player.onChange = () => this.showControls();
    this.review = new Review(this, $("review"));
    this.showHeading();
    this.buildLayers();
    this.buildFilters();
    this.wireControls();
    this.wirePicture();
    window.addEventListener("keydown", (event) => this.onKey(event));
    window.addEventListener("resize", () => this.drawAll());
    new ResizeObserver(() => this.drawAll()).observe($("picture"));
    window.addEventListener("hashchange", () => this.followAddress());
    this.showControls();
    this.followAddress();
    this.drawAll();
  }

  /** Takes in a stream that has grown; who looks at its end goes on looking there. */
  grow(data) {
    const [id, wasAtEnd] = [this.selected >= 0 ? this.selectedID : undefined, this.player.frame >= this.set.frameCount - 2];
    this.data = data;
    // Canvases without the listeners of what is replaced.
    for (const name of ["timeline", "plots", "map"]) $(name).replaceWith($(name).cloneNode(false));
    this.build();
    this.player.set = this.set;
    this.selected = this.set.trackOfID.get(id) ?? -1;
    if (wasAtEnd && !this.video) this.player.seek(this.set.frameCount - 1);
    this.drawAll();
  }

  // Selection and time

  select(track, goesThere) {
    this.selected = track;
    if (track >= 0 && goesThere && this.set.rowOf(track, this.player.frame) < 0) {
      this.player.seek(this.set.rowFrame[this.set.firstRow(track)]);
    }
    this.player.loop = track >= 0 && $("loop").checked ? this.loopOf(track) : undefined;
    this.table.reveal(track);
    this.timeline.revealTrack(track);
    if (track >= 0) this.timeline.reveal(this.facts.begin[track]);
    $("details").hidden = track < 0;
    this.review?.show(track);
    this.drawAll();
    this.rememberAddress();
  }

  loopOf(track) {
    return [this.set.rowFrame[this.set.firstRow(track)], this.set.rowFrame[this.set.lastRow(track)]];
  }

  onLane(time, track) {
    this.player.seek(this.set.frameAt(time));
    if (track !== undefined) this.select(track, false);
  }

  goTo(time, id) {
    this.player.pause();
    this.player.seek(this.set.frameAt(time));
    if (id !== undefined && this.set.trackOfID.has(id)) this.select(this.set.trackOfID.get(id), false);
  }

  followAddress() {
    const { time, id } = readAddress(location.hash);
    if (time !== undefined) this.player.seek(this.set.frameAt(time));
    const track = this.set.trackOfID.get(id);
    if (track !== undefined && track !== this.selected) this.select(track, time === undefined);
  }

  rememberAddress() {
    const id = this.selected >= 0 ? this.set.ids[this.selected] : undefined;
    history.replaceState(null, "", writeAddress(this.player.time, id));
  }

  /** Browsers refuse a page that changes its address with every frame. */
  rememberSoon() {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => this.rememberAddress(), 250);
  }

  // Drawing

  drawAll() {
    if (!this.player || this.isDrawing) return;
    this.isDrawing = true;
    requestAnimationFrame(() => {
      this.isDrawing = false;
      this.drawPicture();
      this.drawTimeline();
      this.showClock();
      this.table.draw(this.selected);
      if (this.selected >= 0) this.plots.draw(this.selected, this.player.time);
      if (!$("map-panel").hidden) this.drawMap();
    });
  }

  drawPicture() {
    this.picture.resize();
    const frame = this.set.frameCount ? this.player.frame : -1;
    const source = this.player.still;
    const shown = (track) => this.shown.has(track);
    const outline = this.comparison.outline(0);
    this.picture.draw(this.set, frame, { source, layers: this.layers, selected: this.selected, shown, outline });
    this.comparison.drawOthers(this.picture, frame, this.layers);
  }

  drawTimeline() {
    const alarms = this.comparison.alarms;
    this.timeline.draw({ time: this.player?.time ?? 0, selected: this.selected, alarms });
  }

  drawMap() {
    this.map.draw({ selected: this.selected, still: this.player.still });
  }

  showClock() {
    const { time, frame } = this.player;
    if (!this.player.isPlaying) this.rememberSoon();
    $("clock").textContent = `${time.toFixed(3)} s · frame ${this.set.number[frame] ?? "–"}`;
    $("picture").dataset.frame = this.set.number[frame] ?? "";
    if (this.selected >= 0) this.showDetails(frame);
  }

  showDetails(frame) {
    const set = this.set;
    const row = set.rowOf(this.selected, frame);
    const name = `track ${set.ids[this.selected]} ${set.className(this.selected)}`;
    const degrees = (value) => (Number.isNaN(value) ? "–" : ((value * 180) / Math.PI).toFixed(1) + "°");
    const number = (value, unit) => (Number.isNaN(value) ? "–" : value.toFixed(1) + unit);
    if (row < 0) {
      $("facts").textContent = `${name}: not in this frame`;
      return;
    }
    const value = (column) => set.column(column)[row];
    $("facts").textContent =
      `${name} · speed ${number(value("speed"), " px/s")} · heading ${degrees(value("heading"))} ± ${degrees(value("heading_sd"))}` +
      ` · course ${degrees(value("course"))} · ${number(value("w"), "")} × ${number(value("h"), " px")}`;
  }

  showHeading() {
    const { meta } = this.data;
    $("title").textContent = meta.title;
    document.title = meta.title + " – sextant";
    for (const text of meta.notes) this.note(text);
  }

  note(text) {
    const line = document.createElement("p");
    line.textContent = text;
    $("notes").append(line);
  }

  // Controls

  wireControls() {
    const on = (id, action) => $(id).addEventListener("click", action);
    on("play", () => this.player.toggle());
    on("back", () => this.player.step(-1));
    on("forward", () => this.player.step(1));
    on("fit", () => this.resetView());
    on("help-button", () => $("help").showModal());
    on("save-svg", () => save(`track-${this.selectedID}.svg`, "image/svg+xml", this.plots.svg(this.selected)));
    on("save-csv", () => save(`track-${this.selectedID}.csv`, "text/csv", this.plots.csv(this.selected)));
    on("save-table", () => save("tracks.csv", "text/csv", this.table.csv()));
    on("clear", () => this.select(-1, false));
    on("map-button", () => this.toggleMap());
    on("brush-region", () => this.useTool("region"));
    on("brush-line", () => this.useTool("line"));
    on("brush-clear", () => this.map.setBrush(undefined));
    $("rate").replaceChildren(
      ...RATES.map((rate) => {
        const option = document.createElement("option");
        option.value = rate;
        option.textContent = rate + "×";
        return option;
      }),
    );
    $("rate").addEventListener("change", () => this.player.setRate(Number($("rate").value)));
    $("loop").addEventListener("change", () => this.select(this.selected, false));
  }

  get selectedID() {
    return this.set.ids[this.selected];
  }

  showControls() {
    $("play").textContent = this.player.isPlaying ? "❚❚" : "▶";
    $("play").setAttribute("aria-label", this.player.isPlaying ? "pause" : "play");
    $("rate").value = String(this.player.rate);
    if (!this.player.isPlaying) this.rememberAddress();
  }

  resetView() {
    this.picture.reset();
    this.timeline.reset();
    this.drawAll();
  }

  buildLayers() {
    $("layers").replaceChildren(
      ...LAYERS.map((name) =>
        checkbox(name, this.layers.has(name), (isOn) => {
          if (isOn) this.layers.add(name);
          else this.layers.delete(name);
          this.drawAll();
        }),
      ),
    );
  }

  buildFilters() {
    const set = this.set;
    const names = [...new Set(Array.from({ length: set.trackCount }, (_, track) => set.className(track)))].sort();
    const chosen = new Set(names);
    $("classes").replaceChildren(
      ...names.map((name) => {
        const box = checkbox(name || "no class", true, (isOn) => {
          if (isOn) chosen.add(name);
          else chosen.delete(name);
          this.filter.classes = chosen.size === names.length ? undefined : chosen;
          this.applyFilter();
        });
        const swatch = document.createElement("i");
        const index = set.meta.classes.indexOf(name);
        swatch.style.background = classColor(index < 0 ? 0xffff : index);
        box.insertBefore(swatch, box.lastChild);
        return box;
      }),
    );
    for (const [id, key] of [["least-duration", "duration"], ["least-speed", "speedFrom"], ["most-speed", "speedTo"], ["heading-from", "headingFrom"], ["heading-to", "headingTo"]]) {
      $(id).addEventListener("input", () => {
        this.filter[key] = $(id).value === "" ? undefined : Number($(id).value);
        this.applyFilter();
      });
    }
  }

  applyFilter() {
    const tracks = filtered(this.set, this.facts, this.filter);
    this.shown = new Set(tracks);
    this.timeline.show(tracks);
    this.table.show(tracks);
    this.map.show(tracks);
    $("count").textContent = `${tracks.length} of ${this.set.trackCount} tracks`;
    this.drawAll();
  }

  // The map

  toggleMap() {
    const isShown = $("map-panel").hidden;
    $("map-panel").hidden = !isShown;
    $("map-button").setAttribute("aria-pressed", String(isShown));
    if (isShown) {
      this.drawMap();
      this.showBrush();
    }
  }

  useTool(tool) {
    this.map.tool = tool;
    $("brush-region").setAttribute("aria-pressed", String(tool === "region"));
    $("brush-line").setAttribute("aria-pressed", String(tool === "line"));
  }

  showBrush() {
    const hits = this.map.crossings();
    const tracks = this.map.brush ? [...hits.keys()] : this.map.tracks;
    this.filterToRegion(hits);
    drawRose($("rose"), tracks.map((track) => this.facts.heading[track]));
    $("counts").textContent = this.countText(hits, tracks);
    this.drawMap();
  }

  countText(hits, tracks) {
    const speeds = tracks.map((track) => this.facts.speed[track]).filter((speed) => !Number.isNaN(speed));
    const mean = speeds.length ? (speeds.reduce((a, b) => a + b, 0) / speeds.length).toFixed(1) + " px/s" : "–";
    if (!this.map.brush) return `${tracks.length} tracks, mean speed ${mean}. Draw a region or a line to count.`;
    const sum = (key) => [...hits.values()].reduce((total, hit) => total + (hit[key] ?? 0), 0);
    if (this.map.brush.kind === "line") {
      return `${hits.size} tracks cross, ${sum("rightward")} times left to right, ${sum("leftward")} right to left; mean speed ${mean}`;
    }
    return `${hits.size} tracks come in, together ${sum("dwell").toFixed(2)} s inside; mean speed ${mean}`;
  }

  /** The table and the lanes show only what the brush holds. */
  filterToRegion(hits) {
    const ids = this.map.brush ? new Set(hits.keys()) : undefined;
    const tracks = filtered(this.set, this.facts, { ...this.filter, ids });
    this.table.show(tracks);
    this.timeline.show(tracks);
    $("count").textContent = `${tracks.length} of ${this.set.trackCount} tracks`;
    this.drawAll();
  }

  // Picture and keys

  wirePicture() {
    const canvas = $("picture");
    let last;
    let moved = 0;
    canvas.addEventListener("pointerdown", (event) => {
      last = [event.clientX, event.clientY];
      moved = 0;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) return;
      const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
      moved += Math.abs(dx) + Math.abs(dy);
      last = [event.clientX, event.clientY];
      if (moved > 4) {
        this.picture.panBy(dx, dy);
        this.drawAll();
      }
    });
    canvas.addEventListener("pointerup", (event) => {
      if (last && moved <= 4) this.pick(event);
      last = undefined;
    });
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const box = canvas.getBoundingClientRect();
        this.picture.zoomBy(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
        this.drawAll();
      },
      { passive: false },
    );
  }

  pick(event) {
    const box = $("picture").getBoundingClientRect();
    const [x, y] = this.picture.toPicture(event.clientX - box.left, event.clientY - box.top);
    const track = this.picture.trackAt(this.set, this.player.frame, x, y, (t) => this.shown.has(t));
    this.select(track, false);
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const action = this.keys[event.key];
    if (!action || (event.key === " " && event.target.tagName === "BUTTON") || $("help").open) return;
    event.preventDefault();
    action();
  }

  keys = {
    " ": () => this.player.toggle(),
    ",": () => this.player.step(-1),
    ".": () => this.player.step(1),
    ArrowLeft: () => this.jump(-1),
    ArrowRight: () => this.jump(1),
    "[": () => this.changeRate(-1),
    "]": () => this.changeRate(1),
    "+": () => this.zoomMiddle(1.25),
    "=": () => this.zoomMiddle(1.25),
    "-": () => this.zoomMiddle(0.8),
    0: () => this.resetView(),
    h: () => this.panMiddle(60, 0),
    l: () => this.panMiddle(-60, 0),
    k: () => this.panMiddle(0, 60),
    j: () => this.panMiddle(0, -60),
    n: () => this.neighbour(1),
    p: () => this.neighbour(-1),
    f: () => this.select(this.selected, true) ?? (this.selected >= 0 && this.player.seek(this.loopOf(this.selected)[0])),
    m: () => this.toggleMap(),
    i: () => this.zoomTime(1.5),
    o: () => this.zoomTime(1 / 1.5),
    Escape: () => this.select(-1, false),
    "?": () => $("help").showModal(),
  };

  jump(seconds) {
    this.player.seek(this.set.frameAt(Math.max(0, this.player.time + seconds)));
  }

  changeRate(step) {
    const at = RATES.findIndex((rate) => rate >= this.player.rate);
    this.player.setRate(RATES[Math.min(RATES.length - 1, Math.max(0, at + step))]);
  }

  zoomMiddle(factor) {
    const box = $("picture").getBoundingClientRect();
    this.picture.zoomBy(factor, box.width / 2, box.height / 2);
    this.drawAll();
  }

  panMiddle(dx, dy) {
    this.picture.panBy(dx, dy);
    this.drawAll();
  }

  zoomTime(factor) {
    this.timeline.zoomBy(factor, this.player.time);
    this.drawTimeline();
  }

  neighbour(step) {
    const { tracks } = this.table;
    if (!tracks.length) return;
    const at = tracks.indexOf(this.selected);
    this.select(tracks[at < 0 ? 0 : (at + step + tracks.length) % tracks.length], true);
  }
}

function checkbox(name, isOn, onChange) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = isOn;
  box.dataset.name = name;
  box.addEventListener("change", () => onChange(box.checked));
  const text = document.createElement("span");
  text.textContent = name;
  label.append(box, text);
  return label;
}

/** Offers a text as a file to save. */
export function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The bytes in a block of base64 within the page. */
function embedded(id) {
  const text = $(id).textContent;
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text).buffer;
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}

/** The video's element, ready to show its first frame; undefined where there is none or the browser refuses it, which is said. */
async function openVideo(address, page) {
  if (!address) return undefined;
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.preload = "auto";
  video.src = address;
  const failure = await new Promise((resolve) => {
    video.addEventListener("loadeddata", () => resolve(undefined), { once: true });
    video.addEventListener("error", () => resolve(video.error?.message || "its format is not played"), { once: true });
  });
  if (failure === undefined) {
    const { width, height, duration } = page.data.meta;
    if (video.videoWidth !== width || video.videoHeight !== height) {
      page.note(`The video is ${video.videoWidth}×${video.videoHeight}, the stream's pictures are ${width}×${height}; is it another one?`);
    }
    if (Number.isFinite(video.duration) && duration > 0 && Math.abs(video.duration - duration) > 0.5) {
      page.note(`The video lasts ${video.duration.toFixed(1)} s, the stream ${duration.toFixed(1)} s.`);
    }
    return video;
  }
  page.note(`The browser does not play the video (${failure}); the tracks are shown without it.`);
  return undefined;
}

async function main() {
  const config = JSON.parse($("config").textContent);
  const bytes = config.data ? await (await fetch(config.data)).arrayBuffer() : embedded("data");
  const page = new Page(decode(bytes));
  window.sextant = page;
  page.config = config;
  const address = config.embedsVideo
    ? URL.createObjectURL(new Blob([embedded("video-data")], { type: config.videoType }))
    : config.video;
  page.start(await openVideo(address, page));
  $("app").dataset.ready = "true";
  if (config.growth) followGrowth(page, config);
}

/** Asks a served page's stream once a second whether it has grown. */
async function followGrowth(page, config) {
  let version = page.data.meta.version;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    try {
      const answer = await (await fetch(config.growth)).json();
      if (answer.version === version) {
        if (answer.isComplete) return;
        continue;
      }
      const data = decode(await (await fetch(config.data)).arrayBuffer());
      version = data.meta.version;
      page.grow(data);
    } catch {
      page.note("The server has stopped; what was loaded is still here.");
      return;
    }
  }
}

main().catch((error) => {
  document.getElementById("notes").textContent = "The page could not be opened: " + error.message;
});
