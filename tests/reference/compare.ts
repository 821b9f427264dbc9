import { expect } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { type Plan, plainInputs, simulate } from "../../src/engine/index.ts";
import { findMetric } from "../../src/metrics/index.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { referenceInput } from "./adapter.ts";
import { bookGross, FIGURES, sameFigure } from "./book-gross.ts";
import { addDemandWords, simulateDemandOf } from "./demand-words.ts";
import { simulateReference } from "./reference.ts";

/** Columns of one trial: `level entity metric` to horizon months, in canonical units; a run metric has one value. */
export type Simulated = Map<string, Float64Array>;

/** Runs trials of a Plan; `inputs` is [variable][trial]. */
export function simulateColumns(plan: Plan, inputs: Float64Array, trials: number): Simulated[] {
  const results: Simulated[] = Array.from({ length: trials }, () => new Map());
  const { originMonth, horizonMonths } = plan;
  const faults = simulate(
    plan,
    inputs,
    trials,
    (index, first, count, values, offset, monthStride, trialStride) => {
      const { level, entity, metric, isScalar } = plan.columns[index];
      const months = isScalar ? 1 : horizonMonths;
      const from = months === 1 ? 0 : originMonth;
      for (let trial = 0; trial < count; trial++) {
        // Not `from`, which would call a function for each of millions of values.
        const column = new Float64Array(months);
        const start = offset + from * monthStride + trial * trialStride;
        for (let month = 0; month < months; month++) column[month] = values[start + month * monthStride];
        results[first + trial].set(`${level} ${entity} ${metric}`, column);
      }
    },
  );
  expect(faults).toEqual([]);
  return results;
}

/**
 * Asserts that engine and referee agree on a scenario's plain run to 1e-9 of each column's largest gross term.
 *
 * @return the engine's columns
 */
export function expectRefereeAgrees(scenario: Scenario): Simulated {
  const plan = compile(scenario);
  const [engine] = simulateColumns(plan, plainInputs(plan), 1);
  const input = referenceInput(scenario);
  const referee = simulateReference(input);
  const compare = (key: string, expected: readonly number[]) => {
    const got = engine.get(key);
    if (!got) return;
    const metric = key.split(" ").at(-1) as string;
    // Most months agree bit for bit, and need no measure of rounding.
    let known: number | undefined;
    const scaleOf = () => (known ??= grossScale(engine, key, metric, expected));
    for (const [month, value] of expected.entries()) {
      if (got[month] === value && Number.isFinite(value)) continue;
      if (Number.isNaN(got[month]) && Number.isNaN(value)) continue;
      if (FIGURES.has(metric) && sameFigure(engine, key, [got[month], value], plan.horizonMonths, 0))
        continue;
      const tolerance = 1e-9 * scaleOf();
      // Not `difference > tolerance`: NaN must fail.
      if (!(Math.abs(got[month] - value) <= tolerance))
        expect.fail(`${key} month ${month}: engine ${got[month]}, referee ${value}, tolerance ${tolerance}`);
    }
    compared++;
  };
  let compared = 0;
  for (const [entity, columns] of referee.part) {
    for (const [metric, values] of columns) compare(`part ${entity} ${metric}`, values);
  }
  for (const [entity, columns] of referee.site) {
    for (const [metric, values] of columns) compare(`site ${entity} ${metric}`, values);
  }
  for (const level of ["contract", "tranche", "loan"] as const)
    for (const [entity, columns] of referee[level])
      for (const [metric, values] of columns) compare(`${level} ${entity} ${metric}`, values);
  for (const [metric, values] of referee.total) compare(`total  ${metric}`, values);
  for (const [metric, value] of referee.scalars) compare(`run  ${metric}`, [value]);
  const expectWords = (key: string, words: readonly string[]) => {
    const names = findMetric("binding")?.words ?? [];
    const got = engine.get(key);
    expect(got, key).toBeDefined();
    expect(
      Array.from(got as Float64Array, (code) => names[code]),
      key,
    ).toEqual(words);
  };
  const productive = (part: string) => engine.get(`part ${part} chips_productive`) ?? [];
  const words = addDemandWords(scenario, referee.words, simulateDemandOf(scenario, input, productive));
  for (const [entity, { binding }] of words.part) expectWords(`part ${entity} binding`, binding);
  for (const [entity, { binding }] of words.site) expectWords(`site ${entity} binding`, binding);
  expectWords("total  binding", words.total.binding);
  expect(compared).toBeGreaterThan(50);
  return engine;
}

/** The largest gross term of a column: of chips, the largest stock; of money, the largest cost; else the column itself. */
function grossScale(engine: Simulated, key: string, metric: string, expected: readonly number[]): number {
  const prefix = key.slice(0, key.length - metric.length);
  const largest = (name: string) =>
    Math.max(0, ...Array.from(engine.get(`${prefix}${name}`) ?? [], Math.abs));
  const there = expected.filter((value) => !Number.isNaN(value));
  const own = Math.max(1e-12, bookGross(engine, key), ...there.map(Math.abs));
  if (metric.startsWith("chips_")) return Math.max(own, largest("chips_installed"), largest("chips_planned"));
  if (metric.startsWith("chip_") || metric.startsWith("stranded_idle")) {
    return Math.max(own, largest("chip_cost_in_service_usd"), largest("chip_construction_in_progress_usd"));
  }
  if (metric.startsWith("facility_") && metric.endsWith("_usd")) {
    return Math.max(
      own,
      largest("facility_cost_in_service_usd"),
      largest("facility_construction_in_progress_usd"),
    );
  }
  if (metric.startsWith("provider_") && prefix.startsWith("total")) {
    return Math.max(own, largest("chip_cost_in_service_usd"), largest("facility_cost_in_service_usd"));
  }
  return own;
}
