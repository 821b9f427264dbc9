import { type Plan, rankOf, type Statistics } from "../../engine/index.ts";
import type { SampleRequest } from "../../run/sample.ts";
import { listCorrelatedGroups } from "../../scenario/correlations.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { scalesOf } from "../results/scales.ts";
import type { Spread } from "../results/spread.ts";
import type { FigureCollector } from "./figure-collector.ts";
import { createSampler } from "./sampling.ts";

/** The definition of a sample: number of trials, their draws, and the probabilities of its quantiles. */
export type SampleSettings = Omit<Spread, "read">;

/**
 * Requests the figures collected for a Plan, in display units; the draws are those of the scenario's variables and
 * correlations (docs/model.md section 11).
 *
 * Fails: never, for a scenario without errors.
 */
export function requestFigures(
  scenario: Scenario,
  plan: Plan,
  { figures }: FigureCollector,
  { trials, seed, probabilities }: SampleSettings,
): SampleRequest {
  return {
    trials,
    fill: createSampler(plan, seed, listCorrelatedGroups(scenario)),
    scales: scalesOf(plan),
    figures,
    ranks: probabilities.map((probability) => rankOf(probability, trials)),
  };
}

/** The spread from which tables read a sample's statistics; `statistics` are in the order of the collected figures. */
export function spreadOf(
  figures: FigureCollector,
  statistics: readonly Statistics[],
  { trials, seed, probabilities }: SampleSettings,
): Spread {
  const read: Spread["read"] = (request) => {
    const index = figures.indexOf(request);
    return index === undefined ? undefined : statistics[index];
  };
  return { probabilities, trials, seed, read };
}
