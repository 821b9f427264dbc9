import { ATTENTION_PLACES } from "../../scenario/fields/stack-fields.ts";
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
export const WORK_EXTRAS = [
  "stack",
  "concurrency",
  "answer_spread",
  "attention",
  "prefill_ratio",
  "occupancy",
] as const;

/** Columns of a request, which a training run has not. */
const OF_SERVING = ["domain", "weights", "kv", "prompt", "answer", "speed", ...WORK_EXTRAS] as const;

/** Columns of shares, and what an empty one means. */
const SHARES = [
  ["answer_spread", "where all answers are equally long"],
  ["occupancy", "for the stack's"],
] as const;

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
  for (const [column, empty] of SHARES)
    if (!/^(?:\d+(?:\.\d+)? ?%)?$/.test(text(column)))
      refuse(column, `write a share such as 100 %, or leave it empty ${empty}`);
  if (!["", ...ATTENTION_PLACES].includes(text("attention")))
    refuse("attention", "write tensor or data, or leave it empty for the stack's");
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
    attention: text("attention"),
    prefillRatio: number("prefill_ratio", text("prefill_ratio") !== ""),
    occupancy: text("occupancy"),
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
