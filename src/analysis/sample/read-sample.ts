import { compile, EVENT } from "../../compile/compile.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Results } from "../results/results.ts";
import { type FigureRequest, placeholderStatistics } from "../results/spread.ts";
import { FigureCollector } from "./figure-collector.ts";
import { KEPT, type PreparedSample, STANDARD_PROBABILITIES, sampleOf } from "./montecarlo.ts";

/** Trials, seed and reader of a sample that computes only what is read. */
export type ReadOptions = {
  readonly trials: number;
  readonly seed: string;
  /** Reads the results with their spread, as whoever shows them will. */
  readonly read: (results: Results) => void;
  /** Figures to compute besides, which an earlier reader missed. */
  readonly missed?: readonly FigureRequest[];
  /** Paths of lines whose literal is an input of the Plan. */
  readonly inputs?: readonly string[];
};

/** A sample of some figures, and what was asked for. */
export type ReadSample = PreparedSample & { readonly asked: ReadonlySet<string> };

/**
 * Prepares a sample of just the figures that a reader of the results asks for: a page of pictures reads a tenth of what all
 * tables hold. The figures are those of a sample of all tables, bit for bit.
 *
 * A reader may ask for others once it sees the statistics; `watchReads` finds them.
 *
 * Fails: never, for a scenario without errors.
 */
export function prepareReadSample(scenario: Scenario, plain: Results, given: ReadOptions): ReadSample {
  const { trials, seed, read, missed = [], inputs = [] } = given;
  const probabilities = STANDARD_PROBABILITIES;
  const asked: FigureRequest[] = [...missed];
  const nothing = placeholderStatistics(probabilities.length);
  const note = (request: FigureRequest) => {
    asked.push(request);
    return nothing;
  };
  read({ ...plain, spread: { probabilities, trials, seed, read: note } });
  const metrics = [...new Set([...KEPT, ...asked.map(({ metric }) => metric)])];
  const plan = compile(scenario, {
    metrics,
    levels: [...new Set(["run" as const, ...asked.map(({ level }) => level)])],
    events: metrics.includes(EVENT) ? "all" : [],
    annualRatios: true,
    months: "horizon",
    inputs,
  });
  const figures = new FigureCollector(plan, probabilities);
  for (const request of asked) figures.collect(request);
  const sample = sampleOf(scenario, plan, figures, { trials, seed, probabilities });
  return { ...sample, asked: new Set(asked.map(keyOf)) };
}

/** The same sample with another number of trials, of the same Plan. */
export function withTrials(sample: ReadSample, trials: number): ReadSample {
  const { scenario, plan, figures, options, asked } = sample;
  return { ...sampleOf(scenario, plan, figures, { ...options, trials }), asked };
}

/** Results whose reader is watched: `missed` fills with figures that it asks for in vain, which another sample may have. */
export function watchReads(
  results: Results,
  { asked }: ReadSample,
): { readonly results: Results; readonly missed: readonly FigureRequest[] } {
  const { spread } = results;
  const missed: FigureRequest[] = [];
  if (!spread) return { results, missed };
  const read = (request: FigureRequest) => {
    const found = spread.read(request);
    if (!found && !asked.has(keyOf(request))) missed.push(request);
    return found;
  };
  return { results: { ...results, spread: { ...spread, read } }, missed };
}

function keyOf({ level, metric, entity = "", first, end, reduction, code, ranked }: FigureRequest): string {
  return [level, metric, entity, first, end, reduction, code, ranked].join(" ");
}
