import { InternalError } from "../../diagnostics/diagnostic.ts";
import { lookUpQuantile } from "../../engine/operations/quantile-table.ts";
import { MONTHS_PER_YEAR } from "../../metrics/unit-factors.ts";
import { exp, log, normalCdf, normalQuantile, power } from "../../numbers/plain.ts";
import type { Algebra, ElementaryFunction } from "./algebra.ts";
import { drawFrom, massesOfRange } from "./distributions/draw.ts";
import { isUnbounded } from "./distributions/families.ts";
import { pertTable } from "./distributions/pert-table.ts";
import type { Expr } from "./expr.ts";
import type { NameResolver } from "./value-reader.ts";

/** The context in which an expression is evaluated. */
export type PlainRun = {
  /** The month it is read in, absolute: year * 12 + (month - 1). */
  readonly month: number;
  /** First reported month, absolute. */
  readonly startMonth: number;
  /** Definitions of the `let` names, each after those it reads (`resolveLets`). */
  readonly lets: ReadonlyMap<string, Expr>;
  /** Yearly inflation as a fraction; only amounts with a `currency_year` read it. */
  readonly inflation: number;
  /** Uniform of a variable, in (0, 1); 0.5, as in the plain run, if absent. */
  readonly uniform?: (variable: string) => number;
};

/** Uniform at which a value is its median. */
export const MEDIAN = 0.5;

/** Months from January to July: an amount with a `currency_year` is in the money of the middle of that year. */
const MONTHS_TO_JULY = 6;

/**
 * Evaluates an expression for one month and one trial by walking its tree.
 *
 * The compiled engine gives the same number bit for bit: both perform the operations of the tree in its order, functions of
 * several values from left to right, and draw by `drawFrom`. Nothing is folded or re-associated.
 *
 * @return the value in SI units, or an absolute month for a date; months and durations are not rounded. Not finite after a
 *   division by zero, an overflow or a distribution with invalid parameters: callers check
 *
 * Fails: `InternalError` for a name missing in `lets`. Cost: nodes of the expression and of the names it reads.
 */
export function evaluatePlain(expr: Expr, run: PlainRun): number {
  if (expr.kind === "number") return expr.value;
  if (!readsNames(expr)) return evaluate(expr, { run, valueOfName: unknownName });
  const values = new Map<string, number>();
  const valueOfName = (name: string): number => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const definition = run.lets.get(name);
    if (!definition) return unknownName(name);
    const value = evaluate(definition, scope);
    values.set(name, value);
    return value;
  };
  const scope: Scope = { run, valueOfName };
  // In the order of definition, so that a long chain of names does not recurse deeply.
  const needed = namesNeeded(expr, run.lets);
  if (needed.size > 0) for (const name of run.lets.keys()) if (needed.has(name)) valueOfName(name);
  return evaluate(expr, scope);
}

function unknownName(name: string): never {
  throw new InternalError(`no definition of the name ${name}`);
}

/** By expression: values that vary by month are read in hundreds of months, and most read no name. */
const knownReading = new WeakMap<Expr, boolean>();

function readsNames(expr: Expr): boolean {
  let reads = knownReading.get(expr);
  if (reads === undefined) {
    reads = expr.kind === "name" || partsOf(expr).some(readsNames);
    knownReading.set(expr, reads);
  }
  return reads;
}

/**
 * The value of a constant expression; `undefined` if it varies or reads a name with an unknown value.
 */
export function constantOf(expr: Expr, names: NameResolver): number | undefined {
  if (expr.binding !== "constant") return undefined;
  let isKnown = true;
  const valueOfName = (name: string): number => {
    const info = names.lookup(name);
    if (typeof info === "object" && info.value !== undefined) return info.value;
    isKnown = false;
    return Number.NaN;
  };
  const value = evaluate(expr, { run: NO_RUN, valueOfName });
  return isKnown ? value : undefined;
}

/** The context of what depends on none. */
const NO_RUN: PlainRun = { month: 0, startMonth: 0, inflation: 0, lets: new Map() };

/**
 * Mass of a distribution outside its admissible range, which truncation removes.
 *
 * @return a fraction from 0 to 1; `undefined` unless the expression is a distribution with a range and constant parameters
 *
 * Fails: never.
 */
export function truncatedMass(expr: Expr, names: NameResolver): number | undefined {
  if (expr.kind !== "distribution" || !expr.admissible || !isUnbounded(expr.family)) return undefined;
  const parameters = expr.parameters.map((parameter) => constantOf(parameter, names));
  if (!parameters.every((parameter) => parameter !== undefined)) return undefined;
  const { below, upTo } = massesOfRange(numberAlgebra, expr, parameters);
  return below + (1 - upTo);
}

/** The algebra of numbers, with which `drawFrom` draws one trial. */
export const numberAlgebra: Algebra<number> = {
  constant: (value) => value,
  known: (value) => value,
  apply: applyFunction,
  pert: (modeFraction, score) => {
    const table = pertTable(modeFraction);
    return lookUpQuantile(table, 0, table.length, score);
  },
};

type Scope = { readonly run: PlainRun; readonly valueOfName: (name: string) => number };

function evaluate(expr: Expr, scope: Scope): number {
  switch (expr.kind) {
    case "number":
      return expr.value;
    case "name":
      return scope.valueOfName(expr.name);
    case "clock":
      return readClock(expr.clock, scope.run);
    case "state":
      throw new InternalError(`only the engine knows the state ${expr.name}`);
    case "call":
      return applyFunction(expr.fn, ...expr.args.map((arg) => evaluate(arg, scope)));
    case "distribution": {
      const { uniform } = scope.run;
      return uniform ? drawAt(expr, scope, uniform(expr.variable)) : medianOf(expr, scope);
    }
    case "table":
      return readTable(expr, scope);
    case "inflated": {
      const { month, inflation } = scope.run;
      const months = month - (expr.currencyYear * MONTHS_PER_YEAR + MONTHS_TO_JULY);
      return evaluate(expr.amount, scope) * power(1 + inflation, months / MONTHS_PER_YEAR);
    }
  }
}

type DistributionExpr = Expr & { readonly kind: "distribution" };

function drawAt(expr: DistributionExpr, scope: Scope, uniform: number): number {
  const parameters = expr.parameters.map((parameter) => evaluate(parameter, scope));
  return drawFrom(numberAlgebra, expr, parameters, uniform);
}

/** Medians of distributions whose parameters are numbers: checks read each several times, and a draw takes logarithms. */
const knownMedians = new WeakMap<Expr, number>();

function medianOf(expr: DistributionExpr, scope: Scope): number {
  return literalMedian(expr) ?? drawAt(expr, scope, MEDIAN);
}

/** The median of a distribution whose parameters are numbers; undefined for another. Fails: never. */
export function literalMedian(expr: DistributionExpr): number | undefined {
  const known = knownMedians.get(expr);
  if (known !== undefined) return known;
  const numbers = expr.parameters.flatMap((one) => (one.kind === "number" ? [one.value] : []));
  if (numbers.length < expr.parameters.length) return undefined;
  const median = drawFrom(numberAlgebra, expr, numbers, MEDIAN);
  knownMedians.set(expr, median);
  return median;
}

/** Gives the median of a distribution whose parameters are numbers, which someone has drawn before. */
export function knowMedian(expr: DistributionExpr, median: number): void {
  knownMedians.set(expr, median);
}

function readClock(
  clock: (Expr & { readonly kind: "clock" })["clock"],
  { month, startMonth }: PlainRun,
): number {
  if (clock === "month") return month;
  const year = Math.floor(month / MONTHS_PER_YEAR);
  if (clock === "calendar_year") return year;
  return clock === "month_of_year" ? month - year * MONTHS_PER_YEAR + 1 : month - startMonth;
}

function readTable(table: Expr & { readonly kind: "table" }, scope: Scope): number {
  const { points } = table;
  const { month } = scope.run;
  const next = points.findIndex((point) => point.month > month);
  if (next === 0) return table.before === "zero" ? 0 : evaluate(points[0].value, scope);
  const last = next < 0 ? points.length - 1 : next - 1;
  const value = evaluate(points[last].value, scope);
  if (table.interpolate === "step" || next < 0) return value;
  const share = (month - points[last].month) / (points[next].month - points[last].month);
  return value + (evaluate(points[next].value, scope) - value) * share;
}

function applyFunction(fn: ElementaryFunction, ...operands: readonly number[]): number {
  const x = operands[0];
  const y = operands[1];
  const z = operands[2];
  switch (fn) {
    case "add":
      return x + y;
    case "subtract":
      return x - y;
    case "multiply":
      return x * y;
    case "divide":
      return x / y;
    case "power":
      return power(x, y);
    case "negate":
      return -x;
    case "min":
      return operands.reduce((least, operand) => Math.min(least, operand));
    case "max":
      return operands.reduce((most, operand) => Math.max(most, operand));
    case "abs":
      return Math.abs(x);
    case "round":
      return Math.floor(x + 0.5);
    case "floor":
      return Math.floor(x);
    case "ceil":
      return Math.ceil(x);
    case "sqrt":
      return Math.sqrt(x);
    case "exp":
      return exp(x);
    case "log":
      return log(x);
    case "less":
      return x < y ? 1 : 0;
    case "less_equal":
      return x <= y ? 1 : 0;
    case "greater":
      return x > y ? 1 : 0;
    case "greater_equal":
      return x >= y ? 1 : 0;
    case "equal":
      return x === y ? 1 : 0;
    case "not_equal":
      return x !== y ? 1 : 0;
    case "and":
      return x !== 0 && y !== 0 ? 1 : 0;
    case "or":
      return x !== 0 || y !== 0 ? 1 : 0;
    case "not":
      return x === 0 ? 1 : 0;
    case "if":
      return x !== 0 ? y : z;
    case "normal_quantile":
      return normalQuantile(x);
    case "normal_cdf":
      return normalCdf(x);
  }
}

/** Names that the expression reads, directly or through others. */
export function namesNeeded(expr: Expr, lets: ReadonlyMap<string, Expr>): ReadonlySet<string> {
  const needed = new Set<string>();
  collectNames(expr, needed);
  // Iterating over a set also visits members added meanwhile.
  for (const name of needed) {
    const definition = lets.get(name);
    if (definition) collectNames(definition, needed);
  }
  return needed;
}

function collectNames(expr: Expr, names: Set<string>): void {
  if (expr.kind === "name") names.add(expr.name);
  for (const part of partsOf(expr)) collectNames(part, names);
}

/** The direct subexpressions of an expression, in order. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "call":
      return expr.args;
    case "distribution":
      return expr.parameters;
    case "table":
      return expr.points.map((point) => point.value);
    case "inflated":
      return [expr.amount];
    default:
      return [];
  }
}

/** Names of the simulated state that an expression reads: only a simulation can evaluate one that reads any. */
export function statesRead(expr: Expr): readonly string[] {
  return expr.kind === "state" ? [expr.name] : partsOf(expr).flatMap(statesRead);
}
