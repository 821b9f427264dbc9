/** Comparisons hold within this share of the larger number (docs/model.md section 12). */
export const TOLERANCE = 1e-9;
