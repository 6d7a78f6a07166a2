// Which tracks are shown: switches for classes, bounds for numbers.

import { classColor, NO_COLOR } from "./colors.js";

const FIELDS_OF_NUMBERS = [
  ["least-duration", "duration"], ["least-speed", "speedFrom"], ["most-speed", "speedTo"], ["heading-from", "headingFrom"],
  ["heading-to", "headingTo"],
];

export class Filters {
  /** @param onChange called whenever other tracks pass */
  constructor(classes, onChange) {
    this.panel = classes;
    this.onChange = onChange;
    this.values = {};
    this.hidden = new Set();
    for (const [id, key] of FIELDS_OF_NUMBERS) {
      const input = document.getElementById(id);
      input.addEventListener("input", () => {
        this.values[key] = input.value === "" ? undefined : Number(input.value);
        onChange();
      });
    }
  }

  /** Shows the classes of a set; what was switched off stays so. */
  build(set) {
    const names = [...new Set(Array.from({ length: set.trackCount }, (_, track) => set.className(track)))].sort();
    if (names.join("\n") === this.names) return;
    this.names = names.join("\n");
    this.panel.replaceChildren(...names.map((name) => this.#switch(set, name)));
  }

  #switch(set, name) {
    const box = checkbox(name || "no class", !this.hidden.has(name), (isOn) => {
      if (isOn) this.hidden.delete(name);
      else this.hidden.add(name);
      this.onChange();
    });
    const swatch = document.createElement("i");
    const index = set.meta.classes.indexOf(name);
    swatch.style.background = index < 0 ? NO_COLOR : classColor(index);
    box.insertBefore(swatch, box.lastChild);
    return box;
  }

  /** The tracks of a set that pass, in order of their beginning. @param ids only these tracks, where a region holds some */
  tracks(set, facts, ids) {
    const tracks = [];
    for (let track = 0; track < set.trackCount; track++) {
      if (facts.rows[track] && (!ids || ids.has(track)) && this.#passes(set, facts, track)) tracks.push(track);
    }
    return tracks.sort((a, b) => facts.begin[a] - facts.begin[b] || set.ids[a] - set.ids[b]);
  }

  /** Whether a track's class is shown, where nothing else of it is known. */
  shows(set, track) {
    return !this.hidden.has(set.className(track));
  }

  #passes(set, facts, track) {
    const { duration, speedFrom, speedTo, headingFrom, headingTo } = this.values;
    if (!this.shows(set, track)) return false;
    if (duration > 0 && facts.end[track] - facts.begin[track] < duration) return false;
    if (speedFrom > 0 && !(facts.speed[track] >= speedFrom)) return false;
    if (speedTo !== undefined && !(facts.speed[track] <= speedTo)) return false;
    if (headingFrom === undefined || headingTo === undefined) return true;
    const heading = (facts.heading[track] * 180) / Math.PI;
    return !Number.isNaN(heading) && inSector(heading, headingFrom, headingTo);
  }
}

/** Whether an angle lies in the sector from one angle to another, clockwise on the screen; degrees, of which 360 and more are the whole circle. */
function inSector(angle, from, to) {
  if (Math.abs(to - from) >= 360) return true;
  const turn = (a) => ((a % 360) + 360) % 360;
  return turn(angle - from) <= turn(to - from);
}

export function checkbox(name, isOn, onChange) {
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
