/** Bounds that every trial keeps in every month, whatever it draws: the identities and definitions of docs/model.md. */

import type { Plan } from "../../src/engine/index.ts";
import { findMetric } from "../../src/metrics/index.ts";
import type { WindowColumns } from "../reference/agreement.ts";

/** Relative to the largest value of the columns compared: what rounding may leave. */
const TOLERANCE = 1e-9;

/** What assignment leaves of a whole: rounding is that of the whole. */
const LEFT_OF: Readonly<Record<string, string>> = {
  chips_idle: "chips_productive",
  idle_cost_usd: "part_cost_usd",
};

/** Shares of a whole, beside those whose names end in `_share`. */
const SHARES = /^(availability|scheduling_goodput|runtime_goodput|service_goodput|mfu_\w+|\w+_share)$/;

/** By level: figures that no month has more of than the second, and figures that never fall. */
const AT_MOST: Readonly<Record<string, readonly (readonly [part: string, whole: string])[]>> = {
  part: [
    ["chips_due", "chips_planned"],
    ["chips_energised", "chips_installed"],
    ["chips_curtailed", "chips_energised"],
    ["chips_productive", "chips_energised"],
    ["chips_assigned", "chips_productive"],
    ["it_power_mw", "facility_power_mw"],
    ["effective_fp4_eflops", "productive_peak_fp4_eflops"],
    ["productive_peak_fp4_eflops", "peak_fp4_eflops"],
    ["chip_book_value_usd", "chip_cost_in_service_usd"],
  ],
  site: [
    ["facility_power_mw", "power_limit_mw"],
    ["power_unused_mw", "power_limit_mw"],
    ["facility_book_value_usd", "facility_cost_in_service_usd"],
  ],
  workload: [["demand_unserved_units", "demand_settled_units"]],
};
const RISING: Readonly<Record<string, readonly string[]>> = {
  part: ["chips_planned", "chips_due", "cumulative_effective_fp4_yflop"],
  contract: ["contract_paid_to_date_usd"],
};

/** By level: what is spent so far equals what is in progress or in the books, and what was written off so far. */
const SPENT: Readonly<
  Record<
    string,
    {
      readonly flows: readonly string[];
      readonly ends: readonly string[];
      readonly stocks: readonly string[];
    }
  >
> = {
  part: {
    flows: ["chip_cash_usd", "network_cash_usd", "chip_buyout_usd"],
    ends: ["chip_depreciation_usd", "chip_write_off_usd"],
    stocks: ["chip_construction_in_progress_usd", "chip_book_value_usd"],
  },
  site: {
    flows: ["facility_cash_usd"],
    ends: ["facility_depreciation_usd"],
    stocks: ["facility_construction_in_progress_usd", "facility_book_value_usd"],
  },
};

/**
 * Where the columns of a trial break a bound, each with its figure and month; none if all hold.
 *
 * Fails: never. Cost: the columns, some times over.
 */
export function brokenBounds(plan: Plan, columns: WindowColumns): readonly string[] {
  const broken: string[] = [];
  const entities = new Map<string, Set<string>>();
  for (const { level, entity, metric } of plan.columns) {
    entities.set(level, (entities.get(level) ?? new Set()).add(entity ?? ""));
    const own = findMetric(metric);
    const values = columns.get(`${level} ${entity} ${metric}`);
    const whole = columns.get(`${level} ${entity} ${LEFT_OF[metric]}`) ?? values;
    if (own && values && whole)
      broken.push(...faultsOf(`${level} ${entity} ${metric}`, values, own, largest(values, whole)));
  }
  for (const [level, names] of entities) {
    for (const entity of names) {
      const of = (metric: string) => columns.get(`${level} ${entity} ${metric}`);
      const tell = (what: string, month: number) =>
        broken.push(`${level} ${entity} ${what} in month ${month - plan.originMonth}`);
      for (const [less, more] of AT_MOST[level] ?? []) {
        const [part, whole] = [of(less), of(more)];
        if (!part || !whole) continue;
        const scale = largest(part, whole);
        const month = part.findIndex((value, at) => value > whole[at] + TOLERANCE * scale);
        if (month >= 0) tell(`${less} ${part[month]} > ${more} ${whole[month]}`, month);
      }
      for (const metric of RISING[level] ?? []) {
        const values = of(metric);
        const month =
          values?.findIndex((value, at) => at > 0 && value < values[at - 1] - TOLERANCE * largest(values)) ??
          -1;
        if (month >= 0) tell(`${metric} falls`, month);
      }
      const spent = SPENT[level];
      if (spent) tellUnbalanced(spent, of, plan.monthCount, tell);
    }
  }
  return broken;
}

/** Numbers that are none, quantities below 0 and shares above 1. A ratio may not exist in a month, and so may a figure of the run. */
function faultsOf(
  key: string,
  values: Float64Array,
  metric: NonNullable<ReturnType<typeof findMetric>>,
  scale: number,
): readonly string[] {
  const mayBeAbsent = metric.time === "ratio" || metric.isScalar === true;
  const isMonth = metric.unit === "months from start";
  for (const value of values) {
    if (Number.isNaN(value) ? !mayBeAbsent : !Number.isFinite(value)) return [`${key} is ${value}`];
    if (!metric.isSigned && !isMonth && value < -TOLERANCE * scale) return [`${key} is ${value}`];
    if (SHARES.test(metric.name) && value > 1 + TOLERANCE) return [`${key} is ${value}`];
  }
  return [];
}

function tellUnbalanced(
  { flows, ends, stocks }: (typeof SPENT)[string],
  of: (metric: string) => Float64Array | undefined,
  months: number,
  tell: (what: string, month: number) => void,
): void {
  const zero = new Float64Array(months);
  const sum = (metrics: readonly string[], month: number) =>
    metrics.reduce((total, metric) => total + (of(metric) ?? zero)[month], 0);
  const gaps: number[] = [];
  let [spent, ended, scale] = [0, 0, 0];
  for (let month = 0; month < months; month++) {
    spent += sum(flows, month);
    ended += sum(ends, month);
    scale = Math.max(scale, Math.abs(spent), ended);
    gaps.push(spent - ended - sum(stocks, month));
  }
  const month = gaps.findIndex((gap) => !(Math.abs(gap) <= TOLERANCE * scale));
  if (month >= 0)
    tell(`${flows[0]} so far is ${gaps[month]} more than ${stocks.join(" and ")} and what ended`, month);
}

function largest(...columns: readonly Float64Array[]): number {
  let most = 0;
  for (const column of columns)
    for (const value of column) most = Math.max(most, Number.isFinite(value) ? Math.abs(value) : 0);
  return most;
}
