import { toCanonical } from "../units/dimension.ts";
import { evaluatePlain } from "./language/evaluate.ts";
import type { Expr } from "./language/expr.ts";
import type { FieldValue, Scenario } from "./scenario.ts";

/** The plain value of a field in a month, in canonical units; 0 for what is no quantity. */
export function plainValue(scenario: Scenario, { expr, dimension }: FieldValue, month: number): number {
  if (!expr) return 0;
  const lets = new Map(scenario.lets.map((value) => [value.path.slice("let.".length), value.expr as Expr]));
  const si = evaluatePlain(expr, { month, startMonth: scenario.startMonth, lets });
  return toCanonical(si, expr.vector, dimension ?? "number") ?? 0;
}
