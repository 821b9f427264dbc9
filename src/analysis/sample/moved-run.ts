import { compile } from "../../compile/compile.ts";
import { type Plan, plainInputs } from "../../engine/index.ts";
import type { Runner } from "../../run/runner.ts";
import type { SampleRequest } from "../../run/sample.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { withNumber } from "../../scenario/with-number.ts";
import { toResults } from "../results/plain-run.ts";
import type { Results } from "../results/results.ts";
import type { FigureRequest } from "../results/spread.ts";
import { runMonteCarlo } from "./montecarlo.ts";
import { prepareReadSample, type ReadOptions, watchReads, withTrials } from "./read-sample.ts";

/** A scenario compiled once for every number that one of its lines may state. */
export type MovedRun = {
  /**
   * Runs it with a number [SI units, or absolute month], written as `text`.
   *
   * @return undefined where a value leaves its range
   */
  readonly at: (si: number, text: string, how: HowToMove) => Promise<MovedResults | undefined>;
};

/** Trials of the sample, and what simulates. */
export type HowToMove = { readonly trials: number; readonly runner: Runner };

export type Moved = { readonly scenario: Scenario; readonly results: Results };

/** `missed` fills with figures that the reader asks for in vain, as `watchReads` says. */
export type MovedResults = Moved & { readonly missed: readonly FigureRequest[] };

/**
 * Prepares runs of a scenario that differ in one number, for a reader of their figures: moving a slider compiles nothing then.
 *
 * Nothing is checked but the ranges of values, and the months before `start` are those of the first number; `loadScenario` and a
 * run of its own have the last word.
 *
 * @param path where the number is declared
 * @param si   a number to begin with
 * @param text how it is written
 *
 * @return undefined where no figure reads the number
 *
 * Fails: as the runner does.
 */
export function prepareMovedRun(
  { scenario: given, results: earlier }: Moved,
  { path, si, text }: { readonly path: string; readonly si: number; readonly text: string },
  options: ReadOptions,
): MovedRun | undefined {
  const scenario = withNumber(given, path, si, text);
  const inputs = [path];
  const plan = compile(scenario, { inputs });
  const row = rowOf(plan, path);
  if (row === undefined) return undefined;
  const sample = prepareReadSample(scenario, earlier, { ...options, inputs });
  return {
    at: async (value, words, { trials, runner }) => {
      const moved = withNumber(given, path, value, words);
      const medians = plainInputs(plan);
      medians[row] = value;
      const output = await runner.run(plan, { inputs: medians, trials: 1, months: "window" });
      if (output.faults.length > 0) return undefined;
      const results = toResults(moved, plan, output);
      if (results.notes.uncertainCount === 0) return { scenario: moved, results, missed: [] };
      const own = withTrials(sample, trials);
      const request = fillWith(own.request, rowOf(sample.plan, path), value);
      const sampled = await runMonteCarlo({ ...own, scenario: moved, request }, results, runner);
      return sampled.results && { scenario: moved, ...watchReads(sampled.results, sample) };
    },
  };
}

/** Where the number stands among the variables of a Plan. */
function rowOf({ variables }: Plan, path: string): number | undefined {
  const row = variables.findIndex(({ kind, key }) => kind === "value" && key === path);
  return row < 0 ? undefined : row;
}

/** The draws of a sample, with a number in one row. */
function fillWith(request: SampleRequest, row: number | undefined, value: number): SampleRequest {
  if (row === undefined) return request;
  return {
    ...request,
    fill: (firstTrial, count, inputs, stride) => {
      request.fill(firstTrial, count, inputs, stride);
      inputs.fill(value, row * stride, row * stride + count);
    },
  };
}
