import { DIMENSIONS, toCanonical } from "../../units/dimension.ts";
import { formatQuantity } from "../../units/format.ts";
import type { FieldDimension } from "../fields/field.ts";
import { evaluatePlain } from "../language/evaluate.ts";
import type { Expr } from "../language/expr.ts";
import { formatMonth, formatSi } from "../language/format-expr.ts";
import type { FieldValue, Origin, Quality, Scenario } from "../scenario.ts";

/** One field of a scenario as the `show` command lists it. */
export type ShownField = {
  readonly path: string;
  /** The value as the user wrote it. */
  readonly text: string;
  /** The value with every uncertain value at its median; of a table its first and last. Empty for words. */
  readonly plain: string;
  /** Canonical unit of the numbers of the field; empty for plain numbers, dates and words. */
  readonly unit: string;
  readonly quality: Quality | "";
  readonly source: string;
  readonly url: string;
  /** The file, override, `--set` or default that the value is from. */
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
  const { startMonth } = scenario;
  const lets = new Map(
    scenario.lets.flatMap(({ path, expr }) => (expr ? [[path.slice("let.".length), expr] as const] : [])),
  );
  const inflationExpr = scenario.fields.get("money.inflation")?.expr;
  const inflation = inflationExpr ? evaluatePlain(inflationExpr, { month: startMonth, startMonth, lets }) : 0;
  const evaluate = (expr: Expr, month: number): number =>
    evaluatePlain(expr, { month, startMonth, lets, inflation });
  const values = [...scenario.fields.values(), ...scenario.lets];
  const sorted = values.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return sorted.map((value) => showField(value, startMonth, evaluate));
}

type ValueOf = (expr: Expr, month: number) => number;

function showField(value: FieldValue, startMonth: number, evaluate: ValueOf): ShownField {
  const { path, text, expr, dimension, origin } = value;
  return {
    path,
    text,
    plain: expr ? showPlain(expr, dimension, startMonth, evaluate) : "",
    unit: dimension ? DIMENSIONS[dimension].canonical : "",
    quality: origin.quality ?? "",
    source: origin.source ?? "",
    url: origin.url ?? "",
    from: origin.from,
    declaredAt: origin.declaredAt,
    overrode: origin.overrode,
  };
}

function showPlain(
  expr: Expr,
  dimension: FieldDimension | undefined,
  startMonth: number,
  evaluate: ValueOf,
): string {
  const table = expr.kind === "inflated" ? expr.amount : expr;
  if (table.kind !== "table") return showNumber(evaluate(expr, startMonth), expr, dimension);
  const ends = [table.points[0], table.points.at(-1)].filter(
    (point, index, all) => all.indexOf(point) === index,
  );
  return ends
    .flatMap((point) =>
      point
        ? [`${showNumber(evaluate(expr, point.month), expr, dimension)} from ${formatMonth(point.month)}`]
        : [],
    )
    .join(", then ");
}

function showNumber(value: number, { isDate, vector }: Expr, dimension: FieldDimension | undefined): string {
  if (isDate) return formatMonth(value);
  const canonical = dimension && toCanonical(value, vector, dimension);
  return dimension && canonical !== undefined
    ? formatQuantity(canonical, dimension)
    : formatSi(value, vector);
}
