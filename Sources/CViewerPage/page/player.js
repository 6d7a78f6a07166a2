// The clock: the browser's own player where there is a video, else a clock of our own. Both tell the frame that is shown.

/** The speeds that can be chosen. */
export const RATES = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16];

export class Player {
  /**
   * @param video an element with its source set, or undefined
   * @param onFrame called with the frame's index whenever another frame is shown, or the same anew
   */
  constructor(set, video, onFrame) {
    this.set = set;
    this.video = video;
    this.onFrame = onFrame;
    this.frame = 0;
    this.rate = 1;
    this.isPlaying = false;
    // The video's time of the stream's time 0, seconds.
    this.offset = 0;
    this.loop = undefined;
    // The frame that was asked for last while the video stands.
    this.asked = undefined;
    this.pending = undefined;
    if (video) this.#follow();
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
    // The picture of the frame that is shown, for a player that seeks has none.
    this.still = document.createElement("canvas");
    [this.still.width, this.still.height] = [video.videoWidth, video.videoHeight];
    let isFirst = true;
    const answer = (now, metadata) => {
      // The first picture that a player shows is that of time 0.
      if (isFirst) {
        isFirst = false;
        if (metadata.mediaTime < 1) this.offset = metadata.mediaTime;
      }
      this.still.getContext("2d").drawImage(video, 0, 0);
      this.#settle(this.set.frameAt(metadata.mediaTime - this.offset));
      video.requestVideoFrameCallback(answer);
    };
    video.requestVideoFrameCallback(answer);
    // A seek to the picture that is shown already presents none.
    video.addEventListener("seeked", () => setTimeout(() => this.isSeeking && this.#settle(this.wanted), 100));
    video.addEventListener("ended", () => {
      if (!this.loop) return this.pause();
      this.seek(this.loop[0]);
      this.play();
    });
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
    if (Number.isFinite(this.video.duration) && wanted > this.video.duration) {
      this.#show(target);
      return;
    }
    this.isSeeking = true;
    this.wanted = target;
    this.video.currentTime = wanted;
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
    if (this.video) {
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
    const turn = (now) => {
      if (!this.isPlaying) return;
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
