/**
 * Engine and referee on one trial: any uniforms, and a measure of rounding that looks at the whole window. `compare.ts`
 * measures by the months reported, which is too narrow for random scenarios: what rounds may lie before them.
 */

import { expect } from "vitest";
import { type Plan, simulate } from "../../src/engine/index.ts";
import { findMetric } from "../../src/metrics/index.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { referenceInput } from "./adapter.ts";
import { bookGross, FIGURES, sameFigure } from "./book-gross.ts";
import { simulateReference } from "./reference.ts";

/** Relative to the largest gross term of a column, as docs/model.md section 12 has it. */
const TOLERANCE = 1e-9;

/** Columns of one trial, `level entity metric` to the months of the window; a run metric has one value. */
export type WindowColumns = ReadonlyMap<string, Float64Array>;

/**
 * Asserts that a trial of a Plan equals the referee on the same draws, column by column and month by month.
 *
 * @param inputs the trial's row of uniforms, in the order of `plan.variables`
 * @param except metrics that are not compared
 */
export function expectTrialAgrees(
  scenario: Scenario,
  plan: Plan,
  inputs: Float64Array,
  except?: RegExp,
): void {
  const engine = simulateWindow(plan, inputs);
  const uniforms = new Map(plan.variables.map(({ key }, index) => [key, inputs[index]]));
  const referee = simulateReference(referenceInput(scenario, (key) => uniforms.get(key) ?? 0.5));
  let compared = 0;
  const compare = (key: string, expected: readonly number[]): void => {
    const got = engine.get(key);
    if (!got || except?.test(key)) return;
    const first = got.length === 1 || expected.length === 1 ? 0 : plan.originMonth;
    // Most months agree bit for bit, and need no measure of rounding.
    let known: number | undefined;
    const toleranceOf = () => (known ??= TOLERANCE * grossOf(engine, key, expected));
    const isFigure = FIGURES.has(key.split(" ").at(-1) ?? "");
    expected.forEach((value, month) => {
      const mine = got[first + month];
      if ((mine === value && Number.isFinite(value)) || (Number.isNaN(mine) && Number.isNaN(value))) return;
      if (isFigure && sameFigure(engine, key, [mine, value], plan.horizonMonths, plan.originMonth)) return;
      const tolerance = toleranceOf();
      // Not `difference > tolerance`: NaN must fail.
      if (!(Math.abs(mine - value) <= tolerance))
        expect.fail(`${key} month ${month}: engine ${mine}, referee ${value}, tolerance ${tolerance}`);
    });
    compared++;
  };
  for (const [entity, columns] of referee.part)
    for (const [metric, values] of columns) compare(`part ${entity} ${metric}`, values);
  for (const [entity, columns] of referee.site)
    for (const [metric, values] of columns) compare(`site ${entity} ${metric}`, values);
  for (const level of ["contract", "tranche", "loan"] as const)
    for (const [entity, columns] of referee[level])
      for (const [metric, values] of columns) compare(`${level} ${entity} ${metric}`, values);
  for (const [metric, values] of referee.total) compare(`total  ${metric}`, values);
  for (const [metric, value] of referee.scalars) compare(`run  ${metric}`, [value]);
  expect(compared).toBeGreaterThan(50);
  for (const [entity, words] of referee.words.part)
    expectWords(plan, engine, `part ${entity}`, words.binding);
  for (const [entity, words] of referee.words.site)
    expectWords(plan, engine, `site ${entity}`, words.binding);
  expectWords(plan, engine, "total ", referee.words.total.binding);
}

/** Every column of one trial over the whole window. */
export function simulateWindow(plan: Plan, inputs: Float64Array): WindowColumns {
  const columns = new Map<string, Float64Array>();
  const faults = simulate(plan, inputs, 1, (index, _first, _count, values, offset, monthStride) => {
    const { level, entity, metric, isScalar } = plan.columns[index];
    const length = isScalar ? 1 : plan.monthCount;
    const column = new Float64Array(length);
    for (let month = 0; month < length; month++) column[month] = values[offset + month * monthStride];
    columns.set(`${level} ${entity} ${metric}`, column);
  });
  expect(faults).toEqual([]);
  return columns;
}

/**
 * The words for what binds are equal, but where less is stranded, held or late than rounding leaves behind: 1e-9 of the
 * largest installation of the whole. A part with no size of its own measures by such remainders.
 */
function expectWords(plan: Plan, engine: WindowColumns, key: string, words: readonly string[]): void {
  const names = findMetric("binding")?.words ?? [];
  const at = (name: string, month: number): number =>
    engine.get(`${key} ${name}`)?.[plan.originMonth + month] ?? Number.NaN;
  const dust = TOLERANCE * Math.max(0, ...(engine.get("total  chips_installed") ?? []));
  words.forEach((word, month) => {
    const mine = names[at("binding", month)];
    if (mine === word) return;
    const waiting = at("chips_stranded", month) + at("chips_held", month) + at("chips_unfunded", month);
    const late = Math.abs(at("chips_planned", month) - at("chips_due", month));
    if (!(waiting <= dust && (late <= dust || [mine, word].includes("chips"))))
      expect.fail(
        `${key} binding month ${month}: engine ${mine}, referee ${word}, ${waiting} waiting, ${late} late`,
      );
  });
}

/** Stocks of money that other columns are differences of. */
const CAPITAL = [
  "chip_cost_in_service_usd",
  "chip_construction_in_progress_usd",
  "stranded_cost_usd",
  "chip_landed_cost_usd",
  "network_landed_cost_usd",
  "facility_cost_in_service_usd",
  "facility_construction_in_progress_usd",
];

/** A figure that does not exist is no size. */
function larger(most: number, value: number): number {
  return Number.isNaN(value) ? most : Math.max(most, Math.abs(value));
}

/** The largest term that a column is a sum or difference of, over the whole window. */
function grossOf(engine: WindowColumns, key: string, expected: readonly number[]): number {
  const metric = key.split(" ").at(-1) as string;
  const prefix = key.slice(0, key.length - metric.length);
  const largest = (name: string, of = prefix): number =>
    (engine.get(`${of}${name}`) ?? new Float64Array()).reduce(larger, 0);
  const own = Math.max(bookGross(engine, key), expected.reduce(larger, largest(metric)));
  if (metric.startsWith("chips_")) return Math.max(own, largest("chips_installed"), largest("chips_planned"));
  const of = prefix === "run  " ? "total  " : prefix;
  const capital = CAPITAL.reduce((sum, name) => sum + largest(name, of), 0);
  if (metric.startsWith("levelised_")) {
    const [cost, residual] = ["cost_provider_pv_usd", "provider_residual_pv_usd"].map((name) =>
      largest(name),
    );
    const net = Math.abs((engine.get("run  cost_provider_pv_usd")?.[0] ?? 0) - residual);
    return net === 0 ? own : (own * (cost + residual + capital)) / net;
  }
  return /^(chip|facility|stranded|provider|cost_provider)_.*usd$/.test(metric) ? own + capital : own;
}
