/** Calendar year of an absolute month. */
export function yearOf(absoluteMonth: number): number {
  return Math.floor(absoluteMonth / 12);
}

/** Calendar quarter of an absolute month: `2026Q1`. */
export function quarterText(absoluteMonth: number): string {
  return `${yearText(absoluteMonth)}Q${Math.floor((absoluteMonth % 12) / 3) + 1}`;
}

function yearText(absoluteMonth: number): string {
  return String(yearOf(absoluteMonth)).padStart(4, "0");
}
