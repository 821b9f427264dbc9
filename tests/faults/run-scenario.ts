/** Scenarios in which the program once gave a wrong number, run and read as its users do. */

import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import type { Results } from "../../src/analysis/results/results.ts";
import { prepareSample, runMonteCarlo } from "../../src/analysis/sample/montecarlo.ts";
import { makeTables } from "../../src/analysis/tables/index.ts";
import { compile } from "../../src/compile/compile.ts";
import { plainInputs } from "../../src/engine/index.ts";
import type { Table } from "../../src/metrics/table.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { loadScenario } from "../../src/scenario/load.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { type Simulated, simulateColumns } from "../reference/compare.ts";
import { faultsOf } from "../scenario/load-files.ts";
import { catalogNames, packed } from "../scenario/shipped-catalog.ts";

const folder = new URL("./scenarios/", import.meta.url);
const shipped = new URL("../../scenarios/catalog/", import.meta.url);

/** A scenario of this folder, with values set as `--set` does. */
export function scenarioOf(name: string, ...sets: readonly string[]): Scenario {
  const catalog = catalogNames.map((file) => fileURLToPath(new URL(file, shipped)));
  const path = fileURLToPath(new URL(`${name}.yaml`, folder));
  const read = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined);
  const result = loadScenario({ path, catalog, packed, sets, read });
  if (!result.scenario) throw new Error(faultsOf(result, true).join("\n"));
  return result.scenario;
}

/** Every column of the run of medians, over the horizon. */
export function columnsOf(scenario: Scenario): Simulated {
  const plan = compile(scenario);
  return simulateColumns(plan, plainInputs(plan), 1)[0];
}

/** The results of the run of medians, with a sample of so many trials. */
export async function resultsOf(scenario: Scenario, trials = 0): Promise<Results> {
  const runner = createThreadRunner();
  const { results } = await runPlain(scenario, runner);
  if (!results) throw new Error("the plain run left a range");
  if (trials === 0) return results;
  const run = await runMonteCarlo(prepareSample(scenario, results, { trials, seed: "1" }), results, runner);
  if (!run.results) throw new Error(JSON.stringify(run.diagnostics));
  return run.results;
}

/** Rows of a table as objects, by the names of its columns. */
export function rowsOf(results: Results, name: string): readonly Readonly<Record<string, unknown>>[] {
  const table = makeTables(results).find((each) => each.name === name) as Table;
  expect(table, name).toBeDefined();
  return Array.from({ length: table.rowCount }, (_, row) =>
    Object.fromEntries(table.columns.map((column) => [column.name, column.values[row]])),
  );
}

/** The row of summary.csv of a figure. */
export function figureOf(results: Results, metric: string): Readonly<Record<string, unknown>> {
  const row = rowsOf(results, "summary").find((each) => each.metric === metric);
  if (!row) throw new Error(`there is no figure ${metric}`);
  return row;
}
