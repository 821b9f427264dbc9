import path from "node:path";
import { makeCompareAnnual } from "../../analysis/compare/compare-annual.ts";
import {
  makeCompareTable,
  makeConcentrationTable,
  makeDifferencesTable,
} from "../../analysis/compare/compare-tables.ts";
import {
  type ComparedRun,
  type Comparison,
  compareFigures,
  differingInputs,
} from "../../analysis/compare/comparison.ts";
import {
  type Condition,
  needsSample,
  readCondition,
  testCondition,
} from "../../analysis/compare/condition.ts";
import { makeDecidingTable } from "../../analysis/compare/deciding-table.ts";
import { makeComparedEvents } from "../../analysis/compare/events-table.ts";
import { hasBuyersBook, headlinesOf } from "../../analysis/compare/headlines.ts";
import { unlikeYears, warnOfHorizons } from "../../analysis/compare/horizons.ts";
import { PAIRED_PROBABILITIES } from "../../analysis/compare/paired.ts";
import { findRentOrOwn, makeRentOrOwnTable } from "../../analysis/compare/rent-or-own.ts";
import type { Book } from "../../analysis/results/book.ts";
import type { Results } from "../../analysis/results/results.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { tableRecords } from "../../export/records.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import {
  type Command,
  choiceOption,
  type Environment,
  flagOption,
  type Given,
  isGiven,
  listOption,
  textOf,
  textOption,
  textsOf,
} from "../io/command.ts";
import { checkCsvOptions, tableOptions } from "../io/csv-options.ts";
import { reportDiagnostics, reportOptions } from "../io/diagnostics.ts";
import { type ExitCode, UsageError } from "../io/exit-code.ts";
import { scenarioFiles, scenarioOptions } from "../io/load.ts";
import { findFolderFault, writeFiles } from "../io/output-folder.ts";
import {
  commandLine,
  hasReports,
  makeReportFiles,
  originOf,
  reportFileOptions,
  sampleWords,
} from "../io/report-files.ts";
import { makeRunFiles } from "../io/run-files.ts";
import { readSampleOptions, sampleOptions, trialsFor } from "../io/sample-options.ts";
import { printJson, printResult } from "../io/streams.ts";
import { takeSample } from "../io/take-sample.ts";
import { makeComparisonWorkbook, workbookOptions } from "../io/workbook-files.ts";
import { drawCompareScreen } from "../screens/compare-screen.ts";
import { penOptions, readPen } from "../screens/pen.ts";
import { makeBridge } from "./compare-bridge.ts";
import {
  type Comparisons,
  compareOnBases,
  type Entry,
  listFiles,
  listMixes,
  loadOrReport,
  Reported,
  runEntries,
} from "./compare-entries.ts";
import { type CompareSampleRequest, checkMemory, sampleComparisons } from "./compare-sample.ts";

/** `compare`: several scenarios, or the mixes of one, side by side. */
export const compareCommand: Command = {
  usage: "compare <files..>",
  text: "Compare scenarios, or the mixes of one, side by side: figures with difference from and ratio to the first, differing inputs, and concentration.",
  positionals: scenarioFiles,
  options: {
    mixes: flagOption("Compare the mixes defined under `mixes` in one scenario"),
    book: choiceOption("Whose figures are shown (default provider)", ["provider", "buyer"]),
    "fail-on": listOption(
      "Exit with 1 if this condition holds for any scenario but the first, as in --fail-on 'cost_provider_pv_usd.ratio > 1.05'; may be repeated",
    ),
    out: textOption("Folder for the tables (default output/<name of the first file>.compare)"),
    ...scenarioOptions,
    trials: sampleOptions.trials,
    seed: sampleOptions.seed,
    threads: sampleOptions.threads,
    yes: sampleOptions.yes,
    ranges: flagOption("Also write P5 and P95 of each scenario's annual figures into compare_annual.csv"),
    ...reportFileOptions,
    ...workbookOptions,
    json: flagOption("Print the figures as one JSON array"),
    ...penOptions,
    ...tableOptions,
    ...reportOptions,
  },
  examples: [
    ["$0 compare a.yaml b.yaml", "Two scenarios, figure by figure"],
    [
      "$0 compare plan.yaml --mixes --fail-on 'cost_provider_pv_usd.ratio > 1.05'",
      "The mixes of one scenario; exits with 1 if one costs 5 % more",
    ],
  ],
  execute,
};

async function execute(given: Given, environment: Environment): Promise<ExitCode> {
  try {
    return await compareAll(given, environment);
  } catch (error) {
    if (error instanceof Reported) return error.code;
    throw error;
  }
}

async function compareAll(given: Given, environment: Environment): Promise<ExitCode> {
  const [file = "", ...others] = textsOf(given, "files");
  checkCsvOptions(given);
  readPen(given);
  readSampleOptions(given);
  const entries = isGiven(given, "mixes")
    ? listMixes(file, others, given, environment)
    : listFiles([file, ...others]);
  const first = loadOrReport(entries[0], given, environment);
  const unusable = findFolderFault(folderOf(first, given));
  if (unusable) return reportDiagnostics([unusable], given);
  const { runs, diagnostics: unserved } = await runEntries(entries, given, environment);
  const unlike = unlikeYears(runs);
  if (unlike) throw new UsageError(unlike);
  // Before scales are searched and samples taken, all options are known to be possible.
  const asRun = { basis: "as written", runs };
  const units = unitsOfAll(asRun);
  const names = [...units.keys()];
  const book = bookOf(given, names);
  const conditions = readConditions(given, units, asRun);
  const request = requestOf(runs, names, book, conditions, given);
  const { comparisons: plain, diagnostics } = await compareOnBases(entries, runs, given, environment);
  const sources = new Map(runs.flatMap(({ scenario }) => [...scenario.files]));
  reportDiagnostics([...warnOfHorizons(runs), ...unserved, ...diagnostics], given, sources);
  const comparisons = request ? await sampleComparisons(plain, request, environment) : plain;
  const unwritten = await present({ entries, first, comparisons, book }, given, environment);
  const faults = [...(unwritten ? [unwritten] : []), ...testAll(conditions, comparisons[0])];
  return reportDiagnostics(faults, given);
}

function folderOf({ slug }: Scenario, given: Given): string {
  return textOf(given, "out") ?? path.join("output", `${slug}.compare`);
}

/** The comparisons made, and their origin. */
type Compared = {
  readonly entries: readonly Entry[];
  readonly first: Scenario;
  readonly comparisons: Comparisons;
  readonly book: Book;
};

/** Writes tables and report and prints the results; returns the fault if they could not be written. */
async function present(
  { entries, first, comparisons, book }: Compared,
  given: Given,
  environment: Environment,
): Promise<Diagnostic | undefined> {
  const [{ runs, sample }] = comparisons;
  const inputs = differingInputs(runs.map(({ scenario }) => scenario));
  const runNames = runs.map(({ name }) => name);
  const rentOrOwn = findRentOrOwn(runs, sample?.rentOrOwn);
  const events = makeComparedEvents(comparisons[0]);
  const tables = [
    makeCompareTable(comparisons, book),
    makeCompareAnnual(runs, await sampleYears(comparisons[0], given, environment)),
    makeDifferencesTable(inputs, runNames),
    makeConcentrationTable(comparisons),
    ...(sample ? [makeDecidingTable(comparisons)] : []),
    ...(events.rowCount > 0 ? [events] : []),
    ...(rentOrOwn ? [makeRentOrOwnTable(rentOrOwn, runNames)] : []),
  ];
  const folder = folderOf(first, given);
  const content = {
    scenario: first,
    results: runs[0].results,
    tables,
    file: entries[0].file,
    given,
    environment,
    sample: sample && { seed: sample.seed, trials: sample.trials, quantiles: PAIRED_PROBABILITIES },
    compared: entries.map(({ name, file }, index) => ({ name, file, scenario: runs[index].scenario })),
  };
  const words = [...(isGiven(given, "mixes") ? ["--mixes"] : []), "--book", book, ...sampleWords(sample)];
  const bridge = hasReports(given)
    ? await makeBridge(entries[0], comparisons[0], inputs, given, environment)
    : undefined;
  const origin = () => originOf(content, commandLine("compare", textsOf(given, "files"), given, words));
  const reports = await makeReportFiles(
    async (made) =>
      (await import("../../report/compare-report.ts")).reportCompare(
        { first, comparisons, book, bridge, inputs },
        made,
      ),
    given,
    origin,
  );
  const workbooks = await makeComparisonWorkbook(comparisons[0], inputs, given, environment, origin);
  const files = [...reports, ...workbooks, ...makeRunFiles(content)];
  const unwritten = await writeFiles(folder, files);
  if (isGiven(given, "json")) printJson(tableRecords(tables[0]));
  else if (!isGiven(given, "quiet")) {
    const holds = isGiven(given, "mixes") ? first.fields.get("compare.holds")?.choice : undefined;
    const written = unwritten ? undefined : folder;
    printResult(
      drawCompareScreen(
        { comparisons, inputs, book, holds, folder: written, files: files.map(({ name }) => name) },
        readPen(given),
      ),
    );
  }
  return unwritten;
}

/**
 * Results of each run with a sample of its annual figures, if `--ranges` asks for them; a scenario without doubt has none.
 *
 * Fails: as `takeSample`.
 */
async function sampleYears(
  { runs, sample }: Comparison,
  given: Given,
  environment: Environment,
): Promise<readonly Results[]> {
  if (!isGiven(given, "ranges") || !sample) return [];
  const options = { ...readSampleOptions(given), trials: sample.trials };
  const isQuiet = isGiven(given, "quiet") || isGiven(given, "json");
  const sampled: Results[] = [];
  for (const { scenario, results } of runs) {
    const taken = await takeSample(scenario, results, options, environment, isQuiet);
    if (!taken.results) throw new Reported(reportDiagnostics(taken.diagnostics, given));
    sampled.push(taken.results);
  }
  return sampled;
}

/** Units of the metrics that every run has, by name. */
function unitsOfAll(comparison: Comparison): ReadonlyMap<string, string> {
  const figures = compareFigures(comparison);
  const units = new Map(figures.map(({ metric, unit }) => [metric, unit]));
  const isInAll = (name: string) =>
    figures.filter(({ metric }) => metric === name).length === comparison.runs.length;
  return new Map([...units].filter(([name]) => isInAll(name)));
}

/**
 * What is sampled: headline figures and those in conditions; undefined where nothing is uncertain, or no trials are wanted.
 *
 * Fails: throws `UsageError` for an option that needs a sample where none is taken, and for a sample that does not fit.
 */
function requestOf(
  runs: readonly ComparedRun[],
  names: readonly string[],
  book: Book,
  conditions: readonly Condition[],
  given: Given,
): CompareSampleRequest | undefined {
  const options = readSampleOptions(given);
  const uncertain = runs.map(({ results }) => results.notes.uncertainCount);
  const trials = trialsFor(options, Math.max(...uncertain));
  const needing = conditions.find(needsSample);
  if (trials === 0 && needing)
    throw new UsageError(
      `\`--fail-on '${needing.text}'\` needs a sample: ${options.trials === 0 ? "take more than 0 trials" : "no value of the scenarios is uncertain"}`,
    );
  if (trials === 0 && isGiven(given, "ranges"))
    throw new UsageError(
      "`--ranges` needs a sample: take more than 0 trials of scenarios in which a value is uncertain",
    );
  if (trials === 0) return undefined;
  const asked = new Set([
    ...headlinesOf(names, "provider"),
    ...headlinesOf(names, "buyer"),
    ...conditions.map(({ metric }) => metric),
  ]);
  const isQuiet = isGiven(given, "quiet") || isGiven(given, "json");
  checkMemory(runs, [...asked], trials);
  return { names: [...asked], book, trials, options, isQuiet, given };
}

function bookOf(given: Given, names: readonly string[]): Book {
  const book = textOf(given, "book") === "buyer" ? "buyer" : "provider";
  if (book === "buyer" && !hasBuyersBook(names))
    throw new UsageError("there is no buyer's book to compare, because no fleet has a contract");
  return book;
}

/** Fails: throws `Reported` for a condition that is wrong, or that the figures cannot decide. */
function readConditions(
  given: Given,
  units: ReadonlyMap<string, string>,
  asRun: Comparison,
): readonly Condition[] {
  const read = textsOf(given, "fail-on").map((text) => readCondition(text, units));
  const conditions = read.filter((one): one is Condition => !("code" in one));
  const plain = conditions.filter((one) => !needsSample(one));
  const faults = [
    ...read.filter((one): one is Diagnostic => "code" in one),
    ...testAll(plain, asRun).filter(({ code }) => code !== "failed-condition"),
  ];
  if (faults.length === 0) return conditions;
  throw new Reported(reportDiagnostics(faults, given));
}

function testAll(conditions: readonly Condition[], comparison: Comparison): readonly Diagnostic[] {
  const figures = compareFigures(comparison);
  const names = comparison.runs.map(({ name }) => name);
  return conditions.flatMap((one) => testCondition(one, figures, names));
}
