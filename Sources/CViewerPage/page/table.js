// The list of tracks: their facts, order, and a table that holds only the rows in sight.

/** Facts of every track, one array a fact, made once. The mean speed is the way by the time, as `sextant track --summary` has it. */
export function facts(set) {
  const count = set.trackCount;
  const made = { begin: new Float64Array(count), end: new Float64Array(count), rows: new Uint32Array(count), speed: new Float32Array(count), heading: new Float32Array(count) };
  const heading = set.column("heading");
  for (let track = 0; track < count; track++) {
    let [x, y] = [0, 0];
    for (let place = set.trackStart[track]; place < set.trackStart[track + 1]; place++) {
      const angle = heading[set.trackRows[place]];
      if (!Number.isNaN(angle)) [x, y] = [x + Math.cos(angle), y + Math.sin(angle)];
    }
    const isEmpty = set.trackStart[track] === set.trackStart[track + 1];
    made.begin[track] = isEmpty ? NaN : set.rowTime(set.firstRow(track));
    made.end[track] = isEmpty ? NaN : set.rowTime(set.lastRow(track));
    made.rows[track] = set.trackStart[track + 1] - set.trackStart[track];
    const duration = made.end[track] - made.begin[track];
    made.speed[track] = duration > 0 ? wayOf(set, track) / duration : NaN;
    made.heading[track] = x || y ? Math.atan2(y, x) : NaN;
  }
  return made;
}

/** How far a track goes in the plane that stands still, pixels; steps over a cut and beyond the horizon have no length. */
function wayOf(set, track) {
  const { x, y } = set.stablePlaces;
  let way = 0;
  for (let place = set.trackStart[track] + 1; place < set.trackStart[track + 1]; place++) {
    const [last, now] = [set.trackRows[place - 1], set.trackRows[place]];
    const length = Math.hypot(x[now] - x[last], y[now] - y[last]);
    if (set.origin(set.rowFrame[now]) === set.origin(set.rowFrame[last]) && set.isNear(now) && set.isNear(last)) way += length;
  }
  return way;
}

export const COLUMNS = [
  ["id", (set, f, t) => set.ids[t]],
  ["class", (set, f, t) => set.className(t)],
  ["start s", (set, f, t) => f.begin[t], 2],
  ["length s", (set, f, t) => f.end[t] - f.begin[t], 2],
  ["speed px/s", (set, f, t) => f.speed[t], 1],
  ["end", (set, f, t) => set.endReason(t)],
];

const ROW_HEIGHT = 24;

export class Table {
  /** @param element a box that scrolls @param onSelect called with a track */
  constructor(element, onSelect) {
    this.element = element;
    this.onSelect = onSelect;
    this.tracks = [];
    this.order = [2, 1];
    this.#build();
  }

  /** Takes the tracks of a set; order and place stay, and so do the rows' elements, so that a click finds its row while a stream grows. */
  take(set, facts) {
    [this.set, this.facts] = [set, facts];
  }

  #build() {
    const head = document.createElement("div");
    head.className = "row head";
    COLUMNS.forEach(([name], index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.title = "sort by " + name;
      button.addEventListener("click", () => {
        this.order = [index, this.order[0] === index ? -this.order[1] : 1];
        this.#sort();
        this.draw(this.selected);
      });
      head.append(button);
    });
    this.body = document.createElement("div");
    this.body.className = "rows";
    this.body.tabIndex = 0;
    this.body.setAttribute("role", "listbox");
    this.body.setAttribute("aria-label", "tracks");
    this.spacer = document.createElement("div");
    this.window = document.createElement("div");
    this.window.className = "window";
    this.spacer.append(this.window);
    this.body.append(this.spacer);
    this.element.append(head, this.body);
    this.body.addEventListener("scroll", () => this.draw(this.selected));
    this.body.addEventListener("keydown", (event) => this.#onKey(event));
    this.body.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      if (row) this.onSelect(Number(row.dataset.track));
    });
  }

  #onKey(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step === undefined || !this.tracks.length) return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.tracks.indexOf(this.selected);
    const next = at < 0 ? 0 : Math.min(this.tracks.length - 1, Math.max(0, at + step));
    this.onSelect(this.tracks[next]);
  }

  show(tracks) {
    this.tracks = tracks.slice();
    this.#sort();
    this.spacer.style.height = this.tracks.length * ROW_HEIGHT + "px";
  }

  #sort() {
    this.version = (this.version ?? 0) + 1;
    const [index, sign] = this.order;
    const value = COLUMNS[index][1];
    const keys = new Map(this.tracks.map((track) => [track, value(this.set, this.facts, track)]));
    this.tracks.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      // What is not known comes last, in either order.
      if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
      return sign * (x < y ? -1 : x > y ? 1 : this.set.ids[a] - this.set.ids[b]);
    });
  }

  reveal(track) {
    const at = this.tracks.indexOf(track);
    if (at < 0) return;
    const room = this.body.clientHeight;
    if (at * ROW_HEIGHT < this.body.scrollTop || (at + 1) * ROW_HEIGHT > this.body.scrollTop + room) {
      this.body.scrollTop = Math.max(0, at * ROW_HEIGHT - room / 2);
    }
  }

  draw(selected) {
    this.selected = selected;
    const first = Math.max(0, Math.floor(this.body.scrollTop / ROW_HEIGHT) - 2);
    const count = Math.ceil((this.body.clientHeight || 200) / ROW_HEIGHT) + 4;
    // Playing asks for every frame; rows are made anew only where others come into sight.
    const key = [first, count, selected, this.version].join();
    if (key === this.drawn) return;
    this.drawn = key;
    this.window.style.transform = `translateY(${first * ROW_HEIGHT}px)`;
    const shown = this.tracks.slice(first, first + count);
    while (this.window.children.length > shown.length) this.window.lastChild.remove();
    while (this.window.children.length < shown.length) this.window.append(emptyRow());
    shown.forEach((track, place) => this.#fill(this.window.children[place], track));
  }

  #fill(row, track) {
    row.setAttribute("aria-selected", String(track === this.selected));
    row.dataset.id = this.set.ids[track];
    row.dataset.track = track;
    COLUMNS.forEach(([, value, decimals], index) => {
      const content = value(this.set, this.facts, track);
      const text = decimals === undefined ? String(content) : Number.isNaN(content) ? "" : content.toFixed(decimals);
      const cell = row.children[index];
      if (cell.textContent !== text) cell.textContent = text;
    });
  }

  /** The rows that are shown, as comma-separated values. */
  csv() {
    const quoted = (text) => (/[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
    const lines = ["id,class,start_s,duration_s,mean_speed_px_per_s,ended"];
    for (const track of this.tracks) {
      const cells = COLUMNS.map(([, value]) => value(this.set, this.facts, track)).map((v) => (Number.isNaN(v) ? "" : String(v)));
      lines.push(cells.map(quoted).join());
    }
    return lines.join("\n") + "\n";
  }
}

function emptyRow() {
  const row = document.createElement("div");
  row.className = "row";
  row.setAttribute("role", "option");
  row.append(...COLUMNS.map(() => document.createElement("span")));
  return row;
}
