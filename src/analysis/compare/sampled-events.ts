import { EVENT } from "../../compile/compile.ts";
import { Reduction, type Statistics } from "../../engine/index.ts";
import { type EventChances, eventChances } from "../results/events.ts";
import type { Results } from "../results/results.ts";
import { PAIRED_PROBABILITIES } from "./paired.ts";
import { summariseValues } from "./summarise-values.ts";

/**
 * The chances of a scenario's events from the trials of a comparison.
 *
 * @param firstMonths first month of each event in every trial, infinite where it never holds
 *
 * Fails: never.
 */
export function chancesOfTrials(
  results: Results,
  firstMonths: ReadonlyMap<string, Float64Array>,
  { trials, seed }: { readonly trials: number; readonly seed: string },
): readonly EventChances[] {
  const read = (event: string, end: number, reduction: number): Statistics | undefined => {
    const months = firstMonths.get(event);
    if (!months) return undefined;
    const asked = reduction === Reduction.any ? months.map((month) => Number(month < end)) : months;
    return summariseValues(asked, PAIRED_PROBABILITIES);
  };
  return eventChances({
    ...results,
    spread: {
      probabilities: PAIRED_PROBABILITIES,
      trials,
      seed,
      read: ({ metric, entity = "", end, reduction = Reduction.sum }) =>
        metric === EVENT ? read(entity, end, reduction) : undefined,
    },
  });
}
