import { findColumn, type Results } from "../results/results.ts";

/** Default number of trials that compare a found plan with its scenario: enough for a chance to one per cent. */
export const COMPARED_TRIALS = 2000;

/** Figures of both books. */
const FIGURES = ["cost_provider_pv_usd", "npv_provider_usd", "buyer_cost_pv_usd"] as const;

/** Figures that compare a found plan with its scenario: those that both have. */
export function comparedFigures(runs: readonly { readonly results: Results }[]): readonly string[] {
  return FIGURES.filter((name) =>
    runs.every(({ results }) => findColumn(results, "run", name) !== undefined),
  );
}
