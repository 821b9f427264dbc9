import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import {
  acceptsVector,
  DIMENSIONS,
  type DimensionName,
  describeVector,
  equalVectors,
  isDimensionName,
  toCanonical,
} from "../../units/dimension.ts";
import { formatQuantity } from "../../units/format.ts";
import { explainTime } from "../../units/time-apart.ts";
import { isDimensionless } from "../../units/vector.ts";
import type { FieldSpec } from "../fields/field.ts";
import { rangeOf, usualRangeOf } from "../fields/field-range.ts";
import { expectedInWords, kindInWords, rangeInWords } from "../fields/field-words.ts";
import { listWords } from "../fields/words.ts";
import { admitRange } from "../language/admit-range.ts";
import { variesByMonth, variesByTrial } from "../language/binding.ts";
import { evaluatePlain, type PlainRun, partsOf } from "../language/evaluate.ts";
import type { Expr } from "../language/expr.ts";
import { formatExpr, formatMonth } from "../language/format-expr.ts";
import { readMonth } from "../language/month-text.ts";
import type { NameResolver, ParsedValue } from "../language/value-reader.ts";

/** What checking a value against its field needs. */
export type CheckPlace = {
  readonly path: string;
  readonly spec: FieldSpec;
  /** The value as written, for messages. */
  readonly text: string;
  readonly names: NameResolver;
  readonly run: Omit<PlainRun, "month">;
  readonly startMonth: number;
  readonly monthCount: number;
};

/** A value that fits its field: its dimension is known and its distributions are bounded by the field's range. */
export type CheckedValue = {
  readonly expr?: Expr;
  readonly dimension?: DimensionName;
  readonly diagnostics: readonly Diagnostic[];
};

/** Dates outside these bounds are typos, and would make the simulated window endless. */
const [earliestMonth, latestMonth] = ["2000-01", "2150-12"] as const;

/**
 * Checks a value against its field: dimension, binding, finiteness and range of its plain values.
 *
 * Checks the range at medians in every month that counts. A distribution that is the whole value is truncated to the
 * range; any other draw is checked when it is drawn.
 *
 * Fails: never. Cost: months of the horizon for a value that varies by month.
 */
export function checkValue(expr: Expr, place: CheckPlace): CheckedValue {
  const unfit = checkKind(expr, place) ?? checkBinding(expr, place);
  if (unfit) return { diagnostics: [unfit] };
  const dimension = dimensionsOf(place.spec).find((name) => acceptsVector(name, expr.vector));
  const range = rangeFor(place.spec, expr, dimension);
  const admitted = admit(expr, range, place);
  if (!admitted.expr) return admitted;
  const fault =
    checkMonths(admitted.expr, { range, dimension }, place) ?? checkTableMonths(admitted.expr, place);
  if (fault) return { diagnostics: [fault] };
  return { ...admitted, ...(dimension ? { dimension } : {}) };
}

/**
 * Requires a date for a date field and else a quantity of the right dimension; reports the first wrong value of a
 * table.
 */
function checkKind(expr: Expr, place: CheckPlace): Diagnostic | undefined {
  const { spec } = place;
  if (expr.kind !== "table") return isOfKind(expr, spec) ? undefined : misfit(expr, place);
  const wrong = expr.points.find(({ value }) => !isOfKind(value, spec))?.value;
  return wrong && misfit(wrong, { ...place, text: formatExpr(wrong) });
}

function isOfKind({ isDate, vector }: Expr, spec: FieldSpec): boolean {
  const mustBeDate = spec.kind === "date";
  if (isDate !== mustBeDate) return false;
  return mustBeDate || dimensionsOf(spec).some((name) => acceptsVector(name, vector));
}

function misfit(expr: Expr, { spec, path, text }: CheckPlace): Diagnostic {
  const mustBeDate = spec.kind === "date";
  const needs = kindInWords(spec);
  const common = { path, span: expr.span, expected: expectedInWords(spec) };
  const written = text.trim();
  if (expr.isDate || mustBeDate || !isDimensionless(expr.vector)) {
    const got = expr.isDate ? "a month" : describeVector(expr.vector);
    const help =
      mustBeDate && /^\d{4}$/.test(written) ? `write \`${written}-01\`` : mistakeHelp(spec, expr, written);
    return diagnose("unit-mismatch", { values: { needs, got }, ...common, help });
  }
  const [dimension = "number"] = dimensionsOf(spec);
  // A life is told in years, which nobody can tell from months; an example may be a range or a table.
  const own = dimension === "duration" && /^\d+ [a-z]+$/.test(spec.example) ? [spec.example] : [];
  const units = [...own, DIMENSIONS[dimension].example].map((example) =>
    example.replace(/^\S+\s*(?:(?:thousand|million|billion) (?!\())?/, ""),
  );
  const isNumber = /^[+-]?[\d.]+(?:e[+-]?\d+)?$/i.test(written);
  const offers = [...new Set(units)].filter((unit) => unit !== "").map((unit) => `\`${written} ${unit}\``);
  const help =
    isNumber && offers.length > 0 ? `write the unit, such as ${listWords(offers, "or")}` : undefined;
  return diagnose("missing-unit", { values: { needs, text: written }, ...common, help });
}

/** The remedy for a quantity that is easily mistaken for the field's. */
function mistakeHelp(spec: FieldSpec, expr: Expr, text: string): string | undefined {
  if (expr.isDate) return undefined;
  const { vector } = expr;
  const found = Object.entries(spec.mistaken ?? {}).find(
    ([name]) => isDimensionName(name) && equalVectors(DIMENSIONS[name].vector, vector),
  );
  const si = expr.kind === "number" ? expr.value : undefined;
  const byTime = dimensionsOf(spec).map((name) => explainTime({ vector, si, text }, name, spec.example));
  return found?.[1] ?? byTime.find((help) => help !== undefined);
}

/** Dimensions that a field allows; a share is a fraction, and `let` allows all. */
function dimensionsOf(spec: FieldSpec): readonly DimensionName[] {
  return spec.kind === "share" ? ["fraction"] : (spec.dimensions ?? []);
}

/** A field states whether its value may vary by month or trial. */
function checkBinding({ binding, span }: Expr, { spec, path, text }: CheckPlace): Diagnostic | undefined {
  const byMonth = variesByMonth(binding) && spec.varies !== "month";
  const byTrial = variesByTrial(binding) && spec.varies === "nothing";
  if (!byMonth && !byTrial) return undefined;
  const reason = byMonth
    ? "it varies by month, and this field does not"
    : "it is uncertain, and this field is one fixed value";
  return diagnose("invalid-value", { values: { text, reason }, path, span, expected: expectedInWords(spec) });
}

/** The range of a field in SI units, or in months for a date, and the dimension that shows its bounds. */
type Admissible = {
  readonly range: readonly [low: number, high: number] | undefined;
  readonly dimension: DimensionName | undefined;
};

function rangeFor(spec: FieldSpec, expr: Expr, dimension: Admissible["dimension"]): Admissible["range"] {
  if (expr.isDate) {
    const [low = earliestMonth, high = latestMonth] = spec.range ?? [];
    return [readMonth(low) ?? Number.NEGATIVE_INFINITY, readMonth(high) ?? Number.POSITIVE_INFINITY];
  }
  if (!dimension) return undefined;
  const { multiply, divide } = DIMENSIONS[dimension];
  const [low, high] = rangeOf(spec, dimension);
  return [(low * divide) / multiply, (high * divide) / multiply];
}

/** Truncates the draws of a distribution that is the whole value, alone or in a table. */
function admit(expr: Expr, range: Admissible["range"], place: CheckPlace): ParsedValue {
  if (!range) return { expr, diagnostics: [] };
  const { path, names, spec } = place;
  const context = { span: expr.span, variable: path, path, names, allowMonth: spec.varies === "month" };
  return admitRange(expr, range, context, neededRange(expr, spec), { floorsAtZero: true });
}

function neededRange(expr: Expr, spec: FieldSpec): string {
  const range =
    expr.isDate && !spec.range ? `between ${earliestMonth} and ${latestMonth}` : rangeInWords(spec);
  return `${kindInWords(spec)} ${range}`;
}

/**
 * Checks the plain value at the dates of a table, else in every month of the horizon, or in one month if it does not
 * vary.
 */
function checkMonths(expr: Expr, admissible: Admissible, place: CheckPlace): Diagnostic | undefined {
  const { run, startMonth, monthCount } = place;
  const varies = variesByMonth(expr.binding);
  const points = expr.kind === "table" ? expr.points : [];
  for (const point of points) {
    const value = evaluatePlain(point.value, { ...run, month: point.month });
    const fault = checkNumber(value, point.value, admissible, place, point.month);
    if (fault) return fault;
  }
  const pointsTellAll = points.length > 0 && points.every((point) => !variesByMonth(point.value.binding));
  if (pointsTellAll) return undefined;
  const checkAt = (month: number): Diagnostic | undefined => {
    const value = evaluatePlain(expr, { ...run, month });
    return checkNumber(value, expr, admissible, place, varies ? month : undefined);
  };
  const last = startMonth + (varies ? monthCount - 1 : 0);
  // Inflation moves an amount one way, so that the ends tell what lies between them.
  const isSteady = expr.kind === "inflated" && !variesByMonth(expr.amount.binding);
  if (isSteady && !checkAt(startMonth) && !checkAt(last)) return undefined;
  for (let month = startMonth; month <= last; month++) {
    const fault = checkAt(month);
    if (fault) return fault;
  }
  return undefined;
}

function checkNumber(
  value: number,
  expr: Expr,
  { range, dimension }: Admissible,
  place: CheckPlace,
  month: number | undefined,
): Diagnostic | undefined {
  const { spec, path, text } = place;
  const when = month === undefined ? "" : ` in ${formatMonth(month)}`;
  if (!Number.isFinite(value)) return diagnose("not-finite", { values: { text }, path, span: expr.span });
  const tiny = checkTiny(value, expr, dimension, place);
  if (tiny) return tiny;
  if (!range || (range[0] <= value && value <= range[1])) return undefined;
  const got = `${showNumber(value, expr, dimension)}${when}`;
  const needs = neededRange(expr, spec);
  return diagnose("out-of-range", {
    values: { needs, got },
    path,
    span: expr.span,
    expected: `${needs}, such as \`${spec.example}\``,
    help:
      dimension === "fraction" && value / 100 <= range[1]
        ? percentHelp(text)
        : dimension && thousandfoldHelp(value, expr, dimension, spec),
  });
}

/** Asks about the unit of a value of which a thousandth is usual, as `USD/kWh` in place of `USD/MWh`. */
function thousandfoldHelp(
  value: number,
  expr: Expr,
  dimension: DimensionName,
  spec: FieldSpec,
): string | undefined {
  const usual = dimension === "fraction" ? undefined : usualRangeOf(spec, dimension);
  const thousandth = (toCanonical(value, expr.vector, dimension) ?? Number.NaN) / 1000;
  if (!usual || !(usual[0] <= thousandth && thousandth <= usual[1])) return undefined;
  const names = namesIn(expr).map((name) => `\`let.${name}\``);
  const where = names.length > 0 ? ` of ${listWords(names, "or")}` : "";
  return `is the unit${where} the one that is meant? \`${formatQuantity(thousandth, dimension)}\` would be usual`;
}

/** The names that an expression reads itself, each once. */
function namesIn(expr: Expr): readonly string[] {
  const own = expr.kind === "name" ? [expr.name] : [];
  return [...new Set([...own, ...partsOf(expr).flatMap(namesIn)])];
}

/** What to write for a number without `%`, which is a fraction: `growth: 40` is 4,000 %. */
export function percentHelp(text: string): string | undefined {
  if (!/^[+-]?\d+(?:\.\d+)?$/.test(text.trim())) return undefined;
  return `a number without \`%\` is a fraction; write \`${text.trim()} %\` if that is meant`;
}

/** Numbers that differ from 0 by less are slips, and what is divided by them overflows [canonical unit]. */
const LEAST_NUMBER = 1e-9;

/** Prices of the smallest units, which are small numbers in earnest. */
const LEAST_PRICE = 1e-30;
const SMALL_PRICES: ReadonlySet<DimensionName> = new Set<DimensionName>([
  "price_per_token",
  "price_per_flop",
  "price_per_memory_hour",
  "price_per_energy",
]);

function checkTiny(
  value: number,
  expr: Expr,
  dimension: DimensionName | undefined,
  { spec, path, text }: CheckPlace,
): Diagnostic | undefined {
  if (!dimension || expr.isDate) return undefined;
  const number = Math.abs(toCanonical(value, expr.vector, dimension) ?? 0);
  const least = SMALL_PRICES.has(dimension) ? LEAST_PRICE : LEAST_NUMBER;
  if (number === 0 || number >= least) return undefined;
  const unit = DIMENSIONS[dimension].canonical;
  const needs = `${kindInWords(spec)} of 0 or at least ${least}${unit === "" ? "" : ` ${unit}`}`;
  const expected = expectedInWords(spec);
  return diagnose("out-of-range", { values: { needs, got: text.trim() }, path, span: expr.span, expected });
}

function showNumber(value: number, expr: Expr, dimension: DimensionName | undefined): string {
  if (expr.isDate) return formatMonth(value);
  const canonical = dimension && toCanonical(value, expr.vector, dimension);
  return dimension && canonical !== undefined ? formatQuantity(canonical, dimension) : String(value);
}

/** The dates of a table bound the simulated window, as other dates do. */
function checkTableMonths(expr: Expr, { path }: CheckPlace): Diagnostic | undefined {
  if (expr.kind !== "table") return undefined;
  const [low, high] = [readMonth(earliestMonth) ?? 0, readMonth(latestMonth) ?? 0];
  const point = expr.points.find(({ month }) => month < low || month > high);
  if (!point) return undefined;
  const needs = `months between ${earliestMonth} and ${latestMonth}`;
  return diagnose("out-of-range", {
    values: { needs, got: formatMonth(point.month) },
    path,
    span: point.value.span,
  });
}
