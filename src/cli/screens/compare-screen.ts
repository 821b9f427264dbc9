import {
  type ComparedFigure,
  type Comparison,
  compareFigures,
  type DifferingInput,
  paretoOf,
} from "../../analysis/compare/comparison.ts";
import { measureConcentration } from "../../analysis/compare/concentration.ts";
import { headlinesOf } from "../../analysis/compare/headlines.ts";
import type { Book } from "../../analysis/results/book.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { decimalsFor, screenNumber } from "../../export/number-text.ts";
import { answerCompare } from "../../report/compare-answer.ts";
import { comparedEvents } from "../../report/compared.ts";
import { drawAnswer } from "./answer.ts";
import { columnName, columnsOf, magnitudeOf, shortName, shortNumber } from "./compare-columns.ts";
import { drawSampledPair, drawSampledRows } from "./compare-sample-screen.ts";
import type { ScreenColumn } from "./draw-columns.ts";
import { drawEventRows } from "./event-rows.ts";
import { type Pen, TERMINAL, tellWritten } from "./pen.ts";

/** What `compare` shows besides its tables. */
export type CompareScreen = {
  readonly comparisons: readonly Comparison[];
  readonly inputs: readonly DifferingInput[];
  readonly book: Book;
  /** What the mixes share in the buyer's book. */
  readonly holds?: string | undefined;
  readonly folder?: string | undefined;
  /** Names of the files written. */
  readonly files: readonly string[];
};

/** Draws the screen of `compare`: the answer, headline figures of each basis, differing inputs, and concentrations. */
export function drawCompareScreen(
  { comparisons, inputs, book, holds, folder, files }: CompareScreen,
  pen: Pen = TERMINAL,
): string {
  const [first] = comparisons;
  const names = first?.runs.map(({ name }) => name) ?? [];
  const lines = comparisons.flatMap((comparison) => [
    ...pen.title(capitalise(comparison.basis)),
    "",
    ...(comparison.runs.length === 2
      ? [...drawPair(comparison, book, pen), ...spaced(drawSampledPair(comparison, book, pen))]
      : [...drawRows(comparison, book, pen), ...spaced(drawSampledRows(comparison, book, pen))]),
    "",
  ]);
  const events = first ? drawEventRows(comparedEvents(first), "scenario", pen) : [];
  const held = holds ? `; all mixes share the ${holds.replace("_", " ")} in the buyer's book` : "";
  const facts = pen.facts([
    ["Book", `the ${book}'s${held}`],
    [
      "Values",
      `uncertain values at their medians${first?.sample ? ", except in the sample of trials" : ""}; ratios and differences refer to the first scenario`,
    ],
    ["Inputs", inputText(inputs)],
    ...(first
      ? first.runs.map((run) => ["Depends on", `${visibleText(run.name)}: ${leanText(run)}`] as const)
      : []),
    ...(folder ? tellWritten(pen, folder, files) : []),
  ]);
  const answer = first ? drawAnswer(answerCompare(comparisons, book), pen) : [];
  const title = pen.title(`${names.length} scenarios, ${visibleText(names[0] ?? "")} first`);
  return pen.page([
    ...title,
    "",
    ...answer,
    ...(answer.length > 0 ? [""] : []),
    ...lines,
    ...events,
    ...facts,
  ]);
}

/** Lines after an empty one, if there are any. */
function spaced(lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? ["", ...lines] : [];
}

/** Two scenarios: one row per figure. */
function drawPair(comparison: Comparison, book: Book, pen: Pen): readonly string[] {
  const figures = compareFigures(comparison);
  const names = headlinesOf([...new Set(figures.map(({ metric }) => metric))], book);
  const at = (metric: string, run: number) => figures.find((one) => one.metric === metric && one.run === run);
  const column = (heading: string, cellOf: (metric: string) => string): ScreenColumn => ({
    side: "right",
    cells: [heading, ...names.map(cellOf)],
  });
  return pen.named(
    ["figure", ...names],
    [
      ...comparison.runs.map(({ name }, run) =>
        column(columnName(name), (metric) => shortNumber(at(metric, run)?.value ?? Number.NaN)),
      ),
      column("difference", (metric) => shortNumber(at(metric, 1)?.difference ?? Number.NaN)),
      column("ratio", (metric) => ratioText(at(metric, 1))),
    ],
  );
}

/** Many scenarios: one row each, with figures in columns; cost and compute have ratios. */
function drawRows(comparison: Comparison, book: Book, pen: Pen): readonly string[] {
  const figures = compareFigures(comparison);
  const best = paretoOf(figures, comparison.runs.length, book);
  const columns = columnsOf(book).flatMap((column): ScreenColumn[][] => {
    // One cell per run: a run may lack a figure that the first has, such as a cost per unit without units.
    const own = comparison.runs.map((_, run) =>
      figures.find((one) => one.metric === column.metric && one.run === run),
    );
    const known = own.flatMap((figure) => figure?.value ?? []);
    if (known.length === 0 || (column.isOptional && known.every((value) => value === 0))) return [];
    const { size, unit } = magnitudeOf(known, column);
    const decimals = Math.min(2, decimalsFor(known.map((value) => value / size)));
    const shown = {
      side: "right" as const,
      cells: [
        ...column.heading,
        unit,
        ...own.map((figure) => (figure ? screenNumber(figure.value / size, decimals) : "-")),
      ],
    };
    return column.hasRatio
      ? [[shown, { side: "right", cells: ["", "", "ratio", ...own.map(ratioText)] }]]
      : [[shown]];
  });
  const names = comparison.runs.map(({ name }, run) => `${best[run] ? "*" : " "}${shortName(name)}`);
  const scales = comparison.runs.map(({ scale }) => (scale === undefined ? "" : scale.toFixed(3)));
  const scaled: ScreenColumn[] = scales.some((text) => text !== "")
    ? [{ side: "right", cells: ["", "", "scale", ...scales] }]
    : [];
  return [
    ...pen.abreast([{ side: "left", cells: ["", "", " scenario", ...names] }, ...scaled], columns, 3),
    ...pen.text(
      `* no other scenario costs the ${book} less for at least the same compute, or computes more for at most the same cost`,
    ),
  ];
}

function ratioText(figure: ComparedFigure | undefined): string {
  return figure?.ratio === undefined ? "-" : figure.ratio.toFixed(3);
}

function inputText(inputs: readonly DifferingInput[]): string {
  const shown = inputs.slice(0, 6).map(({ path }) => path);
  const more =
    inputs.length > shown.length ? ` and ${inputs.length - shown.length} more, see differences.csv` : "";
  return inputs.length === 0 ? "the same in all" : `${inputs.length} differ: ${shown.join(", ")}${more}`;
}

function leanText(run: Comparison["runs"][number]): string {
  const shares = measureConcentration(run);
  return (["vendor", "site", "contract"] as const)
    .flatMap((by) => {
      const own = shares.filter((share) => share.by === by);
      const largest = [...own].sort((a, b) => b.computeShare - a.computeShare)[0];
      if (!largest || Number.isNaN(largest.computeShare)) return [];
      return [
        `${by} ${visibleText(largest.name)} ${(largest.computeShare * 100).toFixed(0)} % of FP4 (HHI ${largest.computeHhi.toFixed(2)})`,
      ];
    })
    .join("; ");
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
