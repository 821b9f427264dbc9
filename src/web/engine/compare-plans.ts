import {
  type ComparedRun,
  type Comparison,
  compareFigures,
  differingInputs,
} from "../../analysis/compare/comparison.ts";
import { headlinesOf } from "../../analysis/compare/headlines.ts";
import {
  pairSamples,
  preparePairedSample,
  type SampledFigures,
  samplePaired,
} from "../../analysis/compare/paired-sample.ts";
import { COMPARED_TRIALS, comparedFigures } from "../../analysis/compare/plan-figures.ts";
import { STANDARD_SEED, STANDARD_TRIALS } from "../../analysis/sample/montecarlo.ts";
import { answerCompare } from "../../report/compare-answer.ts";
import { comparePictures } from "../../report/compare-pictures.ts";
import { runName } from "../../report/compared.ts";
import { pictureHtml, sentenceHtml, tableHtml } from "../../report/page/html.ts";
import type { Runner } from "../../run/runner.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Compared } from "../messages.ts";
import { asButton } from "./answer.ts";
import { Refusal } from "./shown.ts";

/** The book whose cost is compared. */
const BOOK = "provider";

/** A sample that left its range, which the reader is told. */
export class Unsampled extends Error {}

/**
 * Compares runs with the first, as written and with the same draws for all.
 *
 * @param width of the column of pictures [px]
 *
 * Fails: throws `Unsampled` where a draw leaves its range in one of them; as the runner does.
 */
export async function compareRuns(
  runs: readonly ComparedRun[],
  runner: Runner,
  width: number,
): Promise<{ readonly told: Compared; readonly comparison: Comparison }> {
  const plain: Comparison = { basis: "as written", runs };
  const isUncertain = runs.some(({ results }) => results.notes.uncertainCount > 0);
  const comparison = isUncertain
    ? await addSample(plain, headlineFigures(plain), STANDARD_TRIALS, runner)
    : plain;
  const names = runs.map(runName);
  const inputs = differingInputs(runs.map(({ scenario }) => scenario));
  const sentences = answerCompare([comparison], BOOK).map((one) => sentenceHtml(one, asButton));
  const told: Compared = {
    sentences: sentences.join(""),
    pictures: comparePictures(comparison, BOOK, undefined).map((picture) => {
      // The answer beside it has pictures of its own.
      const id = `compare-${picture.id}`;
      return { id, html: pictureHtml({ ...picture, id }, [["own", width]], asButton) };
    }),
    inputs: tableHtml(
      {
        caption: `Inputs that are not the same (${inputs.length})`,
        columns: [{ name: "Field" }, ...names.map((name) => ({ name, isText: true }))],
        rows: inputs.map(({ path, texts }) => [path, ...texts]),
        figureAt: (row, column) => {
          const { path } = inputs[row];
          const run = column - 1;
          return isNumber(runs[run].scenario, path) ? { metric: path, run } : undefined;
        },
      },
      asButton,
    ),
  };
  return { told, comparison };
}

/** Whether a line states a number, which can be taken apart. */
function isNumber({ fields, lets }: Scenario, path: string): boolean {
  const field = fields.get(path) ?? lets.find((one) => one.path === path);
  return field?.expr !== undefined && field.spec.kind !== "condition";
}

/** The headline figures of both books that all runs have. */
function headlineFigures(comparison: Comparison): readonly string[] {
  const { runs } = comparison;
  const figures = compareFigures(comparison);
  const isInAll = (name: string) => figures.filter(({ metric }) => metric === name).length === runs.length;
  const known = [...new Set(figures.map(({ metric }) => metric))].filter(isInAll);
  return [...new Set([...headlinesOf(known, "provider"), ...headlinesOf(known, "buyer")])];
}

/**
 * Adds the sample that a search takes of the plan searched for and the one found, where anything is uncertain.
 *
 * Fails: rejects with a `Refusal` where a draw leaves its range; as the runner does.
 */
export async function samplePlans(comparison: Comparison, runner: Runner): Promise<Comparison> {
  const { runs } = comparison;
  if (runs[0].results.notes.uncertainCount === 0) return comparison;
  try {
    return await addSample(comparison, comparedFigures(runs), COMPARED_TRIALS, runner);
  } catch (error) {
    throw error instanceof Unsampled ? new Refusal(error.message) : error;
  }
}

/**
 * Adds a sample of some figures, with the same draws for all runs.
 *
 * Fails: as `compareRuns`.
 */
async function addSample(
  comparison: Comparison,
  names: readonly string[],
  trials: number,
  runner: Runner,
): Promise<Comparison> {
  const options = { trials, seed: STANDARD_SEED };
  const sampled: SampledFigures[] = [];
  for (const { name, scenario, results } of comparison.runs) {
    const prepared = preparePairedSample(scenario, results, names, options);
    const one = await samplePaired(prepared, runner, () => {});
    if (!one.sampled) throw new Unsampled(`a draw of ${name} leaves its range`);
    sampled.push(one.sampled);
  }
  return { ...comparison, sample: pairSamples(sampled, names, options, BOOK) };
}
