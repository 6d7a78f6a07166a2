// What the server makes while the page is open: a copy of the video that browsers play, and the mosaic beneath the map.

/** How often the page asks how far it is, milliseconds. */
const PAUSE = 250;
/** What is said while a part is made, and what if it cannot be. */
const WORDS = {
  copy: ["The video is made H.264 for the browser", "The video could not be made for the browser"],
  mosaic: ["The mosaic is made", "The mosaic could not be made"],
};

export class Parts {
  /** @param config where things are on the server; nothing for a page that was mailed @param onReady called with a part's name and facts */
  constructor(page, config, onReady) {
    this.page = page;
    this.config = config;
    this.onReady = onReady;
    this.done = new Set();
  }

  /** Whether the server can make a part. */
  offers(name) {
    return this.config[name] !== undefined && this.config.parts !== undefined;
  }

  /** Asks for a part to be made. */
  async make(name) {
    await fetch(this.config[name], { method: "PUT" });
    await this.follow();
  }

  /** Looks at what is being made until nothing is. */
  async follow() {
    if (this.isFollowing || !this.config.parts) return;
    this.isFollowing = true;
    try {
      while (await this.#look()) await new Promise((resolve) => setTimeout(resolve, PAUSE));
    } catch {
      this.page.note("The server has stopped; what was loaded is still here.");
    }
    this.isFollowing = false;
  }

  async #look() {
    const states = await (await fetch(this.config.parts)).json();
    for (const [name, { state, share, reason, ...facts }] of Object.entries(states)) {
      if (state === "making") this.page.note(`${WORDS[name][0]}: ${Math.floor(100 * share)} %.`, name);
      else if (state === "failed") this.page.note(`${WORDS[name][1]}: ${reason}.`, name);
      if (state !== "ready" || this.done.has(name)) continue;
      this.done.add(name);
      this.page.unnote(name);
      await this.onReady(name, facts);
    }
    return Object.values(states).some(({ state }) => state === "making");
  }
}
