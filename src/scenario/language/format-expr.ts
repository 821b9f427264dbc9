import { power } from "../../numbers/plain.ts";
import { DIMENSIONS, formatVector, toCanonical } from "../../units/dimension.ts";
import { formatQuantity } from "../../units/format.ts";
import { unitOfSymbol } from "../../units/symbol.ts";
import {
  baseSymbols,
  type DimensionVector,
  dimensionless,
  equalVectors,
  isDimensionless,
} from "../../units/vector.ts";
import type { ExprFunction } from "./algebra.ts";
import { familyOf } from "./distributions/families.ts";
import type { Expr } from "./expr.ts";

/**
 * Writes an expression as short text, for `show`, `trace` and messages.
 *
 * Numbers have a fitting unit and at most four digits. An interval is `A to B` at the top and `between(A, B)` inside; other
 * distributions are as in the scenario language, and tables are in braces.
 *
 * Fails: never. Cost: nodes of the expression.
 */
export function formatExpr(expr: Expr): string {
  if (expr.kind !== "distribution") return write(expr, LOWEST);
  const parts = expr.parameters.map((parameter) => write(parameter, LOWEST));
  if (expr.family === "interval") return parts.join(" to ");
  return writeDistribution(expr);
}

/**
 * Writes a number in SI units with a fitting unit, such as `1.4 GW`.
 *
 * Fails: never.
 */
export function formatSi(value: number, vector: DimensionVector): string {
  if (isDimensionless(vector)) return formatPlain(value);
  const named = Object.values(DIMENSIONS).find((dimension) => equalVectors(dimension.vector, vector));
  const canonical = named && toCanonical(value, named.vector, named.name);
  if (named && canonical !== undefined) return formatQuantity(canonical, named.name);
  // The formula counts in bytes, SI values in bits.
  const bytes = value / power(BITS_PER_BYTE, vector[baseSymbols.indexOf("bit")] ?? 0);
  return `${formatPlain(bytes)} ${formatVector(vector)}`;
}

/** Writes an absolute month as `YYYY-MM`; a fraction of a month is rounded half up. */
export function formatMonth(absoluteMonth: number): string {
  if (!Number.isFinite(absoluteMonth)) return String(absoluteMonth);
  const whole = Math.floor(absoluteMonth + 0.5);
  const year = Math.floor(whole / 12);
  return `${String(year).padStart(4, "0")}-${String(whole - year * 12 + 1).padStart(2, "0")}`;
}

const BITS_PER_BYTE = 8;

/** Significant digits of a plain number. */
const PLAIN_DIGITS = 6;

function formatPlain(value: number): string {
  return String(Number(value.toPrecision(PLAIN_DIGITS)) + 0);
}

/** How tightly an operator binds; a looser one inside a tighter one gets brackets. */
const LOWEST = 0;
const CHOICE_LEVEL = 1;
const COMPARISON_LEVEL = 4;
const SUM_LEVEL = 5;
const PRODUCT_LEVEL = 6;
const NEGATE_LEVEL = 7;
const POWER_LEVEL = 8;

const OPERATORS: Readonly<Partial<Record<ExprFunction, readonly [sign: string, level: number]>>> = {
  or: ["or", 2],
  and: ["and", 3],
  less: ["<", COMPARISON_LEVEL],
  less_equal: ["<=", COMPARISON_LEVEL],
  greater: [">", COMPARISON_LEVEL],
  greater_equal: [">=", COMPARISON_LEVEL],
  equal: ["==", COMPARISON_LEVEL],
  not_equal: ["!=", COMPARISON_LEVEL],
  add: ["+", SUM_LEVEL],
  subtract: ["-", SUM_LEVEL],
  multiply: ["*", PRODUCT_LEVEL],
  divide: ["/", PRODUCT_LEVEL],
  power: ["^", POWER_LEVEL],
};

function write(expr: Expr, level: number): string {
  switch (expr.kind) {
    case "number":
      return writeNumber(expr, expr.value, level);
    case "name":
      return expr.name;
    case "state":
      return expr.name;
    case "clock":
      return expr.clock;
    case "distribution":
      return writeDistribution(expr);
    case "inflated":
      return `${write(expr.amount, PRODUCT_LEVEL)} in money of ${expr.currencyYear}`;
    case "table":
      return `{ ${expr.points.map(({ month, value }) => `${formatMonth(month)}: ${formatExpr(value)}`).join(", ")} }`;
    case "call":
      return writeCall(expr, level);
  }
}

function writeNumber(expr: Expr, value: number, level: number): string {
  if (expr.isDate) return level === LOWEST ? formatMonth(value) : writeDate(value);
  const text = formatSi(value, expr.vector);
  const isSimple = /^[\d.]+$/.test(text);
  return level === LOWEST || isSimple ? text : `(${text})`;
}

/** A date inside an expression. */
function writeDate(absoluteMonth: number): string {
  const [year, month] = formatMonth(absoluteMonth).split("-");
  return `date(${Number(year)}, ${Number(month)})`;
}

function writeCall(expr: Expr & { readonly kind: "call" }, level: number): string {
  const { fn, args } = expr;
  const shown = withoutMonths(expr);
  if (shown) return write(shown, level);
  const bracket = (text: string, own: number): string => (own < level ? `(${text})` : text);
  if (fn === "if") {
    const [condition, yes, no] = args;
    const parts = [write(condition, CHOICE_LEVEL + 1), write(yes, CHOICE_LEVEL + 1), write(no, CHOICE_LEVEL)];
    return bracket(`${parts[0]} ? ${parts[1]} : ${parts[2]}`, CHOICE_LEVEL);
  }
  if (fn === "not") return bracket(`not(${write(args[0], LOWEST)})`, NEGATE_LEVEL);
  if (fn === "negate") return bracket(`-${write(args[0], POWER_LEVEL)}`, NEGATE_LEVEL);
  const operator = OPERATORS[fn];
  if (!operator) return `${fn}(${args.map((arg) => write(arg, LOWEST)).join(", ")})`;
  const [sign, own] = operator;
  // Powers associate to the right, sums and products to the left; comparisons in a row would form a chain.
  const left = fn === "power" || own === COMPARISON_LEVEL ? own + 1 : own;
  const right = fn === "power" ? own : own + 1;
  return bracket(`${write(args[0], left)} ${sign} ${write(args[1], right)}`, own);
}

/** Removes the conversions that date arithmetic and rounding of durations introduce. */
function withoutMonths(expr: Expr & { readonly kind: "call" }): Expr | undefined {
  const { fn, args } = expr;
  const [a, b] = args;
  if (expr.isDate && (fn === "add" || fn === "subtract")) {
    const bare = args.map((arg) => (arg.isDate ? arg : (dividedByMonth(arg) ?? arg)));
    return bare.some((arg, index) => arg !== args[index]) ? { ...expr, args: bare } : undefined;
  }
  if (fn !== "multiply" || !isMonth(b) || a.kind !== "call") return undefined;
  if (a.fn === "subtract" && a.args.every((arg) => arg.isDate)) return a;
  const rounded = ["round", "floor", "ceil"].includes(a.fn) ? dividedByMonth(a.args[0]) : undefined;
  return rounded ? { ...a, args: [rounded] } : undefined;
}

function dividedByMonth(expr: Expr): Expr | undefined {
  return expr.kind === "call" && expr.fn === "divide" && isMonth(expr.args[1]) ? expr.args[0] : undefined;
}

function isMonth(expr: Expr): boolean {
  const month = unitOfSymbol("month");
  return (
    expr.kind === "number" &&
    expr.value === month?.si &&
    equalVectors(expr.vector, month?.vector ?? dimensionless)
  );
}

function writeDistribution(expr: Expr & { readonly kind: "distribution" }): string {
  const { family, parameters, weights = [] } = expr;
  // In a map dates look as at the top of a value; inside a function they are calls of `date`.
  const { word, keys, call } = familyOf(family);
  if (!call && !word)
    return `{ ${parameters.map((parameter, index) => `${keys[index]}: ${write(parameter, LOWEST)}`).join(", ")} }`;
  if (!call) {
    const entries = parameters.map((parameter, index) => `${write(parameter, LOWEST)}: ${weights[index]}`);
    return `{ distribution: ${word}, ${keys[0]}: { ${entries.join(", ")} } }`;
  }
  const parts = parameters.map((one) =>
    one.kind === "number" && one.isDate ? writeDate(one.value) : write(one, LOWEST),
  );
  return `${call.name}(${parts.join(", ")})`;
}
