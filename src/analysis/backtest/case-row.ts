import type { Span } from "../../diagnostics/diagnostic.ts";
import { explainNumbers } from "../../units/foreign-notation.ts";
import { type ChipShare, PREDICTIONS, type Prediction } from "./case.ts";

/** A row of a case file: the trimmed text and the place of a column, and a function that reports a fault at its cell. */
export type CaseRow = {
  readonly text: (column: string) => string;
  readonly place: (column: string) => Span;
  readonly refuse: (column: string, reason: string) => void;
};

/** Rejects each of some columns that is empty. */
export function readWritten({ text, refuse }: CaseRow, columns: readonly string[]): void {
  for (const column of columns) if (text(column) === "") refuse(column, "the cell is empty");
}

/** Rejects an unknown prediction, and a unit that does not fit it. */
export function readPrediction<P extends Prediction>(
  { text, refuse }: CaseRow,
  column: string,
  allowed: readonly P[],
): P {
  const predict = allowed.find((name) => name === text(column));
  if (predict === undefined) refuse(column, `write one of ${allowed.join(", ")}`);
  else if (text("unit") !== PREDICTIONS[predict].unit)
    refuse("unit", `a prediction of ${predict} is in ${PREDICTIONS[predict].unit}`);
  return predict ?? allowed[0];
}

/** Rejects `independent` other than yes and no, and `feeds` that contradicts it. */
export function readIndependence({ text, refuse }: CaseRow): void {
  const independent = text("independent");
  if (independent !== "yes" && independent !== "no") refuse("independent", "write yes or no");
  else if ((independent === "yes") !== (text("feeds") === ""))
    refuse("feeds", "fill it if the point is not independent, and only then");
}

/** A positive number in the unit of the column; 1 after a fault. */
export function readPositive({ text, refuse }: CaseRow, column: string): number {
  const written = text(column);
  const value = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(written) ? Number(written) : Number.NaN;
  const misreading = explainNumbers(written);
  if (misreading) refuse(column, [misreading.reason, misreading.help].join("; "));
  else if (!(Number.isFinite(value) && value > 0)) refuse(column, `\`${written}\` is not a positive number`);
  else return value;
  return 1;
}

/** Parses `gb300`, `gb300 + vr200` in equal parts, or `150000 h100 + 50000 h200`. */
export function readChips({ text, refuse }: CaseRow): readonly ChipShare[] {
  return text("chips")
    .split("+")
    .flatMap((part) => {
      const misreading = explainNumbers(part);
      if (misreading) refuse("chips", [misreading.reason, misreading.help].join("; "));
      const match = /^\s*(?:(\d+(?:\.\d+)?)\s+)?([a-z][a-z0-9_]*)\s*$/.exec(part);
      if (!match) refuse("chips", "write names of chips separated by `+`, each with or without a number");
      return match ? [{ chip: match[2], parts: Number(match[1] ?? 1) }] : [];
    });
}

/** Columns that every case has. */
export function readWords({ text, place }: CaseRow) {
  return {
    place: place("id"),
    templatePlace: place("template"),
    id: text("id"),
    title: text("case"),
    template: text("template"),
    feeds: text("feeds"),
    says: text("source_says"),
    remark: text("remark"),
    url: text("url"),
    date: text("date"),
  };
}
