import type { ComparedRun, Comparison } from "../../analysis/compare/comparison.ts";
import { runPlain } from "../../analysis/results/plain-run.ts";
import {
  prepareSample,
  runMonteCarlo,
  STANDARD_SEED,
  STANDARD_TRIALS,
} from "../../analysis/sample/montecarlo.ts";
import { type FigureName, isOfTrials } from "../../charts/kit/figure-name.ts";
import type { Runner } from "../../run/runner.ts";
import type { Plan, Question, Replies } from "../messages.ts";
import { listMixes } from "./answer.ts";
import { compareRuns, samplePlans, Unsampled } from "./compare-plans.ts";
import { type Compared, traceCompared } from "./compared-trace.ts";
import { createTracer, type FigureTrace, partsAt } from "./figure-trace.ts";
import type { MakeRunner } from "./helpers.ts";
import { findCertain } from "./movables.ts";
import type { PlanReader } from "./plans.ts";
import { postNode, remarkInWords } from "./posted-node.ts";
import { makeRunFiles, makeRunWorkbook, type RunToFile } from "./run-files.ts";
import { commandOf, Refusal, type Shown } from "./shown.ts";
import { traceStatistic } from "./statistic-trace.ts";
import { describeAt, suggestAt } from "./suggest.ts";

/** Levels of a trace that are sent at once. */
const TRACE_DEPTH = 2;

type CompareQuestion = Extract<Question, { kind: "compare" }>;
type TraceQuestion = Extract<Question, { kind: "trace" }>;

/** What questions are asked about: the run that is shown, and pauses that end where it is no longer wanted. */
export type Asked = {
  readonly shown: () => Shown | undefined;
  readonly reader: PlanReader;
  readonly makeRunner: MakeRunner;
  /** Pauses of an answer about the plan as it is now: they throw a `Refusal` once it is another. */
  readonly breathe: () => () => Promise<void>;
};

/**
 * Makes the answers to questions about the last sound plan.
 *
 * Fails: they throw or reject with a `Refusal`.
 */
export function createAnswers({ shown, reader, makeRunner, breathe }: Asked) {
  function lastShown(): Shown {
    const last = shown();
    if (!last) throw new Refusal("there is no answer yet");
    return last;
  }

  /** The runs that were compared last. */
  let compared: Compared | undefined;
  /** The plan that was searched for and the one that was found, run for traces. */
  let searched: { readonly key: string; readonly compared: Compared } | undefined;

  function trace(own: Shown, { figure, plans }: TraceQuestion): Replies["trace"] | Promise<Replies["trace"]> {
    if (plans)
      return runSearched(plans, isOfTrials(figure)).then((runs) =>
        keepTrace(own, traceCompared(runs, figure)),
      );
    return keepTrace(own, traceShown(own, figure));
  }

  function traceShown(own: Shown, figure: FigureName): FigureTrace {
    if (figure.run === undefined)
      return figure.of === undefined ? own.tracer(figure) : traceStatistic(own, figure);
    if (!compared) throw new Refusal("the plans were compared before; compare them again");
    return traceCompared(compared, figure);
  }

  /** Both plans, for what is said of trials with the same sample as the search took. */
  async function runSearched(plans: readonly [Plan, Plan], withTrials: boolean): Promise<Compared> {
    const key = JSON.stringify(plans);
    const runner = makeRunner(breathe());
    if (searched?.key !== key) {
      const runs = [await runOf("scenario", plans[0], runner), await runOf("plan", plans[1], runner)];
      searched = { key, compared: tracedRuns({ basis: "as written", runs }) };
    }
    const { comparison, tracers } = searched.compared;
    if (withTrials && !comparison.sample)
      searched = { key, compared: { comparison: await samplePlans(comparison, runner), tracers } };
    return searched.compared;
  }

  async function runOf(name: string, plan: Plan, runner: Runner, mix?: string): Promise<ComparedRun> {
    const { scenario } = reader.load(plan, mix);
    const plain = scenario && (await runPlain(scenario, runner));
    if (!scenario || !plain?.results) throw new Refusal(`${name} has a fault, so that it cannot be run`);
    return { name, scenario, results: plain.results };
  }

  async function compare(own: Shown, { with: other, width }: CompareQuestion): Promise<Replies["compare"]> {
    const pause = breathe();
    const runner = makeRunner(pause);
    const next = async (name: string, plan: Plan, mix?: string): Promise<ComparedRun> => {
      const run = await runOf(name, plan, runner, mix);
      await pause();
      return run;
    };
    const runs: ComparedRun[] = [];
    if (other === "mixes")
      for (const mix of listMixes(own.scenario)) runs.push(await next(mix, own.plan, mix));
    else runs.push(await next("A", other), { name: "B", scenario: own.scenario, results: own.results });
    try {
      const { told, comparison } = await compareRuns(runs, runner, width);
      compared = tracedRuns(comparison);
      return told;
    } catch (error) {
      throw error instanceof Unsampled ? new Refusal(error.message) : error;
    }
  }

  /** The last run with all that its files hold: read, run and sampled as the command does, because the answer shows less. */
  async function runToFile(own: Shown): Promise<RunToFile> {
    const { plan } = own;
    if (!own.isFinal) throw new Refusal("the run is not finished");
    own.toFile ??= await runAll(plan);
    const { catalog, version } = reader;
    return { ...own.toFile, file: plan.file, catalog, version, command: commandOf(own) };
  }

  async function runAll(plan: Plan): Promise<Pick<RunToFile, "scenario" | "results">> {
    const runner = makeRunner(breathe());
    const { scenario } = reader.load(plan);
    const plain = scenario && (await runPlain(scenario, runner));
    if (!scenario || !plain?.results) throw new Refusal("the plan has a fault");
    if (plain.results.notes.uncertainCount === 0) return { scenario, results: plain.results };
    const sample = prepareSample(scenario, plain.results, { trials: STANDARD_TRIALS, seed: STANDARD_SEED });
    const sampled = await runMonteCarlo(sample, plain.results, runner);
    if (!sampled.results) throw new Refusal("a draw leaves its range");
    return { scenario, results: sampled.results };
  }

  return (
    question: Question,
  ): Replies[keyof Replies] | Promise<Replies["trace" | "compare" | "files" | "workbook"]> => {
    switch (question.kind) {
      case "suggest":
        return suggestAt(question.spot, shown()?.scenario, reader.chips);
      case "describe":
        return describeAt(question.keys, shown()?.scenario);
      case "find":
        return findCertain(lastShown().scenario, question.words);
      case "trace":
        return trace(lastShown(), question);
      case "unfold":
        return unfold(lastShown(), question.path);
      case "compare":
        return compare(lastShown(), question);
      case "files":
        return runToFile(lastShown()).then(makeRunFiles);
      case "workbook":
        return runToFile(lastShown()).then(makeRunWorkbook);
    }
  };
}

/** Runs that are compared, each with what takes its figures apart. */
function tracedRuns(comparison: Comparison): Compared {
  const tracers = comparison.runs.map(({ scenario, results }) => createTracer(scenario, results));
  return { comparison, tracers };
}

/** A trace as it is sent; its parts can be asked for from then on. */
function keepTrace(own: Shown, traced: FigureTrace): Replies["trace"] {
  if ("refusal" in traced) throw new Refusal(traced.refusal);
  own.tree = traced.tree;
  const { metric, text, tree } = traced;
  return { metric, text: remarkInWords(text), tree: postNode(tree, TRACE_DEPTH, own.scenario) };
}

function unfold({ tree, scenario }: Shown, path: readonly number[]): Replies["unfold"] {
  if (!tree) throw new Refusal("the plan has changed since; click the number again");
  return partsAt(tree, path).map((child) => postNode(child, 1, scenario));
}
