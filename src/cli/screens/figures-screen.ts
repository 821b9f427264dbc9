import type { Results } from "../../analysis/results/results.ts";
import { makeFigures } from "../../analysis/tables/index.ts";
import { type Measure, measureOf } from "../../charts/kit/measure.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { countText, decimalsFor, screenNumber } from "../../export/number-text.ts";
import { seedText } from "../io/sample-options.ts";
import { drawNamed, type ScreenColumn } from "./draw-columns.ts";

/** Draws named figures: a row each, at the medians and over the trials. */
export function drawFigures(results: Results, names: readonly string[]): string {
  const { spread } = results;
  const rows = makeFigures(results)
    .filter(({ metric }) => names.includes(metric))
    .map(({ metric, value, unit = "1", statistics }) => {
      const numbers = statistics ? [statistics.mean, statistics.standardError, ...statistics.quantiles] : [];
      const shown = [value, ...numbers].filter((one) => typeof one === "number").filter(Number.isFinite);
      return { metric, value, numbers, measure: measureOf(unit, shown) };
    });
  const quantiles = (spread?.probabilities ?? []).map(
    (probability) => `P${Number((probability * 100).toPrecision(10))}`,
  );
  const columns: readonly ScreenColumn[] = [
    {
      side: "right",
      cells: [
        "medians",
        ...rows.map(({ value, measure }) => (typeof value === "number" ? numberIn(measure, value) : value)),
      ],
    },
    ...(spread ? ["mean", "error", ...quantiles] : []).map((heading, index): ScreenColumn => {
      const cells = rows.map(({ numbers, measure }) => numberIn(measure, numbers[index]));
      return { side: "right", cells: [heading, ...cells] };
    }),
    { side: "left", cells: ["", ...rows.map(({ measure }) => measure.unit)] },
  ];
  const sample = spread
    ? `${countText(spread.trials)} trials, seed ${seedText(spread.seed)}\n`
    : "nothing is uncertain, or no trials were taken\n";
  const lines = drawNamed(["figure", ...rows.map(({ metric }) => visibleText(metric))], columns);
  return `${lines.join("\n")}\n${sample}`;
}

/** Four digits in the unit of a measure; `-` for what does not exist. */
function numberIn({ size }: Measure, value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "-";
  return screenNumber(value / size, decimalsFor([value / size]));
}
