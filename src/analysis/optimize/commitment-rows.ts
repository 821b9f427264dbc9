import { monthText } from "../results/calendar.ts";
import { type AddLimit, MEGAWATT, MILLION } from "./limits.ts";
import type { ProgramBuilder } from "./linear-program.ts";
import type { Coefficients } from "./read-coefficients.ts";
import { type Commitment, type CommitmentInterval, sumBetween } from "./read-commitments.ts";
import type { Situation } from "./situation.ts";

/** A column of a program that is an amount missing of a commitment, in millions. */
export type Shortfall = { readonly column: number; readonly interval: CommitmentInterval };

/**
 * Adds a column for what is missing of each interval of a commitment that is charged.
 *
 * @param costOf cost of a column in the program's objective, from the present value charged [USD]
 */
export function addShortfalls(
  { commitments }: Situation,
  builder: ProgramBuilder,
  costOf: (pricePv: number) => number,
): readonly Shortfall[] {
  return commitments
    .filter(({ isCharged }) => isCharged)
    .flatMap(({ intervals }) =>
      intervals.map((interval) => ({ interval, column: builder.column(costOf(interval.pricePv * MILLION)) })),
    );
}

/**
 * Adds the rows of commitments: what is bought uses each interval's amount, but for what is missing and charged.
 *
 * @param shortfalls columns of what may be missing; none where the commitments have to be used
 */
export function addCommitments(situation: Situation, shortfalls: readonly Shortfall[], add: AddLimit): void {
  const columns = new Map(shortfalls.map(({ interval, column }) => [interval, column]));
  for (const commitment of situation.commitments) {
    for (const interval of commitment.intervals) {
      const missing = columns.get(interval);
      if (missing === undefined && !situation.task.usesCommitments) continue;
      const entries: [number, number][] = situation.choices.map((choice, column) => [
        column,
        (useOf(choice, commitment, interval, missing !== undefined) * MEGAWATT) / choice.size / MILLION,
      ]);
      if (missing !== undefined) entries.push([missing, 1]);
      const limit = {
        kind: "commitment",
        name: commitment.contract,
        period: `${monthText(interval.from)} to ${monthText(interval.to)}`,
        unit: commitment.isUsage ? "chip-hour" : "USD",
        scale: MILLION,
      } as const;
      add(limit, entries, interval.amount / MILLION, Number.POSITIVE_INFINITY);
    }
  }
}

/**
 * What a chip uses of a commitment in an interval, in the commitment's unit; with what its provider is late with, where that is
 * forgiven.
 */
export function useOf(
  { billings }: Coefficients,
  { contract, isUsage, isForgiven }: Commitment,
  { from, to }: CommitmentInterval,
  withRelief: boolean,
): number {
  const own = billings.find((one) => one.contract === contract);
  if (!own) return 0;
  const used = sumBetween(own.used, own.from, from, to);
  if (!withRelief || isUsage || !isForgiven) return used;
  return used + (own.late[to + 1 - own.from] ?? 0);
}
