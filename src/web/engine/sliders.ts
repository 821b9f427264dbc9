import { runPlain } from "../../analysis/results/plain-run.ts";
import {
  type HowToMove,
  type MovedResults,
  type MovedRun,
  prepareMovedRun,
} from "../../analysis/sample/moved-run.ts";
import type { ReadOptions } from "../../analysis/sample/read-sample.ts";
import { createThreadRunner } from "../../run/runner.ts";
import { readMonth } from "../../scenario/language/month-text.ts";
import type { LoadResult } from "../../scenario/load.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { parseQuantity } from "../../units/quantity.ts";
import type { Movable, Plan, RunRequest, Unmovable } from "../messages.ts";
import { listMovables, listUnmovables, VALUE } from "./movables.ts";
import type { Shown } from "./shown.ts";

/** A scenario with the paths of the uncertain values that its run reads. */
type ReadRun = { readonly scenario: Scenario; readonly uncertain: readonly string[] };

/** A plan compiled for one slider. */
type Held = { readonly key: string; readonly run: MovedRun | undefined };

/** What the list of values has. */
type Listed = { readonly movables: readonly Movable[]; readonly unmovables: readonly Unmovable[] };

/** The sliders of the plan that is shown. */
export type Sliders = {
  /** Lists them; undefined, unless `isAlways`, where they are as listed last: moving one leaves them, since they are of the plan as written. */
  readonly list: (
    plan: Plan,
    pins: readonly string[],
    run: ReadRun,
    isAlways: boolean,
  ) => Promise<Listed | undefined>;
  /** Compiles the plan that is shown for a slider, so that its first move is answered as soon as the others. */
  readonly hold: (path: string, shown: Shown) => void;
  /** Runs a plan whose slider moves, as it was compiled when that was first held; undefined where only checking it can tell. */
  readonly move: (
    request: RunRequest,
    shown: Shown | undefined,
    how: HowToMove,
  ) => Promise<MovedResults | undefined>;
};

/**
 * Makes the sliders of a session.
 *
 * @param optionsFor the sample that answers a move
 */
export function createSliders(
  load: (plan: Plan) => LoadResult,
  optionsFor: (scenario: Scenario) => ReadOptions,
): Sliders {
  /** The plan, without its moved values, that the sliders on the page are of. */
  let listed = "";
  let sliders: ReadonlyMap<string, Movable> = new Map();
  let held: Held | undefined;

  /** The plan that is shown, compiled for a slider; undefined where a plan differs from it by more than that slider. */
  function holdFor(plan: Plan, movable: Movable, shown: Shown | undefined): MovedRun | undefined {
    const key = keyWithout(plan, movable.path);
    if (held?.key === key) return held.run;
    if (!shown || keyWithout(shown.plan, movable.path) !== key) return undefined;
    const { isMonth, middle, siPerUnit, line: path, written: text } = movable;
    const si = isMonth ? middle : middle * siPerUnit;
    const run = prepareMovedRun(shown, { path, si, text }, optionsFor(shown.scenario));
    held = { key, run };
    return run;
  }

  /** The plan without its moved values. */
  async function readWritten(plan: Plan): Promise<ReadRun | undefined> {
    const { scenario } = load({ ...plan, sets: [] });
    const plain = scenario && (await runPlain(scenario, createThreadRunner()));
    return scenario && plain?.results && { scenario, uncertain: plain.uncertain ?? [] };
  }

  return {
    list: async (plan, pins, run, isAlways) => {
      const key = JSON.stringify([plan.file, plan.text, plan.others, pins]);
      if (key === listed && !isAlways) return undefined;
      const written = plan.sets.length === 0 ? run : await readWritten(plan);
      if (!written) return undefined;
      listed = key;
      // Of the plan before: compiled, with the memory of its sample, it takes as much as a whole run.
      held = undefined;
      const movables = listMovables(written.scenario, written.uncertain, pins);
      sliders = new Map(movables.map((movable) => [movable.path, movable]));
      return { movables, unmovables: listUnmovables(written.scenario, written.uncertain, movables) };
    },
    hold: (path, shown) => {
      const movable = sliders.get(path);
      if (movable) holdFor(shown.plan, movable, shown);
    },
    move: async ({ plan, moving }, shown, how) => {
      const movable = moving === undefined ? undefined : sliders.get(moving);
      const written = movable && writtenOf(plan, movable.path);
      const si = movable && written !== undefined ? siOf(movable, written) : undefined;
      if (!movable || written === undefined || si === undefined) return undefined;
      return await holdFor(plan, movable, shown)?.at(si, written, how);
    },
  };
}

/** The value that a plan states for a slider, read as the scenario reads it: the last bit may decide whether a limit holds. */
function siOf({ form, isMonth }: Movable, written: string): number | undefined {
  const [before, behind] = form.split(VALUE);
  const text = written.slice(before.length, written.length - behind.length);
  return isMonth ? readMonth(text) : parseQuantity(text).value?.si;
}

/** What tells plans apart that do not differ in one slider alone. */
function keyWithout({ file, text, others, sets }: Plan, path: string): string {
  return JSON.stringify([file, text, others, path, sets.filter((set) => !set.startsWith(`${path}=`))]);
}

/** The value of a slider as `--set` has it. */
function writtenOf({ sets }: Plan, path: string): string | undefined {
  return sets.find((set) => set.startsWith(`${path}=`))?.slice(path.length + 1);
}
