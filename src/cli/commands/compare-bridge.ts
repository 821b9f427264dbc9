import { type BridgeFigures, bridgeByCategory, bridgeByInput } from "../../analysis/compare/bridge.ts";
import type { Comparison, DifferingInput } from "../../analysis/compare/comparison.ts";
import { runPlain } from "../../analysis/results/plain-run.ts";
import { findColumn } from "../../analysis/results/results.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { withoutUnread } from "../../scenario/unread-settings.ts";
import type { Environment, Given } from "../io/command.ts";
import { loadFile } from "../io/load.ts";
import type { Entry } from "./compare-entries.ts";

/** Fewer steps by input say less than the categories of cost do. */
const FEWEST_STEPS = 2;

/**
 * Bridges the first scenario to another: of two by input, else to the cheapest at medians and by category of cost, since mixes
 * differ in one input alone.
 *
 * Intermediate plans are loaded and run without a word: one that is no plan is no fault of the user's.
 */
export async function makeBridge(
  entry: Entry,
  { runs }: Comparison,
  inputs: readonly DifferingInput[],
  given: Given,
  environment: Environment,
): Promise<BridgeFigures | undefined> {
  if (runs.length < 2) return undefined;
  if (runs.length === 2) {
    const costWith = async (sets: readonly string[]): Promise<number | undefined> => {
      const { mix } = entry;
      const more = { sets, ...(mix === undefined ? {} : { mix }) };
      const { scenario, diagnostics } = loadFile(entry.file, given, environment, more);
      const read = withoutUnread(sets, diagnostics);
      if (read) return costWith(read);
      const { results } = scenario ? await runPlain(scenario, createThreadRunner()) : {};
      return results && findColumn(results, "run", "cost_provider_pv_usd")?.[0];
    };
    const bridge = await bridgeByInput(runs, 1, inputs, costWith);
    if (bridge.steps.length >= FEWEST_STEPS) return bridge;
  }
  const costs = runs.map(({ results }) => findColumn(results, "run", "cost_provider_pv_usd")?.[0] ?? 0);
  const cheapest = costs.indexOf(Math.min(...costs.slice(1)), 1);
  return bridgeByCategory(runs, cheapest);
}
