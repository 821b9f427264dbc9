import { runPlain } from "../../src/analysis/results/plain-run.ts";
import { findColumn, type Results } from "../../src/analysis/results/results.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { loaded } from "../scenario/load-files.ts";

/** The plain run of a scenario without the catalog. */
export async function run(text: string): Promise<Results> {
  const { results } = await runPlain(loaded(text, { catalog: [] }), createThreadRunner());
  if (!results) throw new Error("it does not run");
  return results;
}

/** A figure of the whole run; NaN where there is none. */
export function figure(results: Results, name: string): number {
  return findColumn(results, "run", name)?.[0] ?? Number.NaN;
}
