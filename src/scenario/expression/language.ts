import type { Distribution, ExprFunction } from "./expr.ts";

/** Words that stand for numbers that vary by month. */
export const clocks: ReadonlySet<string> = new Set(["calendar_year", "month_of_year", "elapsed_months"]);

/** True for the names that read the calendar. */
export function isClockName(name: string): name is "calendar_year" | "month_of_year" | "elapsed_months" {
  return clocks.has(name);
}

/** Names of the functions that an expression may call, in the order of the reference page. */
export const functionNames: readonly string[] = [
  ...["min", "max", "abs", "round", "floor", "ceil", "sqrt", "exp", "log"],
  ...["between", "normal", "lognormal", "triangular", "pert", "uniform", "date"],
];

/** A function that an expression may call: how many values it takes, how it is written, and what it becomes. */
export type FunctionEntry = {
  readonly least: number;
  readonly most: number;
  readonly usage: string;
  readonly fn?: ExprFunction;
  readonly family?: Distribution["family"];
};

/** Most values of a function of any number of values. */
const mostValues = 200;

/** The white list of functions, by name; `date` alone becomes neither a call nor a distribution. */
export const functions: ReadonlyMap<string, FunctionEntry> = new Map<string, FunctionEntry>([
  ["min", { least: 2, most: mostValues, usage: "min(a, b)", fn: "min" }],
  ["max", { least: 2, most: mostValues, usage: "max(a, b)", fn: "max" }],
  ...(["abs", "round", "floor", "ceil", "sqrt", "exp", "log"] as const).map((fn): [string, FunctionEntry] => [
    fn,
    { least: 1, most: 1, usage: `${fn}(x)`, fn },
  ]),
  ["between", { least: 2, most: 2, usage: "between(p5, p95)", family: "interval" }],
  ["normal", { least: 2, most: 2, usage: "normal(mean, sd)", family: "normal" }],
  [
    "lognormal",
    { least: 2, most: 2, usage: "lognormal(mean of the logarithm, its sd)", family: "lognormal" },
  ],
  ["triangular", { least: 3, most: 3, usage: "triangular(min, mode, max)", family: "triangular" }],
  ["pert", { least: 3, most: 3, usage: "pert(min, mode, max)", family: "pert" }],
  ["uniform", { least: 2, most: 2, usage: "uniform(min, max)", family: "uniform" }],
  ["date", { least: 2, most: 2, usage: "date(2026, 5)" }],
]);

/** Operators by mathjs's name of them. */
export const operators: ReadonlyMap<string, ExprFunction> = new Map([
  ["add", "add"],
  ["subtract", "subtract"],
  ["multiply", "multiply"],
  ["divide", "divide"],
  ["pow", "power"],
  ["unaryMinus", "negate"],
  ["smaller", "less"],
  ["smallerEq", "less_equal"],
  ["larger", "greater"],
  ["largerEq", "greater_equal"],
  ["equal", "equal"],
  ["unequal", "not_equal"],
  ["and", "and"],
  ["or", "or"],
  ["not", "not"],
]);
