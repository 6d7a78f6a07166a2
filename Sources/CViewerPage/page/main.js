// Puts the page together: data, player, picture, time line, table, plots, map, filters, keys and the address.

import { LAYERS, Picture } from "./picture.js";
import { Player, RATES } from "./player.js";
import { drawRose, PathMap } from "./map.js";
import { Plots } from "./plots.js";
import { Timeline } from "./timeline.js";
import { facts, Table } from "./table.js";
import { checkbox, Filters } from "./filters.js";
import { listenToKeys } from "./keys.js";
import { readAddress, writeAddress } from "./address.js";
import { Review } from "./review.js";
import { Comparison, frameOf } from "./comparison.js";

const $ = (id) => document.getElementById(id);
const STANDARD = LAYERS.filter((name) => name !== "scores");

export class Page {
  constructor(data) {
    this.data = data;
    this.layers = new Set(STANDARD);
    this.selected = -1;
    this.notes = [];
    this.filters = new Filters($("classes"), () => this.applyFilter());
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
    this.picture.size = this.size;
    this.buildBeside();
    this.filters.build(set);
    this.timeline = new Timeline($("timeline"), set, (time, track) => this.onLane(time, track));
    this.table ??= new Table($("table"), (track) => this.select(track, true));
    this.table.take(set, this.facts);
    this.plots = new Plots($("plots"), set, (time) => this.player.seek(set.frameAt(time)));
    this.map = new PathMap($("map"), set, this.size, () => this.showBrush());
    this.map.onChange = () => this.drawMap();
    this.timeline.onScroll = () => this.drawTimeline();
    this.comparison = new Comparison(this.data, $("comparison"), (time, id) => this.goTo(time, id));
    this.applyFilter();
  }

  /** The other result in a picture of its own, which shows the same part. */
  buildBeside() {
    const result = this.data.meta.results[1];
    $("beside").hidden = !result;
    $("stage").classList.toggle("two", Boolean(result));
    if (!result) return;
    this.beside = this.data.sets[result.set];
    this.besideFacts = facts(this.beside);
    this.besidePicture ??= new Picture($("beside-picture"), this.size);
    $("picture-title").textContent = this.data.meta.results[0].title;
    $("beside-title").textContent = result.title;
  }

  /** Wires what does not change with the data. */
  start(video, decisions) {
    // Before anything writes the address anew.
    const wanted = readAddress(location.hash);
    this.video = video;
    this.player = new Player(this.set, video, () => this.drawAll());
    this.player.onChange = () => this.showControls();
    this.review = new Review(this, $("review"), decisions);
    this.showHeading();
    this.buildLayers();
    this.wireControls();
    this.wirePicture();
    listenToKeys(this);
    // Who clicks a button goes on with keys: space plays, and does not press the button again.
    window.addEventListener("click", (event) => event.detail > 0 && event.target.closest("button, label")?.ownerDocument.activeElement?.blur());
    window.addEventListener("resize", () => this.drawAll());
    new ResizeObserver(() => this.drawAll()).observe($("picture"));
    window.addEventListener("hashchange", () => this.followAddress());
    this.showControls();
    this.follow(wanted);
    this.drawAll();
  }

  /** Takes in a stream that has grown; who looks at its end goes on looking there. */
  grow(data) {
    const [id, follows] = [this.selected >= 0 ? this.selectedID : undefined, !this.data.meta.isReading && this.player.frame >= this.set.frameCount - 2];
    const [timeline, map] = [this.timeline, this.map];
    this.data = data;
    // Canvases without the listeners of what is replaced.
    for (const name of ["timeline", "plots", "map"]) $(name).replaceWith($(name).cloneNode(false));
    this.build();
    this.timeline.adopt(timeline);
    this.map.adopt(map);
    this.player.set = this.set;
    this.selected = this.set.trackOfID.get(id) ?? -1;
    if (follows && !this.video) this.player.seek(this.set.frameCount - 1);
    this.showHeading();
    if (map.brush) this.showBrush();
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
    this.follow(readAddress(location.hash));
  }

  follow({ time, id }) {
    if (time !== undefined) this.player.seek(this.set.frameAt(time));
    const track = this.set.trackOfID.get(id);
    if (track !== undefined && track !== this.selected) this.select(track, time === undefined);
  }

  rememberAddress() {
    const id = this.selected >= 0 ? this.set.ids[this.selected] : undefined;
    history.replaceState(null, "", writeAddress(this.player.wantedTime, id));
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
    // A running tracker shows its newest picture, with what belongs to it.
    const { set, frame } = this.live?.shown ?? { set: this.set, frame: this.set.frameCount ? this.player.frame : -1 };
    const selected = this.selected >= 0 ? (set.trackOfID.get(this.selectedID) ?? -1) : -1;
    const shown = set === this.set ? (track) => this.shown.has(track) : (track) => this.filters.shows(set, track);
    this.drawResult(this.picture, 0, set, frame, { selected, shown });
    if (!this.beside) return;
    [this.besidePicture.zoom, this.besidePicture.center] = [this.picture.zoom, this.picture.center];
    const other = frameOf(this.beside, this.player.time);
    this.drawResult(this.besidePicture, 1, this.beside, other, { selected: -1, shown: (track) => this.shownBeside.has(track) });
  }

  drawResult(picture, place, set, frame, what) {
    picture.resize();
    const { layers, comparison } = this;
    picture.draw(set, frame, { source: this.live ? this.live.stillOf(set.number[frame]) : this.player.still, layers, outline: comparison.outline(place), ...what });
    comparison.drawMissed(picture, place, this.player.time, layers);
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
    if (this.live?.shown) return this.live.showClock($("clock"), $("picture"));
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
    $("notes").replaceChildren();
    for (const text of [...meta.notes, ...this.notes]) this.showNote(text);
    if (meta.isReading) this.showNote("The stream is being read; what is there is shown.");
  }

  /** Says something that goes on being so when the stream grows. */
  note(text) {
    this.notes.push(text);
    this.showNote(text);
  }

  showNote(text) {
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
    $("brush-corners").addEventListener("change", () => this.map.setCorners($("brush-corners").value));
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

  applyFilter() {
    const tracks = this.filters.tracks(this.set, this.facts);
    this.shown = new Set(tracks);
    if (this.beside) this.shownBeside = new Set(this.filters.tracks(this.beside, this.besideFacts));
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
    $("brush-corners").value = this.map.corners;
    this.drawMap();
  }

  countText(hits, tracks) {
    const speeds = tracks.map((track) => this.facts.speed[track]).filter((speed) => !Number.isNaN(speed));
    const mean = speeds.length ? (speeds.reduce((a, b) => a + b, 0) / speeds.length).toFixed(1) + " px/s" : "–";
    if (!this.map.brush) return `${tracks.length} tracks, mean speed ${mean}. Draw a region or a line, or type its corners, to count.`;
    const sum = (key) => [...hits.values()].reduce((total, hit) => total + (hit[key] ?? 0), 0);
    if (this.map.brush.kind === "line") {
      return `${hits.size} tracks cross, ${sum("rightward")} times left to right, ${sum("leftward")} right to left; mean speed ${mean}`;
    }
    return `${hits.size} tracks come in, together ${sum("dwell").toFixed(2)} s inside; mean speed ${mean}`;
  }

  /** The table and the lanes show only what the brush holds. */
  filterToRegion(hits) {
    const ids = this.map.brush ? new Set(hits.keys()) : undefined;
    const tracks = this.filters.tracks(this.set, this.facts, ids);
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
    const { set, frame } = this.live?.shown ?? { set: this.set, frame: this.player.frame };
    const track = this.picture.trackAt(set, frame, x, y, (t) => this.filters.shows(set, t));
    this.select(this.set.trackOfID.get(set.ids[track]) ?? -1, false);
  }
}

/** Offers a text as a file to save. */
export function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
