import type { FieldValue } from "../scenario.ts";

/** A figure of the catalog that is due for an update. */
export type StaleFigure = {
  /** Path of the line that declares it. */
  readonly path: string;
  readonly asOf: string;
  /** Whole months from `as_of` to the reference month. */
  readonly ageMonths: number;
  readonly quality: string;
  readonly source: string;
  readonly url: string;
  readonly file: string;
  readonly line: number;
};

/**
 * Lists the figures whose `as_of` is older than an age, the oldest first, then by path.
 *
 * @param figures   fields, defaults and named values with their origins
 * @param ageMonths age beyond which a figure is stale
 * @param today     the month to count from, `YYYY-MM` or `YYYY-MM-DD`; by default the newest `as_of` of all
 *
 * Fails: never; skips figures without a date, which the catalog rejects.
 */
export function listStale(
  figures: Iterable<FieldValue>,
  ageMonths: number,
  today?: string,
): readonly StaleFigure[] {
  const dated = [...figures].flatMap(({ origin }) =>
    origin.asOf === undefined ? [] : [{ ...origin, asOf: origin.asOf }],
  );
  const now = today === undefined ? Math.max(...dated.map(({ asOf }) => monthOf(asOf))) : monthOf(today);
  const stale = new Map<string, StaleFigure>();
  for (const { declaredAt, asOf, quality = "", source = "", url = "", from, span } of dated) {
    const age = now - monthOf(asOf);
    if (age <= ageMonths) continue;
    const place = { file: span?.file ?? from, line: span?.line ?? 1 };
    stale.set(declaredAt, { path: declaredAt, asOf, ageMonths: age, quality, source, url, ...place });
  }
  return [...stale.values()].sort((a, b) =>
    a.ageMonths === b.ageMonths ? (a.path < b.path ? -1 : 1) : b.ageMonths - a.ageMonths,
  );
}

/** A month as a count of months since year 0. */
function monthOf(date: string): number {
  const [year, month] = date.split("-").map(Number);
  return year * 12 + month - 1;
}
