import { annualKey } from "../../compile/annual-ratios.ts";
import type { Formula } from "../../metrics/formula.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Metric, MetricLevel } from "../../metrics/metric.ts";
import type { Column } from "../../metrics/table.ts";
import { findColumn, type Results } from "../results/results.ts";
import { emptyWhereNone } from "./columns.ts";
import type { Period } from "./periods.ts";

/**
 * A ratio by year, computed from the year's sums; nothing if it is made of anything but flows.
 *
 * @param level  `total`, or `workload` with its name
 */
export function annualRatio(
  results: Results,
  metric: Metric,
  years: readonly number[],
  level: MetricLevel,
  entity = "",
): readonly Column[] {
  const keys = years.map((year) => annualKey(entity, year));
  const values = keys.flatMap((key) => Array.from(findColumn(results, level, metric.name, key) ?? []));
  if (values.length < years.length) return [];
  return [ratioColumn(metric, values, "Of the year's sums.")];
}

/**
 * A ratio of the whole by period, computed from the sums of its months; nothing if it is made of anything but flows. Years come
 * from the engine (`annualRatio`), because a sample ranks them; other periods are only shown at medians.
 */
export function ratioOfPeriods(
  results: Results,
  metric: Metric,
  periods: readonly Period[],
): readonly Column[] {
  const values = periods.map((period) => metric.formula && evaluate(results, metric.formula, period));
  if (values.some((value) => value === undefined)) return [];
  const shown = values.map((value) => Number(value) / metric.scale);
  return [ratioColumn(metric, shown, "Of the sums of the months.")];
}

function ratioColumn({ name, unit, text }: Metric, values: readonly number[], how: string): Column {
  const shown = emptyWhereNone(Float64Array.from(values));
  return { name, type: "number", unit, text: `${text} ${how}`, values: shown };
}

/** A formula of flows with each flow summed over a period, in canonical units; undefined for any other formula. */
function evaluate(results: Results, formula: Formula, period: Period): number | undefined {
  if (formula.kind === "metric") {
    const metric = findMetric(formula.name);
    const months = findColumn(results, "total", formula.name)?.subarray(period.first, period.end);
    if (metric?.time !== "flow" || !months) return undefined;
    return months.reduce((sum, value) => sum + value, 0) * metric.scale;
  }
  if (formula.kind !== "operation") return undefined;
  const operands = formula.operands.map((operand) => evaluate(results, operand, period));
  const [first, ...others] = operands.filter((value) => value !== undefined);
  if (first === undefined || others.length < operands.length - 1) return undefined;
  switch (formula.operator) {
    case "add":
      return others.reduce((sum, value) => sum + value, first);
    case "subtract":
      return others.reduce((rest, value) => rest - value, first);
    case "multiply":
      return others.reduce((product, value) => product * value, first);
    case "divide":
      return others[0] === 0 ? 0 : first / others[0];
    case "per":
      return others[0] === 0 ? Number.NaN : first / others[0];
    default:
      return undefined;
  }
}
