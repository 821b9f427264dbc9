import { WATTS_PER_MEGAWATT } from "../../metrics/unit-factors.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { type AddLimit, MILLION } from "./limits.ts";
import type { ProgramBuilder } from "./linear-program.ts";
import type { Coefficients } from "./read-coefficients.ts";
import { type Commitment, type CommitmentInterval, sumBetween } from "./read-commitments.ts";
import type { Situation } from "./situation.ts";

/** A column of a program that holds a shortfall of a commitment, in millions. */
export type Shortfall = { readonly column: number; readonly interval: CommitmentInterval };

/**
 * Adds a column for the shortfall of each interval of a commitment that charges shortfalls.
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
 * Adds the rows of commitments: purchases use each interval's amount, less the shortfall that is charged.
 *
 * @param shortfalls columns of shortfalls; none if the commitments must be used
 */
export function addCommitments(situation: Situation, shortfalls: readonly Shortfall[], add: AddLimit): void {
  const columns = new Map(shortfalls.map(({ interval, column }) => [interval, column]));
  for (const commitment of situation.commitments) {
    for (const interval of commitment.intervals) {
      const missing = columns.get(interval);
      if (missing === undefined && !situation.task.usesCommitments) continue;
      const entries: [number, number][] = situation.choices.map((choice, column) => [
        column,
        (useOf(choice, commitment, interval, missing !== undefined) * WATTS_PER_MEGAWATT) /
          choice.size /
          MILLION,
      ]);
      if (missing !== undefined) entries.push([missing, 1]);
      const limit = {
        kind: "commitment",
        name: commitment.contract,
        period: `${formatMonth(interval.from)} to ${formatMonth(interval.to)}`,
        unit: commitment.isUsage ? "chip-hour" : "USD",
        scale: MILLION,
      } as const;
      add(limit, entries, interval.amount / MILLION, Number.POSITIVE_INFINITY);
    }
  }
}

/**
 * A chip's use of a commitment in an interval, in the commitment's unit; including the hours its provider delivers late, if
 * these are forgiven.
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
