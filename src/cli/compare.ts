import path from "node:path";
import {
  makeCompareTable,
  makeConcentrationTable,
  makeDifferencesTable,
} from "../analysis/compare/compare-tables.ts";
import {
  type ComparedRun,
  type Comparison,
  compareFigures,
  differingInputs,
} from "../analysis/compare/comparison.ts";
import { type Condition, readCondition, testCondition } from "../analysis/compare/condition.ts";
import { BASES, type Basis, findScale, makeBasisFigure } from "../analysis/compare/equalise.ts";
import { type Book, hasBuyersBook } from "../analysis/compare/headlines.ts";
import { runPlain } from "../analysis/plain-run.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { tableRecords } from "../export/records.ts";
import { createThreadRunner } from "../run/runner.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { valueAtPath } from "../scenario/tree.ts";
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
} from "./command.ts";
import { drawCompareScreen } from "./compare-screen.ts";
import { exitCodeFor, formatOption, reportDiagnostics } from "./diagnostics.ts";
import { type ExitCode, UsageError } from "./exit-code.ts";
import { loadFile, scenarioOptions } from "./load.ts";
import { writeFiles } from "./output-folder.ts";
import { makeRunFiles } from "./run-files.ts";
import { printResult } from "./streams.ts";

/** `compare`: several scenarios, or the mixes of one, side by side. */
export const compareCommand: Command = {
  usage: "compare <files..>",
  text: "Put scenarios, or the mixes named in one, side by side: figures with difference and ratio to the first, inputs that differ, what each leans on.",
  positionals: {
    files: { type: "string", array: true, description: "Scenario files (YAML)", demandOption: true },
  },
  options: {
    mixes: flagOption("Compare the mixes named under `mixes` of the one scenario"),
    book: choiceOption("Whose figures are shown (default provider)", ["provider", "buyer"]),
    "fail-on": listOption(
      "Exit with 1 if this holds for any but the first, as in --fail-on 'cost_provider_pv_usd.ratio > 1.05'; may be repeated",
    ),
    out: textOption("Folder for the tables (default output/<name of the first file>.compare)"),
    ...scenarioOptions,
    json: flagOption("Print the figures as one JSON array"),
    bom: flagOption("Put a byte order mark in front of the CSV files, for Excel"),
    delimiter: choiceOption("Between the cells of the CSV files (default ,)", [",", ";", "tab"]),
    quiet: flagOption("Print nothing but faults"),
    format: formatOption,
  },
  examples: [
    ["$0 compare a.yaml b.yaml", "Two scenarios, figure by figure"],
    [
      "$0 compare plan.yaml --mixes --fail-on 'cost_provider_pv_usd.ratio > 1.05'",
      "The mixes of one; 1 if one costs 5 % more",
    ],
  ],
  execute,
};

/** A scenario to run: its file, its name, and what is laid over it. */
type Entry = { readonly file: string; readonly name: string; readonly mix?: string };

/** Raised with what is wrong with a scenario, once it is reported. */
class Reported extends Error {
  readonly code: ExitCode;
  constructor(code: ExitCode) {
    super("reported");
    this.code = code;
  }
}

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
  const entries = isGiven(given, "mixes")
    ? listMixes(file, others, given, environment)
    : listFiles([file, ...others]);
  const first = loadOrReport(entries[0], given, environment);
  const comparisons = await compareOnBases(entries, first, given, environment);
  const [asWritten] = comparisons;
  const figures = compareFigures(asWritten);
  const names = [...new Set(figures.map(({ metric }) => metric))];
  const book = bookOf(given, names);
  const conditions = readConditions(given, names);
  const inputs = differingInputs(asWritten.runs.map(({ scenario }) => scenario));
  const runNames = asWritten.runs.map(({ name }) => name);
  const tables = [
    makeCompareTable(comparisons),
    makeDifferencesTable(inputs, runNames),
    makeConcentrationTable(comparisons),
  ];
  const folder = textOf(given, "out") ?? path.join("output", `${first.slug}.compare`);
  const results = asWritten.runs[0].results;
  const unwritten = writeFiles(
    folder,
    makeRunFiles({ scenario: first, results, tables, file, given, environment }),
  );
  if (isGiven(given, "json")) printResult(`${JSON.stringify(tableRecords(tables[0]), undefined, 2)}\n`);
  else if (!isGiven(given, "quiet")) {
    const holds = isGiven(given, "mixes") ? first.fields.get("compare.holds")?.choice : undefined;
    printResult(
      drawCompareScreen({ comparisons, inputs, book, holds, folder: unwritten ? undefined : folder }),
    );
  }
  const faults = [
    ...(unwritten ? [unwritten] : []),
    ...conditions.flatMap((one) => testCondition(one, figures, runNames)),
  ];
  reportDiagnostics(faults, new Map(), given);
  return exitCodeFor(faults);
}

function listFiles(files: readonly string[]): readonly Entry[] {
  if (files.length < 2) throw new UsageError("name at least two scenarios, or one with `--mixes`");
  const named = files.map((file) => ({ file, name: path.basename(file).replace(/\.[^.]*$/, "") }));
  // Files of one name in several folders are told apart by their paths, and the same file twice by a number.
  return named.map((entry, index) => {
    const isShared = named.some(({ name }, other) => other !== index && name === entry.name);
    const twin = files.slice(0, index).filter((file) => file === entry.file).length;
    return { ...entry, name: `${isShared ? entry.file : entry.name}${twin > 0 ? ` (${twin + 1})` : ""}` };
  });
}

function listMixes(
  file: string,
  others: readonly string[],
  given: Given,
  environment: Environment,
): readonly Entry[] {
  if (others.length > 0) throw new UsageError("`--mixes` compares the mixes of one scenario; name one file");
  const { tree } = loadOrReport({ file, name: "" }, given, environment);
  const mixes = valueAtPath(tree, ["mixes"]);
  const names = mixes?.kind === "map" ? [...mixes.entries.keys()] : [];
  if (names.length < 2)
    throw new UsageError(
      `\`${file}\` names ${names.length === 0 ? "no mixes" : "only one mix"}; \`mixes:\` needs at least two`,
    );
  return names.map((name) => ({ file, name, mix: name }));
}

function loadOrReport(
  entry: Entry,
  given: Given,
  environment: Environment,
  sets: readonly string[] = [],
): Scenario {
  const { mix } = entry;
  const { scenario, diagnostics, sources } = loadFile(entry.file, given, environment, {
    sets,
    ...(mix === undefined ? {} : { mix }),
  });
  if (scenario) return scenario;
  const inMix =
    mix === undefined
      ? diagnostics
      : diagnostics.map((one) => ({ ...one, help: one.help ?? `in the mix \`${mix}\`` }));
  reportDiagnostics(inMix, sources, given);
  throw new Reported(exitCodeFor(diagnostics));
}

async function runEntry(
  entry: Entry,
  given: Given,
  environment: Environment,
  sets?: readonly string[],
): Promise<ComparedRun> {
  const scenario = loadOrReport(entry, given, environment, sets);
  const { results, diagnostics } = await runPlain(scenario, createThreadRunner());
  if (results) return { name: entry.name, scenario, results };
  reportDiagnostics(diagnostics, scenario.files, given);
  throw new Reported(exitCodeFor(diagnostics));
}

/** The comparison as written and, for mixes that a `let` value scales, on equal spend and equal effective FP4. */
async function compareOnBases(
  entries: readonly Entry[],
  first: Scenario,
  given: Given,
  environment: Environment,
): Promise<readonly [Comparison, ...Comparison[]]> {
  const runs: ComparedRun[] = [];
  for (const entry of entries) runs.push(await runEntry(entry, given, environment));
  const scale = isGiven(given, "mixes") ? first.fields.get("compare.scale")?.choice : undefined;
  if (scale === undefined) return [{ basis: "as written", runs }];
  if (first.lets.find(({ path: name }) => name === `let.${scale}`)?.expr?.kind !== "number")
    throw new UsageError(`\`compare.scale\` names \`${scale}\`, which is no number under \`let\``);
  const comparisons: Comparison[] = [];
  for (const basis of Object.keys(BASES) as Basis[])
    comparisons.push(await compareOnBasis(basis, scale, entries, runs, given, environment));
  return [{ basis: "as written: equal power where the mixes say so", runs }, ...comparisons];
}

async function compareOnBasis(
  basis: Basis,
  scale: string,
  entries: readonly Entry[],
  runs: readonly ComparedRun[],
  given: Given,
  environment: Environment,
): Promise<Comparison> {
  const runner = createThreadRunner();
  const target = await makeBasisFigure(runs[0].scenario, scale, basis, runner)(1);
  const scaled: ComparedRun[] = [];
  for (const [index, entry] of entries.entries()) {
    const found =
      index === 0 ? 1 : await findScale(makeBasisFigure(runs[index].scenario, scale, basis, runner), target);
    if (found === undefined)
      throw new UsageError(
        `no scale of \`${entry.name}\` gives ${BASES[basis].words} to that of the first mix`,
      );
    const run = await runEntry(entry, given, environment, [`let.${scale}=${found}`]);
    scaled.push({ ...run, scale: found });
  }
  return { basis: BASES[basis].words, runs: scaled };
}

function bookOf(given: Given, names: readonly string[]): Book {
  const book = textOf(given, "book") === "buyer" ? "buyer" : "provider";
  if (book === "buyer" && !hasBuyersBook(names))
    throw new UsageError(
      "there is no buyer's book to compare: the scenarios have no figure of it, since no fleet has a contract",
    );
  return book;
}

function readConditions(given: Given, names: readonly string[]): readonly Condition[] {
  const read = textsOf(given, "fail-on").map((text) => readCondition(text, names));
  const faults = read.filter((one): one is Diagnostic => "code" in one);
  if (faults.length === 0) return read.filter((one): one is Condition => !("code" in one));
  reportDiagnostics(faults, new Map(), given);
  throw new Reported(exitCodeFor(faults));
}
