// Opens the page: its data, its video, and what its server still reads or makes.

import { decode } from "./data.js";
import { Page } from "./main.js";
import { openLive } from "./live.js";
import { Parts } from "./parts.js";
import { openVideo } from "./video.js";

const element = (id) => document.getElementById(id);

/** The bytes in a block of base64 within the page. */
function embedded(id) {
  const text = element(id).textContent;
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text).buffer;
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}

/** Shows a video; one that the browser refuses is made anew by a server that can, else the page goes on without. */
async function showVideo(address, page, parts) {
  try {
    await page.attachVideo(await openVideo(address));
  } catch (error) {
    // A copy that was refused is not made again.
    if (parts.offers("copy") && !parts.done.has("copy")) return void parts.make("copy");
    page.note(`The browser does not play the video (${error.message}); the tracks are shown without it.`);
  }
}

/** A mosaic from its bytes and the facts of its place. */
async function showMosaic(bytes, place, page) {
  page.mapPanel.takeMosaic({ picture: await createImageBitmap(new Blob([bytes], { type: "image/jpeg" })), ...place });
}

/** Takes what the server has made. */
async function takePart(name, facts, page, parts) {
  const { config } = page;
  if (name === "copy") await showVideo(config.copy, page, parts);
  else await showMosaic(await (await fetch(config.mosaic)).arrayBuffer(), facts, page);
}

/** The video and the mosaic: in the page, beside it, or made by its server. */
async function openParts(page) {
  const { config } = page;
  const parts = new Parts(page, config, (name, facts) => takePart(name, facts, page, parts));
  const address = config.embedsVideo
    ? URL.createObjectURL(new Blob([embedded("video-data")], { type: config.videoType }))
    : config.video;
  if (address) await showVideo(address, page, parts);
  if (parts.offers("mosaic")) page.mapPanel.offerMosaic(() => parts.make("mosaic"));
  if (config.mosaicPlace) {
    page.mapPanel.offerMosaic();
    await showMosaic(embedded("mosaic-data"), config.mosaicPlace, page);
  }
  parts.follow();
}

/** The decisions of earlier reviews: of the server, or in the page. */
async function openReview(config, data) {
  return config.review ? (await fetch(config.review)).json() : (data.meta.review ?? []);
}

async function open() {
  const config = JSON.parse(element("config").textContent);
  element("notes").textContent = "Waiting for the stream's first frame.";
  if (config.live) return openLive(config, Page);
  const bytes = config.data ? await (await fetch(config.data)).arrayBuffer() : embedded("data");
  const data = decode(bytes);
  const page = new Page(data);
  window.sextant = page;
  page.config = config;
  page.start(await openReview(config, data));
  await openParts(page);
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
