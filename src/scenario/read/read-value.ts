import { type Diagnostic, diagnose, hasErrors } from "../../diagnostics/diagnostic.ts";
import {
  baseSymbols,
  DIMENSIONS,
  type DimensionVector,
  describeVector,
  equalVectors,
} from "../../units/dimension.ts";
import type { FieldSpec } from "../fields/field.ts";
import { expectedInWords, kindInWords } from "../fields/field-words.ts";
import { listNames } from "../fields/words.ts";
import { describeNode } from "../files/structure.ts";
import type { MapNode, TreeEntry, TreeNode } from "../files/tree.ts";
import { isDateKey, shapeOf } from "../files/value-shape.ts";
import { joinBindings } from "../language/binding.ts";
import { FAMILY_KEYS } from "../language/distributions/families.ts";
import type { Binding, Expr } from "../language/expr.ts";
import { meantMonth, readMonth } from "../language/month-text.ts";
import { type DistributionEntry, parseDistribution } from "../language/parse-distribution.ts";
import { parseValue } from "../language/parse-value.ts";
import type { NameResolver, ParsedValue } from "../language/value-reader.ts";
import { type Annotation, readAnnotation } from "./annotation.ts";
import { inDollars } from "./convert-currency.ts";

/** The context in which a quantity, date, share or `let` value is read. */
export type ValuePlace = {
  readonly path: string;
  /** Path of the line that declares the value; it is the key of its distribution's uniform. */
  readonly variable: string;
  readonly spec: FieldSpec;
  readonly names: NameResolver;
  /** Whether inflation is uncertain, which makes amounts with a `currency_year` uncertain too. */
  readonly inflationBinding: Binding;
};

/** A value with its annotation. Without an `expr` there are errors, here or in a `let` name that it reads. */
export type ReadValue = {
  readonly expr?: Expr;
  readonly annotation: Annotation;
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Reads a value: a text with a unit, an expression or interval, a distribution, or a table of these by month, each
 * with or without an annotation.
 *
 * Does not check dimension and range; see `checkValue`.
 *
 * Fails: never. Cost: size of the value.
 */
export function readValue(node: TreeNode, place: ValuePlace): ReadValue {
  const { value, annotation, diagnostics } = readAnnotation(node, place.path);
  if (!value || hasErrors(diagnostics)) return { annotation, diagnostics };
  const read =
    value.kind === "map" && shapeOf(value) === "table"
      ? readTable(value, place)
      : inDollars(readOne(value, place), place);
  const all = [...diagnostics, ...read.diagnostics];
  if (!read.expr) return { annotation, diagnostics: all };
  const inflated = inflate(read.expr, annotation, value, place);
  return "code" in inflated
    ? { annotation, diagnostics: [...all, inflated] }
    : { expr: inflated, annotation, diagnostics: all };
}

/** Fields whose date is the last that counts, so that `2026-Q1` is its last month. */
const LASTS_TO = /\.(?:to|before)$/;

/** A value that is not a table: a text or a distribution. */
function readOne(node: TreeNode, place: ValuePlace): ParsedValue {
  const { path, variable, spec, names } = place;
  const allowMonth = spec.varies === "month";
  const quarterEnd = LASTS_TO.test(spec.path) ? "last" : "first";
  const context = { span: node.span, variable, path, names, allowMonth, quarterEnd } as const;
  if (node.kind === "scalar" && !node.isNull) return sayExpected(parseValue(node.text, context), spec);
  if (node.kind === "map" && shapeOf(node) === "distribution") return readDistribution(node, place);
  return { diagnostics: [misshapen(node, place)] };
}

/** A unit is found by the kind of its field, which `power: 30M` and its nearest units do not show. */
function sayExpected(parsed: ParsedValue, spec: FieldSpec): ParsedValue {
  if (spec.kind === "any" || parsed.expr) return parsed;
  const diagnostics = parsed.diagnostics.map((found) =>
    found.code === "unknown-unit" ? { ...found, expected: expectedInWords(spec) } : found,
  );
  return { ...parsed, diagnostics };
}

function readDistribution(node: MapNode, place: ValuePlace): ParsedValue {
  const { path, variable, spec, names } = place;
  const context = { span: node.span, variable, path, names, allowMonth: spec.varies === "month" };
  return parseDistribution([...node.entries].map(distributionEntry), context);
}

/** A parameter of a distribution, or the values of a discrete one: `[[0 months, 0.7], …]` or `{ 0 months: 0.7, … }`. */
function distributionEntry([key, { keySpan, value }]: readonly [string, TreeEntry]): DistributionEntry {
  const span = value.span.file === keySpan.file ? value.span : keySpan;
  if (value.kind === "scalar") return { key, span, text: value.text };
  const pairs =
    value.kind === "list"
      ? value.items.map((item) => (item.kind === "list" && item.items.length === 2 ? item.items : []))
      : [...value.entries].map(([text, entry]) => [
          { kind: "scalar", text, span: entry.keySpan } as const,
          entry.value,
        ]);
  const values = pairs.flatMap(([one, chance]) =>
    one?.kind === "scalar" && chance?.kind === "scalar"
      ? [{ value: one.text, chance: chance.text, span: one.span }]
      : [],
  );
  // One malformed pair makes the list unreadable; the reader then says how it is written.
  return values.length === pairs.length ? { key, span, values } : { key, span };
}

function misshapen(node: TreeNode, { path, spec }: ValuePlace): Diagnostic {
  const key = node.kind === "map" ? [...node.entries.keys()][0] : undefined;
  const expected = spec.kind === "any" ? undefined : expectedInWords(spec);
  if (node.kind === "map" && key !== undefined && shapeOf(node) === "unknown") {
    const allowed = listNames(["value", ...FAMILY_KEYS.slice(0, 5)], true);
    const month = meantMonth(key);
    const help = month ? `write \`${month}\`` : `a map needs keys such as ${allowed}, or months as keys`;
    const span = node.entries.get(key)?.keySpan;
    return diagnose("unknown-key", { values: { key }, path: `${path}.${key}`, span, expected, help });
  }
  const nested =
    node.kind === "map" && shapeOf(node) === "table" ? "a table within a table" : describeNode(node);
  const needs = spec.kind === "any" ? "a quantity or a month" : kindInWords(spec);
  return diagnose("invalid-type", { values: { needs, got: nested }, path, span: node.span, expected });
}

/** Remembers the last value, so that further rows with the same fault are not reported again. */
const MOST_FAULTY_ROWS = 3;

function readTable(node: MapNode, place: ValuePlace): ParsedValue {
  const { path, spec } = place;
  if (spec.varies !== "month") {
    const reason = "the field does not vary by month, so it takes one value";
    return {
      diagnostics: [
        diagnose("invalid-table", {
          values: { reason },
          path,
          span: node.span,
          expected: expectedInWords(spec),
        }),
      ],
    };
  }
  const diagnostics: Diagnostic[] = [];
  const points: { month: number; value: Expr }[] = [];
  const months = new Map<number, TreeNode["span"]>();
  let faultyRows = 0;
  for (const [key, { keySpan, value }] of node.entries) {
    const month = isDateKey(key) ? readMonth(key) : undefined;
    const row = month === undefined ? { diagnostics: [badMonth(key, keySpan, path)] } : readRow(value, place);
    diagnostics.push(...row.diagnostics);
    const twin = months.get(month ?? Number.NaN);
    if (twin) {
      const related = [{ span: twin, note: "first here" }];
      diagnostics.push(diagnose("duplicate-key", { values: { key }, path, span: keySpan, related }));
    }
    if (month !== undefined) months.set(month, keySpan);
    if (month !== undefined && row.expr && !twin) points.push({ month, value: row.expr });
    else if (++faultyRows >= MOST_FAULTY_ROWS) break;
  }
  const [first] = points;
  if (faultyRows > 0 || !first) return { diagnostics };
  points.sort((a, b) => a.month - b.month);
  const other = points.find(
    ({ value }) => value.isDate !== first.value.isDate || !areAlike(value.vector, first.value.vector),
  );
  if (other) {
    const wrong = (points.find(({ value }) => !isTaken(value, spec)) ?? other).value;
    const { span } = wrong;
    const reason = `its values have different dimensions, here ${wrong.isDate ? "a month" : describeVector(wrong.vector)}`;
    const expected = spec.kind === "any" ? undefined : expectedInWords(spec);
    return {
      diagnostics: [...diagnostics, diagnose("invalid-table", { values: { reason }, path, span, expected })],
    };
  }
  const { vector, isDate } = first.value;
  const binding = joinBindings(["month", ...points.map((point) => point.value.binding)]);
  const before = spec.before ?? "hold";
  return {
    expr: { kind: "table", points, interpolate: "step", before, vector, isDate, binding, span: node.span },
    diagnostics,
  };
}

/** A row is a value with or without an annotation; a table within a table is rejected. */
function readRow(node: TreeNode, place: ValuePlace): ParsedValue {
  const { value, annotation, diagnostics } = readAnnotation(node, place.path);
  if (!value || hasErrors(diagnostics)) return { diagnostics };
  const read = inDollars(readOne(value, place), place);
  const all = [...diagnostics, ...read.diagnostics];
  if (!read.expr) return { diagnostics: all };
  const inflated = inflate(read.expr, annotation, value, place);
  return "code" in inflated ? { diagnostics: [...all, inflated] } : { expr: inflated, diagnostics: all };
}

/** Whether the field takes values of this dimension; any where it names none. */
function isTaken({ vector, isDate }: Expr, { dimensions }: FieldSpec): boolean {
  if (!dimensions) return true;
  return !isDate && dimensions.some((name) => areAlike(vector, DIMENSIONS[name].vector));
}

/** `USD` and `USD/chip` are interchangeable in a price per chip, so a table may have both. */
function areAlike(a: DimensionVector, b: DimensionVector): boolean {
  const chip = baseSymbols.indexOf("chip");
  const withoutChip = (vector: DimensionVector): DimensionVector =>
    vector.map((power, index) => (index === chip ? 0 : power));
  return equalVectors(withoutChip(a), withoutChip(b));
}

function badMonth(key: string, span: TreeNode["span"], path: string): Diagnostic {
  if (!isDateKey(key)) {
    const help = "all keys of a table by month are months such as `2027-01`";
    return diagnose("unknown-key", { values: { key }, path: `${path}.${key}`, span, help });
  }
  const [year = "", month = "01"] = key.split("-");
  const meant = meantMonth(key) ?? `${year}-${month.padStart(2, "0")}`;
  const help = readMonth(meant) === undefined ? undefined : `write \`${meant}\``;
  return diagnose("invalid-date", { values: { text: key }, path, span, help });
}

/** Makes an amount in the money of a year one that is inflated to the month it is read in. */
function inflate(
  expr: Expr,
  { currencyYear }: Annotation,
  node: TreeNode,
  place: ValuePlace,
): Expr | Diagnostic {
  if (currencyYear === undefined) return expr;
  const { path, spec, inflationBinding } = place;
  const isMoney = expr.vector[baseSymbols.indexOf("USD")] === 1;
  const reason = !isMoney
    ? "only an amount of money takes one"
    : spec.varies !== "month" || path === "money.inflation"
      ? "the field does not vary by month, so it cannot be inflated to one"
      : undefined;
  if (reason !== undefined) {
    const values = { text: String(currencyYear), reason };
    return diagnose("invalid-value", { values, path: `${path}.currency_year`, span: node.span });
  }
  const binding = joinBindings(["month", inflationBinding, expr.binding]);
  const { vector, isDate, span } = expr;
  return { kind: "inflated", currencyYear, amount: expr, vector, isDate, binding, span };
}
