import type { Table } from "../../metrics/table.ts";
import { mixedNumbers, tableOf, words } from "../tables/table-of.ts";
import type { Backtest, Reading } from "./backtest.ts";
import { type Case, isIndependent, PREDICTIONS } from "./case.ts";

/** Readings of cases as one table, the source of backtest.csv, page and charts. */
export function makeBacktestTable(readings: Backtest["readings"]): Table {
  return tableOf(
    "backtest",
    "Published deployments, serving and training against the model: one row per reading of each figure.",
    ["id", "basis"],
    readings,
    [
      words("id", "Number of the case.", ({ of }) => of.id),
      words("case", "Short description.", ({ of }) => of.title),
      words("subject", "Deployments, or demand: serving and training.", ({ of }) => of.subject),
      words("given", "Given by the source: chips, power or work.", ({ of }) => givenText(of)),
      words("chips", "Names in the catalog, with numbers if the source gives them.", ({ of }) =>
        chipsText(of.chips),
      ),
      words("month", "Month of delivery, else of the source, or the announced month.", ({ of }) =>
        of.subject === "deployments" ? of.month : "",
      ),
      words("basis", "Basis of the power that is given or predicted.", ({ basis = "" }) => basis),
      words("design_pue", "Design PUE stated by the source; empty for the catalog's.", ({ of }) =>
        of.subject === "deployments" ? of.designPue : "",
      ),
      words("quantity", "Predicted quantity.", ({ of }) => PREDICTIONS[of.predict].text),
      mixedNumbers(
        "predicted",
        "Prediction with every uncertain value at its median.",
        ({ predicted }) => predicted,
      ),
      mixedNumbers("predicted_p5", "Fifth percentile of the prediction.", ({ p5 }) => p5),
      mixedNumbers("predicted_p95", "Ninety-fifth percentile of the prediction.", ({ p95 }) => p95),
      mixedNumbers("published", "The published figure.", ({ of }) => of.published),
      mixedNumbers(
        "low",
        "Lower edge of its band; empty for a measured figure.",
        bandOf(({ of }) => of.low),
      ),
      mixedNumbers(
        "high",
        "Upper edge of its band; empty for a measured figure.",
        bandOf(({ of }) => of.high),
      ),
      words("unit", "Unit of prediction, figure and band.", ({ of }) => PREDICTIONS[of.predict].unit),
      mixedNumbers("ratio", "Predicted over published.", ({ ratio }) => ratio),
      words(
        "verdict",
        "Whether the prediction lies in the band; for demand, whether the figure lies in the range of the prediction.",
        ({ isInside }) => (isInside ? "inside" : "outside"),
      ),
      words("independent", "Whether the point counts in error and share.", ({ of }) =>
        isIndependent(of) ? "yes" : "no",
      ),
      words("feeds", "Fields that its source feeds, or why it tests nothing.", ({ of }) => of.feeds),
      words("source_says", "Statement of the source.", ({ of }) => of.says),
      words("remark", "Why a prediction lies outside.", ({ of }) => of.remark),
      words("fact", "Row of the register of deployments.", ({ of }) =>
        of.subject === "deployments" ? of.fact : "",
      ),
      words("url", "Source.", ({ of }) => of.url),
      words("date", "Its date.", ({ of }) => of.date),
    ],
  );
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
