import { type Crew, type CrewThread, createCrew } from "../../run/crew.ts";
import { createThreadRunners, type Runner } from "../../run/runner.ts";

/** Makes the runner of a run; `pause` is awaited between pieces of its work, and may end it. */
export type MakeRunner = (pause?: () => Promise<void>) => Runner;

/** From the trials of a coarse answer on a sample is shared: a smaller one is over before a thread has heard of it. */
const WORTH_SHARING = 200;

/** From here on one of another plan than the last is shared, too. */
const WORTH_TELLING = 256;

/** Threads that had nothing to do for so long end, because each takes memory [ms]. */
const IDLE = 20_000;

/** A thread that helps, and can be ended. */
export type Helper = CrewThread & { readonly end: () => void };

/**
 * Makes runners that share samples out among threads, with the same numbers bit for bit. One sample has the threads at a time; another
 * beside it is simulated in the calling thread. The first, coarse sample of a plan is too: while a person types, each has another plan,
 * and what a thread is told of a plan stays in its memory until its garbage is collected.
 *
 * @param start starts the threads, when a sample asks for them
 *
 * Fails: the runners do as `pause` does.
 */
export function shareSamples(start: () => readonly Helper[]): MakeRunner {
  const makeRunner = createThreadRunners();
  let helpers: readonly Helper[] = [];
  let crew: Crew | undefined;
  let isBusy = false;
  let last: object | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function end(): void {
    for (const helper of helpers) helper.end();
    helpers = [];
    crew = undefined;
  }

  return (pause) => ({
    run: makeRunner(pause).run,
    sample: async (plan, request) => {
      const worth = plan === last ? WORTH_SHARING : WORTH_TELLING;
      last = plan;
      if (isBusy || request.trials < worth) return makeRunner(pause).sample(plan, request);
      if (!crew) {
        helpers = start();
        crew = createCrew(helpers);
      }
      isBusy = true;
      clearTimeout(timer);
      try {
        return await makeRunner(pause, crew).sample(plan, request);
      } finally {
        isBusy = false;
        timer = setTimeout(end, IDLE);
      }
    },
  });
}
