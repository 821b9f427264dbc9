import { type PlainRun, runPlain } from "../../analysis/results/plain-run.ts";
import type { Results } from "../../analysis/results/results.ts";
import { warnOfNeverServed } from "../../analysis/results/shortfalls.ts";
import type { FigureRequest } from "../../analysis/results/spread.ts";
import { runMonteCarlo, STANDARD_SEED, STANDARD_TRIALS } from "../../analysis/sample/montecarlo.ts";
import {
  prepareReadSample,
  type ReadSample,
  watchReads,
  withTrials,
} from "../../analysis/sample/read-sample.ts";
import { type Diagnostic, sortDiagnostics } from "../../diagnostics/diagnostic.ts";
import { tellRun } from "../../report/run-report.ts";
import { createThreadRunners, type Runner } from "../../run/runner.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Answer, Influence, Plan, Question, Replies, RunRequest, Tell } from "../messages.ts";
import { showAnswer } from "./answer.ts";
import { createTracer } from "./figure-trace.ts";
import type { MakeRunner } from "./helpers.ts";
import type { PlanReader } from "./plans.ts";
import { problemOf } from "./problems.ts";
import { createAnswers } from "./questions.ts";
import { findRemedies } from "./remedies.ts";
import { CalledOff, commandOf, type Shown } from "./shown.ts";
import { createSliders } from "./sliders.ts";

/** Trials of the first, coarse answer: soon there, and close enough to see a slider's effect. */
const COARSE_TRIALS = 200;

/** Pictures of a first screen. */
const FIRST_PICTURES = 2;

/**
 * A slider that rests this long has come to where it is wanted [ms]; one that moves on ends the sample within a few tiles. After an
 * edit, the next one may wait already: a sample that it ends at once leaves only garbage.
 */
const RESTED = 40;

/** The metric by which values are ordered. */
const INFLUENCED = "cost_provider_pv_usd";

/** A rank correlation below so many of its standard errors, 1 / sqrt(trials) each, may be chance. */
const ERRORS_OF_CHANCE = 2;

/** Thrown inside a run that a newer one has overtaken. */
class Overtaken extends Error {}

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
 * @param makeRunner makes what simulates
 */
export function createSession(
  reader: PlanReader,
  tell: (message: Tell) => void,
  pause: (time?: number) => Promise<void>,
  makeRunner: MakeRunner = createThreadRunners(),
): Session {
  const { load } = reader;
  const sliders = createSliders(load, (scenario) => readOptions(scenario, COARSE_TRIALS));
  let newest = 0;
  let width = 0;
  let shown: Shown | undefined;
  /** What was shown last of a plan that was found sound: a slider is answered before its plan is checked. */
  let sound: Shown | undefined;
  /** Figures of the plan that its answer asks for only once it knows others. */
  let missed: readonly FigureRequest[] = [];

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
    const { run: number, plan, pins, far, isWithoutSliders = false } = request;
    const breathe = async (time?: number): Promise<void> => {
      await pause(time);
      if (newest !== number) throw new Overtaken();
    };
    if (shown?.plan.text !== plan.text) missed = [];
    const isMoved = await move(request, makeRunner(breathe));
    if (isMoved) await breathe(RESTED);
    const whole = isMoved ? await settle(request, makeRunner(breathe)) : undefined;
    if (whole) await breathe();
    const runner = makeRunner(breathe);
    const { scenario, diagnostics } = load(plan);
    const plain = whole ?? (scenario && (await runPlain(scenario, runner)));
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
      tell({ kind: "fixes", run: number, problems: await findRemedies(plan, sorted, load, breathe) });
      return;
    }
    report(true);
    const { results } = plain;
    const isCertain = results.notes.uncertainCount === 0;
    const isOther = shown?.plan.file !== plan.file;
    shown = shownOf(plan, scenario, results, shown);
    sound = shown;
    if (whole) {
      shown.isFinal = true;
      tell({ kind: "final", run: number, ...influenceOf(results) });
    } else if (isCertain) show(number, results, true);
    // Whoever opens a plan sees what it is before the trials are done, and what stands on the first screen before the rest.
    else if (isOther)
      tellAnswer(number, showAnswer(scenario, results, width, false, commandOf(shown), FIRST_PICTURES));
    const read = { scenario, uncertain: plain.uncertain ?? [] };
    const listed = await sliders.list(plan, pins, read, isWithoutSliders);
    if (listed) tell({ kind: "sliders", ...listed });
    if (whole || isCertain) return;
    let sample: ReadSample | undefined;
    for (const trials of isMoved ? [STANDARD_TRIALS] : [COARSE_TRIALS, STANDARD_TRIALS]) {
      for (let isTold = false; !isTold; ) {
        await breathe(trials === STANDARD_TRIALS && !isOther ? RESTED : 0);
        // Compiled once for both numbers of trials, unless the answer turns out to read more.
        sample = sample
          ? withTrials(sample, trials)
          : prepareReadSample(scenario, results, readOptions(scenario, trials));
        const sampled = await runMonteCarlo(sample, results, runner);
        await breathe();
        if (!sampled.results) return report(false, sampled.diagnostics);
        const watched = watchReads(sampled.results, sample);
        const isAll = trials === STANDARD_TRIALS;
        isTold = show(number, watched.results, isAll, watched.missed, isAll || isOther ? [] : far);
        if (!isTold) sample = undefined;
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
   * Answers the move of a slider coarsely.
   *
   * @return false where only checking and compiling the plan can tell
   */
  async function move(request: RunRequest, runner: Runner): Promise<boolean> {
    const { run: number, plan, far } = request;
    const moved = await sliders.move(request, shown, { trials: COARSE_TRIALS, runner });
    if (!moved || newest !== number) return false;
    const { scenario, results } = moved;
    shown = shownOf(plan, scenario, results, shown);
    tellAnswer(number, showAnswer(scenario, results, width, false, commandOf(shown), far));
    return true;
  }

  /**
   * Answers a slider that has come to rest with all trials, of the plan as it was compiled for that slider: only checking it is left.
   *
   * @return undefined where the plan has to be compiled again, because its answer reads more
   */
  async function settle(request: RunRequest, runner: Runner): Promise<PlainRun | undefined> {
    const { run: number, plan } = request;
    const moved = await sliders.move(request, shown, { trials: STANDARD_TRIALS, runner });
    if (!moved?.results.spread || newest !== number) return undefined;
    const { scenario, results, missed: missing } = moved;
    shown = shownOf(plan, scenario, results, shown);
    const answer = showAnswer(scenario, results, width, false, commandOf(shown));
    missed = [...missed, ...missing];
    if (missing.length > 0) return undefined;
    tellAnswer(number, { ...answer, isWhole: true });
    return { results, diagnostics: [] };
  }

  /** Shows results, unless figures turn out to be missing for it: then it says no, and they are known for the next sample. */
  function show(
    number: number,
    results: Results,
    isFinal: boolean,
    missing: readonly FigureRequest[] = [],
    far: readonly string[] = [],
  ): boolean {
    if (!shown) return true;
    shown.results = results;
    shown.isFinal = isFinal;
    const answer = showAnswer(shown.scenario, results, width, isFinal, commandOf(shown), far);
    missed = [...missed, ...missing];
    if (missing.length > 0) return false;
    tellAnswer(number, answer, influenceOf(results));
    return true;
  }

  function tellAnswer(run: number, answer: Answer, influence: { readonly influence?: Influence } = {}): void {
    tell({ kind: "answer", run, answer, ...influence });
  }

  return {
    run,
    hold: (path) => {
      if (shown) sliders.hold(path, shown);
    },
    draw: (given) => {
      width = given;
      if (shown) show(newest, shown.results, shown.isFinal);
    },
    answer: createAnswers({
      shown: () => shown,
      reader,
      makeRunner,
      breathe: () => {
        const begun = newest;
        return async () => {
          await pause();
          if (newest !== begun) throw new CalledOff("the plan changed meanwhile");
        };
      },
    }),
  };
}

/** How closely the cost follows the values; nothing without a sample. */
function influenceOf({ spread }: Results): { readonly influence?: Influence } {
  const ranked = spread?.rankInputs?.(INFLUENCED);
  if (!ranked) return {};
  const trials = spread?.trialsOf?.(INFLUENCED)?.length ?? 0;
  const strong = ranked.flatMap(({ key, correlation }) => {
    const size = Math.abs(correlation);
    return size < ERRORS_OF_CHANCE / Math.sqrt(trials) ? [] : [[key, size] as const];
  });
  return { influence: { trials, byLine: Object.fromEntries(strong) } };
}

/** A run of a plan; what was taken apart of an earlier run of the same plan can be opened further. */
function shownOf(plan: Plan, scenario: Scenario, results: Results, before: Shown | undefined): Shown {
  const { tree } = before && JSON.stringify(before.plan) === JSON.stringify(plan) ? before : {};
  const tracer = createTracer(scenario, results);
  return { plan, scenario, results, isFinal: false, tracer, ...(tree ? { tree } : {}) };
}
