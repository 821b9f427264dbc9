import path from "node:path";
import { runMonteCarlo } from "../../analysis/sample/montecarlo.ts";
import { type NamedFigures, takeBlocks } from "../../analysis/sample/named-figures.ts";
import { RANDOM_BLOCK } from "../../engine/index.ts";
import { countText } from "../../export/number-text.ts";
import { type Environment, type Given, isGiven, textOf, textsOf } from "../io/command.ts";
import { reportDiagnostics } from "../io/diagnostics.ts";
import { ExitCode, UsageError } from "../io/exit-code.ts";
import { findFolderFault } from "../io/output-folder.ts";
import { openProgressBar } from "../io/progress-bar.ts";
import { openRunner } from "../io/sample-options.ts";
import { printError } from "../io/streams.ts";
import { MANY_TRIALS, probeSample, sayOrRefuse } from "../io/take-sample.ts";
import { runShard } from "../shards/run-shard.ts";
import type { Shard, ShardRange } from "../shards/shard-options.ts";
import { encodeBlocks, isBlock, type KeptBlock, trialsOfBlock } from "../shards/trial-blocks.ts";
import {
  bytesOfTrials,
  type FiguresJob,
  identifyFigures,
  MOST_BYTES,
  openFigures,
  sizeText,
} from "./figures-job.ts";
import { writeFigures } from "./write-figures.ts";

/** Random blocks that are simulated before they are written. */
const BLOCKS_AT_ONCE = 64;

/** Options of a whole run that say nothing of a few figures. */
const WHOLE_RUN = ["draws", "charts", "check-assignment", "columns", "xlsx", "markdown"] as const;

/**
 * Samples the figures that `--metric` names, here or as one shard.
 *
 * Fails: throws `UsageError` for options that do not go together, and for too many trials.
 */
export async function runFigures(
  shard: Shard | undefined,
  given: Given,
  environment: Environment,
): Promise<ExitCode> {
  const whole = WHOLE_RUN.find((name) => isGiven(given, name) || textOf(given, name) !== undefined);
  if (whole && textsOf(given, "metric").length > 0)
    throw new UsageError(`\`--${whole}\` is of a whole run: leave out \`--metric\`, or \`--${whole}\``);
  const job = await openFigures(given, environment);
  if (typeof job === "number") return job;
  // A part is opened before anything is computed, also in folders where files cannot be renamed.
  if (shard) return runPart(job, shard);
  const unusable = findFolderFault(folderOf(job));
  return unusable ? reportDiagnostics([unusable], given) : runHere(job);
}

async function runHere(job: FiguresJob): Promise<ExitCode> {
  const { figures, plain, options, given, environment } = job;
  if (!figures) return writeFigures(job, plain, folderOf(job));
  const { trials } = figures.options;
  const isQuiet = isGiven(given, "quiet") || isGiven(given, "json");
  await announceCost(job, figures, trials, { isConfirmed: options.isConfirmed, isQuiet });
  const { runner, close } = openRunner(options, trials, environment);
  const bar = await openProgressBar(!isQuiet);
  try {
    const request = { ...figures.request, onProgress: bar.update };
    const { results, diagnostics } = await runMonteCarlo({ ...figures, request }, plain, runner);
    bar.stop();
    if (!results) return reportDiagnostics(diagnostics, given, job.scenario.files);
    return await writeFigures(job, results, folderOf(job));
  } finally {
    bar.stop();
    await close();
  }
}

/** Folder of the figures, or of their parts; not that of a whole run, which has more tables. */
function folderOf({ scenario, given }: FiguresJob): string {
  return textOf(given, "out") ?? path.join("output", `${scenario.slug}.figures`);
}

async function runPart(job: FiguresJob, shard: Shard): Promise<ExitCode> {
  const { figures, given, environment, scenario } = job;
  if (!figures)
    throw new UsageError(
      "there are no trials to divide: no value of the scenario is uncertain, or `--trials` is 0",
    );
  const { trials } = figures.options;
  const bytes = bytesOfTrials(figures);
  if (bytes > MOST_BYTES)
    throw new UsageError(
      `${countText(figures.names.length)} figures of ${countText(trials)} trials are ${sizeText(bytes)}, and \`merge\` takes ${sizeText(MOST_BYTES)}\nname fewer figures, or take up to ${countText(Math.floor((trials * MOST_BYTES) / bytes))} trials`,
    );
  const width = figures.figures.figures.length;
  const blocks = Math.ceil(trials / RANDOM_BLOCK);
  return runShard<KeptBlock>(
    shard,
    {
      scenario,
      identity: identifyFigures(job),
      folder: folderOf(job),
      items: blocks,
      unit: `random blocks of ${countText(RANDOM_BLOCK)} trials`,
      describe: ({ first, end }) =>
        `trials ${countText(first * RANDOM_BLOCK + 1)} to ${countText(Math.min(trials, end * RANDOM_BLOCK))} of ${countText(trials)}`,
      isItem: (item): item is KeptBlock => isBlock(item, width * trialsOfBlock(item.at, trials)),
      run: (range, part) => runBlocks(job, figures, range, part),
    },
    given,
    environment,
  );
}

async function runBlocks(
  job: FiguresJob,
  figures: NamedFigures,
  { first, end }: ShardRange,
  part: { readonly kept: readonly KeptBlock[]; readonly append: (items: readonly KeptBlock[]) => void },
): Promise<ExitCode> {
  const { options, given, environment } = job;
  const { trials } = figures.options;
  const isQuiet = isGiven(given, "quiet");
  const from = first + part.kept.length;
  if (part.kept.length > 0 && !isQuiet)
    printError(`${countText(part.kept.length * RANDOM_BLOCK)} of them were done before and are kept\n`);
  const left = Math.min(trials, end * RANDOM_BLOCK) - from * RANDOM_BLOCK;
  await announceCost(job, figures, left, { isConfirmed: true, isQuiet });
  const { runner, close } = openRunner(options, left, environment);
  const bar = await openProgressBar(!isQuiet);
  try {
    for (let block = from; block < end; block += BLOCKS_AT_ONCE) {
      const endBlock = Math.min(end, block + BLOCKS_AT_ONCE);
      const { values, diagnostics } = await takeBlocks(figures, runner, block, endBlock);
      if (!values) return reportDiagnostics(diagnostics, given, job.scenario.files);
      part.append(encodeBlocks(values, block, endBlock, trials));
      const done = Math.min(trials, endBlock * RANDOM_BLOCK) - from * RANDOM_BLOCK;
      bar.update({ done, all: left });
    }
    return ExitCode.done;
  } finally {
    bar.stop();
    await close();
  }
}

async function announceCost(
  { options, environment }: FiguresJob,
  figures: NamedFigures,
  trials: number,
  how: { readonly isConfirmed: boolean; readonly isQuiet: boolean },
): Promise<void> {
  if (trials < MANY_TRIALS) return;
  const { request } = figures;
  const sample = { ...figures, request: { ...request, trials }, options: { ...figures.options, trials } };
  const estimate = await probeSample(sample, options, environment);
  sayOrRefuse(`${countText(trials)} trials`, estimate, how, how.isQuiet);
}
