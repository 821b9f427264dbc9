import { partsOf } from "../../scenario/language/evaluate.ts";
import type { Expr } from "../../scenario/language/expr.ts";
import { formatExpr, formatMonth, formatSi } from "../../scenario/language/format-expr.ts";
import { lineOfName } from "../../scenario/language/line-name.ts";
import { evaluateAt } from "../../scenario/plain-value.ts";
import type { FieldValue, Origin } from "../../scenario/scenario.ts";
import { toCanonical } from "../../units/dimension.ts";
import { fieldNumber } from "./field-number.ts";
import { dimensionOf, fieldInWords, type ShownUnit, unitOfDimension } from "./shown-value.ts";
import type { TracedField, TracedRead, TraceNode } from "./trace-node.ts";
import type { TraceRun } from "./trace-run.ts";

/**
 * A leaf for a field as it stands in a window month, with the `let` names that its expression reads below it.
 *
 * @param unit where the value is shown in another unit than the field's own
 *
 * Fails: never; an unset field is 0, as in formulas.
 */
export function traceField(
  run: TraceRun,
  path: string,
  month: number,
  name = path,
  unit?: ShownUnit,
): TraceNode {
  const field = run.scenario.fields.get(path);
  const canonical = fieldNumber(run, path, month) ?? 0;
  const shown = unit ?? unitOfDimension(canonical, field?.rest ? "fraction" : (field?.dimension ?? "number"));
  const base = { name, entity: "", value: canonical / shown.scale, unit: shown.unit, canonical } as const;
  if (!field) {
    const note = `${path} is not stated and has no default`;
    return { ...base, operator: "constant", how: "nothing stated", children: [], notes: [note] };
  }
  const varies = field.spec.varies === "month";
  const at = varies ? run.firstMonth + month : run.scenario.startMonth;
  return {
    ...base,
    ...(varies ? { month: formatMonth(at) } : {}),
    operator: "input",
    how: "input",
    children: field.expr ? traceNames(run, field.expr, at) : [],
    field: describeField(field, at),
  };
}

/**
 * A leaf for the line of a scenario that declares an input, with the names that it reads below it: a field as it stands in a window
 * month, a default by a field that takes it, or a name under `let`.
 *
 * @return undefined where no line has the path, or its value is no number
 */
export function traceLine(run: TraceRun, path: string, month: number): TraceNode | undefined {
  const { fields, lets } = run.scenario;
  const named = lets.find((one) => one.path === path);
  if (named) return named.expr && traceLet(run, path, named, named.expr, run.firstMonth + month);
  const field = fields.get(path) ?? [...fields.values()].find(({ origin }) => origin.declaredAt === path);
  const isNumber = field !== undefined && fieldNumber(run, field.path, month) !== undefined;
  return isNumber ? traceField(run, field.path, month) : undefined;
}

/** The line of a condition, which has no value of its own, and the names under `let` that it reads, in a window month. */
export function traceCondition(
  run: TraceRun,
  path: string,
  month: number,
): Pick<TraceNode, "field" | "children"> {
  const field = run.scenario.fields.get(path);
  if (!field) return { children: [] };
  const at = run.firstMonth + month;
  return { field: describeField(field, at), children: field.expr ? traceNames(run, field.expr, at) : [] };
}

/** A field as a rule or kernel reads it, in words and with durations in whole months; empty for an unset field. */
export function readField(run: TraceRun, path: string, month: number): readonly TracedRead[] {
  const field = run.scenario.fields.get(path);
  if (!field) return [];
  // A condition reads the simulated state: it has no value of its own.
  const plain = field.spec.kind === "condition" ? undefined : fieldNumber(run, path, month);
  const isDuration = field.dimension === "duration" && plain !== undefined;
  const value = fieldInWords(field, isDuration ? Math.floor(plain + 0.5) : plain);
  const { origin } = field;
  return [
    { name: path, value, ...(origin.quality ? { quality: origin.quality } : {}), place: placeOf(origin) },
  ];
}

/** The definitions that an expression reads in an absolute month, each with those that it reads itself. */
function traceNames(run: TraceRun, expr: Expr, absoluteMonth: number): TraceNode[] {
  const { names, isInflated } = namesOf(expr, absoluteMonth);
  const lets = [...names].flatMap((name) => {
    const definition = run.scenario.lets.find(({ path }) => path === lineOfName(name));
    return definition?.expr ? [traceLet(run, name, definition, definition.expr, absoluteMonth)] : [];
  });
  const inflation = isInflated ? [traceField(run, "money.inflation", run.originMonth)] : [];
  return [...lets, ...inflation];
}

function traceLet(
  run: TraceRun,
  name: string,
  field: FieldValue,
  expr: Expr,
  absoluteMonth: number,
): TraceNode {
  const si = evaluateAt(run.scenario, expr, absoluteMonth);
  const dimension = dimensionOf(expr.vector);
  const canonical = (dimension && !expr.isDate && toCanonical(si, expr.vector, dimension)) || si;
  const shown = dimension
    ? unitOfDimension(canonical, dimension)
    : { unit: formatSi(1, expr.vector).slice(2), scale: 1 };
  return {
    name,
    entity: "",
    value: expr.isDate ? canonical : canonical / shown.scale,
    unit: expr.isDate ? "" : shown.unit,
    canonical,
    ...(expr.isDate ? { word: formatMonth(si) } : {}),
    operator: "input",
    how: "let",
    children: traceNames(run, expr, absoluteMonth),
    field: describeField(field, absoluteMonth),
  };
}

type Names = { readonly names: ReadonlySet<string>; readonly isInflated: boolean };

/** Names that an expression reads; of a table only those in the rows that apply in the month. */
function namesOf(expr: Expr, absoluteMonth: number): Names {
  const names = new Set<string>();
  let isInflated = false;
  const visit = (node: Expr): void => {
    if (node.kind === "name") names.add(node.name);
    if (node.kind === "inflated") isInflated = true;
    const parts =
      node.kind === "table" ? rowsAt(node, absoluteMonth).map(({ value }) => value) : partsOf(node);
    parts.forEach(visit);
  };
  visit(expr);
  return { names, isInflated };
}

type TableExpr = Expr & { readonly kind: "table" };

/** The row of a table that applies in a month, and the next one if the table interpolates. */
function rowsAt({ points, interpolate, before }: TableExpr, absoluteMonth: number): TableExpr["points"] {
  const next = points.findIndex(({ month }) => month > absoluteMonth);
  if (next === 0) return before === "zero" ? [] : points.slice(0, 1);
  const last = next < 0 ? points.length - 1 : next - 1;
  return points.slice(last, interpolate === "linear" && next > 0 ? next + 1 : last + 1);
}

function describeField({ path, text, expr, origin }: FieldValue, absoluteMonth: number): TracedField {
  const table = expr?.kind === "inflated" ? expr.amount : expr;
  const rows = table?.kind === "table" ? rowsInWords(table, absoluteMonth) : undefined;
  const { declaredAt, quality, asOf, source, url, note, overrode } = origin;
  return {
    path,
    declaredAt,
    text,
    ...(rows === undefined ? {} : { rows }),
    ...(quality ? { quality } : {}),
    ...(asOf ? { asOf } : {}),
    ...(source ? { source } : {}),
    ...(url ? { url } : {}),
    ...(note ? { note } : {}),
    place: placeOf(origin),
    overrode,
  };
}

function rowsInWords(table: TableExpr, absoluteMonth: number): string {
  const rows = rowsAt(table, absoluteMonth);
  if (rows.length === 0) return "nothing yet";
  return rows
    .map(({ month, value }) => `from ${formatMonth(month)}: ${formatExpr(value)}`)
    .join(", evenly to the row ");
}

function placeOf({ layer, from, span }: Origin): string {
  if (layer === "set" || !span || span.file === "") return from;
  const place = `${span.file}:${span.line}`;
  return layer === "override" ? `${place} (override ${from})` : place;
}
