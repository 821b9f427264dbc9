import { type Plan, plainInputs, simulate } from "../../engine/index.ts";
import { findMetric } from "../../metrics/index.ts";
import { compile } from "../../scenario/compile/compile.ts";
import { hoursOfMonths } from "../../scenario/compile/hours.ts";
import { evaluatePlain } from "../../scenario/expression/evaluate.ts";
import type { Expr } from "../../scenario/expression/expr.ts";
import type { FieldValue, Scenario } from "../../scenario/scenario.ts";
import { toCanonical } from "../../units/dimension.ts";
import { type Candidate, LANDING, unitFleets } from "./derive-scenario.ts";

/** What a chip that lands in some month takes and gives. */
export type Coefficients = {
  readonly candidate: Candidate;
  /** Absolute month in which it lands. */
  readonly landing: number;
  /** `deliver.at` that lands it then. */
  readonly at: number;
  /** Facility power by month from the first landing month on, which may lie before `start` [W]. */
  readonly power: Float64Array;
  /** Effective FP4 [FLOP/s] and cash [USD] by month of the horizon. */
  readonly compute: Float64Array;
  readonly cash: Float64Array;
  /** Facility power in the month it lands, a unit of size that suits a solver [W]. */
  readonly size: number;
  /** Present value of all cash, opening included unless sunk, and of the residual [USD]. */
  readonly costPv: number;
  readonly residualPv: number;
  /** Effective FP4 over the horizon [FLOP]. */
  readonly flop: number;
};

/** The provider's discount rate per year at medians, and whether the opening is left out. */
export type Discounting = { readonly rate: number; readonly sunk: boolean };

/** Cash of a part, by the metric table: the terms of capital spending and of running cost that a part has. */
export const PART_CASH: readonly string[] = ["provider_capex_usd", "provider_opex_usd"].flatMap((name) => {
  const formula = findMetric(name)?.formula;
  if (formula?.kind !== "operation") return [];
  return formula.operands.flatMap((one) =>
    one.kind === "metric" && findMetric(one.name)?.level === "part" ? [one.name] : [],
  );
});

const READ = ["facility_power_mw", "effective_fp4_eflops", "chips_landed", "chip_residual_usd", ...PART_CASH];

/**
 * Reads the columns of a program off the engine: every candidate and landing month is one trial of one Plan.
 *
 * A month in which the engine would defer the delivery (the chip is not available) is left out.
 *
 * Fails: never. Cost: candidates x months trials-months of the engine.
 *
 * @param months values of `deliver.at`, absolute
 */
export function readCoefficients(
  scenario: Scenario,
  candidates: readonly Candidate[],
  months: readonly number[],
): readonly Coefficients[] {
  const units = unitFleets(scenario, candidates, Math.min(...months, scenario.startMonth));
  const plan = compile(units, { metrics: READ, levels: ["part"], inputs: [LANDING] });
  const sheet = runWindow(plan, months);
  const discounting = discountingOf(scenario);
  const hours = hoursOfMonths(scenario.startMonth, plan.horizonMonths);
  return candidates.flatMap((candidate) => {
    const part = `${candidate.fleet}/${candidate.chip}`;
    const columns = new Map(
      plan.columns.flatMap(({ metric, entity }, index) =>
        entity === part ? [[metric, sheet.columns[index]] as const] : [],
      ),
    );
    const own = {
      scenario,
      plan,
      trials: sheet.trials,
      candidate,
      columns,
      hours,
      discounting,
      first: months[0],
    };
    const found = months.map((at, trial) => readTrial(own, at, trial));
    // A month that lands later than it should has been deferred.
    const delay = Math.min(...found.map((one) => one.landing - one.at));
    const end = scenario.startMonth + scenario.monthCount;
    return found.filter((one) => one.landing - one.at === delay && one.landing < end && one.size > 0);
  });
}

/** Columns of the whole window: [column][month][trial]. */
export type Sheet = {
  readonly trials: number;
  readonly columns: readonly Float64Array[];
  readonly plan: Plan;
};

/** Simulates the landing months given, one a trial, and keeps every month of the window. */
export function runWindow(plan: Plan, months: readonly number[]): Sheet {
  const trials = months.length;
  const plain = plainInputs(plan);
  const inputs = new Float64Array(plan.variables.length * trials);
  for (const [variable, { key, kind }] of plan.variables.entries())
    for (let trial = 0; trial < trials; trial++)
      inputs[variable * trials + trial] =
        kind === "value" && key === LANDING ? months[trial] : plain[variable];
  const columns = plan.columns.map(() => new Float64Array(plan.monthCount * trials));
  simulate(plan, inputs, trials, (column, firstTrial, count, values, offset, monthStride, trialStride) => {
    for (let month = 0; month < plan.monthCount; month++)
      for (let trial = 0; trial < count; trial++)
        columns[column][month * trials + firstTrial + trial] =
          values[offset + month * monthStride + trial * trialStride];
  });
  return { trials, columns, plan };
}

/** What reading one trial needs: the sheet, the columns of one part, and the months that count. */
type PartSheet = {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly trials: number;
  readonly candidate: Candidate;
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly hours: Float64Array;
  readonly discounting: Discounting;
  /** First landing month, absolute. */
  readonly first: number;
};

function readTrial(sheet: PartSheet, at: number, trial: number): Coefficients {
  const { scenario, plan, trials, candidate, hours, discounting, first } = sheet;
  const { originMonth, horizonMonths } = plan;
  const column = (metric: string) => sheet.columns.get(metric);
  const valueAt = (values: Float64Array | undefined, month: number) => values?.[month * trials + trial] ?? 0;
  const overHorizon = (metrics: readonly string[]) => {
    const sources = metrics.map(column);
    return Float64Array.from({ length: horizonMonths }, (_, month) =>
      sources.reduce((sum, values) => sum + valueAt(values, originMonth + month), 0),
    );
  };
  const landed = column("chips_landed");
  const months = Array.from({ length: plan.monthCount }, (_, month) => month);
  const landedIndex = months.find((month) => valueAt(landed, month) > 0) ?? plan.monthCount;
  const sources = PART_CASH.map(column);
  let costPv = 0;
  for (let month = discounting.sunk ? originMonth : 0; month < originMonth + horizonMonths; month++) {
    const cash = sources.reduce((sum, values) => sum + valueAt(values, month), 0);
    costPv += cash * discountFactor(discounting.rate, month - originMonth);
  }
  const early = Math.max(0, scenario.startMonth - first);
  const drawn = column("facility_power_mw");
  const power = Float64Array.from({ length: early + horizonMonths }, (_, month) =>
    valueAt(drawn, originMonth - early + month),
  );
  const compute = overHorizon(["effective_fp4_eflops"]);
  const residual = valueAt(column("chip_residual_usd"), 0);
  return {
    candidate,
    landing: scenario.startMonth - originMonth + landedIndex,
    at,
    power,
    compute,
    cash: overHorizon(PART_CASH),
    size: power.reduce((most, value) => Math.max(most, value), 0),
    costPv,
    residualPv: residual * (1 + discounting.rate) ** (-horizonMonths / 12),
    flop: compute.reduce((sum, value, month) => sum + value * hours[month] * 3600, 0),
  };
}

/** Discount factor of the end of a month, counted from `start`. */
export function discountFactor(rate: number, month: number): number {
  return (1 + rate) ** (-(month + 1) / 12);
}

export function discountingOf(scenario: Scenario): Discounting {
  const field = scenario.fields.get("provider.discount_rate");
  return {
    rate: field ? plainValue(scenario, field, scenario.startMonth) : 0,
    sunk: scenario.fields.get("provider.sunk")?.boolean === true,
  };
}

/** The plain value of a field in a month, in canonical units; 0 for what is no quantity. */
export function plainValue(scenario: Scenario, { expr, dimension }: FieldValue, month: number): number {
  if (!expr) return 0;
  const lets = new Map(scenario.lets.map((value) => [value.path.slice("let.".length), value.expr as Expr]));
  const si = evaluatePlain(expr, { month, startMonth: scenario.startMonth, lets });
  return toCanonical(si, expr.vector, dimension ?? "number") ?? 0;
}
