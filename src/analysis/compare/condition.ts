import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { type ComparedFigure, ratioOf } from "./comparison.ts";
import { maybeNegative } from "./headlines.ts";

/** What must not hold for any scenario but the first. */
export type Condition = {
  readonly text: string;
  readonly metric: string;
  readonly of: "value" | "difference" | "ratio";
  readonly operator: "<" | "<=" | ">" | ">=";
  readonly limit: number;
  /** Whether the limit is a per cent of the first's figure. */
  readonly isPercent: boolean;
};

const pattern =
  /^\s*([a-z0-9_]+)\.(value|difference|ratio)\s*(<=|>=|<|>)\s*([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(%?)\s*$/i;

/**
 * Reads a condition `METRIC.ratio > 1.05`, `METRIC.difference > 5 %` or `METRIC.value < 3`.
 *
 * @param metrics names that exist
 * @return the condition, or what is wrong with it: its form, an unknown metric with the nearest names, or a ratio of what
 *   may be negative
 *
 * Fails: never.
 */
export function readCondition(text: string, metrics: readonly string[]): Condition | Diagnostic {
  const [, metric, of, operator, number, percent] = pattern.exec(text) ?? [];
  if (metric === undefined) {
    const reason = "it is not of the form `METRIC.ratio > NUMBER`";
    return diagnose("invalid-condition", { values: { text, reason } });
  }
  if (!metrics.includes(metric)) {
    const near = nearest(metric, metrics).map((name) => `\`${name}\``);
    const expected = near.length > 0 ? near.join(", ") : undefined;
    return diagnose("unknown-metric", { values: { name: metric }, expected });
  }
  const isPercent = percent === "%";
  const kind = of as Condition["of"];
  if (isPercent && kind === "value") {
    const reason = "a `value` is compared with an amount, not with a per cent";
    return diagnose("invalid-condition", { values: { text, reason } });
  }
  if ((isPercent || kind === "ratio") && maybeNegative(metric)) return refuseRatio(text, metric);
  const limit = isPercent && kind === "ratio" ? Number(number) / 100 : Number(number);
  return {
    text,
    metric,
    of: kind,
    operator: operator as Condition["operator"],
    limit,
    isPercent: isPercent && kind === "difference",
  };
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
  const { text, metric, of, limit, isPercent } = condition;
  const own = figures.filter((figure) => figure.metric === metric);
  const base = own.find(({ run }) => run === 0)?.value ?? 0;
  return own.flatMap((figure) => {
    if (figure.run === 0) return [];
    const ratio = ratioOf(metric, figure.value, base);
    if ((of === "ratio" || isPercent) && ratio === undefined) return [refuseRatio(text, metric)];
    const got = of === "ratio" ? (ratio ?? 0) : isPercent ? ((ratio ?? 1) - 1) * 100 : (figure[of] ?? 0);
    if (!holds(got, condition.operator, limit)) return [];
    const shown = `${Number(got.toPrecision(6))}${isPercent ? " %" : ""}`;
    return [
      diagnose("failed-condition", { values: { text, scenario: names[figure.run] ?? "", got: shown } }),
    ];
  });
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

function refuseRatio(text: string, metric: string): Diagnostic {
  const reason = `\`${metric}\` may be negative or 0, so that a ratio or per cent of it says nothing`;
  const help = `compare \`${metric}.difference\` with an amount`;
  return diagnose("invalid-condition", { values: { text, reason }, help });
}
