import type { ComparedRun } from "../../analysis/compare/comparison.ts";
import { runPlain } from "../../analysis/results/plain-run.ts";
import type { Results } from "../../analysis/results/results.ts";
import { warnOfNeverServed } from "../../analysis/results/shortfalls.ts";
import type { FigureRequest, RankedInput } from "../../analysis/results/spread.ts";
import {
  prepareSample,
  runMonteCarlo,
  STANDARD_SEED,
  STANDARD_TRIALS,
} from "../../analysis/sample/montecarlo.ts";
import { type MovedRun, prepareMovedRun } from "../../analysis/sample/moved-run.ts";
import { prepareReadSample, watchReads } from "../../analysis/sample/read-sample.ts";
import type { TraceNode } from "../../analysis/trace/trace-node.ts";
import { type Diagnostic, sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import { sampleWords, writeCommand } from "../../report/origin.ts";
import { tellRun } from "../../report/run-report.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { packFile } from "../../scenario/files/packed-tree.ts";
import { type LoadResult, loadScenario } from "../../scenario/load.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type {
  Answer,
  Movable,
  Plan,
  Problem,
  Question,
  Replies,
  RunRequest,
  Shipped,
  Tell,
} from "../messages.ts";
import { listMixes, showAnswer } from "./answer.ts";
import { compareRuns, Unsampled } from "./compare-plans.ts";
import { createTracer, cutToPost, type FigureTracer, partsAt } from "./figure-trace.ts";
import { findCertain, listMovables } from "./movables.ts";
import { problemOf, proposalsOf, replaceAt } from "./problems.ts";
import { makeRunFiles } from "./run-files.ts";
import { describeAt, suggestAt } from "./suggest.ts";

/** Trials of the first, coarse answer: soon there, and close enough to see a slider's effect. */
const COARSE_TRIALS = 200;

/** A slider that rests this long has come to where it is wanted [ms]. */
const RESTED = 150;

/** Levels of a trace that are sent at once. */
const TRACE_DEPTH = 2;

/** Most faults for which remedies are tried. */
const MOST_REMEDIED = 5;

/** The metric by which values are ordered. */
const INFLUENCED = "cost_provider_pv_usd";

/** Thrown inside a run that a newer one has overtaken. */
class Overtaken extends Error {}

/** A question that cannot be answered, in words for the reader. */
export class Refusal extends Error {}

type CompareQuestion = Extract<Question, { kind: "compare" }>;

/** A scenario with the paths of the uncertain values that its run reads. */
type ReadRun = { readonly scenario: Scenario; readonly uncertain: readonly string[] };

/** A run whose answer is on the page. */
type Shown = {
  readonly plan: Plan;
  readonly scenario: Scenario;
  results: Results;
  isFinal: boolean;
  readonly tracer: FigureTracer;
  /** The last figure taken apart. */
  tree?: TraceNode;
  /** The results with the statistics of all tables, once files were asked for. */
  all?: Results;
};

/** A plan compiled for one slider. */
type Held = { readonly key: string; readonly run: MovedRun | undefined };

/** The engine behind a page: checks and runs plans, and answers questions about the last sound one. */
export type Session = {
  readonly run: (request: RunRequest) => Promise<void>;
  readonly draw: (width: number) => void;
  /** Compiles the plan that is shown for a slider, so that its first move is answered as soon as the others. */
  readonly hold: (path: string) => void;
  /** Fails: throws or rejects with a `Refusal`. */
  readonly answer: (question: Question) => Replies[keyof Replies] | Promise<Replies[keyof Replies]>;
};

/**
 * Makes a session.
 *
 * @param tell  posts to the page
 * @param pause awaited between pieces of long work, so that newer messages are heard; with a time it lasts as long [ms]
 */
export function createSession(
  { catalog, scenarios, version }: Shipped,
  tell: (message: Tell) => void,
  pause: (time?: number) => Promise<void>,
): Session {
  const catalogFiles = Object.keys(catalog).sort();
  // Parsed once: the catalog is most of what a scenario is loaded from.
  const packed = Object.assign(
    {},
    ...catalogFiles.map((path) => packFile(baseOf(path), catalog[path] ?? "")),
  );
  let newest = 0;
  let width = 0;
  let shown: Shown | undefined;
  /** What was shown last of a plan that was found sound: a slider is answered before its plan is checked. */
  let sound: Shown | undefined;
  /** The plan, without its moved values, that the sliders on the page are of. */
  let sliding = "";
  let sliders: ReadonlyMap<string, Movable> = new Map();
  let held: Held | undefined;
  /** Figures of the plan that its answer asks for only once it knows others. */
  let missed: readonly FigureRequest[] = [];

  function load({ file, text, others, sets }: Plan, mix?: string): LoadResult {
    const read = (path: string) => {
      if (path === file) return text;
      // A plan may name a file `constructor`, which every record has but no text.
      return [others, catalog, scenarios].find((texts) => Object.hasOwn(texts, path))?.[path];
    };
    return loadScenario({
      path: file,
      catalog: catalogFiles,
      read,
      sets,
      packed,
      ...(mix === undefined ? {} : { mix }),
    });
  }

  async function run(request: RunRequest): Promise<void> {
    newest = request.run;
    width = request.width;
    try {
      await check(request);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }

  async function check(request: RunRequest): Promise<void> {
    const { run: number, plan, pins } = request;
    const breathe = async (time?: number): Promise<void> => {
      await pause(time);
      if (newest !== number) throw new Overtaken();
    };
    if (shown?.plan.text !== plan.text) missed = [];
    const isMoved = await move(request);
    if (isMoved) await breathe(RESTED);
    const runner = createThreadRunner(breathe);
    const { scenario, diagnostics } = load(plan);
    const plain = scenario && (await runPlain(scenario, runner));
    const found: Diagnostic[] = [...diagnostics, ...(plain?.diagnostics ?? [])];
    if (scenario && plain?.results) found.push(...warnOfNeverServed(scenario, plain.results, found));
    const sorted = sortDiagnostics(found);
    const report = (isSound: boolean, more: readonly Diagnostic[] = []): void =>
      tell({
        kind: "checked",
        run: number,
        problems: [...more, ...sorted].map((one) => problemOf(one, plan.file)),
        isSound,
      });
    if (!scenario || !plain?.results) {
      if (isMoved && sound) {
        shown = sound;
        show(number, sound.results, sound.isFinal);
      }
      report(false);
      await breathe();
      tell({ kind: "fixes", run: number, problems: await remedied(plan, sorted, breathe) });
      return;
    }
    report(true);
    const { results } = plain;
    const isCertain = results.notes.uncertainCount === 0;
    const isOther = shown?.plan.file !== plan.file;
    shown = { plan, scenario, results, isFinal: false, tracer: createTracer(scenario, results) };
    sound = shown;
    // Whoever opens a plan sees what it is before the trials are done.
    if (isOther || isCertain) show(number, results, isCertain);
    await slide(plan, pins, { scenario, uncertain: plain.uncertain ?? [] });
    if (isCertain) return;
    for (const trials of isMoved ? [STANDARD_TRIALS] : [COARSE_TRIALS, STANDARD_TRIALS]) {
      for (let isTold = false; !isTold; ) {
        await breathe();
        const sample = prepareReadSample(scenario, results, readOptions(scenario, trials));
        const sampled = await runMonteCarlo(sample, results, runner);
        await breathe();
        if (!sampled.results) return report(false, sampled.diagnostics);
        const watched = watchReads(sampled.results, sample);
        isTold = show(number, watched.results, trials === STANDARD_TRIALS, watched.missed);
      }
    }
  }

  /** A sample of what the answer shows. */
  function readOptions(scenario: Scenario, trials: number) {
    const read = (results: Results) => {
      tellRun(scenario, results);
    };
    return { trials, seed: STANDARD_SEED, read, missed };
  }

  /**
   * Answers the move of a slider coarsely, from the plan as it was compiled when the slider was first held.
   *
   * @return false where only checking and compiling the plan can tell
   */
  async function move({ run: number, plan, moving, near }: RunRequest): Promise<boolean> {
    const movable = moving && sliders.get(moving.path);
    const written = movable && writtenOf(plan, movable.path);
    if (!moving || !movable || written === undefined) return false;
    const si = movable.isMonth ? Math.round(moving.position) : moving.position * movable.siPerUnit;
    const moved = await holdFor(plan, movable)?.at(si, written);
    if (!moved || newest !== number) return false;
    const { scenario, results } = moved;
    shown = { plan, scenario, results, isFinal: false, tracer: createTracer(scenario, results) };
    tellAnswer(number, showAnswer(scenario, results, width, false, commandOf(shown), near));
    return true;
  }

  function hold(path: string): void {
    const movable = sliders.get(path);
    if (movable && shown) holdFor(shown.plan, movable);
  }

  /** The plan that is shown, compiled for a slider; undefined where a plan differs from it by more than that slider. */
  function holdFor(plan: Plan, movable: Movable): MovedRun | undefined {
    const key = keyWithout(plan, movable.path);
    if (held?.key === key) return held.run;
    if (!shown || keyWithout(shown.plan, movable.path) !== key) return undefined;
    const { isMonth, middle, siPerUnit, line: path, written: text } = movable;
    const si = isMonth ? middle : middle * siPerUnit;
    const options = readOptions(shown.scenario, COARSE_TRIALS);
    held = { key, run: prepareMovedRun(shown, { path, si, text }, createThreadRunner(), options) };
    return held.run;
  }

  /** Lists the sliders of a plan, once: moving one leaves them as they are, since they are of the plan as written. */
  async function slide(plan: Plan, pins: readonly string[], run: ReadRun): Promise<void> {
    const key = JSON.stringify([plan.file, plan.text, plan.others, pins]);
    if (key === sliding) return;
    const written = plan.sets.length === 0 ? run : await readWritten(plan);
    if (!written) return;
    sliding = key;
    const movables = listMovables(written.scenario, written.uncertain, pins);
    sliders = new Map(movables.map((movable) => [movable.path, movable]));
    tell({ kind: "sliders", movables });
  }

  /** The plan without its moved values. */
  async function readWritten(plan: Plan): Promise<ReadRun | undefined> {
    const { scenario } = load({ ...plan, sets: [] });
    const plain = scenario && (await runPlain(scenario, createThreadRunner()));
    return scenario && plain?.results && { scenario, uncertain: plain.uncertain ?? [] };
  }

  /** Shows results, unless figures turn out to be missing for it: then it says no, and they are known for the next sample. */
  function show(
    number: number,
    results: Results,
    isFinal: boolean,
    missing: readonly FigureRequest[] = [],
  ): boolean {
    if (!shown) return true;
    shown.results = results;
    shown.isFinal = isFinal;
    const answer = showAnswer(shown.scenario, results, width, isFinal, commandOf(shown));
    missed = [...missed, ...missing];
    if (missing.length > 0) return false;
    tellAnswer(number, answer, isFinal ? results.spread?.rankInputs?.(INFLUENCED) : undefined);
    return true;
  }

  function tellAnswer(run: number, answer: Answer, ranked?: readonly RankedInput[]): void {
    const influence =
      ranked && Object.fromEntries(ranked.map(({ key, correlation }) => [key, Math.abs(correlation)]));
    tell({ kind: "answer", run, answer, ...(influence ? { influence } : {}) });
  }

  /** The problems with the texts that remove them: each is tried, since only trying shows that nothing else goes wrong. */
  async function remedied(
    plan: Plan,
    diagnostics: readonly Diagnostic[],
    breathe: () => Promise<void>,
  ): Promise<readonly Problem[]> {
    const problems: Problem[] = [];
    for (const [index, diagnostic] of diagnostics.entries()) {
      const { at } = problemOf(diagnostic, plan.file);
      const proposals = at && index < MOST_REMEDIED ? proposalsOf(diagnostic) : [];
      const fixes: string[] = [];
      for (const proposal of proposals) {
        await breathe();
        const text = at ? replaceAt(plan.text, at, proposal) : plan.text;
        const after = load({ ...plan, text }).diagnostics.filter(({ severity }) => severity === "error");
        const before = diagnostics.filter(({ severity }) => severity === "error");
        if (after.length < before.length) fixes.push(proposal);
      }
      problems.push(problemOf(diagnostic, plan.file, fixes));
    }
    return problems;
  }

  function answer(question: Question): Replies[keyof Replies] | Promise<Replies["compare" | "files"]> {
    switch (question.kind) {
      case "suggest":
        return suggestAt(question.spot, shown?.scenario);
      case "describe":
        return describeAt(question.keys);
      case "find":
        return findCertain(lastShown().scenario, question.words);
      case "trace":
        return trace(lastShown(), question.figure);
      case "unfold":
        return unfold(lastShown(), question.path);
      case "compare":
        return compare(lastShown(), question);
      case "files":
        return files(lastShown());
    }
  }

  function lastShown(): Shown {
    if (!shown) throw new Refusal("there is no answer yet");
    return shown;
  }

  function trace(own: Shown, figure: Parameters<FigureTracer>[0]): Replies["trace"] {
    const traced = own.tracer(figure);
    if ("refusal" in traced) throw new Refusal(traced.refusal);
    own.tree = traced.tree;
    return { ...traced, tree: cutToPost(traced.tree, TRACE_DEPTH) };
  }

  function unfold({ tree }: Shown, path: readonly number[]): Replies["unfold"] {
    if (!tree) throw new Refusal("the plan has changed since; click the number again");
    return partsAt(tree, path).map((child) => cutToPost(child, 1));
  }

  async function compare(own: Shown, { with: other, width }: CompareQuestion): Promise<Replies["compare"]> {
    const breathe = breatheOf(newest);
    const runner = createThreadRunner(breathe);
    const runOf = async (name: string, plan: Plan, mix?: string): Promise<ComparedRun> => {
      const { scenario } = load(plan, mix);
      const plain = scenario && (await runPlain(scenario, runner));
      await breathe();
      if (!scenario || !plain?.results) throw new Refusal(`${name} has a fault, so that it cannot be run`);
      return { name, scenario, results: plain.results };
    };
    const runs: ComparedRun[] = [];
    if (other === "mixes")
      for (const mix of listMixes(own.scenario)) runs.push(await runOf(mix, own.plan, mix));
    else runs.push(await runOf("A", other), { name: "B", scenario: own.scenario, results: own.results });
    try {
      return await compareRuns(runs, runner, width);
    } catch (error) {
      throw error instanceof Unsampled ? new Refusal(error.message) : error;
    }
  }

  /** Pauses of an answer about the plan as it was asked about. */
  function breatheOf(begun: number): () => Promise<void> {
    return async () => {
      await pause();
      if (newest !== begun) throw new Refusal("the plan changed meanwhile");
    };
  }

  async function files(own: Shown): Promise<Replies["files"]> {
    const { scenario, plan } = own;
    const results = await readAll(own);
    const command = commandOf(own);
    return makeRunFiles({ scenario, results, file: plan.file, catalog: catalogFiles, version, command });
  }

  /** The results of a finished run with the statistics of all tables, of which the answer shows few. */
  async function readAll(own: Shown): Promise<Results> {
    const { scenario, results, isFinal } = own;
    if (!isFinal) throw new Refusal("the run is not finished");
    if (own.all || !results.spread) return own.all ?? results;
    const { spread: _some, ...plain } = results;
    const sample = prepareSample(scenario, plain, { trials: STANDARD_TRIALS, seed: STANDARD_SEED });
    const sampled = await runMonteCarlo(sample, plain, createThreadRunner(breatheOf(newest)));
    if (!sampled.results) throw new Refusal("a draw leaves its range");
    own.all = sampled.results;
    return own.all;
  }

  return {
    run,
    hold,
    draw: (given) => {
      width = given;
      if (shown) show(newest, shown.results, shown.isFinal);
    },
    answer,
  };
}

/** What tells plans apart that do not differ in one slider alone. */
function keyWithout({ file, text, others, sets }: Plan, path: string): string {
  return JSON.stringify([file, text, others, path, sets.filter((set) => !set.startsWith(`${path}=`))]);
}

/** The value of a slider as `--set` has it. */
function writtenOf({ sets }: Plan, path: string): string | undefined {
  return sets.find((set) => set.startsWith(`${path}=`))?.slice(path.length + 1);
}

function commandOf({ plan, results }: Shown): string {
  const sets = plan.sets.flatMap((set) => ["--set", set]);
  return writeCommand("run", [baseOf(plan.file), ...sets, ...sampleWords(results.spread)]);
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
