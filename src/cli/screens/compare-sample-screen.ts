import type { Comparison } from "../../analysis/compare/comparison.ts";
import { headlinesOf } from "../../analysis/compare/headlines.ts";
import {
  areSame,
  type PairedFigure,
  type PairedSample,
  shareBest,
} from "../../analysis/compare/paired-sample.ts";
import type { Book } from "../../analysis/results/book.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { countText, decimalsFor, screenNumber } from "../../export/number-text.ts";
import { seedText } from "../io/sample-options.ts";
import { columnsOf, magnitudeOf, type ShortColumn, shortName, shortNumber } from "./compare-columns.ts";
import type { ScreenColumn } from "./draw-columns.ts";
import type { Pen } from "./pen.ts";

/** Two scenarios: one row per figure, with the second's difference from the first over the trials. */
export function drawSampledPair({ runs, sample }: Comparison, book: Book, pen: Pen): readonly string[] {
  if (!sample) return [];
  const names = headlinesOf([...sample.figures.keys()], book);
  const of = (name: string) => sample.figures.get(name)?.[1];
  const column = (heading: string, cellOf: (figure: PairedFigure | undefined) => string): ScreenColumn => ({
    side: "right",
    cells: [heading, ...names.map((name) => cellOf(of(name)))],
  });
  const second = visibleText(runs[1]?.name ?? "");
  return [
    ...pen.text(`${trialsText(sample)}: difference of ${second} from the first`),
    "",
    ...pen.named(
      ["figure", ...names],
      [
        { side: "left", cells: ["aim", ...names.map((name) => of(name)?.rank?.sense ?? "-")] },
        column("mean", (figure) => shortNumber(figure?.difference.mean ?? 0)),
        column("P5", (figure) => shortNumber(figure?.difference.quantiles[0] ?? 0)),
        column("P95", (figure) => shortNumber(figure?.difference.quantiles[2] ?? 0)),
        column("better", (figure) => {
          if (!figure?.rank) return "-";
          return figure.rank.sameAs === 0 ? "same" : `${percent(figure.rank.probabilityBeatsFirst)} %`;
        }),
      ],
    ),
    ...pen.text(
      `aim: direction in which the figure is better, - for neither; better: share of trials in which the second beats the first${names.some((name) => of(name)?.rank?.sameAs === 0) ? "; same: equal in every trial" : ""}`,
    ),
  ];
}

/** Many scenarios: one row each, with differences of cost and compute and their intervals, then how often each is best. */
export function drawSampledRows({ runs, sample }: Comparison, book: Book, pen: Pen): readonly string[] {
  if (!sample) return [];
  const columns = columnsOf(book).filter(({ metric }) => sample.figures.has(metric));
  const names = runs.map(({ name }) => shortName(name));
  const first = visibleText(runs[0]?.name ?? "");
  const paired = (column: ShortColumn) => sample.figures.get(column.metric) ?? [];
  const spread = columns.filter(({ hasRatio }) => hasRatio);
  const ranked = columns.filter((column) => !column.isOptional && paired(column).some(({ rank }) => rank));
  const inSet = sample.paretoShares.map((share) => `${percent(share)}`);
  return [
    ...pen.text(
      `${trialsText(sample)}, the same draws for all: mean difference from ${first}, P5 to P95; Pareto: percentage of trials in which a scenario is marked *`,
    ),
    "",
    ...pen.abreast(
      [{ side: "left", cells: ["", "", "scenario", ...names] }],
      [
        ...spread.map((column) => differenceColumns(column, paired(column))),
        [{ side: "right", cells: ["", "", "Pareto", ...inSet] }],
      ],
      3,
    ),
    ...pen.text(
      `largest standard error of a mean difference: ${spread.map((column) => errorText(column, paired(column))).join(", ")}`,
    ),
    "",
    ...pen.text("Percentage of trials in which it is best, and the mean regret of choosing it"),
    "",
    ...pen.abreast(
      [{ side: "left", cells: ["", "", "scenario", ...names] }],
      ranked.map((column) => rankColumns(column, paired(column))),
      3,
    ),
    ...pen.text(
      `less is better for ${listOf(ranked, paired, "less")}; more for ${listOf(ranked, paired, "more")}`,
    ),
  ];
}

function differenceColumns(column: ShortColumn, figures: readonly PairedFigure[]): ScreenColumn[] {
  const all = figures.flatMap(({ difference: { mean, quantiles } }) => [mean, quantiles[0], quantiles[2]]);
  const { size, unit } = magnitudeOf(all, column);
  const decimals = Math.min(2, decimalsFor(all.filter(Number.isFinite).map((value) => value / size)));
  const show = (value: number) => (Number.isFinite(value) ? screenNumber(value / size, decimals) : "-");
  const [top, middle] = column.heading;
  return [
    { side: "right", cells: [top, middle, unit, ...figures.map(({ difference }) => show(difference.mean))] },
    {
      side: "right",
      cells: [
        "",
        "",
        "P5 to P95",
        ...figures.map(({ difference: { quantiles } }) => `${show(quantiles[0])} to ${show(quantiles[2])}`),
      ],
    },
  ];
}

function rankColumns(column: ShortColumn, figures: readonly PairedFigure[]): ScreenColumn[] {
  const regrets = figures.map(({ rank }) => rank?.expectedRegret ?? 0);
  const { size, unit } = magnitudeOf(regrets, column);
  const decimals = Math.min(2, decimalsFor(regrets.map((value) => value / size)));
  const [top, middle] = column.heading;
  return [
    {
      side: "right",
      cells: [
        top,
        middle,
        "best",
        ...figures.map((_, run) => (areSame(figures) ? "same" : percent(shareBest(figures, run)))),
      ],
    },
    {
      side: "right",
      cells: ["", "regret", unit, ...regrets.map((value) => screenNumber(value / size, decimals))],
    },
  ];
}

function errorText(column: ShortColumn, figures: readonly PairedFigure[]): string {
  const largest = Math.max(...figures.map(({ difference }) => difference.standardError));
  return `${column.heading.join(" ")} ${shortNumber(largest / column.size)} ${column.unit}`;
}

function listOf(
  columns: readonly ShortColumn[],
  paired: (column: ShortColumn) => readonly PairedFigure[],
  sense: "less" | "more",
): string {
  const words = columns.flatMap((column) =>
    paired(column)[0]?.rank?.sense === sense ? [column.heading.join(" ").trim()] : [],
  );
  return words.join(", ") || "none";
}

function trialsText({ trials, seed }: PairedSample): string {
  return `Over ${countText(trials)} trials (seed ${seedText(seed)})`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
