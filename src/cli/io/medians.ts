import type { ShownField } from "../../scenario/describe/show.ts";
import { evaluatePlain } from "../../scenario/language/evaluate.ts";
import type { Expr } from "../../scenario/language/expr.ts";
import type { FieldValue, Scenario } from "../../scenario/scenario.ts";
import { toCanonical } from "../../units/dimension.ts";
import { formatQuantity } from "../../units/format.ts";

/** Value of an expression in a month with every uncertain value at its median, in SI units or as an absolute month. */
export function medianOf(scenario: Scenario, expr: Expr, month = scenario.startMonth): number {
  const lets = new Map(
    scenario.lets.flatMap(({ path, expr: value }) =>
      value ? [[path.slice("let.".length), value] as const] : [],
    ),
  );
  return evaluatePlain(expr, { month, startMonth: scenario.startMonth, lets });
}

/** The same in the canonical unit of the field, undefined for what is no quantity. */
export function medianOfField(
  scenario: Scenario,
  { expr, dimension }: FieldValue,
  month = scenario.startMonth,
): number | undefined {
  if (!expr || !dimension) return undefined;
  return toCanonical(medianOf(scenario, expr, month), expr.vector, dimension);
}

/** The median of a field as a text with its unit. */
export function medianText(scenario: Scenario, path: string): string | undefined {
  const field = scenario.fields.get(path);
  const value = field && medianOfField(scenario, field);
  return field?.dimension && value !== undefined ? formatQuantity(value, field.dimension) : undefined;
}

/** What a reader cannot see in the text of a value: its median where it is uncertain, its result where it is computed. */
export function hiddenValue(scenario: Scenario, { path, plain }: ShownField): string {
  const field = scenario.fields.get(path) ?? scenario.lets.find((each) => each.path === path);
  if (plain === "" || !field?.expr) return "";
  if (field.expr.binding.includes("trial")) return `median ${plain}`;
  return field.expr.kind === "number" || field.expr.kind === "table" ? "" : `= ${plain}`;
}
