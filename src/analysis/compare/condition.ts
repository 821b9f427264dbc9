import { type Diagnostic, diagnose, headlineOf } from "../../diagnostics/diagnostic.ts";
import { offerNearest } from "../../diagnostics/nearest.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { describeVector } from "../../units/dimension.ts";
import { explainNumbers } from "../../units/foreign-notation.ts";
import { parseQuantity } from "../../units/quantity.ts";
import { relateByTime } from "../../units/time-apart.ts";
import { equalVectors } from "../../units/vector.ts";
import { type ComparedFigure, ratioOf } from "./comparison.ts";
import { maybeNegative, senseOf } from "./headlines.ts";
import { SAMPLED_COLUMNS } from "./sampled-columns.ts";

/** A condition that must not hold for any scenario but the first. */
export type Condition = {
  readonly text: string;
  readonly metric: string;
  /** The tested column of compare.csv. */
  readonly of: string;
  readonly operator: "<" | "<=" | ">" | ">=";
  readonly limit: number;
  /** Whether the limit is a percentage of the first's figure. */
  readonly isPercent: boolean;
  /** Whether the column's sign is dropped: `abs(METRIC.difference)`. */
  readonly isAbsolute: boolean;
};

const PLAIN = ["value", "difference", "ratio"] as const;
const columns: readonly string[] = [...PLAIN, ...SAMPLED_COLUMNS.map(({ name }) => name)];

const pattern =
  /^\s*((?:[a-z0-9_]+\.)?[a-z0-9_]+)\.([a-z0-9_]+)\s*(<=|>=|<|>)\s*([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(.*?)\s*$/i;

/** The left side as an absolute value, and what follows. */
const absolute = /^\s*abs\(\s*([^()<>=]*?)\s*\)(.*)$/is;

/** Ratios and probabilities, of which one per cent is 0.01. */
const isShare = (column: string) => /^(ratio|probability|trials_share)/.test(column);

/** Shares of trials. */
const isChance = (column: string) => /^(probability|trials_share)/.test(column);

/** Hundredths of a share, as differences of shares are told. */
const isPoints = (unit: string) => /^(percentage )?points?$/.test(unit);

/**
 * Parses a condition `METRIC.ratio > 1.05`, `METRIC.difference > 5 %`, `METRIC.value < 3 billion USD` or, with a sample,
 * `METRIC.COLUMN` with a column of compare.csv, as in `METRIC.probability_best < 50 %`. `abs(METRIC.COLUMN)` drops the
 * sign. A number without a unit is in the unit of the figure.
 *
 * @param metrics units of the figures that exist, by name
 * @return the condition, or its fault: wrong form, an unknown metric or column with similar names, a limit of the wrong
 *   kind, or a ratio of a figure that may be negative
 *
 * Fails: never.
 */
export function readCondition(text: string, metrics: ReadonlyMap<string, string>): Condition | Diagnostic {
  const [, inside, behind] = absolute.exec(text) ?? [];
  const isAbsolute = inside !== undefined;
  const [, metric, of, operator, number, unit] = pattern.exec(isAbsolute ? inside + behind : text) ?? [];
  if (metric === undefined || of === undefined)
    return refuse(
      text,
      "it is not of the form `METRIC.COLUMN > NUMBER UNIT`",
      "write it as `cost_provider_pv_usd.ratio > 1.05`, `cost_provider_pv_usd.value > 3 billion USD` or `abs(cost_provider_pv_usd.difference) > 5 %`",
    );
  const misreading = explainNumbers(text.replace(/^[^<>]*[<>]=?/, ""));
  if (misreading) return refuse(text, misreading.reason, misreading.help);
  const shown = metrics.get(metric);
  if (shown === undefined) {
    const expected = offerNearest(metric, [...metrics.keys()]) ?? "a figure in compare.csv";
    return diagnose("unknown-metric", { values: { name: metric }, expected });
  }
  if (!columns.includes(of)) {
    const reason = `a figure has no \`${of}\``;
    return diagnose("invalid-condition", { values: { text, reason }, expected: offerNearest(of, columns) });
  }
  const isPercent = of === "difference" && unit === "%";
  if ((of.startsWith("ratio") || isPercent) && maybeNegative(metric)) return refuseRatio(text, metric);
  if (isRanking(of) && !senseOf(metric)) return refuseRanking(text, metric);
  const limit = isPercent ? Number(number) : readLimit({ text, of, shown, number, unit });
  if (typeof limit === "object") return limit;
  if (!Number.isFinite(limit)) return refuse(text, `\`${number}\` is not a finite number`);
  if (isAbsolute && limit < 0)
    return refuse(text, "an absolute value is never negative", "write a limit of 0 or more");
  return { text, metric, of, operator: operator as Condition["operator"], limit, isPercent, isAbsolute };
}

/** The right side of a condition as written, and the figure it refers to. */
type WrittenLimit = {
  readonly text: string;
  readonly of: string;
  /** Display unit of the figure. */
  readonly shown: string;
  readonly number: string;
  readonly unit: string;
};

/** The number that a column is compared with, in the column's unit, or a fault. */
function readLimit({ text, of, shown, number, unit }: WrittenLimit): number | Diagnostic {
  const isHundredth = isShare(of)
    ? unit === "%"
    : shown === "1" && (isPoints(unit) || (unit === "%" && of.startsWith("value")));
  const value = isHundredth ? Number(number) / 100 : Number(number);
  if (isShare(of)) {
    if (unit !== "" && unit !== "%")
      return refuse(text, `\`${of}\` has no unit`, "write a number or a per cent");
    if (!isChance(of) || (value >= 0 && value <= 1)) return value;
    const meant = value > 1 && value <= 100 ? `write \`${value} %\` or \`${value / 100}\`` : undefined;
    return refuse(text, `\`${of}\` is a share of trials, between 0 and 1`, meant);
  }
  if (unit === "%" && !isHundredth)
    return refuse(
      text,
      `\`${of}\` is compared with an amount, not with a percentage`,
      shown === "1" ? `write \`${number} points\`` : undefined,
    );
  return unit === "" || unit === shown || isHundredth ? value : readAmount({ text, of, shown, number, unit });
}

/** An amount with its unit, in the display unit of the figure. */
function readAmount({ text, shown, number, unit }: WrittenLimit): number | Diagnostic {
  const one = parseQuantity(`1 ${unitFormulaOf(shown)}`).value;
  if (!one || shown === "1")
    return refuse(
      text,
      `no other unit converts to that of the figure`,
      shown === "1"
        ? "write a plain number, or one in points"
        : `write \`${number}\` or \`${number} ${shown}\``,
    );
  const { value, diagnostics } = parseQuantity(`${number} ${unit}`);
  const [fault] = diagnostics;
  if (fault)
    return refuse(text, headlineOf(fault), fault.help ?? (fault.expected && `write ${fault.expected}`));
  if (!value || !equalVectors(value.vector, one.vector)) {
    const got = value ? describeVector(value.vector) : "none";
    return refuse(
      text,
      `the figure needs ${shown}, got ${got}`,
      value && relateByTime(value.vector, one.vector),
    );
  }
  return value.si / one.si;
}

/** The unit formula of a display unit: `USD/chip-hour` is USD/(chip hour), and months from the start are months. */
export function unitFormulaOf(shown: string): string {
  const [above = "", ...below] = shown.replace(" from start", "").replaceAll("-", " ").split("/");
  return [above, ...below.map((unit) => `(${unit})`)].join("/");
}

/** Whether a column ranks scenarios. */
function isRanking(column: string): boolean {
  return /^(probability|expected)/.test(column);
}

/** Whether a condition needs a sample. */
export function needsSample({ of }: Condition): boolean {
  return !(PLAIN as readonly string[]).includes(of);
}

/**
 * Tests a condition on every run but the first.
 *
 * @return a fault for each run for which the condition is true or cannot be decided
 *
 * Fails: never.
 */
export function testCondition(
  condition: Condition,
  figures: readonly ComparedFigure[],
  names: readonly string[],
): readonly Diagnostic[] {
  const { text, metric, of, operator, limit, isPercent, isAbsolute } = condition;
  const own = figures.filter((figure) => figure.metric === metric);
  const base = own.find(({ run }) => run === 0)?.value ?? 0;
  return own.flatMap((figure) => {
    if (figure.run === 0) return [];
    const measured = measure(condition, figure, base);
    if (measured === undefined) return [refuseMissing(condition)];
    const got = isAbsolute ? Math.abs(measured) : measured;
    if (!holds(got, operator, limit, sizeOf(condition, figure, base))) return [];
    const hasUnit = !isPercent && !isShare(of) && figure.unit !== "1";
    const shown = `${Number(got.toPrecision(6))}${isPercent ? " %" : hasUnit ? ` ${figure.unit}` : ""}`;
    return [
      diagnose("failed-condition", { values: { text, scenario: names[figure.run] ?? "", got: shown } }),
    ];
  });
}

/** The value compared with the limit, or undefined if it does not exist. */
function measure(
  { metric, of, isPercent }: Condition,
  figure: ComparedFigure,
  base: number,
): number | undefined {
  const ratio = ratioOf(metric, figure.value, base);
  if (of === "value") return figure.value;
  if (of === "ratio") return ratio;
  if (of === "difference" && isPercent) return ratio === undefined ? undefined : (ratio - 1) * 100;
  if (of === "difference") return figure.difference;
  return figure.paired && SAMPLED_COLUMNS.find(({ name }) => name === of)?.of(figure.paired);
}

/** Magnitude that the rounding of a measure goes by: a difference has that of what it is the difference of. */
function sizeOf({ of, isPercent, limit }: Condition, { value }: ComparedFigure, base: number): number {
  if (isPercent) return Math.max(100, Math.abs(limit));
  return Math.max(
    Math.abs(limit),
    ...(of === "value" || of === "difference" ? [value, base] : [1]).map(Math.abs),
  );
}

/** Whether a comparison holds beyond rounding, as conditions of a scenario do (docs/model.md section 10.5). */
function holds(got: number, operator: Condition["operator"], limit: number, size: number): boolean {
  const slack = TOLERANCE * size;
  switch (operator) {
    case "<":
      return got - limit < -slack;
    case "<=":
      return got - limit <= slack;
    case ">":
      return got - limit > slack;
    case ">=":
      return got - limit >= -slack;
  }
}

function refuse(text: string, reason: string, help?: string): Diagnostic {
  return diagnose("invalid-condition", { values: { text, reason }, help });
}

function refuseMissing(condition: Condition): Diagnostic {
  const { text, metric, of } = condition;
  if (!needsSample(condition) || of.startsWith("ratio")) return refuseRatio(text, metric);
  return refuse(text, `\`${metric}\` does not exist in enough trials`);
}

function refuseRanking(text: string, metric: string): Diagnostic {
  return refuse(text, `neither more nor less of \`${metric}\` is better`);
}

function refuseRatio(text: string, metric: string): Diagnostic {
  const reason = `\`${metric}\` may be negative or 0, so a ratio or percentage of it is meaningless`;
  return refuse(text, reason, `compare \`${metric}.difference\` with an amount`);
}
