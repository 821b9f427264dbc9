import { type Diagnostic, diagnose, type Span } from "../diagnostics/diagnostic.ts";
import { powerOfTen } from "../numbers/decimal.ts";
import { DIMENSIONS, type DimensionName, describeVector, toCanonical } from "./dimension.ts";
import { explainMisreading, type Misreading } from "./foreign-notation.ts";
import { type FormulaFault, parseFormula, unitOne } from "./formula.ts";
import { suggestUnit, type UnitFactor } from "./symbol.ts";
import { explainTime } from "./time-apart.ts";
import { type DimensionVector, isDimensionless } from "./vector.ts";

/** A number in SI base units and its dimension. `isBare` is true for a number without unit, `%` or magnitude. */
export type Quantity = { readonly si: number; readonly vector: DimensionVector; readonly isBare: boolean };

/** The place of a text, for diagnostics. */
export type TextPlace = { readonly path?: string | undefined; readonly span?: Span | undefined };

/** A longer text is rejected unread [characters]. */
const LONGEST_QUANTITY = 500;

const NUMBER_TEXT = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\d.])/;

/**
 * Parses a literal quantity: a number and its unit, such as `1.4 GW`, `38 billion USD`, `58 USD/MWh`, `-2.5 %` or `9
 * %/year`.
 *
 * A number alone is dimensionless. Only the unit is computed: operators between numbers make an expression, which this does
 * not parse. Conversion to SI is exact wherever doubles allow; see `toSi`.
 *
 * @param text  the value as the user wrote it
 * @param place path and span for diagnostics; carets narrow to the faulty part if the span holds the text itself
 * @return the quantity, or the one diagnostic that explains the fault
 *
 * Fails: never. Cost: length of the text; at most 500 characters are parsed.
 */
export function parseQuantity(
  text: string,
  place: TextPlace = {},
): { value?: Quantity; diagnostics: Diagnostic[] } {
  if (text.length > LONGEST_QUANTITY) {
    const values = { subject: "the value", got: `${text.length} characters`, limit: `${LONGEST_QUANTITY}` };
    return { diagnostics: [diagnose("too-large", { values, ...place })] };
  }
  const match = NUMBER_TEXT.exec(text);
  const misread = explainMisreading(text);
  if (!match || misread) return { diagnostics: [diagnoseMisreading(text, misread ?? NOT_ANUMBER, place)] };
  const value = Number(match[1]);
  const unitStart = match[0].length;
  const unit = readUnit(text.slice(unitStart));
  if ("fault" in unit) return { diagnostics: [diagnoseFault(text, unitStart, unit, place)] };
  const si = toSi(value, unit.factor);
  const isLost = si === 0 && /[1-9]/.test(match[1]?.replace(/[eE].*/, "") ?? "");
  if (!Number.isFinite(si) || isLost)
    return { diagnostics: [diagnose("not-finite", { values: { text }, ...place })] };
  const isBare = unit.factor === unitOne;
  return { value: { si, vector: unit.factor.vector, isBare }, diagnostics: [] };
}

/**
 * Parses a literal quantity of a known dimension and returns its number in the canonical unit.
 *
 * @return the canonical number, or the diagnostic (`missing-unit`, `unit-mismatch`, or one of `parseQuantity`)
 *
 * Fails: never.
 */
export function parseQuantityAs(
  text: string,
  name: DimensionName,
  place: TextPlace = {},
): { value?: number; diagnostics: Diagnostic[] } {
  const { value, diagnostics } = parseQuantity(text, place);
  if (!value) return { diagnostics };
  const canonical = toCanonical(value.si, value.vector, name);
  if (canonical !== undefined) return { value: canonical, diagnostics };
  return { diagnostics: [diagnoseMismatch(value, name, text, place)] };
}

/**
 * Reports that a value has another dimension than the expected one, or lacks its unit.
 *
 * Fails: never.
 */
function diagnoseMismatch(
  { si, vector }: Quantity,
  name: DimensionName,
  text: string,
  place: TextPlace = {},
): Diagnostic {
  const { label, example } = DIMENSIONS[name];
  const expected = `${label}, such as \`${example}\``;
  if (isDimensionless(vector))
    return diagnose("missing-unit", { values: { needs: label, text: text.trim() }, expected, ...place });
  return diagnose("unit-mismatch", {
    values: { needs: label, got: describeVector(vector) },
    expected,
    help: explainTime({ vector, si, text }, name),
    ...place,
  });
}

/**
 * True if a text has the form of a literal quantity (a number, then words, `%`, `/`, `^` and brackets) and so is not an
 * expression; its unit may still be unknown.
 *
 * Fails: never.
 */
export function hasQuantityShape(text: string): boolean {
  const match = NUMBER_TEXT.exec(text);
  if (!match || text.length > LONGEST_QUANTITY) return false;
  const rest = text.slice(match[0].length).replace(/^\s*%/, " ");
  return /^[\s()/]*$/.test(rest.replace(/\^\s*-?\s*[1-9](?!\d)/g, " ").replace(/[A-Za-z][A-Za-z0-9]*/g, " "));
}

/**
 * Converts a number in some unit to SI base units.
 *
 * Powers of ten are moved within the number's decimal text, so that `1.005 kW` is 1005 W and not 1004.9999999999999; the
 * rest is one product and one quotient of integers.
 *
 * Fails: never; overflow gives infinity, which the caller checks.
 */
export function toSi(value: number, factor: UnitFactor): number {
  const above = splitTens(factor.multiply);
  const below = splitTens(factor.divide);
  const shift = above.tens - below.tens;
  // Dividing by one integer rounds once; shifting down first would round twice.
  if (shift < 0 && below.rest !== 1) return (value * above.rest) / (below.rest * powerOfTen(-shift));
  return (shiftDecimal(value, shift) * above.rest) / below.rest;
}

/** Splits an integer into its powers of ten and the rest: 3.6e9 is 36 x 10^8. */
function splitTens(value: number): { tens: number; rest: number } {
  let [tens, rest] = [0, value];
  while (rest % 10 === 0 && rest > 0 && Number.isFinite(rest) && (rest / 10) * 10 === rest)
    [tens, rest] = [tens + 1, rest / 10];
  return { tens, rest };
}

function shiftDecimal(value: number, tens: number): number {
  if (tens === 0 || !Number.isFinite(value)) return value;
  const [digits, exponent = "0"] = String(value).split("e");
  return Number(`${digits}e${Number(exponent) + tens}`);
}

type UnitFault = { readonly fault: FormulaFault; readonly formulaStart: number };

/** The part after the number: empty, a unit formula, or `%` and perhaps a divisor. */
function readUnit(text: string): { readonly factor: UnitFactor } | UnitFault {
  const isPercent = /^\s*%/.test(text);
  const formulaStart = isPercent ? text.indexOf("%") + 1 : 0;
  const formula = text.slice(formulaStart);
  const percent: UnitFactor = { ...unitOne, si: 1 / PERCENT_DIVISOR, divide: PERCENT_DIVISOR };
  if (formula.trim() === "") return { factor: isPercent ? percent : unitOne };
  if (isPercent && !formula.trim().startsWith("/")) {
    const at = formula.search(/\S/);
    return { fault: { kind: "syntax", text: formula.trim(), at }, formulaStart };
  }
  const result = parseFormula(formula);
  if ("fault" in result) return { fault: result.fault, formulaStart };
  const { multiply, divide, vector } = result.factor;
  const divisor = divide * (isPercent ? PERCENT_DIVISOR : 1);
  return { factor: { si: multiply / divisor, multiply, divide: divisor, vector } };
}

const PERCENT_DIVISOR = 100;

const NOT_ANUMBER: Misreading = {
  code: "invalid-value",
  reason: "a quantity starts with a number",
  help: "write a number and its unit, such as `40 MW`",
};

function diagnoseMisreading(text: string, misreading: Misreading, place: TextPlace): Diagnostic {
  const { code, reason, help } = misreading;
  return diagnose(code, { values: { text: text.trim(), reason }, help, ...place });
}

/** Most replacements suggested for a mistyped unit. */
const OFFERED_COUNT = 3;

function diagnoseFault(
  text: string,
  unitStart: number,
  { fault, formulaStart }: UnitFault,
  place: TextPlace,
): Diagnostic {
  const start = unitStart + formulaStart;
  const at = start + fault.at;
  const narrowed = { ...place, span: narrowSpan(place.span, text, at, fault.text.length) };
  if (fault.kind === "unknown-unit") {
    // A word stands apart from its number: `20k` is `20 thousand`.
    const before = text.slice(0, at);
    const isGlued = /\d$/.test(before);
    const meant = suggestUnit(fault.text)
      .slice(0, OFFERED_COUNT)
      .map((unit) => (isGlued && /^[a-z]{3,}/.test(unit) ? ` ${unit}` : unit))
      .map((unit) => `\`${(before + unit + text.slice(at + fault.text.length)).trim()}\``);
    const help = meant.length > 0 ? `write ${meant.join(" or ")}` : undefined;
    return diagnose("unknown-unit", { values: { unit: fault.text }, help, ...narrowed });
  }
  if (fault.kind === "ambiguous") {
    const reason = `\`${fault.text}\` after \`/\` can be read in two ways`;
    const help = fault.meant ? `write \`${(text.slice(0, start) + fault.meant).trim()}\`` : undefined;
    return diagnose("invalid-value", { values: { text: text.trim(), reason }, help, ...narrowed });
  }
  const reason = fault.text ? `\`${fault.text}\` is out of place in a unit` : "the unit is incomplete";
  return diagnose("invalid-value", { values: { text: text.trim(), reason }, ...narrowed });
}

/** The span of a part of a text; the whole span if the file writes the text with quotes or escapes. */
function narrowSpan(span: Span | undefined, text: string, at: number, length: number): Span | undefined {
  if (!span || span.length !== text.length || length === 0) return span;
  return { ...span, column: span.column + at, length };
}
