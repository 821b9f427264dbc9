import { InternalError } from "../../diagnostics/diagnostic.ts";
import { findColumn, type Results } from "../results/results.ts";
import type { ServedWorkload } from "./read-demand.ts";

/** Shares of a workload's demand: required of the program, served by the run, and served in the worst month. */
export type ServedCheck = {
  readonly name: string;
  readonly asked: number;
  readonly served: number;
  /** Absent for a training run, which is asked for by the end of its window. */
  readonly worst?: number;
  /** Whether the run serves less than was asked, over the horizon or in its worst month. */
  readonly isMissed: boolean;
};

/** A share is missed, or exceeded, by at least this much: half of the last digit that is shown. */
export const SERVED_TOLERANCE = 0.0005;

/**
 * Compares what a plan's run serves of each workload with what the program was asked to serve, in order of priority.
 *
 * Fails: with an `InternalError` where the run lacks a workload of the program.
 */
export function checkServed(served: readonly ServedWorkload[], results: Results): readonly ServedCheck[] {
  return served.map((workload) => checkWorkload(results, workload));
}

function checkWorkload(
  results: Results,
  { name, share: asked, isTraining, required }: ServedWorkload,
): ServedCheck {
  const units = findColumn(results, "workload", "demand_served_units", name);
  if (!units) throw new InternalError(`the run of the plan has no workload ${name}`);
  const due = [...required.keys()].filter((month) => required[month] > 0);
  const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0);
  // No demand counts as fully served.
  const served = due.length > 0 ? sum(units) / sum(required) : 1;
  const worst = isTraining ? undefined : Math.min(1, ...due.map((month) => units[month] / required[month]));
  const isMissed = Math.min(served, worst ?? served) < asked - SERVED_TOLERANCE;
  return { name, asked, served, ...(worst === undefined ? {} : { worst }), isMissed };
}
