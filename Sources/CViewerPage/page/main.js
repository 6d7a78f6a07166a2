// Puts the page together: data, player, picture, time line, table, plots, map, filters, keys and the address.

import { LAYERS, Picture } from "./picture.js";
import { Player, RATES } from "./player.js";
import { PathMap } from "./map.js";
import { MapPanel } from "./mapPanel.js";
import { Plots } from "./plots.js";
import { Timeline } from "./timeline.js";
import { facts, Table } from "./table.js";
import { checkbox, Filters } from "./filters.js";
import { listenToKeys } from "./keys.js";
import { readAddress, writeAddress } from "./address.js";
import { Review } from "./review.js";
import { Comparison, frameOf } from "./comparison.js";
import { differences } from "./video.js";

const $ = (id) => document.getElementById(id);
const STANDARD = LAYERS.filter((name) => name !== "scores");

export class Page {
  constructor(data) {
    this.data = data;
    this.layers = new Set(STANDARD);
    this.selected = -1;
    // By what they are about, so that one can take another's place.
    this.notes = new Map();
    this.mapPanel = new MapPanel(this);
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
    this.timeline = new Timeline($("timeline"), [$("cursor"), $("strip-cursor")], set, (time, track) => this.onLane(time, track));
    this.table ??= new Table($("table"), (track) => this.select(track, true));
    this.table.take(set, this.facts);
    this.plots = new Plots($("plots"), set, (time) => this.player.seek(set.frameAt(time)));
    this.map = new PathMap($("map"), set, this.size, () => this.mapPanel.show());
    this.map.onChange = () => this.mapPanel.draw();
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
  start(decisions) {
    // Before anything writes the address anew.
    const wanted = readAddress(location.hash);
    this.player = new Player(this.set, () => this.drawAll());
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

  /** Goes on with a video: its element, and its time of the stream's time 0. */
  async attachVideo({ video, begin }) {
    this.video = video;
    for (const text of differences(video, this.data.meta)) this.note(text);
    await this.player.attach(video, begin, this.size);
    this.map.renew();
    this.drawAll();
  }

  /** Takes in a stream that has grown; who looks at its end goes on looking there. */
  grow(data) {
    const [id, follows] = [this.selected >= 0 ? this.selectedID : undefined, !this.data.meta.isReading && this.player.frame >= this.set.frameCount - 2];
    const [timeline, map, wasEmpty] = [this.timeline, this.map, this.set.frameCount === 0];
    this.data = data;
    // Canvases without the listeners of what is replaced.
    for (const name of ["timeline", "plots", "map"]) $(name).replaceWith($(name).cloneNode(false));
    this.build();
    this.timeline.adopt(timeline);
    this.map.adopt(map);
    this.player.set = this.set;
    this.selected = this.set.trackOfID.get(id) ?? -1;
    if (wasEmpty) this.player.seek(0);
    else if (follows && !this.video) this.player.seek(this.set.frameCount - 1);
    this.showHeading();
    if (map.brush) this.mapPanel.show();
    this.drawAll();
  }

  // Selection and time

  /** @param goesThere whether the player jumps to the track's first frame, where that is looped or the track is not in the picture */
  select(track, goesThere) {
    this.selected = track;
    this.followLoop();
    const isAway = track >= 0 && (this.player.loop !== undefined || this.set.rowOf(track, this.player.frame) < 0);
    if (goesThere && isAway) this.player.seek(this.loopOf(track)[0]);
    this.table.reveal(track);
    this.timeline.revealTrack(track);
    if (track >= 0) this.timeline.reveal(this.facts.begin[track]);
    $("details").hidden = track < 0;
    this.review?.show(track);
    this.drawAll();
    this.rememberAddress();
  }

  followLoop() {
    this.player.loop = this.selected >= 0 && !this.live && $("loop").checked ? this.loopOf(this.selected) : undefined;
  }

  loopOf(track) {
    return [this.set.rowFrame[this.set.firstRow(track)], this.set.rowFrame[this.set.lastRow(track)]];
  }

  onLane(time, track) {
    this.player.seek(this.set.frameAt(time));
    if (track !== undefined) this.select(track, true);
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
      if (this.mapPanel.isShown) this.mapPanel.draw();
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
    picture.draw(set, frame, { source: this.live ? this.live.stillOf(set.number[frame]) : this.player.picture, layers, outline: comparison.outline(place), ...what });
    comparison.drawMissed(picture, place, this.player.time, layers);
  }

  drawTimeline() {
    const alarms = this.comparison.alarms;
    this.timeline.draw({ time: this.player?.time ?? 0, selected: this.selected, alarms });
  }

  showClock() {
    const { time, frame } = this.player;
    if (!this.player.isPlaying) this.rememberSoon();
    if (this.live?.shown) {
      if (this.selected >= 0) this.showDetails(this.live.shown.set, this.live.shown.frame);
      return this.live.showClock($("clock"), $("picture"));
    }
    $("clock").textContent = `${time.toFixed(3)} s · frame ${this.set.number[frame] ?? "–"}`;
    $("picture").dataset.frame = this.set.number[frame] ?? "";
    if (this.selected >= 0) this.showDetails(this.set, frame);
  }

  showDetails(set, frame) {
    const track = set.trackOfID.get(this.selectedID);
    const row = track === undefined || frame < 0 ? -1 : set.rowOf(track, frame);
    const name = `track ${this.selectedID} ${this.set.className(this.selected)}`;
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
    this.showNotes();
  }

  /** Says something that goes on being so when the stream grows. @param about what it is about: only the last note of that is kept */
  note(text, about = text) {
    this.notes.set(about, text);
    this.showNotes();
  }

  /** Takes a note back. */
  unnote(about) {
    this.notes.delete(about);
    this.showNotes();
  }

  showNotes() {
    const { notes, isReading } = this.data.meta;
    const texts = [...notes, ...this.notes.values(), ...(isReading ? ["The stream is being read; what is there is shown."] : [])];
    $("notes").replaceChildren(
      ...texts.map((text) => {
        const line = document.createElement("p");
        line.textContent = text;
        return line;
      }),
    );
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
    $("rate").replaceChildren(
      ...RATES.map((rate) => {
        const option = document.createElement("option");
        option.value = rate;
        option.textContent = rate + "×";
        return option;
      }),
    );
    $("rate").addEventListener("change", () => this.player.setRate(Number($("rate").value)));
    $("loop").addEventListener("change", () => this.followLoop());
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
    this.map.show(tracks);
    if (this.map.brush) this.mapPanel.show();
    else this.keepTracks();
  }

  /** Shows the tracks that pass the filters in table and lanes. @param ids those of them that a brush holds; undefined for all */
  keepTracks(ids) {
    const tracks = this.filters.tracks(this.set, this.facts, ids);
    this.timeline.show(tracks);
    this.table.show(tracks);
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
    this.select(this.set.trackOfID.get(set.ids[track]) ?? -1, !this.live);
  }
}

/** How long a file that is offered is kept, milliseconds: a busy browser begins late to save it. */
const KEPT = 60_000;

/** Offers a text as a file to save. */
export function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
}
