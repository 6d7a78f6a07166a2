// What a reviewer thinks of tracks: a list of decisions, one JSON object a line, saved beside the stream or as a file.

const DECISIONS = ["accept", "wrong", "swap", "join", "delete"];
/** Of these a track has one at most; the same again takes it back. */
const VERDICTS = ["accept", "wrong"];

export class Review {
  /** @param decisions those that were made before */
  constructor(page, panel, decisions) {
    this.page = page;
    this.panel = panel;
    this.decisions = decisions;
    this.#build();
  }

  #build() {
    const buttons = DECISIONS.map((kind) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = kind + (kind === "swap" || kind === "join" ? " with" : "");
      button.dataset.kind = kind;
      button.addEventListener("click", () => this.#decide(kind));
      return button;
    });
    this.other = document.createElement("input");
    this.other.type = "number";
    this.other.min = 1;
    this.other.setAttribute("aria-label", "the other track's id, for swap and join");
    this.other.placeholder = "id";
    this.state = document.createElement("span");
    this.state.setAttribute("role", "status");
    this.undo = document.createElement("button");
    this.undo.type = "button";
    this.undo.textContent = "undo";
    this.undo.addEventListener("click", () => this.#change(this.decisions.slice(0, -1)));
    this.panel.replaceChildren(...buttons, this.other, this.undo, this.state);
    this.#tell();
  }

  #decide(kind) {
    const { page } = this;
    if (page.selected < 0) return;
    const decision = { record: "review", kind, id: page.selectedID, frame: page.set.number[page.player.frame] };
    if (kind === "swap" || kind === "join") {
      const other = Number(this.other.value);
      if (!page.set.trackOfID.has(other) || other === page.selectedID) {
        this.state.textContent = "give the id of another track";
        return;
      }
      decision.other = other;
    }
    const isVerdict = VERDICTS.includes(kind);
    const others = this.decisions.filter((d) => !(isVerdict && d.id === decision.id && VERDICTS.includes(d.kind)));
    const takesBack = isVerdict && this.decisions.some((d) => d.id === decision.id && d.kind === kind);
    this.#change(takesBack ? others : [...others, decision]);
  }

  #change(decisions) {
    this.decisions = decisions;
    this.#tell();
    this.#save();
  }

  get text() {
    return this.decisions.map((decision) => JSON.stringify(decision) + "\n").join("");
  }

  /** A served page writes beside the stream, one list after the other; one that was mailed keeps the decisions. */
  async #save() {
    const address = this.page.config.review;
    this.isStale = true;
    if (!address || this.isSaving) return;
    this.isSaving = true;
    let answer;
    while (this.isStale) {
      this.isStale = false;
      answer = await fetch(address, { method: "PUT", body: this.text }).catch(() => undefined);
    }
    this.isSaving = false;
    this.state.textContent = `${this.decisions.length} decisions, ${answer?.ok ? "saved" : "not saved"}`;
  }

  #tell() {
    this.state.textContent = `${this.decisions.length} decisions`;
    this.panel.querySelectorAll("button[data-kind]").forEach((button) => {
      const isTaken = this.decisions.some((d) => d.kind === button.dataset.kind && d.id === this.page.selectedID);
      button.setAttribute("aria-pressed", String(isTaken));
    });
  }

  show() {
    if (this.state) this.#tell();
  }
}
