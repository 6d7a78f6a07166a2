// Opens the page: its data, its video, and what its server still reads.

import { decode } from "./data.js";
import { Page } from "./main.js";
import { openLive } from "./live.js";

const element = (id) => document.getElementById(id);

/** The bytes in a block of base64 within the page. */
function embedded(id) {
  const text = element(id).textContent;
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text).buffer;
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}

/** The video's element, ready to show its first frame; undefined where there is none or the browser refuses it, which is said. */
async function openVideo(address, page) {
  if (!address) return undefined;
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.preload = "auto";
  video.src = address;
  const failure = await new Promise((resolve) => {
    video.addEventListener("loadeddata", () => resolve(undefined), { once: true });
    video.addEventListener("error", () => resolve(video.error?.message || "its format is not played"), { once: true });
  });
  if (failure === undefined) {
    const { width, height, duration } = page.data.meta;
    if (video.videoWidth !== width || video.videoHeight !== height) {
      page.note(`The video is ${video.videoWidth}×${video.videoHeight}, the stream's pictures are ${width}×${height}; is it another one?`);
    }
    if (Number.isFinite(video.duration) && duration > 0 && Math.abs(video.duration - duration) > 0.5) {
      page.note(`The video lasts ${video.duration.toFixed(1)} s, the stream ${duration.toFixed(1)} s.`);
    }
    return video;
  }
  page.note(`The browser does not play the video (${failure}); the tracks are shown without it.`);
  return undefined;
}

/** The decisions of earlier reviews: of the server, or in the page. */
async function openReview(config, data) {
  return config.review ? (await fetch(config.review)).json() : (data.meta.review ?? []);
}

async function open() {
  const config = JSON.parse(element("config").textContent);
  if (config.live) return openLive(config, Page);
  const bytes = config.data ? await (await fetch(config.data)).arrayBuffer() : embedded("data");
  const data = decode(bytes);
  const page = new Page(data);
  window.sextant = page;
  page.config = config;
  const address = config.embedsVideo
    ? URL.createObjectURL(new Blob([embedded("video-data")], { type: config.videoType }))
    : config.video;
  page.start(await openVideo(address, page), await openReview(config, data));
  element("app").dataset.ready = "true";
  if (config.growth) followGrowth(page, config);
}

/** How often a page asks whether there is more, milliseconds: of a stream that is still read, and of one that another program writes. */
const READING_PAUSE = 100;
const WRITING_PAUSE = 1000;

/** Asks a served page's stream whether it has grown. */
async function followGrowth(page, config) {
  for (;;) {
    const { isReading, version } = page.data.meta;
    await new Promise((resolve) => setTimeout(resolve, isReading ? READING_PAUSE : WRITING_PAUSE));
    try {
      const answer = await (await fetch(config.growth)).json();
      if (answer.version !== version) page.grow(decode(await (await fetch(config.data)).arrayBuffer()));
      else if (answer.isComplete) return;
    } catch {
      page.note("The server has stopped; what was loaded is still here.");
      return;
    }
  }
}

open().catch((error) => {
  element("notes").textContent = "The page could not be opened: " + error.message;
});
