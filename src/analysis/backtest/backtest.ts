import { compile } from "../../compile/compile.ts";
import { type Diagnostic, diagnose, hasErrors } from "../../diagnostics/diagnostic.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import type { Runner } from "../../run/runner.ts";
import { type ShownField, showFields } from "../../scenario/describe/show.ts";
import { findEncodingFault } from "../../scenario/files/find-encoding-fault.ts";
import { SET_FILE } from "../../scenario/files/overrides.ts";
import type { PackedCatalog } from "../../scenario/files/packed-catalog.ts";
import { resolvePath } from "../../scenario/files/resolve-path.ts";
import type { ReadFile } from "../../scenario/files/structure.ts";
import { loadScenario } from "../../scenario/load.ts";
import type { FieldValue, Origin, Scenario } from "../../scenario/scenario.ts";
import { describeFaults } from "../results/faults.ts";
import { type Basis, type Case, isIndependent, type Subject } from "./case.ts";
import { evenInputs } from "./even-inputs.ts";
import { PREDICTION_METRICS, predictTrials } from "./predict.ts";
import { predictWork, WORK_METRICS } from "./predict-work.ts";
import { readCases } from "./read-cases.ts";
import { settingsOf } from "./settings.ts";

/** A case with one reading of its basis, predicted and compared. */
export type Reading = {
  readonly of: Case;
  /** Absent if the case has no power. */
  readonly basis?: Basis;
  /** The prediction at the medians, and the 90 % range over the catalog's uncertainty. */
  readonly predicted: number;
  readonly p5: number;
  readonly p95: number;
  /** Predicted over published. */
  readonly ratio: number;
  /** Whether the prediction of a deployment lies in its band, or a figure of work in the range of its prediction. */
  readonly isInside: boolean;
};

/** Accuracy over independent points. A point with two readings counts once, each reading by half. */
export type BacktestSummary = {
  readonly points: number;
  readonly independentPoints: number;
  /** Mean of |predicted / published - 1|. */
  readonly meanAbsoluteError: number;
  readonly shareInside: number;
};

/** The cases to predict, and the catalog. */
export type BacktestInput = {
  /** Files of cases, each with templates relative to it. */
  readonly files: readonly string[];
  readonly catalog: readonly string[];
  readonly read: ReadFile;
  /** The catalog as the build packed it, to save parsing it. */
  readonly packed?: PackedCatalog | undefined;
};

/** The result of a backtest: each published figure with its prediction and their ratio. */
export type Backtest = {
  readonly readings: readonly Reading[];
  /** Readings that the words of their sources rule out: predicted to show what that decides, and not counted. */
  readonly others: readonly Reading[];
  /** Of deployments and of demand, which are scored separately. */
  readonly summaries: Readonly<Record<Subject, BacktestSummary>>;
  /** Every value of catalog and templates that a prediction was made with, once; what cases set stands in `settingsOf`. */
  readonly inputs: readonly ShownField[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
};

/** Trials for the range of a prediction. */
const TRIAL_COUNT = 256;

/**
 * Predicts the published figures of case files with the ordinary model: the source's statements are applied to each case's
 * template like `--set`, and the result is loaded, compiled and simulated like any scenario.
 *
 * Fails: never; faults in cases, templates or draws are returned as diagnostics. Cost: a load and 256 trials per reading.
 */
export async function runBacktest(input: BacktestInput, runner: Runner): Promise<Backtest> {
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, string>();
  const readings: Reading[] = [];
  const others: Reading[] = [];
  const inputs = new Map<string, ShownField>();
  const seen = new Map<string, string>();
  for (const file of input.files) {
    const path = resolvePath("", file);
    const text = input.read(path) ?? "";
    sources.set(path, text);
    const unreadable = findEncodingFault(text, path);
    if (unreadable) {
      diagnostics.push(unreadable);
      continue;
    }
    const { cases, diagnostics: faults } = readCases(text, path);
    diagnostics.push(...faults);
    for (const one of cases) {
      const other = seen.get(one.id);
      if (other !== undefined) diagnostics.push(repeated(one, path, other));
      seen.set(one.id, path);
      const read = await readCase(one, path, input, inputs, runner);
      for (const [name, content] of read.sources) sources.set(name, content);
      diagnostics.push(...read.diagnostics);
      readings.push(...read.readings);
      others.push(...read.others);
    }
  }
  const summaries = summariseSubjects(readings);
  return { readings, others, summaries, inputs: [...inputs.values()], diagnostics, sources };
}

/** Reports the same case in two files, which the output could not tell apart. */
function repeated({ id }: Case, file: string, other: string): Diagnostic {
  return diagnose("invalid-csv", {
    values: { file, reason: `a second case \`${id}\`, the first is in ${other}` },
    span: { file, line: 1, column: 1, length: 1 },
  });
}

/** A case with each reading of its basis; adds to `inputs` what no earlier case was predicted with. */
async function readCase(
  one: Case,
  file: string,
  { catalog, read, packed }: BacktestInput,
  inputs: Map<string, ShownField>,
  runner: Runner,
): Promise<Pick<Backtest, "readings" | "others" | "diagnostics" | "sources">> {
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, string>();
  const readings: Reading[] = [];
  const bases = [...one.bases, ...one.otherBases];
  for (const basis of bases.length > 0 ? bases : [undefined]) {
    const loaded = loadScenario({
      path: resolvePath(file, one.template),
      catalog,
      read,
      ...(packed ? { packed } : {}),
      sets: settingsOf(one, basis),
    });
    for (const [name, content] of loaded.sources) if (name !== SET_FILE) sources.set(name, content);
    diagnostics.push(...placeInCase(loaded.diagnostics, one));
    if (!loaded.scenario) break;
    noteInputs(loaded.scenario, inputs);
    const isOfWork = one.subject === "demand";
    const plan = compile(
      loaded.scenario,
      isOfWork
        ? { metrics: WORK_METRICS, levels: ["workload", "assignment"] }
        : { metrics: PREDICTION_METRICS, levels: ["total"] },
    );
    const output = await runner.run(plan, { inputs: evenInputs(plan, TRIAL_COUNT), trials: TRIAL_COUNT });
    diagnostics.push(...describeFaults(loaded.scenario, output.faults, TRIAL_COUNT));
    if (hasErrors(diagnostics)) break;
    const trials = isOfWork
      ? predictWork(one, plan, output, TRIAL_COUNT)
      : predictTrials(one, basis, plan, output, TRIAL_COUNT);
    readings.push(score(one, basis, trials));
  }
  const isOther = ({ basis }: Reading) => basis !== undefined && one.otherBases.includes(basis);
  return {
    readings: readings.filter((reading) => !isOther(reading)),
    others: readings.filter(isOther),
    diagnostics,
    sources,
  };
}

/** Notes the values that a scenario has from files, by the line that declares them. */
function noteInputs(scenario: Scenario, inputs: Map<string, ShownField>): void {
  const keyOf = ({ from, declaredAt }: Pick<Origin, "from" | "declaredAt">) => `${from} ${declaredAt}`;
  const isNew = ({ origin }: FieldValue) => origin.layer !== "set" && !inputs.has(keyOf(origin));
  for (const field of showFields(scenario, isNew)) inputs.set(keyOf(field), field);
}

/**
 * The errors of a case's scenario. An error in a value that the case sets is placed at the case's row, because the user typed no
 * `--set`. If the template is missing, errors that follow from it are left out.
 */
function placeInCase(diagnostics: readonly Diagnostic[], one: Case): readonly Diagnostic[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const unread = errors.filter(({ code, span }) => code === "missing-file" && !span);
  if (unread.length > 0) return unread.map((fault) => ({ ...fault, span: one.templatePlace }));
  return errors.map((fault) => {
    if (fault.span && fault.span.file !== SET_FILE) return fault;
    const { path = "a field" } = fault;
    const help = `the case \`${one.id}\` sets \`${path}\` from its row${fault.help ? `; ${fault.help}` : ""}`;
    return { ...fault, span: one.place, help };
  });
}

/** Compares trials with the published figure; the first trial is at the medians. */
function score(of: Case, basis: Basis | undefined, trials: Float64Array): Reading {
  const [predicted] = trials;
  const sorted = Float64Array.from(trials).sort();
  const [p5, p95] = [quantile(sorted, 0.05), quantile(sorted, 0.95)];
  const slack = TOLERANCE * of.published;
  // A measured rate has no band, so it is compared with the range of the prediction.
  const [low, value, high] = of.subject === "demand" ? [p5, of.published, p95] : [of.low, predicted, of.high];
  return {
    of,
    ...(basis ? { basis } : {}),
    predicted,
    p5,
    p95,
    ratio: predicted / of.published,
    isInside: low - slack <= value && value <= high + slack,
  };
}

function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/** Separate summaries of deployments and of demand. */
function summariseSubjects(readings: readonly Reading[]): Backtest["summaries"] {
  const of = (subject: Subject) => summarise(readings.filter((reading) => reading.of.subject === subject));
  return { deployments: of("deployments"), demand: of("demand") };
}

/**
 * Summarises readings over independent points, which all weigh the same.
 *
 * Fails: never; without independent points error and share are 0.
 */
export function summarise(readings: readonly Reading[]): BacktestSummary {
  const all = new Set(readings.map(({ of }) => of.id));
  const counted = readings.filter(({ of }) => isIndependent(of));
  const points = new Set(counted.map(({ of }) => of.id));
  const weightOf = ({ of }: Reading) => 1 / counted.filter((other) => other.of.id === of.id).length;
  const mean = (value: (reading: Reading) => number) =>
    counted.reduce((sum, reading) => sum + weightOf(reading) * value(reading), 0) / Math.max(1, points.size);
  return {
    points: all.size,
    independentPoints: points.size,
    meanAbsoluteError: mean(({ ratio }) => Math.abs(ratio - 1)),
    shareInside: mean(({ isInside }) => (isInside ? 1 : 0)),
  };
}
