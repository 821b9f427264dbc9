import type { PlanBuilder, Register } from "../engine/index.ts";
import type { Algebra, ElementaryFunction, ExprFunction } from "../scenario/language/algebra.ts";
import { drawFrom } from "../scenario/language/distributions/draw.ts";
import { pertTable } from "../scenario/language/distributions/pert-table.ts";
import { literalMedian, MEDIAN } from "../scenario/language/evaluate.ts";
import type { Clock, Distribution, Expr } from "../scenario/language/expr.ts";
import { lineOfName } from "../scenario/language/line-name.ts";
import type { ReadRecorder } from "./record/reads.ts";

/** What lowering an expression needs. */
export type LowerContext = {
  readonly builder: PlanBuilder;
  /** Records which fields and names are read. */
  readonly record: ReadRecorder;
  /** Absolute month of the window's first month, and of `start`. */
  readonly firstMonth: number;
  readonly startMonth: number;
  readonly lets: ReadonlyMap<string, Expr>;
  /** Yearly inflation. */
  readonly inflation: () => Register;
  /** Whether every uncertain value stands at its median, for `sized: once`. */
  readonly atMedians: boolean;
  /** Register of a state name, in SI units. */
  readonly state: (name: string) => Register;
  /** Registers of `let` names already lowered. */
  readonly known: Map<string, Register>;
  /** Paths of lines whose literal is an input. */
  readonly valuePaths: ReadonlySet<string>;
  /** Rows of fields that stay open, and the registers of those met so far. */
  readonly openRows: ReadonlySet<string>;
  readonly opened: Map<Register, string>;
  /** How a condition compares two sides; elsewhere numbers are compared as they are. */
  readonly compare?: (fn: ExprFunction, sides: readonly Expr[]) => Register | undefined;
};

/** The engine's operation for a function of expressions. */
const OPERATIONS: Readonly<Record<ElementaryFunction, Parameters<PlanBuilder["op"]>[0]>> = {
  add: "add",
  subtract: "subtract",
  multiply: "multiply",
  divide: "divide",
  power: "power",
  negate: "negate",
  min: "min",
  max: "max",
  abs: "abs",
  round: "round",
  floor: "floor",
  ceil: "ceil",
  sqrt: "sqrt",
  exp: "exp",
  log: "log",
  less: "less",
  less_equal: "lessEqual",
  greater: "greater",
  greater_equal: "greaterEqual",
  equal: "equal",
  not_equal: "notEqual",
  and: "and",
  or: "or",
  not: "not",
  if: "select",
  normal_quantile: "normalQuantile",
  normal_cdf: "normalCdf",
};

/** July of a year stands for the money of that year (docs/model.md section 1). */
const MID_YEAR = 6;

/** Months since year 0 of every window month. */
export function absoluteMonths({ builder, firstMonth }: LowerContext): Register {
  return builder.monthsBy("absolute", (month) => firstMonth + month);
}

/** A register with the value of an expression in SI units (dates: absolute months). The tree is lowered as it stands. */
export function lower(context: LowerContext, expr: Expr): Register {
  const { builder } = context;
  switch (expr.kind) {
    case "number":
      return builder.constant(expr.value);
    case "name":
      return lowerName(context, expr.name);
    case "clock":
      return lowerClock(context, expr.clock);
    case "state":
      return context.state(expr.name);
    case "call":
      return lowerCall(context, expr.fn, expr.args);
    case "distribution":
      return lowerDistribution(context, expr);
    case "table":
      return lowerTable(context, expr);
    case "inflated":
      return lowerInflated(context, expr, lower(context, expr.amount));
  }
}

/** The register of a `let` name. */
export function lowerName(context: LowerContext, name: string): Register {
  const path = lineOfName(name);
  const line = context.record.line(path);
  context.record.note(line);
  const known = context.known.get(name);
  if (known !== undefined) return known;
  const definition = context.lets.get(name);
  if (!definition) throw new Error(`${path} is not defined`);
  const register = context.record.during(line, () => lowerLine(context, path, definition));
  context.known.set(name, register);
  return register;
}

/** The expression of a line; its literal is an input where `valuePaths` names the line. */
export function lowerLine(context: LowerContext, path: string, expr: Expr): Register {
  if (!context.valuePaths.has(path)) return lower(context, expr);
  if (expr.kind === "number") return context.builder.variable(path, "value", expr.value);
  if (expr.kind !== "inflated") return lower(context, expr);
  return lowerInflated(context, expr, lowerLine(context, path, expr.amount));
}

/** An amount in the money of a year, in that of every month. */
function lowerInflated(
  context: LowerContext,
  { currencyYear }: Extract<Expr, { kind: "inflated" }>,
  amount: Register,
): Register {
  const { builder } = context;
  const years = absoluteMonths(context);
  const base = builder.constant(currencyYear * 12 + MID_YEAR);
  const exponent = builder.op("divide", builder.op("subtract", years, base), builder.constant(12));
  const growth = builder.op("add", builder.constant(1), context.inflation());
  return builder.op("multiply", amount, builder.op("power", growth, exponent));
}

function lowerClock(context: LowerContext, clock: Clock): Register {
  const { builder, firstMonth, startMonth } = context;
  const value = (month: number) => {
    const absolute = firstMonth + month;
    if (clock === "month") return absolute;
    if (clock === "calendar_year") return Math.floor(absolute / 12);
    return clock === "month_of_year" ? (absolute % 12) + 1 : absolute - startMonth;
  };
  return builder.monthsBy(clock, value);
}

function lowerCall(context: LowerContext, fn: ExprFunction, args: readonly Expr[]): Register {
  const { builder } = context;
  const compared = context.compare?.(fn, args);
  if (compared !== undefined) return compared;
  const registers = args.map((argument) => lower(context, argument));
  // min and max take any number of arguments, and add and multiply may: from left to right, as written.
  if (fn !== "if" && registers.length > 2)
    return registers.slice(1).reduce((x, y) => builder.op(OPERATIONS[fn], x, y), registers[0]);
  return builder.op(OPERATIONS[fn], registers[0], registers[1], registers[2]);
}

/** A distribution as operations on the uniform of its variable, by the same formula as the plain interpreter's. */
function lowerDistribution(context: LowerContext, distribution: Expr & Distribution): Register {
  const { builder, atMedians } = context;
  const median = atMedians ? literalMedian(distribution) : undefined;
  if (median !== undefined) return builder.constant(median);
  const algebra: Algebra<Register> = {
    constant: (value) => builder.constant(value),
    known: (register) => builder.constantOf(register),
    apply: (fn, x, y, z) => builder.op(OPERATIONS[fn], x, y, z),
    pert: (modeFraction, score) => builder.tableLookup(score, pertTable(modeFraction)),
  };
  const uniform = atMedians
    ? builder.constant(MEDIAN)
    : builder.variable(distribution.variable, "uniform", MEDIAN);
  const parameters = distribution.parameters.map((parameter) => lower(context, parameter));
  return drawFrom(algebra, distribution, parameters, uniform);
}

/** A table by window month: before its first date 0 or its first value, then in steps or from date to date. */
function lowerTable(context: LowerContext, table: Extract<Expr, { kind: "table" }>): Register {
  const { builder } = context;
  const months = absoluteMonths(context);
  const values = table.points.map((point) => lower(context, point.value));
  const known = values.flatMap((value) => builder.monthsOf(value) ?? []);
  if (table.interpolate === "step" && known.length === values.length)
    return builder.months(stepsByMonth(context, table, known));
  let register = table.before === "zero" ? builder.constant(0) : values[0];
  for (const [index, point] of table.points.entries()) {
    const date = builder.constant(point.month);
    const next = table.points[index + 1];
    let value = values[index];
    if (table.interpolate === "linear" && next) {
      const span = builder.constant(next.month - point.month);
      const fraction = builder.op("divide", builder.op("subtract", months, date), span);
      const rise = builder.op("subtract", values[index + 1], value);
      value = builder.op("add", value, builder.op("multiply", rise, fraction));
    }
    register = builder.op("select", builder.op("greaterEqual", months, date), value, register);
  }
  return register;
}

/** What a table says of each window month, given its values by window month. */
function stepsByMonth(
  { builder, firstMonth }: LowerContext,
  { points, before }: Extract<Expr, { kind: "table" }>,
  values: readonly Float64Array[],
): Float64Array {
  const months = new Float64Array(builder.window.monthCount);
  let point = -1;
  for (let month = 0; month < months.length; month++) {
    while (point + 1 < points.length && points[point + 1].month <= firstMonth + month) point++;
    months[month] = point < 0 && before === "zero" ? 0 : values[Math.max(0, point)][month];
  }
  return months;
}
