// What a reviewer thinks of tracks: a list of decisions, one JSON object a line, saved beside the stream or as a file.

import { save } from "./main.js";

const DECISIONS = ["accept", "wrong", "swap", "join", "delete"];
/** Of these a track has one at most. Any decision that is made again takes the first one back: two swaps would undo each other. */
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
    this.other.min = 0;
    this.other.setAttribute("aria-label", "the other track's id, for swap and join");
    this.other.placeholder = "id";
    this.state = document.createElement("span");
    this.state.setAttribute("role", "status");
    this.undo = document.createElement("button");
    this.undo.type = "button";
    this.undo.textContent = "undo";
    this.undo.addEventListener("click", () => this.#change(this.decisions.slice(-1), []));
    this.saveButton = document.createElement("button");
    this.saveButton.type = "button";
    this.saveButton.textContent = "save";
    this.saveButton.title = "the decisions as a file, for sextant convert --apply-review";
    this.saveButton.hidden = Boolean(this.page.config?.review);
    this.saveButton.addEventListener("click", () => save("review.ndjson", "application/x-ndjson", this.text));
    this.panel.replaceChildren(...buttons, this.other, this.undo, this.saveButton, this.state);
    this.#tell();
  }

  #decide(kind) {
    const { page } = this;
    if (page.selected < 0) return;
    const decision = { record: "review", kind, id: page.selectedID, frame: page.set.number[page.player.frame] };
    if (kind === "swap" || kind === "join") {
      const other = Number(this.other.value);
      if (this.other.value === "" || !page.set.trackOfID.has(other) || other === page.selectedID) {
        this.state.textContent = "give the id of another track";
        return;
      }
      decision.other = other;
    }
    const isVerdict = VERDICTS.includes(kind);
    const isSame = (d) => Object.keys(decision).every((key) => d[key] === decision[key]);
    const others = this.decisions.filter((d) => (isVerdict ? d.id === decision.id && VERDICTS.includes(d.kind) : isSame(d)));
    const takesBack = others.some((d) => d.kind === kind);
    this.#change(others, takesBack ? [] : [decision]);
  }

  #change(gone, added) {
    this.decisions = [...this.decisions.filter((decision) => !gone.includes(decision)), ...added];
    this.#tell();
    this.#save([...gone.map((decision) => ({ ...decision, undone: true })), ...added]);
  }

  get text() {
    return this.decisions.map((decision) => JSON.stringify(decision) + "\n").join("");
  }

  /** A served page has its server change the list beside the stream, one change after the other; one that was mailed keeps the decisions. */
  async #save(changes) {
    const address = this.page.config.review;
    if (!address) return;
    this.saving = (this.saving ?? Promise.resolve()).then(async () => {
      const body = changes.map((change) => JSON.stringify(change) + "\n").join("");
      const answer = await fetch(address, { method: "POST", body }).catch(() => undefined);
      // Other pages change the list too; what the server has counts.
      if (answer?.ok) this.decisions = await answer.json();
      this.#tell(answer?.ok ? "saved" : "not saved");
    });
  }

  /** @param outcome whether they are saved, where a server was asked */
  #tell(outcome) {
    const count = this.decisions.length;
    this.state.textContent = `${count} ${count === 1 ? "decision" : "decisions"}` + (outcome ? ", " + outcome : "");
    this.panel.querySelectorAll("button[data-kind]").forEach((button) => {
      const isTaken = this.decisions.some((d) => d.kind === button.dataset.kind && d.id === this.page.selectedID);
      button.setAttribute("aria-pressed", String(isTaken));
    });
  }

  show() {
    if (this.state) this.#tell();
  }
}
