import { unitOfDimension } from "../../analysis/trace/shown-value.ts";
import { capital } from "../../charts/kit/numbers.ts";
import { inputName, inputQuality, qualityWord } from "../../report/names.ts";
import type { Expr } from "../../scenario/language/expr.ts";
import { canonicalOf, evaluateAt } from "../../scenario/plain-value.ts";
import type { FieldValue, Scenario } from "../../scenario/scenario.ts";
import {
  DIMENSIONS,
  type DimensionName,
  equalVectors,
  isDimensionless,
  toCanonical,
} from "../../units/dimension.ts";
import { parseQuantity } from "../../units/quantity.ts";
import type { Movable, Replies, Unmovable } from "../messages.ts";

/** Quantiles that a slider marks. */
const MARKED = [0.05, 0.25, 0.75, 0.95] as const;

/** Ends of a slider: quantiles beyond which a draw hardly ever lies. */
const ENDS = [0.01, 0.99] as const;

/** Sliders of a certain value go this far to either side of it [share]. */
const REACH = 0.5;

/** Steps from one end of a slider to the other, about. */
const STEPS = 200;

/** The placeholder of the value in `Movable.form`. */
export const VALUE = "VALUE";

/**
 * Lists the values that sliders move: each distribution that the run reads, once where it is declared, and the pinned values.
 *
 * @param uncertain paths of the uncertain values that the run reads
 * @param pins      paths of certain values
 *
 * Fails: never; what has no slider (words, tables, expressions) is left out.
 */
export function listMovables(
  scenario: Scenario,
  uncertain: readonly string[],
  pins: readonly string[],
): readonly Movable[] {
  const [read, pinned] = [new Set(uncertain), new Set(pins)];
  return [...declaredValues(scenario)].flatMap(([path, value]) => {
    const amount = amountOf(value);
    const isUncertain = amount?.kind === "distribution";
    const isRead = amount?.kind === "distribution" && read.has(amount.variable);
    if (!amount || !(isRead || pinned.has(path))) return [];
    return movableOf(scenario, path, value, amount, isUncertain) ?? [];
  });
}

/**
 * Lists the uncertain values that the run reads and that have no slider: an expression, or a table by month.
 *
 * @param movables those that have one
 *
 * Fails: never.
 */
export function listUnmovables(
  scenario: Scenario,
  uncertain: readonly string[],
  movables: readonly Movable[],
): readonly Unmovable[] {
  const declared = declaredValues(scenario);
  const moved = new Set(movables.map(({ line }) => line));
  return uncertain.flatMap((line) => {
    const value = declared.get(line);
    if (!value || moved.has(line)) return [];
    const quality = qualityWord(inputQuality(scenario, line));
    return { line, name: capital(inputName(scenario, line)), written: value.text, quality };
  });
}

/** Values by the path of the line that declares them: a default is one, wherever it is used. */
function declaredValues(scenario: Scenario): ReadonlyMap<string, FieldValue> {
  const declared = new Map<string, FieldValue>();
  for (const value of [...scenario.lets, ...scenario.fields.values()]) {
    const { declaredAt } = value.origin;
    if (!declared.has(declaredAt) || value.path === declaredAt) declared.set(declaredAt, value);
  }
  return declared;
}

/** Certain values at most that a search finds. */
const MOST_FOUND = 8;

/** Certain numbers whose name or path has all words, which a slider could move. */
export function findCertain(scenario: Scenario, words: readonly string[]): Replies["find"] {
  const found: { readonly path: string; readonly name: string; readonly written: string }[] = [];
  for (const [path, value] of declaredValues(scenario)) {
    if (found.length === MOST_FOUND) break;
    if (amountOf(value)?.kind !== "number") continue;
    const name = capital(inputName(scenario, path));
    const text = `${name} ${path}`.toLowerCase();
    if (words.every((word) => text.includes(word))) found.push({ path, name, written: value.text });
  }
  return found;
}

/** The amount that a value states: a number or a distribution, also in the money of a year. */
function amountOf({ expr, spec }: FieldValue): Expr | undefined {
  const amount = expr?.kind === "inflated" ? expr.amount : expr;
  if (spec.kind === "condition" || amount === undefined) return undefined;
  return amount.kind === "distribution" || amount.kind === "number" ? amount : undefined;
}

function movableOf(
  scenario: Scenario,
  path: string,
  value: FieldValue,
  amount: Expr,
  isUncertain: boolean,
): Movable | undefined {
  const scale = scaleOf(scenario, value, amount);
  if (!scale) return undefined;
  const { unit, toUnit } = scale;
  const at = (probability: number) =>
    toUnit(
      evaluateAt(scenario, amount, scenario.startMonth, (variable) =>
        amount.kind === "distribution" && variable === amount.variable ? probability : 0.5,
      ),
    );
  const middle = at(0.5);
  const [low, high] = isUncertain ? ENDS.map(at) : reachOf(middle, amount.isDate);
  if (![low, middle, high].every(Number.isFinite) || !(high > low)) return undefined;
  const { expr } = value;
  const step = amount.isDate ? 1 : roundStep((high - low) / STEPS);
  return {
    path: value.spec.kind === "share" ? `${path}.share` : path,
    line: path,
    name: capital(inputName(scenario, path)),
    written: value.text,
    quality: qualityWord(inputQuality(scenario, path)),
    isUncertain,
    // Inward, so that no end leaves the range of the field.
    low: Math.ceil(low / step) * step,
    middle,
    high: Math.floor(high / step) * step,
    step,
    unit,
    siPerUnit: 1 / toUnit(1),
    isMonth: amount.isDate,
    quantiles: isUncertain ? MARKED.map(at) : [],
    form: expr?.kind === "inflated" ? `{ value: ${VALUE}, currency_year: ${expr.currencyYear} }` : VALUE,
  };
}

/** Units at the end of quantities that a plan writes: `8 thousand USD to 12 thousand USD`, `{ p5: 56 %, p95: 85 % }`. */
const WRITTEN_UNIT = /(?<![\w.])[\d.]+(?:e[+-]?\d+)?\s*([^\d\s,{}][^,{}]*?)(?=\s+to\s|\s*[,}]|\s*$)/gi;

/** The unit that a plan writes a value in, the last of several, which the reader of a slider has beside it; undefined without one. */
function writtenScale(
  { text }: FieldValue,
  amount: Expr,
): { readonly unit: string; readonly toUnit: (si: number) => number } | undefined {
  const [unit = ""] = [...text.matchAll(WRITTEN_UNIT)].map(([, found = ""]) => found).reverse();
  const one = unit === "" ? undefined : parseQuantity(`1 ${unit}`).value;
  if (!one || !(one.si > 0) || !equalVectors(one.vector, amount.vector)) return undefined;
  return { unit, toUnit: (si) => si / one.si };
}

/** The unit a value is shown in, and how SI values turn into it; undefined for a dimension that no unit is known of. */
function scaleOf(
  scenario: Scenario,
  value: FieldValue,
  amount: Expr,
): { readonly unit: string; readonly toUnit: (si: number) => number } | undefined {
  if (amount.isDate) return { unit: "", toUnit: Math.round };
  const written = writtenScale(value, amount);
  if (written) return written;
  const name = value.dimension ?? dimensionFor(value, amount, evaluateAt(scenario, amount));
  if (!name) return undefined;
  const own = { ...value, expr: amount, dimension: value.dimension };
  const canonical = (si: number) =>
    (value.dimension ? canonicalOf(own, si) : toCanonical(si, amount.vector, name)) ?? Number.NaN;
  const { unit, scale } = unitOfDimension(canonical(evaluateAt(scenario, amount)), name);
  return { unit, toUnit: (si) => canonical(si) / scale };
}

/** A number that a reader can compare lies between these. */
const READABLE = [0.01, 1e5] as const;

/** The dimension in whose unit a named value is shown: per cent where it is written so, seconds where months would be tiny. */
function dimensionFor({ text }: FieldValue, { vector }: Expr, si: number): DimensionName | undefined {
  const all = Object.values(DIMENSIONS).filter((dimension) => equalVectors(dimension.vector, vector));
  if (isDimensionless(vector)) return text.includes("%") ? "fraction" : "number";
  const readable = all.find(({ name }) => {
    const canonical = toCanonical(si, vector, name) ?? Number.NaN;
    const size = Math.abs(canonical / unitOfDimension(canonical, name).scale);
    return size >= READABLE[0] && size <= READABLE[1];
  });
  return (readable ?? all[0])?.name;
}

function reachOf(middle: number, isDate: boolean): readonly [number, number] {
  if (isDate) return [middle - 12, middle + 24];
  if (middle === 0) return [0, 1];
  const ends = [middle * (1 - REACH), middle * (1 + REACH)];
  return [Math.min(...ends), Math.max(...ends)];
}

/** The next smaller of 1, 2 or 5 times a power of ten. */
function roundStep(step: number): number {
  const exponent = Math.floor(Math.log10(step));
  const size = Number(`1e${exponent}`);
  const digit = step / size;
  return Number(`${digit >= 5 ? 5 : digit >= 2 ? 2 : 1}e${exponent}`);
}
