import { compile } from "../../compile/compile.ts";
import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { offerNearest } from "../../diagnostics/nearest.ts";
import {
  createSummary,
  createSummaryScratch,
  type Fault,
  openFigures,
  RANDOM_BLOCK,
  readStatistics,
  type Statistics,
} from "../../engine/index.ts";
import type { Runner } from "../../run/runner.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { describeFaults } from "../results/faults.ts";
import type { Results } from "../results/results.ts";
import { makeFigures } from "../tables/summary-table.ts";
import { FigureCollector } from "./figure-collector.ts";
import { findFigureRequests } from "./figure-requests.ts";
import type { PreparedSample } from "./montecarlo.ts";
import { requestFigures, spreadOf } from "./sample-request.ts";

/** A sample of some figures of the summary, before it is taken. */
export type NamedFigures = PreparedSample & { readonly names: readonly string[] };

/**
 * Prepares a sample of figures of the summary by their names, of a Plan that computes no others.
 *
 * @param plain results of the plain run
 * @param names as in summary.csv, such as `cost_provider_pv_usd` or `nov_2025.implied_usd_per_chip_hour`
 *
 * Fails: never; names of no figure, and those of a figure that is no number, are returned as diagnostics.
 */
export function prepareFigures(
  scenario: Scenario,
  plain: Results,
  names: readonly string[],
  options: PreparedSample["options"],
): { readonly prepared?: NamedFigures; readonly diagnostics: readonly Diagnostic[] } {
  const known = findFigureRequests(plain);
  const wanted = [...new Set(names)];
  const unknown = wanted.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    const shown = new Set(makeFigures(plain).map(({ metric }) => metric));
    return { diagnostics: unknown.map((name) => refuse(name, shown.has(name), [...known.keys()])) };
  }
  const requests = wanted.flatMap((name) => known.get(name) ?? []);
  const plan = compile(scenario, {
    metrics: [...new Set(requests.map(({ metric }) => metric))],
    levels: ["contract", "tranche", "loan", "total", "run"],
    months: "horizon",
  });
  const figures = new FigureCollector(plan, options.probabilities);
  for (const request of requests) figures.collect(request);
  const request = requestFigures(scenario, plan, figures, options);
  const { onProgress } = options;
  return {
    prepared: {
      scenario,
      plan,
      figures,
      options,
      names: wanted,
      request: { ...request, ...(onProgress ? { onProgress } : {}) },
    },
    diagnostics: [],
  };
}

function refuse(name: string, isShown: boolean, known: readonly string[]): Diagnostic {
  return diagnose("unknown-metric", {
    values: { name },
    expected: offerNearest(name, known),
    help: isShown
      ? "it is a word or a month without statistics"
      : "it is not a number for the whole; choose one of summary.csv",
  });
}

/** Figures of trials, [figure][trial], unless a draw is out of range. */
export type TakenTrials = { readonly values?: Float64Array; readonly diagnostics: readonly Diagnostic[] };

/**
 * Takes the trials of random blocks `firstBlock` .. `endBlock` - 1 of a sample, and no statistics of them.
 *
 * Memory: figures x trials. Fails: as the runner does; a draw outside its field's range is returned as a diagnostic.
 */
export async function takeBlocks(
  { scenario, plan, request, options }: NamedFigures,
  runner: Runner,
  firstBlock: number,
  endBlock: number,
): Promise<TakenTrials> {
  const first = firstBlock * RANDOM_BLOCK;
  const trials = Math.min(options.trials, endBlock * RANDOM_BLOCK) - first;
  const { fill, onProgress: _, ...others } = request;
  const { kept, faults } = await runner.sample(plan, {
    ...others,
    trials,
    ranks: [],
    keep: true,
    fill: (trial, count, inputs, stride) => fill(first + trial, count, inputs, stride),
  });
  const placed = faults.map((fault): Fault => ({ ...fault, firstTrial: fault.firstTrial + first }));
  const diagnostics = describeFaults(scenario, placed, trials);
  return diagnostics.length > 0 ? { diagnostics } : { values: kept, diagnostics };
}

/**
 * The results with the statistics of trials that were taken in parts: the same bits as of a sample in one piece, because sums go
 * tile by tile in order, and an order statistic is the value of its rank.
 *
 * @param copyFigure writes the trials of a figure, in order
 *
 * Memory: some times the trials of one figure. Fails: never. Cost: figures x trials.
 */
export function summariseTrials(
  { figures, request, options }: NamedFigures,
  plain: Results,
  copyFigure: (figure: number, target: Float64Array) => void,
): Results {
  const { trials } = options;
  const statistics = figures.figures.map((figure, index): Statistics => {
    const summary = createSummary([figure], request.ranks, trials, {
      slotCounts: request.ranks.map(() => 0),
      heldTrials: trials,
      chunkTiles: 0,
      figureRows: new Int32Array(1),
      allocate: (length) => new Float64Array(length),
    });
    copyFigure(index, summary.held.subarray(0, trials));
    openFigures(summary, 0, 1, createSummaryScratch(summary));
    return readStatistics(summary, 0);
  });
  return { ...plain, spread: spreadOf(figures, statistics, options) };
}
