import {
  type Basis,
  type DeploymentCase,
  PREDICTIONS,
  type Prediction,
  type WorkPrediction,
} from "./case.ts";
import {
  type CaseRow,
  readChips,
  readIndependence,
  readPositive,
  readPrediction,
  readWords,
  readWritten,
} from "./case-row.ts";

/** Columns of a file of deployments, all required. */
export const DEPLOYMENT_COLUMNS = [
  "id",
  "fact",
  "case",
  "template",
  "month",
  "chips",
  "given",
  "basis",
  "design_pue",
  "amount_busd",
  "term_years",
  "predict",
  "published",
  "low",
  "high",
  "unit",
  "independent",
  "feeds",
  "source_says",
  "remark",
  "url",
  "date",
] as const;

/** Headings that a file of deployments may have besides. */
export const DEPLOYMENT_EXTRAS = ["facility"] as const;

/** What work is measured by, which no deployment is. */
const OF_WORK: readonly string[] = ["service", "decode", "prefill", "training"] satisfies WorkPrediction[];
const PREDICTED = (Object.keys(PREDICTIONS) as Prediction[]).filter(
  (name): name is DeploymentCase["predict"] => !OF_WORK.includes(name),
);

/** Reads a published deployment; faults are reported at their cells. Fails: never. */
export function readDeployment(row: CaseRow): DeploymentCase {
  const { text, refuse } = row;
  readWritten(row, ["id", "case", "template", "chips", "given", "url", "date"]);
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text("month"))) refuse("month", "write a month such as 2026-01");
  const predict = readPrediction(row, "predict", PREDICTED);
  const [published, low, high] = ["published", "low", "high"].map((name) => readPositive(row, name));
  if (!(low <= published && published <= high)) refuse("published", "it is outside its own band");
  readIndependence(row);
  return {
    ...readWords(row),
    subject: "deployments",
    fact: text("fact"),
    month: text("month"),
    chips: readChips(row),
    given: text("given"),
    ...readBases(row),
    designPue: text("design_pue"),
    facility: text("facility"),
    ...(predict === "rate"
      ? { amountBusd: readPositive(row, "amount_busd"), termYears: readPositive(row, "term_years") }
      : {}),
    predict,
    published,
    low,
    high,
  };
}

/** Bases that count and the other one, by what a row says: printed by its source, decided by its words, or unstated. */
const BASES: Readonly<Record<string, Readonly<Record<"bases" | "otherBases", readonly Basis[]>>>> = {
  "": { bases: [], otherBases: [] },
  facility: { bases: ["facility"], otherBases: [] },
  it: { bases: ["it"], otherBases: [] },
  "facility by words": { bases: ["facility"], otherBases: ["it"] },
  "it by words": { bases: ["it"], otherBases: ["facility"] },
  unstated: { bases: ["facility", "it"], otherBases: [] },
};

function readBases({ text, refuse }: CaseRow): Pick<DeploymentCase, "bases" | "otherBases"> {
  const basis = text("basis");
  if (Object.hasOwn(BASES, basis)) return BASES[basis];
  refuse(
    "basis",
    "write facility or it where the source prints it, `facility by words` or `it by words`, or unstated, or leave it empty",
  );
  return BASES[""];
}
