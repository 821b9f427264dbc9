import os from "node:os";
import type { Options } from "yargs";
import { STANDARD_PROBABILITIES, STANDARD_SEED, STANDARD_TRIALS } from "../../analysis/sample/montecarlo.ts";
import { makeSpecimenTables } from "../../analysis/sample/specimen.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { createThreadRunner, type Runner } from "../../run/runner.ts";
import { createWorkerRunner } from "../../run/worker-runner.ts";
import { type Environment, flagOption, type Given, isGiven, textOf, textOption } from "./command.ts";
import { UsageError } from "./exit-code.ts";
import { setOptimiser } from "./optimiser.ts";
import { readOptionNumber } from "./option-number.ts";
import { isSafeName } from "./safe-name.ts";

/** Options for samples. */
export const sampleOptions = {
  trials: textOption("Trials of the sample (default 10000 if a value is uncertain; 0 runs only the medians)"),
  seed: textOption("Any text; the same seed gives the same figures (default 1)"),
  threads: textOption(
    "Simulation threads (default: as many as the machine has); figures do not depend on them",
  ),
  quantiles: textOption("Quantiles in the tables, in percent, such as 10,50,90 (default 5,50,95)"),
  draws: textOption(
    "Also write the draws and results of every trial to this file in the folder, such as trials.csv or trials.parquet",
  ),
  yes: flagOption("Run a sample even if it takes very long"),
} satisfies Readonly<Record<string, Options>>;

/** The sample options of a command line. */
export type SampleOptions = {
  /** Number of trials; undefined for the usual number if anything is uncertain. */
  readonly trials: number | undefined;
  readonly seed: string;
  readonly threads: number;
  readonly probabilities: readonly number[];
  readonly isConfirmed: boolean;
  /** Name and file format of the table of all trials, if requested. */
  readonly draws: DrawsFile | undefined;
};

/** The file of all trials. */
export type DrawsFile = { readonly name: string; readonly fileType: "csv" | "parquet" };

const [mostTrials, mostThreads, mostQuantiles] = [1e12, 256, 25];

/** Reads the options. Fails: throws `UsageError` for an invalid number. */
export function readSampleOptions(given: Given): SampleOptions {
  const trials = wholeNumber(given, "trials", 0, mostTrials);
  const draws = readDraws(textOf(given, "draws"));
  if (draws !== undefined && trials === 0)
    throw new UsageError(
      "`--draws` writes the trials of a sample, and `--trials 0` takes none; leave out one of the two",
    );
  return {
    trials,
    seed: textOf(given, "seed") ?? STANDARD_SEED,
    threads: wholeNumber(given, "threads", 1, mostThreads) ?? Math.max(1, os.availableParallelism()),
    probabilities: readQuantiles(textOf(given, "quantiles")),
    isConfirmed: isGiven(given, "yes"),
    draws,
  };
}

/**
 * Trials to run if `uncertainCount` values are uncertain.
 *
 * Fails: throws `UsageError` if every trial is to be written and there are none.
 */
export function trialsFor({ trials, draws }: SampleOptions, uncertainCount: number): number {
  if (draws !== undefined && uncertainCount === 0)
    throw new UsageError(
      "`--draws` writes the trials of a sample, but no value of the scenario is uncertain; leave it out, or make a value a range such as `8 USD to 14 USD`",
    );
  return uncertainCount === 0 ? 0 : (trials ?? STANDARD_TRIALS);
}

/** Reads an integer, also as `1e6` or with `_` between digits. */
function wholeNumber(given: Given, name: string, least: number, most: number): number | undefined {
  const text = textOf(given, name);
  if (text === undefined) return undefined;
  const value = readOptionNumber(name, text);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const reason = Number.isNaN(value)
    ? "is not a number"
    : value < least
      ? `is less than ${least}`
      : value > most
        ? `is more than ${most}`
        : "is not a whole number";
  throw new UsageError(
    `\`--${name} ${text}\` ${reason}; write a whole number such as \`--${name} ${name === "threads" ? 2 : 10000}\``,
  );
}

/** The name of the table of draws, and its format by the extension. */
function readDraws(text: string | undefined): DrawsFile | undefined {
  if (text === undefined) return undefined;
  const [, name, type] = /^(.+)\.(csv|parquet)$/i.exec(text) ?? [];
  const isTaken = name !== undefined && tableNames().includes(name.toLowerCase());
  if (name !== undefined && isSafeName(name) && !isTaken)
    return { name, fileType: type?.toLowerCase() === "parquet" ? "parquet" : "csv" };
  const reason = isTaken
    ? "is the name of another table"
    : "is not the name of a CSV or Parquet file in the folder of the run";
  throw new UsageError(`\`--draws ${text}\` ${reason}; write a name such as \`--draws trials.csv\``);
}

/** Names of all tables that a run may write. */
function tableNames(): readonly string[] {
  return [
    ...makeSpecimenTables().map(({ name }) => name),
    "annual_ranges",
    "monthly_ranges",
    "events",
    "assignment",
    "sensitivity",
  ];
}

function readQuantiles(text: string | undefined): readonly number[] {
  if (text === undefined) return STANDARD_PROBABILITIES;
  const percents = text.split(",").map((part) => readOptionNumber("quantiles", part.replace(/%\s*$/, "")));
  if (!text.includes("%") && percents.every((each) => each > 0 && each < 1)) {
    const meant = percents.map((each) => Number((each * 100).toPrecision(12))).join(",");
    const written = percents.map((each) => `${each}%`).join(",");
    throw new UsageError(
      `\`--quantiles ${text}\` are below 1 percent; write \`${meant}\`, or \`${written}\` if they are meant`,
    );
  }
  const isGood = percents.length <= mostQuantiles && percents.every((each) => each > 0 && each < 100);
  if (!isGood)
    throw new UsageError(`\`--quantiles ${text}\`: write percents between 0 and 100, such as \`5,50,95\``);
  return [...new Set(percents)].sort((a, b) => a - b).map((percent) => percent / 100);
}

/** Longest part of a seed that the screen shows, since any text may be a seed. */
const LONGEST_SEED = 40;

/** A seed as the screen shows it. */
export function seedText(seed: string): string {
  return visibleText(seed.length > LONGEST_SEED ? `${seed.slice(0, LONGEST_SEED - 1)}…` : seed);
}

/** A runner and a function that releases it. */
export type OpenRunner = { readonly runner: Runner; readonly close: () => Promise<void> };

/** Samples of at most this many trials run faster in the existing thread. */
const FEW_TRIALS = 512;

/**
 * Opens a runner with the requested number of threads; few trials, or one thread, need no worker.
 *
 * V8's optimiser is on from its first sample on: it would slow down preparing one more than it saves there.
 */
export function openRunner({ threads }: SampleOptions, trials: number, environment: Environment): OpenRunner {
  const workers =
    threads > 1 && trials > FEW_TRIALS
      ? createWorkerRunner(threads - 1, environment.workerFile, hearSignals)
      : undefined;
  const { run, sample } = workers ?? createThreadRunner(hearSignals);
  const takeSample: Runner["sample"] = (plan, request) => {
    setOptimiser(true);
    return sample(plan, request);
  };
  return { runner: { run, sample: takeSample }, close: workers?.close ?? (async () => {}) };
}

/** Gives the thread a chance to handle an interruption; call it between pieces of long work. */
export function hearSignals(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
