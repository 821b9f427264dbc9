import { mixOf } from "../../compile/parts.ts";
import type { Window } from "../../compile/window.ts";
import { evaluatePlain } from "../../scenario/language/evaluate.ts";
import type { Expr } from "../../scenario/language/expr.ts";
import type { FieldValue, Scenario } from "../../scenario/scenario.ts";
import { toCanonical } from "../../units/dimension.ts";

/** Whose fields are read, and from which month on months count. */
export type FieldSource = Pick<Window, "firstMonth"> & { readonly scenario: Scenario };

/**
 * The number of a field in a window month with every uncertain value at its median, in the canonical unit; a date is an
 * absolute month. Undefined where nothing is said or where the field is a word.
 *
 * Fails: never.
 */
export function fieldNumber(source: FieldSource, path: string, month: number): number | undefined {
  const field = source.scenario.fields.get(path);
  if (!field) return undefined;
  if (field.integer !== undefined) return field.integer;
  if (field.rest) return restOf(source, path, month);
  return field.expr && canonicalOf(source, field, field.expr, month);
}

/** Share of the member of a mix that takes what the others leave. */
function restOf(source: FieldSource, path: string, month: number): number {
  const [, fleet = ""] = path.split(".");
  const shares = mixOf(source.scenario, fleet)
    .map((chip) => `fleets.${fleet}.mix.${chip}`)
    .filter((other) => !source.scenario.fields.get(other)?.rest)
    .map((other) => fieldNumber(source, other, month) ?? 0);
  return Math.max(0, 1 - shares.reduce((x, y) => x + y, 0));
}

function canonicalOf(source: FieldSource, field: FieldValue, expr: Expr, month: number): number | undefined {
  const { startMonth } = source.scenario;
  const at = field.spec.varies === "month" ? source.firstMonth + month : startMonth;
  const si = evaluateExpr(source, expr, at);
  return expr.isDate ? si : toCanonical(si, expr.vector, field.dimension ?? "number");
}

/**
 * The value of an expression in an absolute month with every uncertain value at its median, in SI units.
 *
 * Fails: never, for an expression of a scenario without errors.
 */
export function evaluateExpr({ scenario }: FieldSource, expr: Expr, absoluteMonth: number): number {
  const { startMonth } = scenario;
  return evaluatePlain(expr, { month: absoluteMonth, startMonth, ...surroundingsOf(scenario) });
}

/** What expressions of a scenario are evaluated with. */
type Surroundings = { readonly lets: ReadonlyMap<string, Expr>; readonly inflation: number };

/** A trace evaluates thousands of expressions of one scenario. */
const known = new WeakMap<Scenario, Surroundings>();

function surroundingsOf(scenario: Scenario): Surroundings {
  const found = known.get(scenario);
  if (found) return found;
  const { startMonth, lets: values } = scenario;
  const lets = new Map(
    values.flatMap(({ path, expr }) => (expr ? [[path.slice("let.".length), expr] as const] : [])),
  );
  const rate = scenario.fields.get("money.inflation")?.expr;
  const inflation = rate ? evaluatePlain(rate, { month: startMonth, startMonth, lets }) : 0;
  const made = { lets, inflation };
  known.set(scenario, made);
  return made;
}
