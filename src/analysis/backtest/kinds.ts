import type { Table } from "../../metrics/table.ts";
import { mixedNumbers, tableOf, words } from "../tables/table-of.ts";
import type { Reading } from "./backtest.ts";
import { type Case, isIndependent, type Prediction } from "./case.ts";

/** What a prediction is of, for errors by kind; serving is told apart by stack. */
const KINDS: Readonly<Record<Exclude<Prediction, "service" | "decode" | "prefill">, string>> = {
  power: "power",
  facility_power: "power",
  it_power: "power",
  chips: "chips",
  capital: "capital",
  chip_purchase: "capital",
  server_purchase: "capital",
  facility_capital: "facility",
  peak_fp4: "peak rates",
  peak_fp8: "peak rates",
  peak_bf16: "peak rates",
  rate: "rent",
  months_late: "dates",
  training: "training",
};

/** The kind of a case: serving by the stack it states, or by the default of its model's class. */
function kindOf(of: Case): string {
  if (of.predict === "service" || of.predict === "decode" || of.predict === "prefill")
    return `serving, ${(of.subject === "demand" && of.stack) || "default stack"}`;
  return KINDS[of.predict];
}

/** Readings by kind, in the order of their first cases. */
export function byKind(readings: readonly Reading[]): ReadonlyMap<string, readonly Reading[]> {
  const kinds = new Map<string, Reading[]>();
  for (const reading of readings) {
    const kind = kindOf(reading.of);
    const own = kinds.get(kind);
    if (own) own.push(reading);
    else kinds.set(kind, [reading]);
  }
  return kinds;
}

/** How well the independent points of one kind are met. */
export type KindErrors = {
  readonly kind: string;
  readonly points: number;
  readonly meanAbsoluteError: number;
  /** Mean of predicted / published - 1. */
  readonly bias: number;
  readonly shareInside: number;
  /** Share of the published figures that the 90 % range of their prediction holds. */
  readonly coverage: number;
  /** Median over points of the 90 % range over the prediction. */
  readonly width: number;
  /** The same error and share, if points whose words decide their basis counted with both readings. */
  readonly errorOfBoth: number;
  readonly insideOfBoth: number;
};

/** Ranges meant to hold 90 % of the figures that hold more than this are too wide. */
const MOST_COVERAGE = 0.97;

/**
 * Errors of independent points by kind, in the order of their first cases. A point of two readings counts once, each with half.
 *
 * @param others readings that the words of their sources rule out
 *
 * Fails: never.
 */
export function errorsByKind(
  readings: readonly Reading[],
  others: readonly Reading[],
): readonly KindErrors[] {
  const [counted, ruledOut] = [readings, others].map((some) =>
    byKind(some.filter(({ of }) => isIndependent(of))),
  );
  return [...counted].map(([kind, own]) => {
    const mean = (value: (reading: Reading) => number) => meanOfPoints(own, value);
    const both = [...own, ...(ruledOut.get(kind) ?? [])];
    return {
      kind,
      points: new Set(own.map(({ of }) => of.id)).size,
      meanAbsoluteError: mean(error),
      bias: mean(({ ratio }) => ratio - 1),
      shareInside: mean(({ isInside }) => (isInside ? 1 : 0)),
      coverage: mean(({ of, p5, p95 }) => (p5 <= of.published && of.published <= p95 ? 1 : 0)),
      width: middle(own.map(({ p5, p95, predicted }) => (predicted > 0 ? (p95 - p5) / predicted : 0))),
      errorOfBoth: meanOfPoints(both, error),
      insideOfBoth: meanOfPoints(both, ({ isInside }) => (isInside ? 1 : 0)),
    };
  });
}

function error({ ratio }: Reading): number {
  return Math.abs(ratio - 1);
}

/** Mean over points, each of which shares its weight between its readings. */
function meanOfPoints(readings: readonly Reading[], value: (reading: Reading) => number): number {
  const points = new Set(readings.map(({ of }) => of.id)).size;
  const weight = ({ of }: Reading) => 1 / readings.filter((other) => other.of.id === of.id).length;
  return readings.reduce((sum, reading) => sum + weight(reading) * value(reading), 0) / points;
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}

/** Errors by kind as a table. */
export function makeKindTable(readings: readonly Reading[], others: readonly Reading[]): Table {
  return tableOf(
    "kinds",
    "Errors of the independent points by what is predicted.",
    ["kind"],
    errorsByKind(readings, others),
    [
      words("kind", "What is predicted; serving by the stack that the case states.", ({ kind }) => kind),
      mixedNumbers("points", "Independent points.", ({ points }) => points),
      mixedNumbers(
        "mean_absolute_error",
        "Mean of |predicted / published - 1|.",
        (row) => row.meanAbsoluteError,
      ),
      mixedNumbers("bias", "Mean of predicted / published - 1.", ({ bias }) => bias),
      mixedNumbers(
        "inside",
        "Share inside the band, or inside the range of the prediction.",
        (row) => row.shareInside,
      ),
      mixedNumbers(
        "coverage",
        "Share of the published figures that the 90 % range of their prediction holds.",
        (row) => row.coverage,
      ),
      mixedNumbers("width", "Median of the 90 % range over the prediction.", ({ width }) => width),
      mixedNumbers(
        "error_of_both",
        "Error if points whose words decide between facility and IT power counted with both readings.",
        ({ errorOfBoth }) => errorOfBoth,
      ),
      mixedNumbers("inside_of_both", "Share inside by the same count.", ({ insideOfBoth }) => insideOfBoth),
      {
        name: "ranges",
        type: "string",
        text: "`too wide` where the ranges hold more than 97 % of the published figures; else empty.",
        // An empty text, which `--json` prints as such.
        of: ({ coverage }) => (coverage > MOST_COVERAGE ? "too wide" : ""),
      },
    ],
  );
}
