// Results against the truth: scores, the moments worth a look, and what became of each row, in colours and strokes.

import { FATES } from "./colors.js";

const NAMES = ["", "matched", "missed", "false", "switched"];
const MISSED = 2;
/** Frames of two files belong together within this, seconds: half of the shortest time between frames that cameras have. */
const TOLERANCE = 0.002;

export class Comparison {
  /** @param onGo called with a time and the id of a track, or undefined */
  constructor(data, panel, onGo) {
    this.data = data;
    this.results = data.meta.results;
    this.panel = panel;
    this.onGo = onGo;
    const held = this.results.filter((result) => result.truth !== undefined);
    panel.hidden = held.length === 0;
    panel.replaceChildren(...(held.length ? [this.#key()] : []), ...held.flatMap((result, place) => this.#section(result, place)));
    /** Moments of the first result that the time line marks. */
    this.alarms = (this.results[0].events ?? []).map((event) => event.time);
  }

  #key() {
    const key = document.createElement("p");
    key.className = "key";
    for (const [name, color] of Object.entries(FATES)) {
      const item = document.createElement("span");
      item.textContent = (name === "missed" ? "┄ " : "■ ") + name;
      item.style.color = color;
      key.append(item);
    }
    return key;
  }

  #section(result, place) {
    const heading = document.createElement("h2");
    heading.textContent = `${result.title} against the truth`;
    const scores = document.createElement("p");
    scores.textContent = result.scores.map(([name, value]) => `${name} ${value}`).join(" · ");
    const list = document.createElement("ul");
    // Ids of the other result are not those of the tracks that can be chosen.
    for (const event of result.events) list.append(this.#link(event, place === 0));
    return [heading, scores, list];
  }

  #link(event, hasTrack) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const id = hasTrack && event.id !== null ? event.id : undefined;
    link.href = `#t=${event.time}` + (id === undefined ? "" : `&id=${id}`);
    link.textContent = event.text;
    link.addEventListener("click", (click) => {
      click.preventDefault();
      this.onGo(event.time, id);
    });
    item.append(link);
    return item;
  }

  /** The colour of a row of a result by its fate; undefined where it is held against nothing. */
  outline(place) {
    const fate = this.data.sets[this.results[place].set].column("fate");
    return fate && ((row) => FATES[NAMES[fate[row]]] ?? "#c9d1d9");
  }

  /** Draws the boxes of the truth that a result misses at a time. */
  drawMissed(picture, place, time, layers) {
    const truth = this.data.sets[this.results[place].truth];
    const frame = truth && layers.has("boxes") ? frameOf(truth, time) : -1;
    if (frame < 0) return;
    const { context, unit } = picture;
    const fate = truth.column("fate");
    for (let row = truth.start[frame]; row < truth.start[frame + 1]; row++) {
      if (fate[row] !== MISSED) continue;
      context.save();
      context.translate(truth.column("cx")[row], truth.column("cy")[row]);
      context.rotate(truth.column("angle")[row] || 0);
      context.setLineDash([2 * unit, 3 * unit]);
      context.lineWidth = 2 * unit;
      context.strokeStyle = FATES.missed;
      const [w, h] = [truth.column("w")[row], truth.column("h")[row]];
      context.strokeRect(-w / 2, -h / 2, w, h);
      context.restore();
    }
  }
}

/** The frame of another file that belongs to a time; -1 for none. */
export function frameOf(set, time) {
  if (!set.frameCount) return -1;
  const frame = set.frameAt(time);
  return Math.abs(set.time[frame] - time) <= TOLERANCE ? frame : -1;
}
