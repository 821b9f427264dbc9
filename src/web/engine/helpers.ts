import { type Crew, type CrewThread, createCrew } from "../../run/crew.ts";
import { createThreadRunners, type Runner } from "../../run/runner.ts";

/** Makes the runner of a run; `pause` is awaited between pieces of its work, and may end it. */
export type MakeRunner = (pause?: () => Promise<void>) => Runner;

/** From this many trials on threads are started, or told another plan, for a sample; smaller ones are shared with those that know it. */
const WORTH_STARTING = 2000;

/** Threads that had nothing to do for so long end, because each takes memory [ms]. */
const IDLE = 20_000;

/** A thread that helps, and can be ended. */
export type Helper = CrewThread & { readonly end: () => void };

/**
 * Makes runners that share samples out among threads, with the same numbers bit for bit. One sample has the threads at a time; another
 * beside it is simulated in the calling thread.
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
  let timer: ReturnType<typeof setTimeout> | undefined;

  function end(): void {
    for (const helper of helpers) helper.end();
    helpers = [];
    crew = undefined;
  }

  return (pause) => ({
    run: makeRunner(pause).run,
    sample: async (plan, request) => {
      const isLarge = request.trials >= WORTH_STARTING;
      if (isBusy || !(isLarge || crew?.knows(plan, request.figures)))
        return makeRunner(pause).sample(plan, request);
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
