import { describeVector } from "../../units/dimension.ts";
import { unitOfSymbol } from "../../units/symbol.ts";
import { relateByTime } from "../../units/time-apart.ts";
import {
  type DimensionVector,
  dimensionless,
  divideVectors,
  equalVectors,
  isDimensionless,
  multiplyVectors,
  powerVector,
} from "../../units/vector.ts";
import { listWords } from "../fields/words.ts";
import type { ExprFunction } from "./algebra.ts";
import { joinBindings } from "./binding.ts";
import { constantOf } from "./evaluate.ts";
import type { Expr } from "./expr.ts";
import { formatExpr } from "./format-expr.ts";
import type { NameResolver, ValueReader } from "./value-reader.ts";

const month = unitOfSymbol("month");

/** Seconds per month, 2,629,800: a twelfth of 365.25 days. */
const secondsPerMonth: number = month?.si ?? Number.NaN;

/** The vector of a duration. */
const durationVector: DimensionVector = month?.vector ?? dimensionless;

/** The signs of functions written as operators, for messages. */
const SIGNS: Readonly<Partial<Record<ExprFunction, string>>> = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "/",
  power: "^",
  negate: "-",
  less: "<",
  less_equal: "<=",
  greater: ">",
  greater_equal: ">=",
  equal: "==",
  not_equal: "!=",
  and: "and",
  or: "or",
  not: "not",
  if: "?",
};

/** The sign or name a function is written with. */
function signOf(fn: ExprFunction): string {
  return SIGNS[fn] ?? fn;
}

/** The dimension of an expression in words, for a message: `a power`, `a date`. */
export function describeExpr(expr: Expr): string {
  return expr.isDate ? "a date" : describeVector(expr.vector);
}

/** A number in SI units with a given dimension vector. */
export function makeNumber(value: number, vector: DimensionVector, reader: ValueReader): Expr {
  return { kind: "number", value, vector, isDate: false, binding: "constant", span: reader.span };
}

/** A month on the calendar; the number is absolute. */
export function makeDate(absoluteMonth: number, reader: ValueReader): Expr {
  return { ...makeNumber(absoluteMonth, dimensionless, reader), isDate: true };
}

/**
 * Makes a call if the dimensions of its operands fit the function, and derives the dimension of the result.
 *
 * Date arithmetic is rewritten: a date plus a duration is `date + duration / month`, the difference of dates is `(a - b) *
 * month`, and a duration is rounded as `round(x / month) * month`. So every call is plain arithmetic.
 *
 * @return the call, or `undefined` with the fault reported to the reader
 */
export function buildCall(fn: ExprFunction, args: readonly Expr[], reader: ValueReader): Expr | undefined {
  switch (fn) {
    case "add":
    case "subtract":
      return buildSum(fn, args[0], args[1], reader);
    case "multiply":
    case "divide":
      return refuseDates(fn, args, reader) ? makeProduct(fn, args[0], args[1], reader) : undefined;
    case "power":
      return refuseDates(fn, args, reader) ? buildPower(args[0], args[1], reader) : undefined;
    case "min":
    case "max":
      return haveOneKind(fn, args, reader) ? makeCall(fn, args, args[0], reader) : undefined;
    case "negate":
    case "abs":
      return refuseDates(fn, args, reader) ? makeCall(fn, args, args[0], reader) : undefined;
    case "round":
    case "floor":
    case "ceil":
      return buildRounding(fn, args[0], reader);
    case "sqrt":
      return refuseDates(fn, args, reader)
        ? makeCall(fn, args, plain(powerVector(args[0].vector, 0.5)), reader)
        : undefined;
    case "less":
    case "less_equal":
    case "greater":
    case "greater_equal":
    case "equal":
    case "not_equal":
      return haveOneKind(fn, args, reader) ? makeCall(fn, args, plain(dimensionless), reader) : undefined;
    case "and":
    case "or":
    case "not":
      return buildLogic(fn, args, reader);
    case "exp":
    case "log":
      return arePlain(fn, args, reader) ? makeCall(fn, args, plain(dimensionless), reader) : undefined;
    case "if": {
      const [condition, ...branches] = args;
      const isFit = arePlain(fn, [condition], reader) && haveOneKind(fn, branches, reader);
      return isFit ? makeCall(fn, args, branches[0], reader) : undefined;
    }
  }
}

/** In a condition a date means "this month has been reached". */
function buildLogic(fn: "and" | "or" | "not", args: readonly Expr[], reader: ValueReader): Expr | undefined {
  const isCondition = reader.context.states !== undefined;
  const truths = args.map((arg) => (isCondition && arg.isDate ? reached(arg, reader) : arg));
  if (isCondition && !areTruths(fn, truths, reader)) return undefined;
  return arePlain(fn, truths, reader) ? makeCall(fn, truths, plain(dimensionless), reader) : undefined;
}

/** 1 from the month of a date on. */
export function reached(date: Expr, reader: ValueReader): Expr {
  const now: Expr = { ...makeDate(0, reader), kind: "clock", clock: "month", binding: "month" };
  return makeCall("greater_equal", [now, date], plain(dimensionless), reader);
}

const TRUTHS: ReadonlySet<ExprFunction> = new Set([
  "less",
  "less_equal",
  "greater",
  "greater_equal",
  "equal",
  "not_equal",
  "and",
  "or",
  "not",
]);

/** True for a boolean expression: a comparison, a combination by `and`, `or` and `not`, or a name of one. */
export function isTruth(expr: Expr, names: NameResolver): boolean {
  if (expr.kind === "name") {
    const info = names.lookup(expr.name);
    return info === "faulty" || info?.isTruth === true;
  }
  if (expr.kind !== "call") return false;
  if (expr.fn === "if") return expr.args.slice(1).every((branch) => isTruth(branch, names));
  return TRUTHS.has(expr.fn);
}

/** Reports a fault unless all operands of a condition are boolean. */
export function areTruths(
  fn: "and" | "or" | "not" | undefined,
  args: readonly Expr[],
  reader: ValueReader,
): boolean {
  const amount = args.find((arg) => !isTruth(arg, reader.context.names));
  if (!amount) return true;
  const needs = fn === undefined ? "a condition" : `a condition in \`${signOf(fn)}\``;
  const help = "write a date or a comparison, such as `total.facility_power >= 5 GW`";
  const got = describeExpr(amount);
  reader.report("unit-mismatch", { values: { needs, got }, help }, fn);
  return false;
}

type Kind = Pick<Expr, "vector" | "isDate">;

function plain(vector: DimensionVector): Kind {
  return { vector, isDate: false };
}

function makeCall(
  fn: ExprFunction,
  args: readonly Expr[],
  { vector, isDate }: Kind,
  { span }: ValueReader,
): Expr {
  return {
    kind: "call",
    fn,
    args,
    vector,
    isDate,
    binding: joinBindings(args.map((arg) => arg.binding)),
    span,
  };
}

function makeProduct(fn: "multiply" | "divide", a: Expr, b: Expr, reader: ValueReader): Expr {
  const vector = (fn === "multiply" ? multiplyVectors : divideVectors)(a.vector, b.vector);
  return makeCall(fn, [a, b], plain(vector), reader);
}

function oneMonth(reader: ValueReader): Expr {
  return makeNumber(secondsPerMonth, durationVector, reader);
}

function buildSum(fn: "add" | "subtract", a: Expr, b: Expr, reader: ValueReader): Expr | undefined {
  const asMonths = (duration: Expr): Expr => makeProduct("divide", duration, oneMonth(reader), reader);
  if (fn === "subtract" && a.isDate && b.isDate) {
    const months = makeCall("subtract", [a, b], plain(dimensionless), reader);
    return makeProduct("multiply", months, oneMonth(reader), reader);
  }
  if (a.isDate && isDuration(b)) return makeCall(fn, [a, asMonths(b)], a, reader);
  if (fn === "add" && b.isDate && isDuration(a)) return makeCall(fn, [asMonths(a), b], b, reader);
  if (a.isDate || b.isDate) {
    const other = a.isDate ? b : a;
    const isBare = !other.isDate && isDimensionless(other.vector);
    return reader.report(
      "unit-mismatch",
      {
        values: { needs: `a date and a duration around \`${signOf(fn)}\``, got: describePair([a, b]) },
        help: isBare
          ? "give the number a unit, such as `6 months`"
          : fn === "add"
            ? "a duration can be added to a date; two dates can only be subtracted or compared"
            : "subtract a duration or a date from a date",
      },
      signOf(fn),
    );
  }
  return haveOneKind(fn, [a, b], reader) ? makeCall(fn, [a, b], a, reader) : undefined;
}

function isDuration({ vector, isDate }: Expr): boolean {
  return !isDate && equalVectors(vector, durationVector);
}

function buildPower(base: Expr, exponent: Expr, reader: ValueReader): Expr | undefined {
  if (!isDimensionless(exponent.vector)) {
    const needs = "a plain number as the exponent";
    return reader.report("unit-mismatch", { values: { needs, got: describeExpr(exponent) } }, "^");
  }
  if (isDimensionless(base.vector)) return makeCall("power", [base, exponent], plain(dimensionless), reader);
  const power = constantOf(exponent, reader.context.names);
  if (power === undefined || !Number.isFinite(power) || Math.abs(power) > LARGEST_POWER) {
    return reader.report(
      "unit-mismatch",
      {
        values: {
          needs: "a fixed exponent where the base has a unit",
          got: `${describeExpr(base)} ^ ${formatExpr(exponent)}`,
        },
        help: `write the exponent as a number of at most ${LARGEST_POWER}, or divide the base by a unit first`,
      },
      "^",
    );
  }
  return makeCall("power", [base, exponent], plain(powerVector(base.vector, power)), reader);
}

/** The largest exponent of a quantity with a unit; beyond it no unit is meaningful. */
const LARGEST_POWER = 9;

function buildRounding(fn: "round" | "floor" | "ceil", arg: Expr, reader: ValueReader): Expr | undefined {
  if (isDuration(arg)) {
    const months = makeProduct("divide", arg, oneMonth(reader), reader);
    return makeProduct("multiply", makeCall(fn, [months], months, reader), oneMonth(reader), reader);
  }
  if (!arg.isDate && isDimensionless(arg.vector)) return makeCall(fn, [arg], arg, reader);
  const needs = `a plain number or a duration in \`${fn}\``;
  const help = arg.isDate
    ? "dates are rounded to months where they are read"
    : "divide by the unit first, then multiply by it";
  return reader.report("unit-mismatch", { values: { needs, got: describeExpr(arg) }, help }, fn);
}

/** Reports a fault unless all operands are dates, or all have the same dimension. */
function haveOneKind(fn: string, args: readonly Expr[], reader: ValueReader): boolean {
  const [first, ...rest] = args;
  if (rest.every((arg) => arg.isDate === first.isDate && equalVectors(arg.vector, first.vector))) return true;
  const sign = signOf(fn as ExprFunction);
  const bare = args.some((arg) => !arg.isDate && isDimensionless(arg.vector));
  reader.report(
    "unit-mismatch",
    {
      values: { needs: `values of one kind around \`${sign}\``, got: describePair(args) },
      help: bare ? "give the plain number a unit, `0` included" : relateAny(args),
    },
    sign,
  );
  return false;
}

/** How the first of several operands differs from another, if by a time alone. */
export function relateAny([first, ...others]: readonly Expr[]): string | undefined {
  if (first.isDate) return undefined;
  const found = others.map((one) => (one.isDate ? undefined : relateByTime(first.vector, one.vector)));
  return found.find((relation) => relation !== undefined);
}

/** The dimensions of two or more operands in words, each once. */
function describePair(args: readonly Expr[]): string {
  const kinds = [...new Set(args.map(describeExpr))];
  if (kinds.length === 1) return args[0].isDate ? "two dates" : `twice ${kinds[0]}`;
  return listWords(kinds, "and");
}

function refuseDates(fn: ExprFunction, args: readonly Expr[], reader: ValueReader): boolean {
  if (!args.some((arg) => arg.isDate)) return true;
  reader.report(
    "unit-mismatch",
    {
      values: { needs: `quantities around \`${signOf(fn)}\``, got: "a date" },
      help: "dates can be compared, subtracted from each other, and moved by a duration",
    },
    signOf(fn),
  );
  return false;
}

function arePlain(fn: ExprFunction, args: readonly Expr[], reader: ValueReader): boolean {
  const faulty = args.find((arg) => arg.isDate || !isDimensionless(arg.vector));
  if (!faulty) return true;
  const isLogical = fn === "and" || fn === "or" || fn === "not" || fn === "if";
  reader.report(
    "unit-mismatch",
    {
      values: {
        needs: `${isLogical ? "a condition" : "a plain number"} ${fn === "if" ? "before" : "in"} \`${signOf(fn)}\``,
        got: describeExpr(faulty),
      },
      help: isLogical ? "compare it with something, such as `a > b`" : "divide by a unit first",
    },
    signOf(fn),
  );
  return false;
}
