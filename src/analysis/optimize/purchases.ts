import { WATTS_PER_MEGAWATT } from "../../metrics/unit-factors.ts";
import { useOf } from "./commitment-rows.ts";
import { type Coefficients, flopOf } from "./read-coefficients.ts";
import type { BookValues, Situation } from "./situation.ts";

/** Chips of one kind at one site by landing month. */
export type Purchase = {
  readonly fleet: string;
  readonly chip: string;
  readonly site: string;
  /** The fleet that supplies its other fields. */
  readonly template: string;
  /** Contracts that bill its hours, in order. */
  readonly contracts: readonly string[];
  /** Workloads that may run on it. */
  readonly workloads: readonly string[];
  readonly chips: number;
  /** Values of `deliver.at` with the chips landed and their largest facility power, in order. */
  readonly months: readonly { readonly at: number; readonly chips: number; readonly megawatts: number }[];
};

/** A smaller share of all megawatts bought is the solver's rounding error. */
const DUST = 1e-12;

/** Converts megawatts bought, by column, to chips by fleet and month. */
export function readPurchases(choices: readonly Coefficients[], columns: Float64Array): readonly Purchase[] {
  const all = choices.reduce((sum, _, column) => sum + Math.max(0, columns[column]), 0);
  const byFleet = new Map<string, Purchase>();
  for (const [column, { candidate, at, size }] of choices.entries()) {
    if (!(columns[column] > DUST * all)) continue;
    const chips = (columns[column] * WATTS_PER_MEGAWATT) / size;
    const known = byFleet.get(candidate.fleet) ?? { ...candidate, chips: 0, months: [] };
    byFleet.set(candidate.fleet, {
      ...known,
      chips: known.chips + chips,
      months: [...known.months, { at, chips, megawatts: columns[column] }],
    });
  }
  return [...byFleet.values()];
}

/** Cost and compute of a plan from the program's coefficients, including fleets that stay and shortfalls of commitments. */
export function priceColumns(
  { choices, kept, keptCompute, hours, commitments }: Situation,
  columns: Float64Array,
): BookValues & { readonly flop: number } {
  const sum = {
    ...kept,
    flop: flopOf(keptCompute, hours),
  };
  const chipsOf = (choice: Coefficients, column: number) =>
    (columns[column] * WATTS_PER_MEGAWATT) / choice.size;
  for (const [column, choice] of choices.entries()) {
    const chips = chipsOf(choice, column);
    sum.costPv += chips * choice.costPv;
    sum.residualPv += chips * choice.residualPv;
    sum.paymentPv += chips * choice.paymentPv;
    sum.flop += chips * choice.flop;
  }
  for (const commitment of commitments) {
    if (!commitment.isCharged) continue;
    for (const interval of commitment.intervals) {
      const used = choices.reduce(
        (all, choice, column) => all + chipsOf(choice, column) * useOf(choice, commitment, interval, true),
        0,
      );
      sum.paymentPv += Math.max(0, interval.amount - used) * interval.pricePv;
    }
  }
  return sum;
}
