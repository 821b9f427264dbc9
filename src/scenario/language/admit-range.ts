import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { drawFrom } from "./distributions/draw.ts";
import { isUnbounded } from "./distributions/families.ts";
import { constantOf, numberAlgebra, truncatedMass } from "./evaluate.ts";
import type { Expr } from "./expr.ts";
import { formatExpr, formatMonth, formatSi } from "./format-expr.ts";
import { type NameResolver, type ParsedValue, type ValueContext, ValueReader } from "./value-reader.ts";

/** Truncating more mass than this gives a warning. */
const WARNED_MASS = 0.01;

/**
 * Truncates a distribution that is the whole value of a field to the field's range.
 *
 * Families without bounds get the range as their `admissible`: draws stay inside, and a warning is given if more than 1 %
 * is truncated. It is an error if the median, or a bound of a triangular, PERT, uniform or discrete distribution, lies
 * outside. A distribution already truncated (`at_least`, `at_most`) is truncated to the intersection. Each value of a table
 * is treated alike. Other expressions are returned unchanged; their values are checked against the range later.
 *
 * @param range   lowest and highest admissible value [SI units of the value, or absolute months], infinite if open
 * @param context the context in which the value was read
 * @param floorsAtZero whether `0 to B` on a range that begins at 0 keeps its quantiles and has its draws below 0 at 0
 * @param needs   the range in words, such as `a fraction between 0 % and 100 %`
 *
 * Fails: never.
 */
export function admitRange(
  expr: Expr,
  range: readonly [number, number],
  context: ValueContext,
  needs: string,
  { floorsAtZero = false }: { readonly floorsAtZero?: boolean } = {},
): ParsedValue {
  const diagnostics: Diagnostic[] = [];
  const admission = { range, context, needs, floorsAtZero, diagnostics };
  const admitted = admit(expr, admission);
  return admitted ? { expr: admitted, diagnostics } : { diagnostics };
}

/** What a distribution is admitted to, and the list that faults go to. */
type Admission = {
  readonly range: readonly [number, number];
  readonly context: ValueContext;
  readonly needs: string;
  readonly floorsAtZero: boolean;
  readonly diagnostics: Diagnostic[];
};

function admit(expr: Expr, admission: Admission): Expr | undefined {
  if (expr.kind === "table") {
    const values = expr.points.map(({ value }) => admit(value, admission));
    if (!values.every((value) => value !== undefined)) return undefined;
    return { ...expr, points: expr.points.map(({ month }, index) => ({ month, value: values[index] })) };
  }
  if (expr.kind !== "distribution") return expr;
  const { range, context, needs, diagnostics } = admission;
  const reader = new ValueReader("", { ...context, span: expr.span });
  const isFloored = admission.floorsAtZero && range[0] === 0 && isFromZero(expr, context.names);
  const admitted = !isUnbounded(expr.family)
    ? admitBounded(expr, range, needs, reader)
    : isFloored
      ? admitUnbounded({ ...expr, floorsAtZero: true }, [Number.NEGATIVE_INFINITY, range[1]], needs, reader)
      : admitUnbounded(expr, range, needs, reader);
  diagnostics.push(...reader.diagnostics);
  return admitted;
}

/** True for `0 to B`, whose normal below 0 is no doubt about the sign: it says that the value may well be 0. */
export function isFromZero(expr: Expr, names: NameResolver): expr is DistributionExpr {
  if (expr.kind !== "distribution" || expr.isDate || expr.admissible) return false;
  const isInterval = expr.family === "interval" || expr.family === "interval_p10_p90";
  return isInterval && constantOf(expr.parameters[0], names) === 0;
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
  if (!Number.isFinite(median)) return reader.report("not-finite", { values: { text: formatExpr(expr) } });
  if (!(median >= low && median <= high)) {
    const got = `a median of ${formatOf(median, expr)}`;
    return reader.report("out-of-range", { values: { needs, got } });
  }
  // The scenario's own truncation was warned about at its own place.
  const cutBefore = expr.admissible ? (truncatedMass(expr, names) ?? 0) : 0;
  const mass = (truncatedMass(admitted, names) ?? 0) - cutBefore;
  if (mass > WARNED_MASS) {
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
