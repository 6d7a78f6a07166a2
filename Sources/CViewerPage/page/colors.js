// Colours that stay apart for colour-blind eyes: those of Okabe and Ito (2008), on dark ground.

export const GROUND = "#0e1117";
export const INK = "#f4f6f8";
export const FAINT = "#9aa4b0";

const PALETTE = ["#56b4e9", "#e69f00", "#009e73", "#f0e442", "#cc79a7", "#d55e00", "#0072b2", "#ffffff"];

/** Of what has no class. */
export const NO_COLOR = "#c9d1d9";

/** The colour of a class by its index; grey for none. */
export function classColor(index) {
  return index === 0xffff ? NO_COLOR : PALETTE[index % PALETTE.length];
}

/** What became of a row when it was held against the truth; shapes of lines tell them apart too. */
export const FATES = { matched: "#56b4e9", missed: "#f0e442", false: "#d55e00", switched: "#cc79a7" };

/** The colours of the camera's status in the overview. */
export const CAMERA_COLORS = {
  unknown: "#1b2027", ok: "#2c4a63", static: "#232a33", degenerate: "#8a5a00", cut: "#d55e00", first: "#232a33",
};
