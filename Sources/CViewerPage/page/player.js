// The clock: the browser's own player where there is a video, else a clock of our own. Both tell the frame that is shown.

/** The speeds that can be chosen. */
export const RATES = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16];

/** Whether a video has the pictures of a size, to which coders add a pixel where a side is odd. */
export function isPadded({ videoWidth, videoHeight }, [width, height]) {
  return videoWidth === width + (width % 2) && videoHeight === height + (height % 2);
}

export class Player {
  /** @param onFrame called with the frame's index whenever another frame is shown, or the same anew */
  constructor(set, onFrame) {
    this.set = set;
    this.onFrame = onFrame;
    this.frame = 0;
    this.rate = 1;
    this.isPlaying = false;
    this.offset = 0;
    this.loop = undefined;
    // The frame that was asked for last while the video stands.
    this.asked = undefined;
    this.pending = undefined;
  }

  /** Goes on with a video where the clock is, once its picture is there. @param begin the video's time of the stream's time 0, seconds @param size of the stream's pictures */
  async attach(video, begin, size) {
    const wasPlaying = this.isPlaying;
    this.pause();
    [this.video, this.offset, this.size] = [video, begin, size];
    this.#follow();
    await new Promise((resolve) => {
      this.onPicture = resolve;
      this.seek(this.frame);
    });
    if (wasPlaying) this.play();
  }

  get time() {
    return this.set.time[this.frame] ?? 0;
  }

  /** The time that is shown, or that was asked for while the player still seeks. */
  get wantedTime() {
    return this.set.time[this.isSeeking ? (this.pending ?? this.wanted) : this.frame] ?? 0;
  }

  #follow() {
    const video = this.video;
    const answer = (now, metadata) => {
      video.requestVideoFrameCallback(answer);
      const time = metadata.mediaTime - this.offset;
      if (this.isPlaying && !this.isSeeking && time > this.#end) return this.#finish();
      this.#keepPicture();
      this.#settle(this.set.frameAt(time));
    };
    video.requestVideoFrameCallback(answer);
    // A seek to the picture that is shown already presents none.
    video.addEventListener("seeked", () =>
      setTimeout(() => {
        if (!this.isSeeking) return;
        this.#keepPicture();
        this.#settle(this.wanted);
      }, 100),
    );
    video.addEventListener("ended", () => this.isPlaying && this.#finish());
  }

  /** When the stream's last frame ends, seconds. */
  get #end() {
    const { time, frameCount } = this.set;
    const last = time[frameCount - 1] ?? 0;
    return last + (frameCount > 1 ? (1.5 * (last - time[0])) / (frameCount - 1) : 0.04);
  }

  /** The video or the stream has no more: what is looped begins again, and what the stream has beyond its video goes on without pictures. */
  #finish() {
    this.video.pause();
    if (this.loop) {
      this.seek(this.loop[0]);
      return this.play();
    }
    if (this.#hasPicture(this.set.frameCount - 1)) return this.pause();
    this.isBeyond = true;
    this.#tick(this.time);
  }

  /** Whether the video lasts until a frame begins. */
  #hasPicture(frame) {
    const { duration } = this.video;
    return !Number.isFinite(duration) || this.offset + this.set.time[frame] <= duration + 0.001;
  }

  /** The picture of the frame that is shown; undefined beyond the video's end. */
  get picture() {
    return this.isBeyond ? undefined : this.still;
  }

  /** Keeps the picture of the frame that is shown, for a player that seeks has none. */
  #keepPicture() {
    const { videoWidth, videoHeight } = this.video;
    // A pixel that a video was padded with is left out.
    const [width, height] = isPadded(this.video, this.size) ? this.size : [videoWidth, videoHeight];
    this.still ??= document.createElement("canvas");
    if (this.still.width !== width || this.still.height !== height) [this.still.width, this.still.height] = [width, height];
    this.still.getContext("2d").drawImage(this.video, 0, 0);
  }

  /** A seek, or another step of playing, has come to its frame. */
  #settle(frame) {
    this.isSeeking = false;
    this.#show(frame);
    if (this.pending === undefined) return;
    const next = this.pending;
    this.pending = undefined;
    this.seek(next);
  }

  #show(frame) {
    this.frame = frame;
    if (this.loop && this.isPlaying && (frame >= this.loop[1] || frame < this.loop[0])) this.seek(this.loop[0]);
    this.onFrame(frame);
    this.onPicture?.();
  }

  /** Goes to a frame; one seek of the video at a time, the last asked for wins. */
  seek(frame) {
    const target = Math.min(this.set.frameCount - 1, Math.max(0, frame));
    this.asked = target;
    if (!this.video) {
      this.clock = this.set.time[target];
      this.#show(target);
      return;
    }
    if (this.isSeeking) {
      this.pending = target;
      return;
    }
    const [begin, end] = [this.set.time[target], this.set.time[target + 1] ?? this.set.time[target] + 0.02];
    // The middle of a frame's time: rounded stamps cannot take it to its neighbour.
    const wanted = this.offset + (begin + Math.min(end, begin + 0.1)) / 2;
    this.isBeyond = !this.#hasPicture(target);
    if (this.isBeyond) {
      this.clock = this.set.time[target];
      this.#show(target);
      return;
    }
    this.isSeeking = true;
    this.wanted = target;
    // A last frame may have no length.
    this.video.currentTime = Number.isFinite(this.video.duration) ? Math.min(wanted, this.video.duration) : wanted;
  }

  step(count) {
    this.pause();
    // From what was asked for last, for keys come faster than seeks.
    this.seek((this.asked ?? this.frame) + count);
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  play() {
    if (this.frame >= this.set.frameCount - 1) this.seek(this.loop ? this.loop[0] : 0);
    this.isPlaying = true;
    this.asked = undefined;
    if (this.video && !this.isBeyond) {
      this.video.playbackRate = this.rate;
      this.video.play().catch(() => this.pause());
    } else {
      this.#tick(this.set.time[this.frame]);
    }
    this.onChange?.();
  }

  #tick(from) {
    this.clock = from;
    let last = performance.now();
    const run = (this.run = {});
    const turn = (now) => {
      // Who pauses and plays within one turn has begun another run.
      if (!this.isPlaying || this.run !== run || (this.video && !this.isBeyond)) return;
      this.clock += ((now - last) / 1000) * this.rate;
      last = now;
      const frame = this.set.frameAt(this.clock);
      if (frame !== this.frame) this.#show(frame);
      if (this.clock > this.set.time[this.set.frameCount - 1]) this.pause();
      else requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  }

  pause() {
    this.isPlaying = false;
    this.video?.pause();
    this.onChange?.();
  }

  setRate(rate) {
    this.rate = Math.min(RATES.at(-1), Math.max(RATES[0], rate));
    if (this.video) this.video.playbackRate = this.rate;
    this.onChange?.();
  }
}
