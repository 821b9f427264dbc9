import path from "node:path";
import type { Backtest, BacktestSummary, Reading } from "../../analysis/backtest/backtest.ts";
import { isIndependent, type Subject } from "../../analysis/backtest/case.ts";
import { errorsByKind, type KindErrors } from "../../analysis/backtest/kinds.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { decimalsOf, screenNumber } from "../../export/number-text.ts";
import { answerBacktest, partsOf } from "../../report/backtest/backtest-answer.ts";
import { emphasise } from "../io/streams.ts";
import { drawAnswer } from "./answer.ts";
import { drawColumns, SCREEN_WIDTH, wrapText } from "./draw-columns.ts";

const left = (heading: string, cells: readonly string[]) => ({
  side: "left" as const,
  cells: [heading, ...cells],
});
const right = (heading: string, cells: readonly string[]) => ({
  side: "right" as const,
  cells: [heading, ...cells],
});

/**
 * Draws a backtest: its answer first, then one row per prediction, deployments and demand separately, each with a summary; numbers in
 * the unit of the published figure, millions as `4.5M`.
 *
 * @param folder the folder that contains backtest.csv
 *
 * Fails: never.
 */
export function drawBacktestScreen(backtest: Backtest, folder: string): string {
  const { readings, others, summaries } = backtest;
  const blocks = (["deployments", "demand"] as const).flatMap((subject) => {
    const own = readings.filter(({ of }) => of.subject === subject);
    if (own.length === 0) return [];
    const [heading, ...lines] = drawColumns(
      subject === "demand" ? demandColumns(own) : deploymentColumns(own),
    );
    return [emphasise(heading), ...lines, "", ...explain(subject, summaries[subject]), ""];
  });
  const kinds = drawKinds(readings, others);
  const answer = drawAnswer(answerBacktest(partsOf(backtest)));
  const opening = answer.length > 0 ? [...answer, ""] : [];
  return `${[...opening, ...blocks, ...kinds, `Written: ${visibleText(path.join(folder, "backtest.csv"))}`].join("\n")}\n`;
}

/** Errors by kind, where there is an independent point. */
function drawKinds(readings: readonly Reading[], others: readonly Reading[]): readonly string[] {
  const rows = errorsByKind(readings, others);
  if (rows.length === 0) return [];
  const percents = (take: (row: KindErrors) => number) =>
    rows.map((row) => `${Math.round(take(row) * 100)} %`);
  const [heading, ...lines] = drawColumns([
    left(
      "independent points",
      rows.map(({ kind }) => kind),
    ),
    right(
      "points",
      rows.map(({ points }) => String(points)),
    ),
    right(
      "error",
      percents(({ meanAbsoluteError }) => meanAbsoluteError),
    ),
    right(
      "bias",
      percents(({ bias }) => bias),
    ),
    right(
      "inside",
      percents(({ shareInside }) => shareInside),
    ),
    right(
      "width",
      percents(({ width }) => width),
    ),
    right(
      "both",
      percents(({ errorOfBoth }) => errorOfBoth),
    ),
  ]);
  const legend =
    "Mean absolute error, signed bias, share inside, median 90 % range over the prediction, and the error if points whose words decide between facility and IT power counted with both readings.";
  return [emphasise(heading), ...lines, "", ...wrapText(legend, SCREEN_WIDTH), ""];
}

/** The columns of every prediction: the case in front, the error behind. */
function columnsAround(
  readings: readonly Reading[],
  given: string,
  between: readonly ReturnType<typeof left | typeof right>[],
) {
  const cell = (take: (reading: Reading) => string) => readings.map(take);
  const ids = cell(({ of }) => `${of.id}${isIndependent(of) ? "" : "*"}`);
  const titles = cell(({ of }) => visibleText(of.title));
  const ratios = cell(({ ratio }) => ratio.toFixed(2));
  const verdicts = cell(({ isInside }) => (isInside ? "in" : "OUT"));
  return [left("", ids), left(given, titles), ...between, right("ratio", ratios), left("", verdicts)];
}

function deploymentColumns(readings: readonly Reading[]) {
  const cell = (take: (reading: Reading) => string) => readings.map(take);
  const bases = cell(({ basis }) => (basis === undefined ? "" : { facility: "fac", it: "IT" }[basis]));
  const bands = cell(({ of }) => `${figure(of.low)}-${figure(of.high)}`);
  return columnsAround(readings, "case, with what is given", [
    left("basis", bases),
    right(
      "predicted",
      cell(({ predicted }) => figure(predicted)),
    ),
    right(
      "published",
      cell(({ of }) => figure(of.published)),
    ),
    right("band", bands),
  ]);
}

function demandColumns(readings: readonly Reading[]) {
  const cell = (take: (reading: Reading) => string) => readings.map(take);
  const ranges = cell(({ p5, p95 }) => `${figure(p5)}-${figure(p95)}`);
  return columnsAround(readings, "case", [
    left(
      "in/out",
      cell(({ of }) => requestText(of)),
    ),
    right(
      "predicted",
      cell(({ predicted }) => figure(predicted)),
    ),
    right("range", ranges),
    right(
      "published",
      cell(({ of }) => figure(of.published)),
    ),
  ]);
}

/** Tokens in and out; for a training run the total. */
function requestText(of: Reading["of"]): string {
  if (of.subject === "deployments") return "";
  return of.predict === "training"
    ? `${of.trainingTokens / 1e12} T`
    : `${figure(of.promptTokens)}/${figure(of.answerTokens)}`;
}

const LEGENDS: Readonly<Record<Subject, string>> = {
  deployments:
    "Medians; MW, chips, billion USD, EFLOP/s, million USD per MW-year, months. Two lines if the source does not say whether it means facility or IT power. *: not counted, because its source feeds the catalog or it tests nothing.",
  demand:
    "Tokens per second and chip (service with the prefill of the input, decode or prefill alone), or days of training; medians, 90 % range of the catalog, inside if it contains the published figure. *: not counted, because the model is calibrated on it or it tests nothing.",
};

function explain(
  subject: Subject,
  { points, independentPoints, meanAbsoluteError, shareInside }: BacktestSummary,
): readonly string[] {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return [
    ...wrapText(LEGENDS[subject], SCREEN_WIDTH),
    "",
    emphasise(
      `${independentPoints} of ${points} points independent: mean absolute error ${percent(meanAbsoluteError)}, inside ${percent(shareInside)}`,
    ),
  ];
}

/** Three digits; millions as `4.5M` and thousands as `427k`, so that columns stay narrow. */
function figure(value: number): string {
  if (value >= 1e6) return `${trimmed(value / 1e6)}M`;
  if (value >= 1e4) return `${trimmed(value / 1e3)}k`;
  return trimmed(value);
}

function trimmed(value: number): string {
  return screenNumber(value, Math.min(decimalsOf(value, 3), 3))
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}
