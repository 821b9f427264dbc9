import type { Expr } from "../../scenario/language/expr.ts";

/** Part of a term over which a share of the commitment is to be used; `end` in months since the start, exclusive. */
export type FulfilmentInterval = { readonly end: number; readonly share: number };

/** What splits a commitment: a schedule of shares, or intervals of one length. */
export type Fulfilment = {
  /** First month of the term, absolute, and its length in months. */
  readonly start: number;
  readonly term: number;
  /** Value of `fulfillment_interval`; the full term where absent. */
  readonly word: string | undefined;
  readonly schedule: Expr | undefined;
  /** Share that the schedule has from a month on. */
  readonly shareIn: (month: number) => number;
};

const MONTHS_PER_INTERVAL = { annual: 12, quarterly: 3, monthly: 1 } as const;

/**
 * Splits a term into its fulfilment intervals, in order: docs/model.md section 10.2.
 *
 * Fails: never.
 */
export function listFulfilmentIntervals({
  start,
  term,
  word = "full_term",
  schedule,
  shareIn,
}: Fulfilment): readonly FulfilmentInterval[] {
  if (schedule?.kind === "table") {
    return schedule.points.map(({ month }, index) => ({
      end: (schedule.points[index + 1]?.month ?? start + term) - start,
      share: shareIn(month),
    }));
  }
  const length = MONTHS_PER_INTERVAL[word as keyof typeof MONTHS_PER_INTERVAL] ?? term;
  const intervals: FulfilmentInterval[] = [];
  for (let begin = 0; begin < term; begin += length) {
    const end = Math.min(term, begin + length);
    intervals.push({ end, share: (end - begin) / term });
  }
  return intervals;
}
