import type { Formula, Operator } from "../../metrics/formula.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Column } from "../../metrics/table.ts";
import { emptyWhereNone } from "./columns.ts";

/**
 * A ratio by period, recomputed from the sums of the flows in its formula; nothing where it is made of anything else.
 *
 * @param sumsOf sums of a flow by period, in canonical units
 */
export function ratioColumns(metric: Metric, sumsOf: (name: string) => readonly number[]): readonly Column[] {
  const values = metric.formula && evaluate(metric.formula, sumsOf);
  if (!values) return [];
  const { name, unit, text, scale } = metric;
  const shown = emptyWhereNone(Float64Array.from(values, (value) => value / scale));
  return [{ name, type: "number", unit, text: `${text} Of the period's sums.`, values: shown }];
}

function evaluate(
  formula: Formula,
  sumsOf: (name: string) => readonly number[],
): readonly number[] | undefined {
  if (formula.kind === "metric") return sumsOf(formula.name);
  if (formula.kind !== "operation") return undefined;
  const operands = formula.operands.map((operand) => evaluate(operand, sumsOf));
  const known = operands.filter((operand) => operand !== undefined);
  if (known.length < operands.length) return undefined;
  return known.reduce((x, y) => x.map((value, period) => apply(formula.operator, value, y[period] ?? 0)));
}

function apply(operator: Operator, x: number, y: number): number {
  if (operator === "subtract") return x - y;
  if (operator === "add") return x + y;
  if (operator === "multiply") return x * y;
  if (y !== 0) return x / y;
  return operator === "per" ? Number.NaN : 0;
}
