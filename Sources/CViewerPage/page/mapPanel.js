// The panel around the map of paths: its tools, what they count, and the mosaic beneath it.

import { drawRose } from "./map.js";

const inPanel = (id) => document.getElementById(id);

export class MapPanel {
  constructor(page) {
    this.page = page;
    const on = (id, action) => inPanel(id).addEventListener("click", action);
    on("map-button", () => this.toggle());
    on("brush-region", () => this.use("region"));
    on("brush-line", () => this.use("line"));
    on("brush-clear", () => this.map.setBrush(undefined));
    on("map-mosaic", () => this.toggleMosaic());
    inPanel("brush-corners").addEventListener("change", () => this.map.setCorners(inPanel("brush-corners").value));
  }

  get map() {
    return this.page.map;
  }

  get isShown() {
    return !inPanel("map-panel").hidden;
  }

  toggle() {
    const isShown = !this.isShown;
    inPanel("map-panel").hidden = !isShown;
    inPanel("map-button").setAttribute("aria-pressed", String(isShown));
    if (isShown) this.show();
  }

  use(tool) {
    this.map.tool = tool;
    // The same corners by the other tool.
    if (this.map.brush && this.map.brush.kind !== tool) this.map.setBrush({ ...this.map.brush, kind: tool });
    inPanel("brush-region").setAttribute("aria-pressed", String(tool === "region"));
    inPanel("brush-line").setAttribute("aria-pressed", String(tool === "line"));
  }

  // The mosaic

  /** Offers the mosaic: there already, or made when it is asked for. @param onAsk begins to make it */
  offerMosaic(onAsk) {
    this.onAsk = onAsk;
    inPanel("map-mosaic").hidden = false;
  }

  /** Takes a mosaic: its picture, the frame whose pixels its plane has, and where it lies there. */
  takeMosaic(mosaic) {
    this.map.mosaic = mosaic;
    this.showMosaic(true);
  }

  toggleMosaic() {
    if (this.map.mosaic) this.showMosaic(!this.map.showsMosaic);
    else this.onAsk?.();
  }

  showMosaic(isShown) {
    this.map.showMosaic(isShown);
    inPanel("map-mosaic").setAttribute("aria-pressed", String(isShown));
    if (this.isShown) this.show();
  }

  // Counting

  /** Counts what the brush holds, and shows it. */
  show() {
    const { page, map } = this;
    const hits = map.crossings();
    const tracks = map.brush ? [...hits.keys()] : map.tracks;
    page.keepTracks(map.brush ? new Set(tracks) : undefined);
    drawRose(inPanel("rose"), tracks.map((track) => page.facts.heading[track]));
    inPanel("counts").textContent = this.#countText(hits, tracks) + this.#elsewhere();
    inPanel("brush-corners").value = map.corners;
    this.draw();
  }

  draw() {
    const { player } = this.page;
    this.map.draw({ selected: this.page.selected, still: player.picture, frame: player.frame });
  }

  #countText(hits, tracks) {
    const speeds = tracks.map((track) => this.page.facts.speed[track]).filter((speed) => !Number.isNaN(speed));
    const mean = speeds.length ? (speeds.reduce((a, b) => a + b, 0) / speeds.length).toFixed(1) + " px/s" : "–";
    if (!this.map.brush) return `${tracks.length} tracks, mean speed ${mean}. Draw a region or a line, or type its corners, to count.`;
    const sum = (key) => [...hits.values()].reduce((total, hit) => total + (hit[key] ?? 0), 0);
    if (this.map.brush.kind === "line") {
      return `${hits.size} tracks cross, ${sum("rightward")} times left to right, ${sum("leftward")} right to left; mean speed ${mean}`;
    }
    return `${hits.size} tracks come in, together ${sum("dwell").toFixed(2)} s inside; mean speed ${mean}`;
  }

  /** Cuts part what one map cannot show together. */
  #elsewhere() {
    const count = this.map.tracksElsewhere;
    return count ? ` ${count} tracks are of other scenes, which a cut parts from this map.` : "";
  }
}
