import { toCanonical } from "../units/dimension.ts";
import { variesByMonth } from "./language/binding.ts";
import { evaluatePlain, type PlainRun } from "./language/evaluate.ts";
import type { Expr } from "./language/expr.ts";
import { nameOfLine } from "./language/line-name.ts";
import type { FieldValue, Scenario } from "./scenario.ts";

/** The parts of a scenario that evaluating a field needs. */
type PlainSource = Pick<Scenario, "fields" | "lets" | "startMonth">;

type Uniform = PlainRun["uniform"];

/** A trace evaluates thousands of fields of one scenario, which never changes. */
const knownDefinitions = new WeakMap<Scenario["lets"], ReadonlyMap<string, Expr>>();
const knownInflation = new WeakMap<PlainSource, number>();

/** The definitions under `let` by name, each after those it reads. */
export function definitionsOf({ lets }: Pick<Scenario, "lets">): ReadonlyMap<string, Expr> {
  const known = knownDefinitions.get(lets);
  if (known) return known;
  const definitions = new Map(
    lets.flatMap(({ path, expr }) => (expr ? [[nameOfLine(path), expr] as const] : [])),
  );
  knownDefinitions.set(lets, definitions);
  return definitions;
}

/**
 * The value of an expression of a scenario in an absolute month, in SI units or as an absolute month.
 *
 * @param uniform uniform of each uncertain value in (0, 1); every value is at its median where absent
 *
 * Fails: never, for an expression of a scenario without errors.
 */
export function evaluateAt(
  source: PlainSource,
  expr: Expr,
  month = source.startMonth,
  uniform?: Uniform,
): number {
  const { startMonth } = source;
  return evaluatePlain(expr, {
    month,
    startMonth,
    lets: definitionsOf(source),
    // Most values are not inflated, and a draw takes logarithms.
    get inflation() {
      return inflationOf(source, uniform);
    },
    ...(uniform ? { uniform } : {}),
  });
}

/** Yearly inflation, which does not vary by month and so cannot read an amount that is itself inflated. */
function inflationOf(source: PlainSource, uniform: Uniform): number {
  const known = uniform ? undefined : knownInflation.get(source);
  if (known !== undefined) return known;
  const { startMonth: month } = source;
  const rate = source.fields.get("money.inflation")?.expr;
  const run = { month, startMonth: month, lets: definitionsOf(source), inflation: 0 };
  const inflation = rate ? evaluatePlain(rate, { ...run, ...(uniform ? { uniform } : {}) }) : 0;
  if (!uniform) knownInflation.set(source, inflation);
  return inflation;
}

/**
 * The value of a field in an absolute month with every uncertain value at its median, in the field's canonical unit; a
 * date is an absolute month. A field that does not vary by month has its value at `start`.
 *
 * @return undefined where the field is absent or is neither a quantity nor a date
 *
 * Fails: never.
 */
export function plainValue(source: PlainSource, path: string, month = source.startMonth): number | undefined {
  const field = source.fields.get(path);
  if (field?.integer !== undefined) return field.integer;
  if (!field?.expr) return undefined;
  const at = field.spec.varies === "month" ? month : source.startMonth;
  return canonicalOf(field, evaluateAt(source, field.expr, at));
}

/**
 * As `plainValue`, in several absolute months from `first` on; NaN where there is no value. A value that is the same in all
 * months is computed once.
 */
export function plainValues(source: PlainSource, path: string, first: number, count: number): Float64Array {
  const field = source.fields.get(path);
  const varies = field?.expr !== undefined && variesByMonth(field.expr.binding);
  if (!varies) return new Float64Array(count).fill(plainValue(source, path, first) ?? Number.NaN);
  return Float64Array.from(
    { length: count },
    (_, month) => plainValue(source, path, first + month) ?? Number.NaN,
  );
}

/** A field's value in its canonical unit, from SI units. */
export function canonicalOf({ expr, dimension }: FieldValue, si: number): number | undefined {
  if (!expr) return undefined;
  return expr.isDate ? si : toCanonical(si, expr.vector, dimension ?? "number");
}
