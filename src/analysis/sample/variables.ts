import { partsOf } from "../../scenario/language/evaluate.ts";
import type { Distribution, Expr } from "../../scenario/language/expr.ts";
import { evaluateAt } from "../../scenario/plain-value.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { acceptsVector, DIMENSIONS, type DimensionName, toCanonical } from "../../units/dimension.ts";

type Drawn = Expr & Distribution;

/** The distributions of each variable, by its key; the values of a table share one. */
export function distributionsOf({
  fields,
  lets,
}: Pick<Scenario, "fields" | "lets">): ReadonlyMap<string, readonly [Drawn, ...Drawn[]]> {
  const found = new Map<string, [Drawn, ...Drawn[]]>();
  const visit = (expr: Expr): void => {
    if (expr.kind === "distribution") {
      const known = found.get(expr.variable);
      if (!known) found.set(expr.variable, [expr]);
      else if (!known.includes(expr)) known.push(expr);
    }
    for (const part of partsOf(expr)) visit(part);
  };
  for (const { expr } of [...lets, ...fields.values()]) if (expr) visit(expr);
  return found;
}

/** The dimension in which a value is shown; undefined for a date and for what no field takes. */
export function shownDimension({ vector, isDate }: Expr): DimensionName | undefined {
  if (isDate) return undefined;
  return (Object.keys(DIMENSIONS) as DimensionName[]).find((name) => acceptsVector(name, vector));
}

/** A value of a distribution: an absolute month, or a number in the canonical unit of its dimension. */
export type DrawnValue = { readonly value: number; readonly dimension: DimensionName | "date" };

/**
 * The value of a variable at a quantile of its distribution.
 *
 * @return undefined where no one value belongs to a quantile: the variable moves a whole table, has single values with weights,
 * reads values that vary themselves, or has a unit that no field takes
 *
 * Fails: never.
 */
export function valueAtQuantile(scenario: Scenario, key: string, quantile: number): DrawnValue | undefined {
  const [expr, ...others] = distributionsOf(scenario).get(key) ?? [];
  if (!expr || others.length > 0 || expr.family === "discrete") return undefined;
  if (expr.parameters.some(({ binding }) => binding !== "constant")) return undefined;
  const value = evaluateAt(scenario, expr, scenario.startMonth, () => quantile);
  if (!Number.isFinite(value)) return undefined;
  if (expr.isDate) return { value: Math.floor(value + 0.5), dimension: "date" };
  const dimension = shownDimension(expr);
  const canonical = dimension && toCanonical(value, expr.vector, dimension);
  return dimension && canonical !== undefined ? { value: canonical, dimension } : undefined;
}
