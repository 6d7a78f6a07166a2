// The tracks as columns: one array a property, rows sorted by frame, with an index by frame and one by track.

const TYPES = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array };

/** How a row came about, by the number in `row.kind`. */
export const KINDS = ["observed", "smoothed", "interpolated", "predicted"];
/** The camera's status, by the number in `frame.camera`. */
export const CAMERA = ["unknown", "ok", "static", "degenerate", "cut", "first"];
/** Stands for no class in `track.class`. */
export const NO_CLASS = 0xffff;

/** Reads what the program wrote: the length of a JSON text (u32), the text, then the columns that it lists, all at multiples of 8. */
export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const meta = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const base = (4 + length + 7) & ~7;
  const columns = (set) =>
    Object.fromEntries(set.columns.map(([name, type, offset, count]) => [name, new TYPES[type](buffer, base + offset, count)]));
  const sets = meta.sets.map((set) => new TrackSet(set, columns(set), Math.max(meta.width, meta.height)));
  return { meta, sets };
}

/** A place further than so many pictures' sides from the plane's first picture is not shown and counts in no way: near the horizon a pixel is a mile (`StabilizedPlane`). */
const REACH = 40;

/** One stream: frames, tracks and rows. */
export class TrackSet {
  /** @param meta names of classes and reasons, events @param columns arrays by their names @param side the longer side of a picture, pixels */
  constructor(meta, columns, side) {
    this.meta = meta;
    this.reach = REACH * side;
    this.columns = columns;
    this.time = this.columns["frame.time"];
    this.number = this.columns["frame.number"];
    this.start = this.columns["frame.start"];
    this.rowTrack = this.columns["row.track"];
    this.ids = this.columns["track.id"];
    this.frameCount = this.time.length;
    this.trackCount = this.ids.length;
    this.rowCount = this.rowTrack.length;
    this.#indexTracks();
    this.#indexFrames();
    this.trackOfID = new Map();
    for (let track = 0; track < this.trackCount; track++) this.trackOfID.set(this.ids[track], track);
    this.segmentsOfTrack = new Map();
  }

  /** A column of rows by its short name; undefined where the stream has none. */
  column(name) {
    return this.columns["row." + name];
  }

  #indexTracks() {
    const start = new Uint32Array(this.trackCount + 1);
    for (const track of this.rowTrack) start[track + 1]++;
    for (let track = 0; track < this.trackCount; track++) start[track + 1] += start[track];
    this.trackStart = start;
    // Rows are sorted by frame, so those of a track come out in the order of time.
    const next = start.slice();
    this.trackRows = new Uint32Array(this.rowCount);
    this.placeInTrack = new Uint32Array(this.rowCount);
    for (let row = 0; row < this.rowCount; row++) {
      const place = next[this.rowTrack[row]]++;
      this.trackRows[place] = row;
      this.placeInTrack[row] = place;
    }
  }

  #indexFrames() {
    this.rowFrame = new Uint32Array(this.rowCount);
    for (let frame = 0; frame < this.frameCount; frame++) this.rowFrame.fill(frame, this.start[frame], this.start[frame + 1]);
  }

  className(track) {
    const index = this.columns["track.class"][track];
    return index === NO_CLASS ? "" : this.meta.classes[index];
  }

  /** Why a track ended; empty where nobody said. */
  endReason(track) {
    const index = this.columns["track.reason"][track];
    return index === 0 ? "" : this.meta.reasons[index - 1];
  }

  firstRow(track) {
    return this.trackRows[this.trackStart[track]];
  }
  lastRow(track) {
    return this.trackRows[this.trackStart[track + 1] - 1];
  }
  rowTime(row) {
    return this.time[this.rowFrame[row]];
  }

  /** The frame shown at a time: the last that has begun, with a tolerance for rounded stamps. */
  frameAt(time) {
    const wanted = time + 0.001;
    let low = 0;
    let high = this.frameCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.time[middle] <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The row of a track in a frame; -1 where it has none. */
  rowOf(track, frame) {
    for (let row = this.start[frame]; row < this.start[frame + 1]; row++) if (this.rowTrack[row] === track) return row;
    return -1;
  }

  /** Runs of rows of one kind without a gap: [first frame, last frame, kind]. */
  segments(track) {
    const known = this.segmentsOfTrack.get(track);
    if (known) return known;
    const kind = this.column("kind");
    const segments = [];
    let last;
    for (let place = this.trackStart[track]; place < this.trackStart[track + 1]; place++) {
      const row = this.trackRows[place];
      const frame = this.rowFrame[row];
      if (last && last[2] === kind[row] && frame === last[1] + 1) last[1] = frame;
      else segments.push((last = [frame, frame, kind[row]]));
    }
    this.segmentsOfTrack.set(track, segments);
    return segments;
  }

  /** How a frame's pixels map to the plane that stands still: nine numbers row by row; undefined for the identity. */
  map(frame) {
    const maps = this.columns["frame.map"];
    return maps ? maps.subarray(9 * frame, 9 * frame + 9) : undefined;
  }

  origin(frame) {
    const origins = this.columns["frame.origin"];
    return origins ? origins[frame] : 0;
  }

  /** Where the middles of all rows lie in the plane that stands still, as columns x and y, NaN for none; made when first asked for. */
  get stablePlaces() {
    return (this.madePlaces ??= this.#stablePlaces());
  }

  #stablePlaces() {
    const [cx, cy] = [this.column("cx"), this.column("cy")];
    if (!this.columns["frame.map"]) return { x: cx, y: cy };
    const places = { x: new Float32Array(this.rowCount), y: new Float32Array(this.rowCount) };
    for (let row = 0; row < this.rowCount; row++) {
      [places.x[row], places.y[row]] = applied(this.map(this.rowFrame[row]), cx[row], cy[row]);
    }
    return places;
  }

  /** Whether a row has a place in the plane that is not too far away to say anything. */
  isNear(row) {
    const { x, y } = this.stablePlaces;
    return Math.abs(x[row]) <= this.reach && Math.abs(y[row]) <= this.reach;
  }

  /** Where a row's middle lies in the plane that stands still. */
  stablePlace(row) {
    return [this.stablePlaces.x[row], this.stablePlaces.y[row]];
  }
}

/** A point through a homography of nine numbers; undefined is the identity. What lies at or beyond the horizon has no place: NaN. */
export function applied(h, x, y) {
  if (!h) return [x, y];
  const w = h[6] * x + h[7] * y + h[8];
  if (!(w > 0)) return [NaN, NaN];
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}

/** The homography that does one after another. */
export function composed(g, h) {
  return [0, 3, 6].flatMap((i) => [0, 1, 2].map((j) => g[i] * h[j] + g[i + 1] * h[3 + j] + g[i + 2] * h[6 + j]));
}

/** The inverse of a homography, up to scale. */
export function inverse(h) {
  if (!h) return undefined;
  return [
    h[4] * h[8] - h[5] * h[7], h[2] * h[7] - h[1] * h[8], h[1] * h[5] - h[2] * h[4],
    h[5] * h[6] - h[3] * h[8], h[0] * h[8] - h[2] * h[6], h[2] * h[3] - h[0] * h[5],
    h[3] * h[7] - h[4] * h[6], h[1] * h[6] - h[0] * h[7], h[0] * h[4] - h[1] * h[3],
  ];
}
