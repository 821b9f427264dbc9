import type { Span } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { equalVectors, isDimensionless } from "../../units/vector.ts";
import { admitRange } from "./admit-range.ts";
import { describeExpr } from "./build-call.ts";
import { buildDistribution } from "./build-distribution.ts";
import {
  BOUND_KEYS,
  type FamilyName,
  familyEntries,
  familyOf,
  isUnbounded,
} from "./distributions/families.ts";
import { constantOf } from "./evaluate.ts";
import type { Expr } from "./expr.ts";
import { readValue } from "./parse-value.ts";
import { type ParsedValue, type ValueContext, ValueReader } from "./value-reader.ts";

/** An entry of a map that gives a distribution: a text, or the values and chances of a discrete one. */
export type DistributionEntry = {
  readonly key: string;
  /** Place of the entry's value. */
  readonly span: Span;
  readonly text?: string;
  /** `values: [[value, chance], ...]` or `values: { value: chance, ... }`, in the order of the file. */
  readonly values?: readonly { readonly value: string; readonly chance: string; readonly span: Span }[];
};

/** Most values of a discrete distribution. */
const MOST_VALUES = 200;

type Form = {
  readonly family: FamilyName;
  readonly keys: readonly string[];
  /** True for quantiles after a word that needs values above 0. */
  readonly isPositive?: true;
};

/** How to write each distribution, by the word after `distribution`; without that word the quantiles decide. */
const forms: ReadonlyMap<string, readonly Form[]> = (() => {
  const byWord = new Map<string, Form[]>();
  for (const [family, { word = "", keys, intervalKeys }] of familyEntries) {
    const same = byWord.get(word) ?? [];
    byWord.set(word, same);
    if (intervalKeys) same.push({ family: "interval", keys: intervalKeys, isPositive: true });
    same.push({ family, keys });
  }
  return byWord;
})();

/**
 * Reads a distribution written as a map.
 *
 * `{ p5, p95 }`, `{ p5, p50, p95 }`, `{ p10, p90 }`, or `distribution` with one of normal (mean, sd), lognormal (p5 and
 * p95, or mean and sd of the logarithm), triangular and pert (min, mode, max), uniform (min, max), discrete (values).
 * Parameters may be expressions; chances are numbers that add to 1. Quantiles, normal and lognormal may be truncated by
 * constant bounds `at_least` and `at_most`; draws stay inside, and a warning is given if more than 1 % is truncated.
 *
 * `lognormal` with p5 and p95 is the interval of the two, which must be positive; parameters that vary are not checked.
 *
 * @param entries the map without its annotation (`source`, `quality`, ...), in the order of the file
 * @param context its `span` is that of the map
 *
 * Fails: never.
 */
export function parseDistribution(entries: readonly DistributionEntry[], context: ValueContext): ParsedValue {
  const reader = new ValueReader("", context);
  return reader.finish(readDistribution(entries, reader));
}

function readDistribution(entries: readonly DistributionEntry[], reader: ValueReader): Expr | undefined {
  const named = entries.find(({ key }) => key === "distribution");
  const word = named?.text?.trim() ?? "";
  const known = forms.get(word);
  if (named && (!known || word === "")) {
    const words = [...forms.keys()].filter((name) => name !== "");
    const [near] = nearest(word, words);
    const help = near ? `did you mean \`${near}\`?` : undefined;
    const values = { text: word, reason: "no distribution has this name" };
    return reader.report("invalid-value", {
      values,
      span: named.span,
      expected: `one of ${words.join(", ")}`,
      help,
    });
  }
  const form = chooseForm(known ?? [], entries, word, reader);
  if (!form) return undefined;
  const variable = reader.nextVariable();
  if (familyOf(form.family).draw.kind === "discrete") return readDiscrete(entries, variable, reader);
  const parameters = form.keys.map((key) => readEntry(entries, key, reader));
  if (!parameters.every((parameter) => parameter !== undefined)) return undefined;
  reader.moveTo("", reader.context.span);
  if (form.isPositive && !arePositive(parameters, word, reader)) return undefined;
  const built = buildDistribution({ family: form.family, variable, parameters }, reader);
  return built && cutToBounds(built, entries, reader);
}

/** The distribution truncated by `at_least` and `at_most`, if they are given. */
function cutToBounds(
  expr: Expr,
  entries: readonly DistributionEntry[],
  reader: ValueReader,
): Expr | undefined {
  const stated = BOUND_KEYS.filter((key) => entries.some((entry) => entry.key === key));
  if (stated.length === 0) return expr;
  const range: [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const key of stated) {
    const bound = readEntry(entries, key, reader);
    if (!bound) return undefined;
    const value = constantOf(bound, reader.context.names);
    if (value === undefined) {
      const reason = `\`${key}\` is not a fixed value`;
      return reader.report("invalid-distribution", { values: { reason } });
    }
    if (bound.isDate !== expr.isDate || !equalVectors(bound.vector, expr.vector)) {
      const values = { needs: `the kind of the other values at \`${key}\``, got: describeExpr(bound) };
      return reader.report("unit-mismatch", { values });
    }
    range[key === "at_least" ? 0 : 1] = value;
  }
  reader.moveTo("", reader.context.span);
  const needs = `${stated.map((key) => `${key.replace("_", " ")} ${textAt(entries, key)}`).join(" and ")}`;
  const admitted = admitRange(expr, range, reader.context, needs);
  reader.diagnostics.push(...admitted.diagnostics);
  return admitted.expr;
}

function textAt(entries: readonly DistributionEntry[], key: string): string {
  return entries.find((entry) => entry.key === key)?.text?.trim() ?? "";
}

/** The form whose keys the map has; reports unknown or missing keys of the form that fits best. */
function chooseForm(
  candidates: readonly Form[],
  entries: readonly DistributionEntry[],
  word: string,
  reader: ValueReader,
): Form | undefined {
  const keys = entries.map(({ key }) => key).filter((key) => key !== "distribution");
  const hits = (form: Form): number => form.keys.filter((key) => keys.includes(key)).length;
  const misses = (form: Form): number => form.keys.length - hits(form);
  const [best] = [...candidates].sort((a, b) => hits(b) - hits(a) || misses(a) - misses(b));
  if (!best) return undefined;
  const name = word ? `\`distribution: ${word}\`` : "quantiles";
  const expected = `${name} with ${candidates.map((form) => form.keys.join(", ")).join("; or ")}`;
  const path = reader.context.path ?? reader.context.variable;
  const known = isUnbounded(best.family) ? [...best.keys, ...BOUND_KEYS] : best.keys;
  for (const { key, span } of entries) {
    if (key === "distribution" || known.includes(key)) continue;
    const [near] = nearest(key, known);
    const help = near ? `did you mean \`${near}\`?` : undefined;
    reader.report("unknown-key", { values: { key }, path: `${path}.${key}`, span, expected, help });
  }
  for (const key of best.keys) {
    if (!keys.includes(key))
      reader.report("missing-field", { values: { field: key }, path: `${path}.${key}`, expected });
  }
  return reader.diagnostics.length === 0 ? best : undefined;
}

function readEntry(
  entries: readonly DistributionEntry[],
  key: string,
  reader: ValueReader,
): Expr | undefined {
  const entry = entries.find((one) => one.key === key);
  if (!entry) return undefined;
  reader.moveTo(entry.text ?? "", entry.span);
  if (entry.text !== undefined) return readValue(entry.text, reader);
  const values = { needs: `a value at \`${key}\``, got: "a list or a map" };
  return reader.report("invalid-type", { values });
}

function arePositive(parameters: readonly Expr[], word: string, reader: ValueReader): boolean {
  const values = parameters.map((parameter) => constantOf(parameter, reader.context.names));
  if (values.every((value) => value === undefined || value > 0)) return true;
  const reason = `a ${word} needs values above 0`;
  const help = "leave out `distribution`: an interval that is not positive is normal";
  reader.report("invalid-distribution", { values: { reason }, help });
  return false;
}

function readDiscrete(
  entries: readonly DistributionEntry[],
  variable: string,
  reader: ValueReader,
): Expr | undefined {
  const entry = entries.find(({ key }) => key === "values");
  const values = entry?.values ?? [];
  if (!entry || values.length === 0 || values.length > MOST_VALUES) {
    const got = entry?.values ? `${values.length} of them` : "something else";
    const needs = `a list of at most ${MOST_VALUES} pairs of a value and its chance`;
    const expected = "such as `values: [[0 months, 0.7], [6 months, 0.3]]`";
    return reader.report("invalid-type", { values: { needs, got }, span: entry?.span, expected });
  }
  const parameters: Expr[] = [];
  const weights: number[] = [];
  for (const { value, chance, span } of values) {
    reader.moveTo(value, span);
    const parameter = readValue(value, reader);
    reader.moveTo(chance, span);
    const weight = readChance(chance, reader);
    if (parameter) parameters.push(parameter);
    if (weight !== undefined) weights.push(weight);
  }
  if (parameters.length < values.length || weights.length < values.length) return undefined;
  reader.moveTo("", entry.span);
  return buildDistribution({ family: "discrete", variable, parameters, weights }, reader);
}

function readChance(text: string, reader: ValueReader): number | undefined {
  const chance = readValue(text, reader);
  if (!chance) return undefined;
  const value = constantOf(chance, reader.context.names);
  if (value !== undefined && Number.isFinite(value) && !chance.isDate && isDimensionless(chance.vector))
    return value;
  const reason = `the chance \`${text.trim()}\` is not a fixed number`;
  return reader.report("invalid-distribution", {
    values: { reason },
    help: "write a fraction such as `0.3` or `30 %`",
  });
}
