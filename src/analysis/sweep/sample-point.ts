import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Plan, Statistics } from "../../engine/index.ts";
import { finiteOrNull } from "../../metrics/table.ts";
import type { Runner } from "../../run/runner.ts";
import type { SampleRequest } from "../../run/sample.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { describeFaults } from "../results/faults.ts";
import type { Results } from "../results/results.ts";
import type { Spread } from "../results/spread.ts";
import { FigureCollector } from "../sample/figure-collector.ts";
import { requestFigures, type SampleSettings, spreadOf } from "../sample/sample-request.ts";
import type { Figure } from "../tables/summary-table.ts";
import { figuresOfPoint } from "./point-figures.ts";

/** A point to sample: its Plan with the values of its variables, and its plain results. */
export type SampledPoint = {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly results: Results;
  readonly pointInputs: Float64Array;
};

/** The sample of a point, before it is taken. */
export type PointSample = { readonly figures: FigureCollector; readonly request: SampleRequest };

/**
 * Prepares the sample of a point of a sweep. Its draws depend only on seed, key and trial, so that points differ only by their
 * values.
 *
 * Fails: never.
 */
export function requestPoint(
  { scenario, plan, results, pointInputs }: SampledPoint,
  sample: SampleSettings,
): PointSample {
  const figures = new FigureCollector(plan, sample.probabilities);
  figuresOfPoint({ ...results, spread: { ...sample, read: (request) => figures.collect(request) } });
  const request = requestFigures(scenario, plan, figures, sample);
  const fill: SampleRequest["fill"] = (firstTrial, count, inputs, stride) => {
    request.fill(firstTrial, count, inputs, stride);
    for (const [variable, { kind }] of plan.variables.entries()) {
      const row = variable * stride;
      if (kind === "value") inputs.fill(pointInputs[variable], row, row + count);
    }
  };
  return { figures, request: { ...request, fill } };
}

/**
 * Samples a point of a sweep.
 *
 * Fails: as the runner does; a draw outside its field's range is returned as a diagnostic.
 */
export async function samplePoint(
  point: SampledPoint,
  runner: Runner,
  sample: SampleSettings,
): Promise<{ readonly spread?: Spread; readonly diagnostics: readonly Diagnostic[] }> {
  const { figures, request } = requestPoint(point, sample);
  const { statistics, faults } = await runner.sample(point.plan, request);
  const diagnostics = describeFaults(point.scenario, faults, sample.trials);
  if (diagnostics.length > 0) return { diagnostics };
  return { spread: spreadOf(figures, statistics, sample), diagnostics };
}

/** Cells of a figure in the row of a sampled point: the plain value, then the statistics named by `sampledHeads`. */
export function cellsOfFigure({ value, statistics }: Figure): readonly (number | string | null)[] {
  return statistics ? [value, ...numbersOf(statistics).map(finiteOrNull)] : [value];
}

function numbersOf({ mean, standardError, quantiles, share }: Statistics): readonly number[] {
  return [mean, standardError, ...quantiles, share];
}
