import { fixed, percent, significant } from "../charts/kit/numbers.ts";
import type { Picture } from "../charts/kit/picture.ts";
import { drawReadings, type Reading } from "../charts/pictures/validation.ts";
import type { Table } from "../metrics/table.ts";
import type { Report } from "./page/page.ts";
import { againSection, type Origin } from "./page/provenance-sections.ts";
import { type Sentence, sentence, strong } from "./page/sentence.ts";

/** One subject of a backtest: its readings as a table, and how near the independent ones come. */
export type BacktestPart = {
  readonly title: string;
  readonly table: Table;
  readonly independentPoints: number;
  readonly meanAbsoluteError: number;
  readonly shareInside: number;
};

/** The report of a backtest: predicted against published, reading by reading. Fails: never. */
export function reportBacktest(parts: readonly BacktestPart[], origin: Origin): Report {
  const shown = parts.filter(({ table }) => table.rowCount > 0);
  return {
    title: "Predicted against published",
    kicker: "Gigafleet backtest",
    question:
      "How near does the model come to deployments, serving rates and training runs that were published?",
    answer: shown.map(answerPart),
    keys: [],
    keysNote: "A point whose source feeds the catalog is shown, and does not count.",
    sections: [
      ...shown.map((part, index) => ({
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

function answerPart(part: BacktestPart): Sentence {
  const { title, independentPoints, meanAbsoluteError, shareInside } = part;
  if (independentPoints === 0) return sentence`${title}: no point is independent of the catalog.`;
  const [error, inside] = [strong(percent(meanAbsoluteError)), strong(percent(shareInside))];
  return sentence`${title}: over ${fixed(independentPoints)} independent figures the mean absolute error is ${error}, and ${inside} of ${hasBands(part) ? "the predictions lie in the published band" : "the published figures lie between P5 and P95 of the prediction"}.`;
}

/** Whether figures were published with a band; a measured rate has none. */
function hasBands({ table }: BacktestPart): boolean {
  return table.columns.some(
    ({ name, values }) => name === "low" && Array.from(values).some((value) => typeof value === "number"),
  );
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
