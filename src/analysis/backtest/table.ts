import type { Column, Table } from "../../metrics/table.ts";
import type { Backtest, Reading } from "./backtest.ts";
import { type Case, isIndependent, PREDICTIONS } from "./case.ts";

/** Readings of cases as one table: what `backtest` writes, and what page and charts are made of. */
export function makeBacktestTable(readings: Backtest["readings"]): Table {
  const text = (name: string, meaning: string, take: (reading: Reading) => string): Column => ({
    name,
    type: "string",
    text: meaning,
    values: readings.map((reading) => take(reading) || null),
  });
  const number = (name: string, meaning: string, take: (reading: Reading) => number | null): Column => ({
    name,
    type: "number",
    text: meaning,
    values: readings.map(take),
  });
  const columns: readonly Column[] = [
    text("id", "Number of the case.", ({ of }) => of.id),
    text("case", "What it is.", ({ of }) => of.title),
    text("subject", "Deployments, or demand: serving and training.", ({ of }) => of.subject),
    text("given", "What the source gives: chips, power or work.", ({ of }) => givenText(of)),
    text("chips", "Names of the catalog, with their numbers where the source has them.", ({ of }) =>
      chipsText(of.chips),
    ),
    text("month", "Month of delivery, of the source where it has none, or the announced one.", ({ of }) =>
      of.subject === "deployments" ? of.month : "",
    ),
    text("basis", "How the power given or predicted is read.", ({ basis = "" }) => basis),
    text("design_pue", "Design PUE the source states; else the catalog's.", ({ of }) =>
      of.subject === "deployments" ? of.designPue : "",
    ),
    text("quantity", "What is predicted.", ({ of }) => PREDICTIONS[of.predict].text),
    number(
      "predicted",
      "By the model, with every uncertain value at its median.",
      ({ predicted }) => predicted,
    ),
    number("predicted_p5", "Fifth percentile of the prediction.", ({ p5 }) => p5),
    number("predicted_p95", "Ninety-fifth percentile of the prediction.", ({ p95 }) => p95),
    number("published", "The published figure.", ({ of }) => of.published),
    number(
      "low",
      "Lower edge of its band; a measured figure has none.",
      bandOf(({ of }) => of.low),
    ),
    number(
      "high",
      "Upper edge of its band; a measured figure has none.",
      bandOf(({ of }) => of.high),
    ),
    text("unit", "Unit of prediction, figure and band.", ({ of }) => PREDICTIONS[of.predict].unit),
    number("ratio", "Predicted over published.", ({ ratio }) => ratio),
    text(
      "verdict",
      "Whether the prediction lies in the band; of demand, whether the figure lies in the range of the prediction.",
      ({ isInside }) => (isInside ? "inside" : "outside"),
    ),
    text("independent", "Whether the point counts in error and share.", ({ of }) =>
      isIndependent(of) ? "yes" : "no",
    ),
    text("feeds", "What its source feeds, or why it tests nothing.", ({ of }) => of.feeds),
    text("source_says", "What the source says.", ({ of }) => of.says),
    text("remark", "Why a prediction lies outside.", ({ of }) => of.remark),
    text("fact", "Row of the register of deployments.", ({ of }) =>
      of.subject === "deployments" ? of.fact : "",
    ),
    text("url", "Source.", ({ of }) => of.url),
    text("date", "Its date.", ({ of }) => of.date),
  ];
  return {
    name: "backtest",
    text: "Published deployments, serving and training against the model: a row for each reading of each figure.",
    columns,
    rowCount: readings.length,
    primaryKey: ["id", "basis"],
  };
}

/** An edge of the band where there is one. */
function bandOf(edge: (reading: Reading) => number): (reading: Reading) => number | null {
  return (reading) => (reading.of.subject === "deployments" ? edge(reading) : null);
}

/** What the source gives, in words. */
function givenText(of: Case): string {
  if (of.subject === "deployments") return of.given;
  const formats = [...new Set([of.weights, of.compute].filter((word) => word !== ""))]
    .join("/")
    .toUpperCase();
  if (of.predict === "training") return `${countText(of.trainingTokens)} tokens in ${formats}`;
  const size = `${countText(of.promptTokens)} tokens in, ${countText(of.answerTokens)} out`;
  return formats === "" ? size : `${size}, ${formats}`;
}

function countText(value: number): string {
  return value >= 1e9 ? `${value / 1e12} T` : String(value);
}

function chipsText(chips: Reading["of"]["chips"]): string {
  const isCounted = chips.some(({ parts }) => parts !== 1);
  return chips.map(({ chip, parts }) => (isCounted ? `${parts} ${chip}` : chip)).join(" + ");
}
