import type { PlanBuilder, Register } from "../engine/index.ts";
import { TOLERANCE } from "../metrics/tolerance.ts";
import type { ExprFunction } from "../scenario/language/algebra.ts";
import type { Expr } from "../scenario/language/expr.ts";
import { type LowerContext, lower } from "./lower.ts";

type Comparison = "less" | "less_equal" | "greater" | "greater_equal" | "equal" | "not_equal";

/** A register that is 1 in the months in which a condition (`events`, `when`) holds; its comparisons allow for rounding. */
export function lowerCondition(context: LowerContext, expr: Expr): Register {
  const compare = (fn: ExprFunction, [x, y]: readonly Expr[]): Register | undefined =>
    isComparison(fn) ? compareSides(context, fn, x, y) : undefined;
  return lower({ ...context, compare }, expr);
}

function isComparison(fn: ExprFunction): fn is Comparison {
  return /^(less|greater)(_equal)?$|^(not_)?equal$/.test(fn);
}

function compareSides(context: LowerContext, fn: Comparison, x: Expr, y: Expr): Register {
  const { builder } = context;
  const size = builder.op("max", sizeOf(context, x), sizeOf(context, y));
  return compareWithin(builder, fn, lower(context, x), lower(context, y), size);
}

/**
 * 1 where a comparison holds beyond rounding: x > y if x - y > 1e-9 s, with s the largest `size` so far in the trial.
 *
 * So a fleet of 1 GW reaches 1 GW, and 1e-8 USD left of 1e8 USD is not more than nothing. A comparison with a figure that
 * does not exist is false.
 *
 * @param size magnitude of what is compared, by month
 *
 * Source: docs/model.md section 10.5.
 */
export function compareWithin(
  builder: PlanBuilder,
  fn: Comparison,
  x: Register,
  y: Register,
  size: Register,
): Register {
  const difference = builder.op("subtract", x, y);
  const slack = builder.op("multiply", builder.constant(TOLERANCE), builder.scan("runningMax", size));
  const less = () => builder.op("negate", slack);
  switch (fn) {
    case "greater":
      return builder.op("greater", difference, slack);
    case "less":
      return builder.op("less", difference, less());
    case "greater_equal":
      return builder.op("greaterEqual", difference, less());
    case "less_equal":
      return builder.op("lessEqual", difference, slack);
    case "equal":
      return builder.op("lessEqual", builder.op("abs", difference), slack);
    case "not_equal":
      return builder.op("greater", builder.op("abs", difference), slack);
  }
}

/** Magnitude of a side: of a sum or difference that of its largest term, because the result keeps the rounding of that. */
function sizeOf(context: LowerContext, expr: Expr): Register {
  const { builder } = context;
  if (expr.kind === "call") {
    const [x, y] = expr.args;
    if (expr.fn === "add" || expr.fn === "subtract" || expr.fn === "min" || expr.fn === "max")
      return expr.args.map((arg) => sizeOf(context, arg)).reduce((a, b) => builder.op("max", a, b));
    if (expr.fn === "negate" || expr.fn === "abs") return sizeOf(context, x);
    if (expr.fn === "multiply") return builder.op("multiply", sizeOf(context, x), sizeOf(context, y));
    if (expr.fn === "divide") {
      return builder.op("divide", sizeOf(context, x), builder.op("abs", lower(context, y)));
    }
  }
  return builder.op("abs", lower(context, expr));
}
