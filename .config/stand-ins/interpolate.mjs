// Stands in for "d3-interpolate" in the page: the scales of its pictures go from numbers to numbers, and the package's general
// interpolation brings colours, dates and texts along. The arithmetic is the package's, so that drawings are the same.

/** The number at a share of the way from one to another. */
export function interpolateNumber(from, to) {
  return (share) => from * (1 - share) + to * share;
}

export { interpolateNumber as interpolate };

/** Imported by scales that no picture uses. */
function refuse() {
  throw new Error("the page interpolates numbers alone");
}

export { refuse as interpolateRound, refuse as piecewise };
