// Plots of one track over time, as a picture on the page, as SVG and as comma-separated values.

import { FAINT, GROUND, INK } from "./colors.js";

/** The plots: a title and the curves, each a column and a colour; a band is the standard deviation around the first. */
const PLOTS = [
  { title: "speed, px/s", curves: [["speed", "#56b4e9"]] },
  { title: "heading, °", curves: [["heading", "#e69f00"]], band: "heading_sd", isAngle: true },
  { title: "size, px", curves: [["w", "#009e73"], ["h", "#f0e442"]] },
  { title: "score, existence", curves: [["score", "#cc79a7"], ["existence", "#d55e00"]], range: [0, 1] },
];
const MARGIN = { left: 46, right: 10, top: 16, bottom: 16 };

/** The rows of a track as numbers for a plot; angles in degrees without jumps. */
function series(set, track, name, isAngle) {
  const column = set.column(name);
  const points = [];
  let last;
  for (let place = set.trackStart[track]; place < set.trackStart[track + 1]; place++) {
    const row = set.trackRows[place];
    let value = column[row];
    if (isAngle && !Number.isNaN(value)) {
      if (last !== undefined) value += 2 * Math.PI * Math.round((last - value) / (2 * Math.PI));
      last = value;
      value *= 180 / Math.PI;
    }
    points.push([set.rowTime(row), value, row]);
  }
  return points;
}

/** Two to five round numbers across a range. */
function ticks(low, high) {
  const rough = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough) ?? rough;
  const list = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) list.push(Number(value.toPrecision(10)));
  return list;
}

/** What is drawn of one plot: scales and polylines in a box. */
function layout(set, track, plot, box, range) {
  const curves = plot.curves.map(([name, color]) => ({ name, color, points: series(set, track, name, plot.isAngle) }));
  const band = plot.band && set.column(plot.band);
  const deviation = (row) => (band ? (band[row] * 180) / Math.PI || 0 : 0);
  const bandEnds = band ? curves[0].points.flatMap(([, value, row]) => [value - deviation(row), value + deviation(row)]) : [];
  const values = [...curves.flatMap((curve) => curve.points.map((p) => p[1])), ...bandEnds].filter((v) => !Number.isNaN(v));
  let [low, high] = plot.range ?? [Infinity, -Infinity];
  if (!plot.range) for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (!(high > low)) [low, high] = Number.isFinite(low) ? [low - 1, low + 1] : [0, 1];
  const slack = plot.range ? 0 : (high - low) * 0.08;
  [low, high] = [low - slack, high + slack];
  const x = (time) => box.x + MARGIN.left + ((time - range[0]) / Math.max(1e-9, range[1] - range[0])) * (box.w - MARGIN.left - MARGIN.right);
  const y = (value) => box.y + box.h - MARGIN.bottom - ((value - low) / (high - low)) * (box.h - MARGIN.top - MARGIN.bottom);
  return { curves, band, x, y, low, high };
}

/** Draws on anything with line(points, color), area(points, color), text(x, y, words, color, anchor). */
function drawPlots(pen, set, track, width, height) {
  const range = [set.rowTime(set.firstRow(track)), set.rowTime(set.lastRow(track))];
  const columns = width >= 700 ? PLOTS.length : width >= 420 ? 2 : 1;
  const rows = Math.ceil(PLOTS.length / columns);
  const scales = [];
  PLOTS.forEach((plot, index) => {
    const box = { x: (index % columns) * (width / columns), y: Math.floor(index / columns) * (height / rows), w: width / columns, h: height / rows };
    const scale = layout(set, track, plot, box, range);
    scales.push({ ...scale, box });
    for (const value of ticks(scale.low, scale.high)) {
      const y = scale.y(value);
      pen.line([[box.x + MARGIN.left, y], [box.x + box.w - MARGIN.right, y]], "#2a3038");
      pen.text(box.x + MARGIN.left - 4, y + 3, String(value), FAINT, "end");
    }
    pen.text(box.x + MARGIN.left, box.y + 11, plot.title, INK, "start");
    pen.text(box.x + MARGIN.left, box.y + box.h - 3, range[0].toFixed(2) + " s", FAINT, "start");
    pen.text(box.x + box.w - MARGIN.right, box.y + box.h - 3, range[1].toFixed(2) + " s", FAINT, "end");
    for (const curve of scale.curves) {
      if (scale.band && curve === scale.curves[0]) drawBand(pen, scale, curve);
      for (const run of runs(curve.points)) pen.line(run.map(([time, value]) => [scale.x(time), scale.y(value)]), curve.color, 1.6);
    }
  });
  return { scales, range };
}

function drawBand(pen, scale, curve) {
  for (const run of runs(curve.points)) {
    const deviation = (row) => (scale.band[row] * 180) / Math.PI || 0;
    const upper = run.map(([time, value, row]) => [scale.x(time), scale.y(Math.min(scale.high, value + deviation(row)))]);
    const lower = run.map(([time, value, row]) => [scale.x(time), scale.y(Math.max(scale.low, value - deviation(row)))]);
    pen.area([...upper, ...lower.reverse()], curve.color + "40");
  }
}

/** Pieces without unknown values. */
function runs(points) {
  const list = [];
  let run = [];
  for (const point of points) {
    if (!Number.isNaN(point[1])) run.push(point);
    else if (run.length) [list[list.length], run] = [run, []];
  }
  if (run.length) list.push(run);
  return list;
}

class CanvasPen {
  constructor(context) {
    this.context = context;
    context.font = "10px system-ui, sans-serif";
  }
  #path(points) {
    this.context.beginPath();
    points.forEach(([x, y], index) => (index ? this.context.lineTo(x, y) : this.context.moveTo(x, y)));
  }
  line(points, color, width = 1) {
    this.#path(points);
    this.context.strokeStyle = color;
    this.context.lineWidth = width;
    this.context.stroke();
    if (points.length === 1) this.context.strokeRect(points[0][0] - 1, points[0][1] - 1, 2, 2);
  }
  area(points, color) {
    this.#path(points);
    this.context.fillStyle = color;
    this.context.fill();
  }
  text(x, y, words, color, anchor) {
    this.context.fillStyle = color;
    this.context.textAlign = anchor;
    this.context.textBaseline = "alphabetic";
    this.context.fillText(words, x, y);
  }
}

class VectorPen {
  parts = [];
  #list(points) {
    return points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join(" ");
  }
  line(points, color, width = 1) {
    this.parts.push(`<polyline points="${this.#list(points)}" fill="none" stroke="${color}" stroke-width="${width}"/>`);
  }
  area(points, color) {
    this.parts.push(`<polygon points="${this.#list(points)}" fill="${color.slice(0, 7)}" fill-opacity="0.25"/>`);
  }
  text(x, y, words, color, anchor) {
    this.parts.push(`<text x="${x.toFixed(2)}" y="${y.toFixed(2)}" fill="${color}" text-anchor="${anchor}">${words}</text>`);
  }
}

export class Plots {
  constructor(canvas, set, onSeek) {
    this.canvas = canvas;
    this.set = set;
    canvas.addEventListener("pointerdown", (event) => {
      const place = this.#timeAt(event);
      if (place !== undefined) onSeek(place);
    });
  }

  #timeAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const scale = this.drawn?.scales.find(({ box: b }) => px >= b.x && px < b.x + b.w && py >= b.y && py < b.y + b.h);
    if (!scale) return undefined;
    const { box: b } = scale;
    const share = (px - b.x - MARGIN.left) / (b.w - MARGIN.left - MARGIN.right);
    const [begin, end] = this.drawn.range;
    return begin + Math.min(1, Math.max(0, share)) * (end - begin);
  }

  /** Draws the plots of a track with a cursor at a time; the plots are kept as a picture while the cursor moves. */
  draw(track, time) {
    const ratio = window.devicePixelRatio || 1;
    const box = this.canvas.getBoundingClientRect();
    const key = [track, box.width, box.height, ratio, this.set.rowCount].join();
    const [width, height] = [Math.max(1, Math.round(box.width * ratio)), Math.max(1, Math.round(box.height * ratio))];
    if (key !== this.key) {
      this.key = key;
      this.still = document.createElement("canvas");
      [this.still.width, this.still.height] = [width, height];
      const context = this.still.getContext("2d");
      context.scale(ratio, ratio);
      context.fillStyle = GROUND;
      context.fillRect(0, 0, box.width, box.height);
      this.drawn = drawPlots(new CanvasPen(context), this.set, track, box.width, box.height);
    }
    if (this.canvas.width !== width || this.canvas.height !== height) [this.canvas.width, this.canvas.height] = [width, height];
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.still, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (time < this.drawn.range[0] || time > this.drawn.range[1]) return;
    context.fillStyle = INK;
    for (const { x, box: b } of this.drawn.scales) context.fillRect(x(time), b.y + MARGIN.top, 1, b.h - MARGIN.top - MARGIN.bottom);
  }

  svg(track) {
    const [width, height] = [960, 200];
    const pen = new VectorPen();
    drawPlots(pen, this.set, track, width, height);
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `font-family="system-ui, sans-serif" font-size="10"><rect width="100%" height="100%" fill="${GROUND}"/>${pen.parts.join("")}</svg>\n`
    );
  }

  csv(track) {
    const names = ["cx", "cy", "w", "h", "angle", "angle_sd", "heading", "heading_sd", "course", "course_sd", "speed", "score", "existence"];
    const lines = [["frame", "time_s", ...names].join()];
    for (let place = this.set.trackStart[track]; place < this.set.trackStart[track + 1]; place++) {
      const row = this.set.trackRows[place];
      const numbers = names.map((name) => this.set.column(name)[row]).map((v) => (Number.isNaN(v) ? "" : String(Number(v.toPrecision(7)))));
      lines.push([this.set.number[this.set.rowFrame[row]], this.set.rowTime(row), ...numbers].join());
    }
    return lines.join("\n") + "\n";
  }
}
