// The video's element.

import { isPadded } from "./player.js";

/** Of the first picture's time: a player that shows none within this, milliseconds, is taken to begin at 0. */
const PATIENCE = 2000;

/**
 * Opens a video.
 *
 * @returns its element, ready to show its first picture, and the time of that picture, seconds: the stream's time 0
 * @throws why the browser refuses it
 */
export async function openVideo(address) {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.preload = "auto";
  const begin = new Promise((resolve) => video.requestVideoFrameCallback((now, { mediaTime }) => resolve(mediaTime)));
  await new Promise((resolve, reject) => {
    video.addEventListener("loadeddata", resolve, { once: true });
    video.addEventListener("error", () => reject(new Error(video.error?.message || "its format is not played")), { once: true });
    video.src = address;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, 0));
  return { video, begin: await Promise.race([begin, late]) };
}

/** What is to be said of a video that is not as the stream tells. */
export function differences(video, { width, height, duration }) {
  const texts = [];
  const isSame = video.videoWidth === width && video.videoHeight === height;
  if (!isSame && !isPadded(video, [width, height])) {
    texts.push(`The video is ${video.videoWidth}×${video.videoHeight}, the stream's pictures are ${width}×${height}; is it another one?`);
  }
  if (Number.isFinite(video.duration) && duration > 0 && Math.abs(video.duration - duration) > 0.5) {
    texts.push(`The video lasts ${video.duration.toFixed(1)} s, the stream ${duration.toFixed(1)} s.`);
  }
  return texts;
}
