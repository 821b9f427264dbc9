import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { drawFrom, isNormalFamily } from "./draw.ts";
import { constantOf, numberAlgebra, truncatedMass } from "./evaluate.ts";
import type { Expr } from "./expr.ts";
import { formatExpr, formatMonth, formatSi } from "./format-expr.ts";
import { type ParsedValue, type ValueContext, ValueReader } from "./value-reader.ts";

/** More mass than this cut off is warned of. */
const warnedMass = 0.01;

/**
 * Draws the distributions that are the whole value of a field on the field's admissible range.
 *
 * Families without bounds of their own get the range as their `admissible`: draws stay inside, and a warning says where
 * more than 1 % is cut off. It is an error where the median lies outside, or the bounds of a triangular, PERT, uniform
 * or discrete distribution do. A distribution that is cut already (`at_least`, `at_most`) is cut to what both leave. Each
 * value of a table is treated so. Other expressions come back as they are; whether they keep to the range is checked on
 * what they give.
 *
 * @param range   lowest and highest admissible value [SI units of the value, or absolute months], infinite where open
 * @param context as the value was read with
 * @param needs   the range in words, such as `a fraction between 0 % and 100 %`
 *
 * Fails: never.
 */
export function admitRange(
  expr: Expr,
  range: readonly [number, number],
  context: ValueContext,
  needs: string,
): ParsedValue {
  const diagnostics: Diagnostic[] = [];
  const admitted = admit(expr, range, context, needs, diagnostics);
  return admitted ? { expr: admitted, diagnostics } : { diagnostics };
}

function admit(
  expr: Expr,
  range: readonly [number, number],
  context: ValueContext,
  needs: string,
  diagnostics: Diagnostic[],
): Expr | undefined {
  if (expr.kind === "table") {
    const values = expr.points.map(({ value }) => admit(value, range, context, needs, diagnostics));
    if (!values.every((value) => value !== undefined)) return undefined;
    return { ...expr, points: expr.points.map(({ month }, index) => ({ month, value: values[index] })) };
  }
  if (expr.kind !== "distribution") return expr;
  const reader = new ValueReader("", { ...context, span: expr.span });
  const admitted = isNormalFamily(expr.family)
    ? admitUnbounded(expr, range, needs, reader)
    : admitBounded(expr, range, needs, reader);
  diagnostics.push(...reader.diagnostics);
  return admitted;
}

type DistributionExpr = Expr & { readonly kind: "distribution" };

function admitUnbounded(
  expr: DistributionExpr,
  range: readonly [number, number],
  needs: string,
  reader: ValueReader,
): Expr | undefined {
  const { names } = reader.context;
  const [least, most] = expr.admissible ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const [low, high] = [Math.max(range[0], least), Math.min(range[1], most)];
  const parameters = expr.parameters.map((parameter) => constantOf(parameter, names));
  const admitted: Expr = { ...expr, admissible: [low, high] };
  if (!parameters.every((parameter) => parameter !== undefined)) return admitted;
  const median = drawFrom(numberAlgebra, { ...expr, admissible: undefined }, parameters, 0.5);
  if (!(median >= low && median <= high)) {
    const got = `a median of ${formatOf(median, expr)}`;
    return reader.report("out-of-range", { values: { needs, got } });
  }
  // What the scenario itself cuts off was warned of where it says so.
  const cutBefore = expr.admissible ? (truncatedMass(expr, names) ?? 0) : 0;
  const mass = (truncatedMass(admitted, names) ?? 0) - cutBefore;
  if (mass > warnedMass) {
    const chance = `${Number((mass * 100).toPrecision(2))} %`;
    reader.report("truncated-distribution", { values: { chance, range: needs } });
  }
  return admitted;
}

function admitBounded(
  expr: DistributionExpr,
  [low, high]: readonly [number, number],
  needs: string,
  reader: ValueReader,
): Expr | undefined {
  for (const [index, parameter] of expr.parameters.entries()) {
    const value = constantOf(parameter, reader.context.names);
    const isPossible = expr.family !== "discrete" || (expr.weights?.[index] ?? 0) > 0;
    if (value === undefined || !isPossible || (value >= low && value <= high)) continue;
    const help = "narrow the distribution to the range";
    return reader.report("out-of-range", { values: { needs, got: formatExpr(parameter) }, help });
  }
  return expr;
}

function formatOf(value: number, { isDate, vector }: Expr): string {
  return isDate ? formatMonth(value) : formatSi(value, vector);
}
