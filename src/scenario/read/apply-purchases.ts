import { diagnose } from "../../diagnostics/diagnostic.ts";
import type { DimensionVector } from "../../units/dimension.ts";
import { dimensionless } from "../../units/vector.ts";
import { FIELDS, type FieldPath, pathOf } from "../fields/index.ts";
import { type MapNode, valueAtPath } from "../files/tree.ts";
import { variesByTrial } from "../language/binding.ts";
import { evaluatePlain } from "../language/evaluate.ts";
import type { Expr } from "../language/expr.ts";
import { formatMonth } from "../language/format-expr.ts";
import { MONTHS_PER_QUARTER, readMonth } from "../language/month-text.ts";
import type { FieldValue, Scenario } from "../scenario.ts";
import { isFaulty, reportConflict } from "./check-context.ts";
import type { FieldReaderContext } from "./field-reader.ts";
import type { FieldTable } from "./fill-defaults.ts";

/** Chips that land in an absolute month. */
type Purchase = { readonly month: number; readonly chips: number };

/** Other ways to say how many chips land when. */
const OTHER_WAYS = ["size", "deliver.at", "deliver.from", "deliver.to", "deliver.schedule"] as const;

/**
 * Turns the chips that a fleet lands by month or quarter into its size and its schedule of cumulative shares, which the rest of
 * the program reads (docs/model.md section 4).
 *
 * Fails: never; faults are added to the context.
 */
export function applyPurchases(
  stated: FieldTable,
  { fleets }: Scenario["names"],
  merged: MapNode,
  context: FieldReaderContext,
): void {
  for (const fleet of fleets) {
    const path = pathOf("fleets.*.deliver.chips", fleet);
    const field = stated.fields.get(path);
    if (!field && !isFaulty(stated, path)) continue;
    const purchases =
      field?.expr && !isConflict(stated, fleet, merged, context)
        ? readPurchases(field, field.expr, merged, context)
        : undefined;
    if (field?.expr && purchases) setDelivery(stated, fleet, field, field.expr, purchases);
    // Its fault is reported; the size and the delivery that it does not give are not missing besides.
    else stated.faulty.add(`fleets.${fleet}`);
  }
}

/** Reports other fields that say the same. */
function isConflict(
  { fields }: FieldTable,
  fleet: string,
  merged: MapNode,
  context: FieldReaderContext,
): boolean {
  const others = OTHER_WAYS.filter((way) => fields.has(`fleets.${fleet}.${way}`));
  if (others.length === 0) return false;
  const { diagnostics } = context;
  reportConflict({ fields, merged, diagnostics }, `fleets.${fleet}`, [...others, "deliver.chips"]);
  return true;
}

/** The amounts by month; those of quarters in equal parts in their months. */
function readPurchases(
  { path, origin, text }: FieldValue,
  expr: Expr,
  merged: MapNode,
  { run, diagnostics }: FieldReaderContext,
): readonly Purchase[] | undefined {
  const refuse = (reason: string, span = origin.span, help?: string): undefined => {
    diagnostics.push(diagnose("invalid-value", { values: { text, reason }, path, span, help }));
  };
  if (expr.kind !== "table")
    return refuse("write the chips of each month or quarter, such as `{ 2027-Q1: 3000 chips }`");
  const quarters = quartersIn(merged, origin.declaredAt);
  const twice = expr.points.find(({ month }) => quarters.has(quarterOf(month)) && !quarters.has(month));
  if (twice) {
    const [month, quarter] = [formatMonth(twice.month), quarterText(twice.month)];
    return refuse(
      `\`${month}\` lies in \`${quarter}\`, so its chips may be part of the quarter's or come on top of them`,
      twice.value.span,
      `write the three months of the quarter in place of \`${quarter}\``,
    );
  }
  const chips = new Map<number, number>();
  for (const { month, value } of expr.points) {
    if (variesByTrial(value.binding))
      return refuse("purchases are certain; put doubt into `delay`", value.span);
    const amount = evaluatePlain(value, { ...run, month });
    const count = quarters.has(month) ? MONTHS_PER_QUARTER : 1;
    for (let each = month; each < month + count; each++)
      chips.set(each, (chips.get(each) ?? 0) + amount / count);
  }
  const purchases = [...chips].map(([month, amount]) => ({ month, chips: amount }));
  if (purchases.every((purchase) => purchase.chips === 0)) return refuse("no month has any chips");
  return purchases.sort((one, other) => one.month - other.month);
}

/** First month of the quarter of a month. */
function quarterOf(month: number): number {
  return month - (month % MONTHS_PER_QUARTER);
}

function quarterText(month: number): string {
  const [year, first] = formatMonth(quarterOf(month)).split("-");
  return `${year}-Q${Math.ceil(Number(first) / MONTHS_PER_QUARTER)}`;
}

/** First months of the rows that are written as quarters. */
function quartersIn(merged: MapNode, declaredAt: string): ReadonlySet<number> {
  const node = valueAtPath(merged, declaredAt.split("."));
  const annotated = node?.kind === "map" ? node.entries.get("value")?.value : undefined;
  const table = annotated ?? node;
  const keys = table?.kind === "map" ? [...table.entries.keys()] : [];
  return new Set(keys.filter((key) => key.includes("Q")).map((key) => readMonth(key) ?? 0));
}

/** Writes the size, the schedule, and the purchases by month. */
function setDelivery(
  { fields }: FieldTable,
  fleet: string,
  field: FieldValue,
  { vector, span }: Expr,
  purchases: readonly Purchase[],
): void {
  const total = purchases.reduce((sum, { chips }) => sum + chips, 0);
  const number = (value: number, of: DimensionVector): Expr => ({
    kind: "number",
    value,
    vector: of,
    isDate: false,
    binding: "constant",
    span,
  });
  const table = (of: DimensionVector, amountOf: (purchase: Purchase) => number): Expr => ({
    kind: "table",
    points: purchases.map((purchase) => ({ month: purchase.month, value: number(amountOf(purchase), of) })),
    interpolate: "step",
    before: "zero",
    vector: of,
    isDate: false,
    binding: "month",
    span,
  });
  const set = (row: FieldPath, more: Pick<FieldValue, "text" | "expr" | "dimension">): void => {
    const spec = FIELDS.find((one) => one.path === row);
    const path = pathOf(row, fleet);
    if (spec) fields.set(path, { path, spec, origin: field.origin, ...more });
  };
  let landed = 0;
  const share = ({ chips }: Purchase): number => {
    landed += chips;
    return landed / total;
  };
  const { text } = field;
  set("fleets.*.size", { text: `${total} chips`, expr: number(total, vector), dimension: "chips" });
  set("fleets.*.deliver.schedule", { text, expr: table(dimensionless, share), dimension: "fraction" });
  fields.set(field.path, { ...field, expr: table(vector, ({ chips }) => chips) });
}
