import type { Expr } from "./language/expr.ts";
import type { FieldValue, Scenario } from "./scenario.ts";

/**
 * The scenario with a plain number in place of what a line states, in every field that has its value from there.
 *
 * Nothing is checked: the number may leave the range of its field, or contradict others.
 *
 * @param declaredAt path of the line
 * @param si         in SI units, or an absolute month for a date
 * @param text       the value as a person writes it
 *
 * Fails: never. Cost: number of fields.
 */
export function withNumber(scenario: Scenario, declaredAt: string, si: number, text: string): Scenario {
  const change = (value: FieldValue): FieldValue =>
    value.origin.declaredAt === declaredAt && value.expr
      ? { ...value, text, expr: numberIn(value.expr, si) }
      : value;
  return {
    ...scenario,
    lets: scenario.lets.map(change),
    fields: new Map([...scenario.fields].map(([path, value]) => [path, change(value)])),
  };
}

/** Money of a year stays that: only its amount changes. */
function numberIn(expr: Expr, value: number): Expr {
  if (expr.kind === "inflated") return { ...expr, amount: numberIn(expr.amount, value) };
  const { vector, isDate, span } = expr;
  return { kind: "number", value, vector, isDate, binding: "constant", span };
}
