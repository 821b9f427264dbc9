import { TOLERANCE } from "../../metrics/tolerance.ts";
import { dimensionless, equalVectors, isDimensionless } from "../../units/vector.ts";
import { joinBindings } from "./binding.ts";
import { describeExpr, relateAny } from "./build-call.ts";
import { type FamilyName, familyOf } from "./distributions/families.ts";
import { constantOf } from "./evaluate.ts";
import type { Expr } from "./expr.ts";
import { formatExpr } from "./format-expr.ts";
import type { ValueReader } from "./value-reader.ts";

/** A distribution before it is checked. */
export type DistributionDraft = {
  readonly family: FamilyName;
  readonly variable: string;
  readonly parameters: readonly Expr[];
  readonly weights?: readonly number[];
};

/**
 * Makes a distribution, after checking that its known parameters are consistent.
 *
 * Parameters that vary or are not yet known are checked when drawn: a draw with invalid parameters is NaN.
 *
 * @param example the correct form, for the help of a fault
 * @return the distribution, or `undefined` with the fault reported to the reader
 */
export function buildDistribution(
  draft: DistributionDraft,
  reader: ValueReader,
  example?: string,
): Expr | undefined {
  const { parameters } = draft;
  const { draw, word, isOfLogarithm } = familyOf(draft.family);
  const [first] = parameters;
  if (!haveFitKinds(draft, reader, example)) return undefined;
  const needsConstants = draw.kind === "bounded" && draw.needsConstants;
  if (needsConstants && parameters.some((parameter) => parameter.binding !== "constant")) {
    const reason = `the parameters of \`${word}\` must be constant`;
    const help = `multiply instead, such as \`x * ${word}(0.8, 1, 1.3)\``;
    return reader.report("invalid-distribution", { values: { reason }, help }, word);
  }
  if (!haveFitValues(draft, reader, example) || !haveFitWeights(draft, reader)) return undefined;
  return {
    kind: "distribution",
    ...draft,
    vector: isOfLogarithm ? dimensionless : first.vector,
    isDate: first.isDate,
    binding: joinBindings(["trial", ...parameters.map((parameter) => parameter.binding)]),
    span: reader.span,
  };
}

function haveFitKinds(
  { family, parameters }: DistributionDraft,
  reader: ValueReader,
  example: string | undefined,
): boolean {
  const refuse = (needs: string, got: string, help?: string): boolean => {
    reader.report("unit-mismatch", { values: { needs, got }, help });
    return false;
  };
  const { called, isOfLogarithm, takesDates } = familyOf(family);
  const [first, ...others] = parameters;
  if (isOfLogarithm) {
    const faulty = parameters.find((parameter) => parameter.isDate || !isDimensionless(parameter.vector));
    if (!faulty) return true;
    const help =
      "both refer to the logarithm; for values with a unit write `A to B`, or multiply by the unit";
    return refuse(`plain numbers in ${called}`, describeExpr(faulty), help);
  }
  if (first.isDate && !takesDates) {
    return refuse(`quantities in ${called}`, "a date", "write `A to B`, triangular or uniform for dates");
  }
  const other = others.find((one) => one.isDate !== first.isDate || !equalVectors(one.vector, first.vector));
  if (!other) return true;
  const bare = [first, other].some((one) => !one.isDate && isDimensionless(one.vector));
  const help = bare ? (example ?? "write the unit at each value") : relateAny([first, other]);
  return refuse(`values of one kind in ${called}`, `${describeExpr(first)} and ${describeExpr(other)}`, help);
}

function haveFitValues(draft: DistributionDraft, reader: ValueReader, example: string | undefined): boolean {
  const { family, parameters } = draft;
  const values = parameters.map((parameter) => constantOf(parameter, reader.context.names));
  const { parameters: names, deviation: spread, draw } = familyOf(family);
  for (const [index, value] of values.entries()) {
    if (value === undefined || Number.isFinite(value)) continue;
    reader.report("not-finite", { values: { text: formatExpr(parameters[index]) } });
    return false;
  }
  if (spread !== undefined) {
    const deviation = values[spread];
    if (deviation === undefined || deviation >= 0) return true;
    const reason = `${names[spread]} is negative: ${formatExpr(parameters[spread])}`;
    reader.report("invalid-distribution", { values: { reason } });
    return false;
  }
  if (draw.kind === "discrete") return true;
  let last = -1;
  for (const [index, value] of values.entries()) {
    if (value === undefined) continue;
    const before = values[last];
    if (last >= 0 && before !== undefined && before > value) {
      const texts = `${formatExpr(parameters[last])} and ${formatExpr(parameters[index])}`;
      const reason = `${names[last]} is above ${names[index]}: ${texts}`;
      reader.report("invalid-distribution", { values: { reason }, help: example });
      return false;
    }
    last = index;
  }
  return true;
}

function haveFitWeights({ family, weights = [] }: DistributionDraft, reader: ValueReader): boolean {
  if (familyOf(family).draw.kind !== "discrete") return true;
  const faulty = weights.find((weight) => !(weight >= 0));
  if (faulty !== undefined) {
    reader.report("invalid-distribution", { values: { reason: `a chance is negative: ${faulty}` } });
    return false;
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) <= TOLERANCE) return true;
  const reason = `the chances add to ${Number(sum.toPrecision(10))}, not to 1`;
  const help = `change a chance by ${Number((1 - sum).toPrecision(4))}`;
  reader.report("invalid-distribution", { values: { reason }, help });
  return false;
}
