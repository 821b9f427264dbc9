import type { ExprFunction } from "./algebra.ts";
import { type FamilyName, familyEntries } from "./distributions/families.ts";

/** Names of numbers that vary by month, with their meaning. */
export const CLOCK_WORDS = {
  calendar_year: "Calendar year, such as 2027; only in fields that vary by month.",
  month_of_year: "Month of the year, 1 to 12; only in fields that vary by month.",
  elapsed_months: "Months since `start`, negative before it; only in fields that vary by month.",
} as const;

/** A name of a number that varies by month. */
export const clocks: ReadonlySet<string> = new Set(Object.keys(CLOCK_WORDS));

/** True for the names that read the calendar. */
export function isClockName(name: string): name is "calendar_year" | "month_of_year" | "elapsed_months" {
  return clocks.has(name);
}

/** A function that expressions may call: number of arguments, usage, and the expression it becomes. */
export type FunctionEntry = {
  readonly least: number;
  readonly most: number;
  readonly usage: string;
  /** Its result, in a sentence. */
  readonly text: string;
  readonly fn?: ExprFunction;
  readonly family?: FamilyName;
};

/** Most arguments of a function of any number of values. */
const MOST_VALUES = 200;

/** The allowlist of functions, by name; only `date` becomes neither a call nor a distribution. */
export const functions: ReadonlyMap<string, FunctionEntry> = new Map<string, FunctionEntry>([
  [
    "min",
    { least: 2, most: MOST_VALUES, usage: "min(a, b)", text: "The smallest of its arguments.", fn: "min" },
  ],
  [
    "max",
    { least: 2, most: MOST_VALUES, usage: "max(a, b)", text: "The largest of its arguments.", fn: "max" },
  ],
  ...(
    [
      ["abs", "The absolute value."],
      ["round", "The nearest integer."],
      ["floor", "The largest integer that is not above the argument."],
      ["ceil", "The smallest integer that is not below the argument."],
      ["sqrt", "The square root."],
      ["exp", "e to the power of it."],
      ["log", "The natural logarithm."],
    ] as const
  ).map(([fn, text]): [string, FunctionEntry] => [fn, { least: 1, most: 1, usage: `${fn}(x)`, text, fn }]),
  ...familyEntries.flatMap(
    ([family, { call, parameters }]): readonly (readonly [string, FunctionEntry])[] => {
      if (!call) return [];
      const { length: count } = parameters;
      return [[call.name, { least: count, most: count, usage: call.usage, text: call.text, family }]];
    },
  ),
  [
    "date",
    { least: 2, most: 2, usage: "date(2026, 5)", text: "The date of a year and a month from 1 to 12." },
  ],
]);

/** Names of the functions that an expression may call, in the order of the reference page. */
export const functionNames: readonly string[] = [...functions.keys()];

/** Operators by their names in mathjs. */
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
