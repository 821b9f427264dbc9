import type { Backtest } from "../../analysis/backtest/backtest.ts";
import { significant } from "../../charts/kit/numbers.ts";
import type { Picture } from "../../charts/kit/picture.ts";
import { drawReadings, type Reading } from "../../charts/pictures/validation.ts";
import type { Report } from "../page/page.ts";
import { againSection, type Origin } from "../page/provenance-sections.ts";
import { answerBacktest, type BacktestPart, hasBands, partsOf } from "./backtest-answer.ts";

/** The report of a backtest: predicted against published, reading by reading. Fails: never. */
export function reportBacktest(backtest: Backtest, origin: Origin): Report {
  const parts = partsOf(backtest);
  return {
    title: "Predicted against published",
    kicker: "Gigafleet backtest",
    question:
      "How near does the model come to deployments, serving rates and training runs that were published?",
    answer: answerBacktest(parts),
    keys: [],
    keysNote: "",
    sections: [
      ...parts.map((part, index) => ({
        id: `part-${index + 1}`,
        title: part.title,
        lead: "Predicted over published on a logarithmic scale; 1 is exact.",
        pictures: [readingsPicture(part, index)],
      })),
      againSection(origin),
    ],
    footer: "Predictions are the run of medians with P5 to P95 of the catalog\u2019s uncertainty.",
  };
}

function readingsPicture(part: BacktestPart, index: number): Picture {
  const { title, table } = part;
  const column = (name: string) => table.columns.find((one) => one.name === name)?.values ?? [];
  const text = (name: string, row: number) => String(column(name)[row] ?? "");
  const number = (name: string, row: number) => Number(column(name)[row] ?? Number.NaN);
  const readings = Array.from({ length: table.rowCount }, (_, row): Reading => {
    const [low, high] = [number("low", row), number("high", row)];
    const basis = text("basis", row);
    return {
      name: `${text("id", row)} ${text("case", row)}${basis ? ` (${basis === "it" ? "IT" : basis})` : ""}`,
      published: number("published", row),
      predicted: number("predicted", row),
      low: number("predicted_p5", row),
      high: number("predicted_p95", row),
      ...(Number.isFinite(low + high) ? { band: [low, high] as const } : {}),
      isIndependent: text("independent", row) === "yes",
    };
  });
  return {
    id: `readings-${index + 1}`,
    title: `${title}: predicted over published`,
    subtitle: `A row a reading: the prediction with its P5 to P95${hasBands(part) ? ", and the band of the published figure where it has one" : ""}.`,
    isWide: true,
    draw: (width) => drawReadings(readings, width),
    numbers: {
      caption: "Readings",
      columns: [
        { name: "Reading" },
        { name: "Predicted" },
        { name: "Published" },
        { name: "Unit", isText: true },
        { name: "Ratio" },
        { name: "Verdict", isText: true },
      ],
      rows: readings.map(({ name, predicted, published }, row) => [
        name,
        significant(predicted),
        significant(published),
        text("unit", row),
        significant(number("ratio", row)),
        text("verdict", row),
      ]),
    },
  };
}
