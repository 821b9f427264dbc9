/** Writes an absolute month, year * 12 + (month - 1): 24312 is `2026-01`. */
export function monthText(absoluteMonth: number): string {
  return `${yearText(absoluteMonth)}-${String((absoluteMonth % 12) + 1).padStart(2, "0")}`;
}

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
