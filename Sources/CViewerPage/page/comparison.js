// What stands beside the tracks: the truth, or another result. Colours and strokes tell what became of each row.

import { FATES } from "./colors.js";

const NAMES = ["", "matched", "missed", "false", "switched"];

export class Comparison {
  constructor(data, panel, onGo) {
    this.data = data;
    this.other = data.sets[1];
    this.panel = panel;
    this.onGo = onGo;
    this.alarms = [];
    panel.hidden = !this.other;
    if (this.other) this.#build();
  }

  #build() {
    const { comparison } = this.data.meta;
    const heading = document.createElement("h2");
    heading.textContent = comparison.title;
    const key = document.createElement("p");
    key.className = "key";
    for (const [name, color] of Object.entries(FATES)) {
      const item = document.createElement("span");
      item.textContent = (name === "missed" ? "┄ " : "■ ") + name;
      item.style.color = color;
      key.append(item);
    }
    const scores = document.createElement("p");
    scores.textContent = comparison.scores.map(([name, value]) => `${name} ${value}`).join(" · ");
    const list = document.createElement("ul");
    for (const event of comparison.events) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#t=${event.time}` + (event.id === null ? "" : `&id=${event.id}`);
      link.textContent = event.text;
      link.addEventListener("click", (click) => {
        click.preventDefault();
        this.onGo(event.time, event.id ?? undefined);
      });
      item.append(link);
      list.append(item);
    }
    this.alarms = comparison.events.map((event) => event.time);
    this.panel.replaceChildren(heading, key, scores, list);
  }

  /** The colour of a row of the shown set by its fate; undefined where nothing is compared. */
  outline(index) {
    const fate = this.data.sets[index].column("fate");
    if (!this.other || !fate) return undefined;
    return (row) => FATES[NAMES[fate[row]]] ?? "#c9d1d9";
  }

  /** Draws the truth's missed boxes, or the other result's boxes, in the frame of the same number. */
  drawOthers(picture, frame, layers) {
    const { other } = this;
    if (!other || frame < 0 || !layers.has("boxes")) return;
    const context = picture.context;
    const time = this.data.sets[0].time[frame];
    const beside = other.frameAt(time);
    if (Math.abs(other.time[beside] - time) > 0.02) return;
    const fate = other.column("fate");
    for (let row = other.start[beside]; row < other.start[beside + 1]; row++) {
      if (fate && fate[row] !== 2) continue;
      context.save();
      context.translate(other.column("cx")[row], other.column("cy")[row]);
      context.rotate(other.column("angle")[row] || 0);
      context.setLineDash([2 * picture.unit, 3 * picture.unit]);
      context.lineWidth = 2 * picture.unit;
      context.strokeStyle = fate ? FATES.missed : "#ffffff";
      const [w, h] = [other.column("w")[row], other.column("h")[row]];
      context.strokeRect(-w / 2, -h / 2, w, h);
      context.restore();
    }
  }
}
