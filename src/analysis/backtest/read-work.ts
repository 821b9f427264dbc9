import type { WorkCase } from "./case.ts";
import {
  type CaseRow,
  readChips,
  readIndependence,
  readPositive,
  readPrediction,
  readWords,
  readWritten,
} from "./case-row.ts";

/** Columns of a file of published work, all required. */
export const WORK_COLUMNS = [
  "id",
  "case",
  "template",
  "kind",
  "chips",
  "domain",
  "model",
  "weights",
  "compute",
  "kv",
  "prompt",
  "answer",
  "speed",
  "training_tokens",
  "published",
  "unit",
  "independent",
  "feeds",
  "source_says",
  "remark",
  "url",
  "date",
] as const;

/** Headings that a file of published work may have besides. */
export const WORK_EXTRAS = ["stack", "concurrency", "answer_spread"] as const;

/** Columns of a request, which a training run has not. */
const OF_SERVING = ["domain", "weights", "kv", "prompt", "answer", "speed", ...WORK_EXTRAS] as const;

/** Reads published serving or training; faults are reported at their cells. Fails: never. */
export function readWork(row: CaseRow): WorkCase {
  const { text, refuse } = row;
  readWritten(row, ["id", "case", "template", "chips", "model", "url", "date"]);
  const predict = readPrediction(row, "kind", ["service", "decode", "prefill", "training"]);
  const isTraining = predict === "training";
  const number = (column: string, isDue: boolean) => (isDue ? readPositive(row, column) : 0);
  const absent = isTraining ? OF_SERVING : ["training_tokens"];
  for (const column of absent)
    if (text(column) !== "")
      refuse(column, `${isTraining ? "a training run" : "serving"} has none, leave it empty`);
  // Said for the reader: a copy beyond its chips' domain exchanges over the network by itself.
  number("domain", text("domain") !== "");
  for (const column of ["weights", "compute", "kv"])
    if (!["", "fp4", "fp8", "bf16"].includes(text(column)))
      refuse(column, "write fp4, fp8 or bf16, or leave it empty");
  if (isTraining && text("compute") === "") refuse("compute", "a training run needs its precision");
  if (!/^(?:\d+(?:\.\d+)? ?%)?$/.test(text("answer_spread")))
    refuse(
      "answer_spread",
      "write a share such as 100 %, or leave it empty where all answers are equally long",
    );
  readIndependence(row);
  const published = readPositive(row, "published");
  return {
    ...readWords(row),
    subject: "demand",
    chips: readOneChip(row),
    bases: [],
    otherBases: [],
    predict,
    model: text("model"),
    weights: text("weights"),
    compute: text("compute"),
    kv: text("kv"),
    promptTokens: number("prompt", !isTraining),
    answerTokens: number("answer", !isTraining),
    tokensPerSecond: number("speed", !isTraining),
    trainingTokens: number("training_tokens", isTraining),
    stack: text("stack"),
    answerSpread: text("answer_spread"),
    concurrency: number("concurrency", text("concurrency") !== ""),
    published,
    low: published,
    high: published,
  };
}

/** One kind of chip with its number. */
function readOneChip(row: CaseRow): WorkCase["chips"] {
  const chips = readChips(row);
  const isOne = chips.length === 1 && /^\d+ /.test(row.text("chips"));
  if (chips.length > 0 && !isOne) row.refuse("chips", "write one chip with its number, such as 8 h100");
  return chips;
}
