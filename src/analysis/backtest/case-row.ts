import { type ChipShare, PREDICTIONS, type Prediction } from "./case.ts";

/** A row of a file of cases: the text of a column without spaces around it, and how a fault is told at its cell. */
export type CaseRow = {
  readonly text: (column: string) => string;
  readonly refuse: (column: string, reason: string) => void;
};

/** Refuses every one of some columns in which nothing is written. */
export function readWritten({ text, refuse }: CaseRow, columns: readonly string[]): void {
  for (const column of columns) if (text(column) === "") refuse(column, "nothing is written");
}

/** Refuses a word that predicts nothing, and a unit other than that of the prediction. */
export function readPrediction<P extends Prediction>(
  { text, refuse }: CaseRow,
  column: string,
  allowed: readonly P[],
): P {
  const predict = allowed.find((name) => name === text(column));
  if (predict === undefined) refuse(column, `it is one of ${allowed.join(", ")}`);
  else if (text("unit") !== PREDICTIONS[predict].unit)
    refuse("unit", `a prediction of ${predict} is in ${PREDICTIONS[predict].unit}`);
  return predict ?? allowed[0];
}

/** Refuses `independent` other than yes and no, and `feeds` that says otherwise. */
export function readIndependence({ text, refuse }: CaseRow): void {
  const independent = text("independent");
  if (independent !== "yes" && independent !== "no") refuse("independent", "write yes or no");
  else if ((independent === "yes") !== (text("feeds") === ""))
    refuse("feeds", "a point that is not independent says what its source feeds, and only such a point");
}

/** A positive number in the unit of the column; 1 where it is refused. */
export function readPositive({ text, refuse }: CaseRow, column: string): number {
  const value = Number(text(column));
  if (text(column) !== "" && Number.isFinite(value) && value > 0) return value;
  refuse(column, `\`${text(column)}\` is no positive number`);
  return 1;
}

/** `gb300`, `gb300 + vr200` in equal parts, or `150000 h100 + 50000 h200`. */
export function readChips({ text, refuse }: CaseRow): readonly ChipShare[] {
  return text("chips")
    .split("+")
    .flatMap((part) => {
      const match = /^\s*(?:(\d+(?:\.\d+)?)\s+)?([a-z][a-z0-9_]*)\s*$/.exec(part);
      if (!match)
        refuse("chips", "write names of chips with `+` between them, each with its number or without");
      return match ? [{ chip: match[2], parts: Number(match[1] ?? 1) }] : [];
    });
}

/** What every case says of itself and of its source. */
export function readWords({ text }: CaseRow) {
  return {
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
