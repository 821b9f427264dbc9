import type { Coefficients } from "./read-coefficients.ts";
import type { Situation } from "./situation.ts";

/** Chips of one kind at one site by landing month. */
export type Purchase = {
  readonly fleet: string;
  readonly chip: string;
  readonly site: string;
  /** The fleet whose other fields it takes over. */
  readonly template: string;
  readonly chips: number;
  /** Values of `deliver.at` with the chips each lands, in order. */
  readonly months: readonly { readonly at: number; readonly chips: number }[];
};

/** Less than this share of all megawatts bought is the solver's dust. */
const DUST = 1e-12;

/** Megawatts bought, by column, as chips by fleet and month. */
export function readPurchases(choices: readonly Coefficients[], columns: Float64Array): readonly Purchase[] {
  const all = choices.reduce((sum, _, column) => sum + Math.max(0, columns[column]), 0);
  const byFleet = new Map<string, Purchase>();
  for (const [column, { candidate, at, size }] of choices.entries()) {
    if (!(columns[column] > DUST * all)) continue;
    const chips = (columns[column] * 1e6) / size;
    const known = byFleet.get(candidate.fleet) ?? { ...candidate, chips: 0, months: [] };
    byFleet.set(candidate.fleet, {
      ...known,
      chips: known.chips + chips,
      months: [...known.months, { at, chips }],
    });
  }
  return [...byFleet.values()];
}

/** What a plan costs and gives by the program's own coefficients, what stays included. */
export function priceColumns(
  { choices, keptCostPv, keptResidualPv, keptCompute, hours }: Situation,
  columns: Float64Array,
): { readonly costPv: number; readonly residualPv: number; readonly flop: number } {
  const kept = keptCompute.reduce((sum, value, month) => sum + value * hours[month] * 3600, 0);
  const sum = { costPv: keptCostPv, residualPv: keptResidualPv, flop: kept };
  for (const [column, choice] of choices.entries()) {
    const chips = (columns[column] * 1e6) / choice.size;
    sum.costPv += chips * choice.costPv;
    sum.residualPv += chips * choice.residualPv;
    sum.flop += chips * choice.flop;
  }
  return sum;
}
