// What keys do. Fields keep the keys that they need themselves.

import { RATES } from "./player.js";

const FIELDS = /^(INPUT|SELECT|TEXTAREA)$/;

/** Answers keys for a page. */
export function listenToKeys(page) {
  const actions = actionsOf(page);
  window.addEventListener("keydown", (event) => {
    const isField = FIELDS.test(event.target.tagName) && event.target.type !== "checkbox";
    if (event.ctrlKey || event.metaKey || event.altKey || isField) return;
    const action = actions[event.key];
    const pressesControl = event.key === " " && /^(BUTTON|SUMMARY|INPUT|A)$/.test(event.target.tagName);
    if (!action || pressesControl || document.getElementById("help").open) return;
    event.preventDefault();
    action();
  });
}

function actionsOf(page) {
  const { player } = page;
  return {
    " ": () => player.toggle(),
    ",": () => player.step(-1),
    ".": () => player.step(1),
    ArrowLeft: () => jump(page, -1),
    ArrowRight: () => jump(page, 1),
    "[": () => changeRate(player, -1),
    "]": () => changeRate(player, 1),
    "+": () => zoom(page, 1.25),
    "=": () => zoom(page, 1.25),
    "-": () => zoom(page, 0.8),
    0: () => page.resetView(),
    h: () => pan(page, 60, 0),
    l: () => pan(page, -60, 0),
    k: () => pan(page, 0, 60),
    j: () => pan(page, 0, -60),
    n: () => neighbour(page, 1),
    p: () => neighbour(page, -1),
    f: () => page.selected >= 0 && player.seek(page.loopOf(page.selected)[0]),
    m: () => page.mapPanel.toggle(),
    i: () => zoomTime(page, 1.5),
    o: () => zoomTime(page, 1 / 1.5),
    ArrowDown: () => scrollLanes(page, 1),
    ArrowUp: () => scrollLanes(page, -1),
    Escape: () => page.select(-1, false),
    "?": () => document.getElementById("help").showModal(),
  };
}

function jump(page, seconds) {
  page.player.seek(page.set.frameAt(Math.max(0, page.player.time + seconds)));
}

function changeRate(player, step) {
  const at = RATES.findIndex((rate) => rate >= player.rate);
  player.setRate(RATES[Math.min(RATES.length - 1, Math.max(0, at + step))]);
}

function zoom(page, factor) {
  const box = page.picture.canvas.getBoundingClientRect();
  page.picture.zoomBy(factor, box.width / 2, box.height / 2);
  page.drawAll();
}

function pan(page, dx, dy) {
  page.picture.panBy(dx, dy);
  page.drawAll();
}

function zoomTime(page, factor) {
  page.timeline.zoomBy(factor, page.player.time);
  page.drawTimeline();
}

function scrollLanes(page, lanes) {
  page.timeline.scrollBy(lanes);
  page.drawTimeline();
}

function neighbour(page, step) {
  const { tracks } = page.table;
  if (!tracks.length) return;
  const at = tracks.indexOf(page.selected);
  page.select(tracks[at < 0 ? 0 : (at + step + tracks.length) % tracks.length], true);
}
