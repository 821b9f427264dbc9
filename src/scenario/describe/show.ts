import { DIMENSIONS } from "../../units/dimension.ts";
import { formatQuantity } from "../../units/format.ts";
import { statesRead } from "../language/evaluate.ts";
import type { Expr } from "../language/expr.ts";
import { formatMonth, formatSi } from "../language/format-expr.ts";
import { canonicalOf, evaluateAt } from "../plain-value.ts";
import type { FieldValue, Origin, Quality, Scenario } from "../scenario.ts";

/** One field of a scenario as the `show` command lists it. */
export type ShownField = {
  readonly path: string;
  /** The value as the user wrote it. */
  readonly text: string;
  /** The value at the medians; for a table its first and last value. Empty for words. */
  readonly plain: string;
  /** Canonical unit of a quantity; empty for plain numbers, dates and words. */
  readonly unit: string;
  readonly quality: Quality | "";
  readonly source: string;
  readonly url: string;
  /** The file, override, `--set` or default that gives the value. */
  readonly from: string;
  /** Path of the line that declares the value. */
  readonly declaredAt: string;
  /** Earlier values, oldest first. */
  readonly overrode: Origin["overrode"];
};

/**
 * Lists the fields of a scenario, `let` included, sorted by path, with their values and where they come from.
 *
 * Fails: never.
 */
export function showScenario(scenario: Scenario): ShownField[] {
  return [...showFields(scenario, () => true)];
}

/**
 * The fields wanted, one after the other: whether one is wanted may depend on those before it, and no other value is computed.
 *
 * Fails: never.
 */
export function* showFields(
  scenario: Scenario,
  isWanted: (field: FieldValue) => boolean,
): Generator<ShownField> {
  const values = [...scenario.fields.values(), ...scenario.lets];
  for (const value of values.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)))
    if (isWanted(value)) yield showField(scenario, value);
}

/** The part of a value that its text does not show: the median if it is uncertain, the result if it is computed. */
export function hiddenValue(scenario: Scenario, { path, plain }: ShownField): string {
  const field = scenario.fields.get(path) ?? scenario.lets.find((each) => each.path === path);
  if (plain === "" || !field?.expr) return "";
  if (field.expr.binding.includes("trial")) return `median ${plain}`;
  return field.expr.kind === "number" || field.expr.kind === "table" ? "" : `= ${plain}`;
}

function showField(scenario: Scenario, value: FieldValue): ShownField {
  const { path, text, dimension, origin } = value;
  return {
    path,
    text,
    plain: showPlain(scenario, value),
    unit: dimension ? DIMENSIONS[dimension].canonical : "",
    quality: origin.quality ?? "",
    source: origin.source ?? "",
    url: origin.url ?? "",
    from: origin.from,
    declaredAt: origin.declaredAt,
    overrode: origin.overrode,
  };
}

function showPlain(scenario: Scenario, value: FieldValue): string {
  const { expr } = value;
  // A condition on the simulated state has no value before a simulation.
  if (!expr || statesRead(expr).length > 0) return "";
  const table = expr.kind === "inflated" ? expr.amount : expr;
  const showIn = (month?: number) => showNumber(value, expr, evaluateAt(scenario, expr, month));
  if (table.kind !== "table") return showIn();
  const ends = new Set([table.points[0].month, ...table.points.slice(-1).map(({ month }) => month)]);
  return [...ends].map((month) => `${showIn(month)} from ${formatMonth(month)}`).join(", then ");
}

function showNumber(field: FieldValue, { isDate, vector }: Expr, si: number): string {
  if (isDate) return formatMonth(si);
  const canonical = field.dimension && canonicalOf(field, si);
  return field.dimension && canonical !== undefined
    ? formatQuantity(canonical, field.dimension)
    : formatSi(si, vector);
}
