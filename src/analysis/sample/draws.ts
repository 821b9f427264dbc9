import { compile, EVENT } from "../../compile/compile.ts";
import { type Figure, type PlanColumn, Reduction } from "../../engine/index.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Column, Table } from "../../metrics/table.ts";
import { finiteOrNull } from "../../metrics/table.ts";
import type { Runner } from "../../run/runner.ts";
import { listCorrelatedGroups } from "../../scenario/correlations.ts";
import type { Expr } from "../../scenario/language/expr.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { evaluateAt } from "../../scenario/plain-value.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { DIMENSIONS, formatVector, toCanonical } from "../../units/dimension.ts";
import { scalesOf } from "../results/scales.ts";
import { createSampler } from "./sampling.ts";
import { distributionsOf, shownDimension } from "./variables.ts";

/** The size, seed and table name of a sample's draws. */
export type DrawsOptions = {
  readonly name: string;
  readonly trials: number;
  readonly seed: string;
  /** Awaited between pieces of work, so that the caller can stop it. */
  readonly pause?: () => Promise<void>;
};

/** Values evaluated between pauses. */
const TRIALS_OF_PIECE = 8192;

/**
 * Makes a table of every trial: each uncertain value's draw, the resulting figures of the whole run, and the first month of
 * each event.
 *
 * The draws equal those of a sample with the same seed; values that no figure of the run needs are left out.
 *
 * Memory: the whole table. Fails: as the runner does, for a scenario whose sample stayed in range.
 */
export async function makeDraws(
  scenario: Scenario,
  runner: Runner,
  { name, trials, seed, pause }: DrawsOptions,
): Promise<Table> {
  const plan = compile(scenario, { levels: ["run"], events: "all", months: "horizon" });
  const fill = createSampler(plan, seed, listCorrelatedGroups(scenario));
  const figures = plan.columns.map(({ metric }, column): Figure => {
    const months =
      metric === EVENT
        ? { end: plan.horizonMonths, reduction: Reduction.firstMonth }
        : { end: 1, reduction: Reduction.sum };
    return { column, first: 0, ...months, code: 0, ranked: false };
  });
  const { kept } = await runner.sample(plan, {
    trials,
    fill,
    scales: scalesOf(plan),
    figures,
    ranks: [],
    keep: true,
  });
  const uniforms = new Float64Array(plan.variables.length * trials);
  fill(0, trials, uniforms, trials);
  const drawn = distributionsOf(scenario);
  const rowOf = new Map(plan.variables.map(({ key }, row) => [key, row]));
  const inputs: Column[] = [];
  for (const { key } of plan.variables) {
    // Of a table the first of its values.
    const [expr] = drawn.get(key) ?? [];
    if (!expr) continue;
    const values: number[] = [];
    for (let trial = 0; trial < trials; trial++) {
      if (trial % TRIALS_OF_PIECE === 0) await pause?.();
      const uniform = (variable: string) => uniforms[(rowOf.get(variable) ?? 0) * trials + trial];
      values.push(evaluateAt(scenario, expr, scenario.startMonth, uniform));
    }
    inputs.push(inputColumn(key, expr, values));
  }
  const results = plan.columns.map((column, index): Column => {
    const values = Array.from(kept.subarray(index * trials, (index + 1) * trials));
    return resultColumn(column, values, scenario.startMonth);
  });
  return {
    name,
    text: "Every trial of the sample: its draws and its results.",
    columns: [
      {
        name: "trial",
        type: "integer",
        text: "Number of the trial.",
        values: Array.from({ length: trials }, (_, i) => i),
      },
      ...inputs,
      ...results,
    ],
    rowCount: trials,
    primaryKey: ["trial"],
    isExact: true,
  };
}

/** A figure of the whole run, or the first month of an event, empty in trials without it. */
function resultColumn({ metric, entity }: PlanColumn, values: readonly number[], startMonth: number): Column {
  if (metric === EVENT)
    return {
      name: `event_${entity}_first_month`,
      type: "month",
      text: `First month at the end of which the event ${entity} is true; empty if there is none.`,
      values: values.map((month) => (Number.isFinite(month) ? formatMonth(startMonth + month) : null)),
    };
  const { unit, text } = findMetric(metric) ?? { unit: "1", text: metric };
  return { name: metric, type: "number", unit, text, values: values.map(finiteOrNull) };
}

function inputColumn(key: string, expr: Expr, values: readonly number[]): Column {
  const text = `Draw of \`${key}\`.`;
  if (expr.isDate)
    return {
      name: key,
      type: "string",
      text,
      values: values.map((value) => formatMonth(Math.floor(value + 0.5))),
    };
  const dimension = shownDimension(expr);
  if (!dimension)
    return {
      name: key,
      type: "number",
      unit: formatVector(expr.vector),
      text,
      values: values.map(finiteOrNull),
    };
  const unit = DIMENSIONS[dimension].canonical || "1";
  const shown = values.map((value) => finiteOrNull(toCanonical(value, expr.vector, dimension) ?? value));
  return { name: key, type: "number", unit, text, values: shown };
}
