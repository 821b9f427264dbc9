import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { offerNearest } from "../../diagnostics/nearest.ts";
import { type ComparedFigure, ratioOf } from "./comparison.ts";
import { maybeNegative } from "./headlines.ts";
import { SAMPLED_COLUMNS } from "./sampled-columns.ts";

/** What must not hold for any scenario but the first. */
export type Condition = {
  readonly text: string;
  readonly metric: string;
  /** Column of compare.csv that is tested. */
  readonly of: string;
  readonly operator: "<" | "<=" | ">" | ">=";
  readonly limit: number;
  /** Whether the limit is a per cent of the first's figure. */
  readonly isPercent: boolean;
};

const PLAIN = ["value", "difference", "ratio"] as const;
const columns: readonly string[] = [...PLAIN, ...SAMPLED_COLUMNS.map(({ name }) => name)];

const pattern =
  /^\s*((?:[a-z0-9_]+\.)?[a-z0-9_]+)\.([a-z0-9_]+)\s*(<=|>=|<|>)\s*([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(%?)\s*$/i;

/** Ratios and probabilities, of which a per cent is a hundredth. */
const isShare = (column: string) => /^(ratio|probability|trials_share)/.test(column);

/**
 * Reads a condition `METRIC.ratio > 1.05`, `METRIC.difference > 5 %`, `METRIC.value < 3` or, of a sample, `METRIC.COLUMN` with a
 * column of compare.csv, as in `METRIC.probability_best < 50 %`.
 *
 * @param metrics names that exist
 * @return the condition, or what is wrong with it: its form, an unknown metric or column with the nearest names, or a ratio of
 *   what may be negative
 *
 * Fails: never.
 */
export function readCondition(text: string, metrics: readonly string[]): Condition | Diagnostic {
  const [, metric, of, operator, number, percent] = pattern.exec(text) ?? [];
  if (metric === undefined || of === undefined) {
    const reason = "it is not of the form `METRIC.ratio > NUMBER`";
    return diagnose("invalid-condition", { values: { text, reason } });
  }
  if (!metrics.includes(metric)) {
    const expected = offerNearest(metric, metrics);
    return diagnose("unknown-metric", { values: { name: metric }, expected });
  }
  if (!columns.includes(of)) {
    const reason = `there is no \`${of}\` of a figure`;
    return diagnose("invalid-condition", { values: { text, reason }, expected: offerNearest(of, columns) });
  }
  const isPercent = percent === "%";
  if (isPercent && of !== "difference" && !isShare(of)) {
    const reason = `\`${of}\` is compared with an amount, not with a per cent`;
    return diagnose("invalid-condition", { values: { text, reason } });
  }
  const isOfFirst = of.startsWith("ratio") || (isPercent && of === "difference");
  if (isOfFirst && maybeNegative(metric)) return refuseRatio(text, metric);
  return {
    text,
    metric,
    of,
    operator: operator as Condition["operator"],
    limit: isPercent && isShare(of) ? Number(number) / 100 : Number(number),
    isPercent: isPercent && of === "difference",
  };
}

/** Whether a condition is on a figure that only a sample has. */
export function needsSample({ of }: Condition): boolean {
  return !(PLAIN as readonly string[]).includes(of);
}

/**
 * Tests a condition on every run but the first.
 *
 * @return a fault for each run for which it holds, or for which it cannot be decided
 *
 * Fails: never.
 */
export function testCondition(
  condition: Condition,
  figures: readonly ComparedFigure[],
  names: readonly string[],
): readonly Diagnostic[] {
  const { text, metric, operator, limit, isPercent } = condition;
  const own = figures.filter((figure) => figure.metric === metric);
  const base = own.find(({ run }) => run === 0)?.value ?? 0;
  return own.flatMap((figure) => {
    if (figure.run === 0) return [];
    const got = measure(condition, figure, base);
    if (got === undefined) return [refuseMissing(condition)];
    if (!holds(got, operator, limit)) return [];
    const shown = `${Number(got.toPrecision(6))}${isPercent ? " %" : ""}`;
    return [
      diagnose("failed-condition", { values: { text, scenario: names[figure.run] ?? "", got: shown } }),
    ];
  });
}

/** What is compared with the limit, or undefined where it does not exist. */
function measure(
  { metric, of, isPercent }: Condition,
  figure: ComparedFigure,
  base: number,
): number | undefined {
  const ratio = ratioOf(metric, figure.value, base);
  if (of === "value") return figure.value;
  if (of === "ratio") return ratio;
  if (of === "difference") return isPercent ? ratio && (ratio - 1) * 100 : figure.difference;
  return figure.paired && SAMPLED_COLUMNS.find(({ name }) => name === of)?.of(figure.paired);
}

function holds(got: number, operator: Condition["operator"], limit: number): boolean {
  switch (operator) {
    case "<":
      return got < limit;
    case "<=":
      return got <= limit;
    case ">":
      return got > limit;
    case ">=":
      return got >= limit;
  }
}

function refuseMissing(condition: Condition): Diagnostic {
  const { text, metric, of } = condition;
  if (!needsSample(condition) || of.startsWith("ratio")) return refuseRatio(text, metric);
  const reason = /^(probability|expected)/.test(of)
    ? `of \`${metric}\` neither more nor less is better`
    : `\`${metric}\` does not exist in enough trials`;
  return diagnose("invalid-condition", { values: { text, reason } });
}

function refuseRatio(text: string, metric: string): Diagnostic {
  const reason = `\`${metric}\` may be negative or 0, so that a ratio or per cent of it says nothing`;
  const help = `compare \`${metric}.difference\` with an amount`;
  return diagnose("invalid-condition", { values: { text, reason }, help });
}
