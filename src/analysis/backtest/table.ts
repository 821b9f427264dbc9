import type { Column, Table } from "../../metrics/table.ts";
import type { Backtest, Reading } from "./backtest.ts";
import { type Case, isIndependent, PREDICTIONS } from "./case.ts";

/** Readings of cases as one table, the source of backtest.csv, page and charts. */
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
    text("case", "Short description.", ({ of }) => of.title),
    text("subject", "Deployments, or demand: serving and training.", ({ of }) => of.subject),
    text("given", "Given by the source: chips, power or work.", ({ of }) => givenText(of)),
    text("chips", "Names in the catalog, with numbers if the source gives them.", ({ of }) =>
      chipsText(of.chips),
    ),
    text("month", "Month of delivery, else of the source, or the announced month.", ({ of }) =>
      of.subject === "deployments" ? of.month : "",
    ),
    text("basis", "Basis of the power that is given or predicted.", ({ basis = "" }) => basis),
    text("design_pue", "Design PUE stated by the source; empty for the catalog's.", ({ of }) =>
      of.subject === "deployments" ? of.designPue : "",
    ),
    text("quantity", "Predicted quantity.", ({ of }) => PREDICTIONS[of.predict].text),
    number("predicted", "Prediction with every uncertain value at its median.", ({ predicted }) => predicted),
    number("predicted_p5", "Fifth percentile of the prediction.", ({ p5 }) => p5),
    number("predicted_p95", "Ninety-fifth percentile of the prediction.", ({ p95 }) => p95),
    number("published", "The published figure.", ({ of }) => of.published),
    number(
      "low",
      "Lower edge of its band; empty for a measured figure.",
      bandOf(({ of }) => of.low),
    ),
    number(
      "high",
      "Upper edge of its band; empty for a measured figure.",
      bandOf(({ of }) => of.high),
    ),
    text("unit", "Unit of prediction, figure and band.", ({ of }) => PREDICTIONS[of.predict].unit),
    number("ratio", "Predicted over published.", ({ ratio }) => ratio),
    text(
      "verdict",
      "Whether the prediction lies in the band; for demand, whether the figure lies in the range of the prediction.",
      ({ isInside }) => (isInside ? "inside" : "outside"),
    ),
    text("independent", "Whether the point counts in error and share.", ({ of }) =>
      isIndependent(of) ? "yes" : "no",
    ),
    text("feeds", "Fields that its source feeds, or why it tests nothing.", ({ of }) => of.feeds),
    text("source_says", "Statement of the source.", ({ of }) => of.says),
    text("remark", "Why a prediction lies outside.", ({ of }) => of.remark),
    text("fact", "Row of the register of deployments.", ({ of }) =>
      of.subject === "deployments" ? of.fact : "",
    ),
    text("url", "Source.", ({ of }) => of.url),
    text("date", "Its date.", ({ of }) => of.date),
  ];
  return {
    name: "backtest",
    text: "Published deployments, serving and training against the model: one row per reading of each figure.",
    columns,
    rowCount: readings.length,
    primaryKey: ["id", "basis"],
  };
}

/** An edge of the band, if there is one. */
function bandOf(edge: (reading: Reading) => number): (reading: Reading) => number | null {
  return (reading) => (reading.of.subject === "deployments" ? edge(reading) : null);
}

/** The data given by the source, in words. */
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
