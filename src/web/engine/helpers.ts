import { createThreadRunner, type Runner } from "../../run/runner.ts";
import { runSample } from "../../run/sample.ts";
import { createSharedExecutor, type TaskThread } from "../../run/shared-tasks.ts";

/** Makes the runner of a run; `pause` is awaited between pieces of its work, and may end it. */
export type MakeRunner = (pause?: () => Promise<void>) => Runner;

/** From this many trials on a sample is shared out: below, compiling the plan once more in each thread takes longer. */
const WORTH_SHARING = 2000;

/** Threads that had nothing to do for so long end, because each takes memory [ms]. */
const IDLE = 20_000;

/** A thread that helps, and can be ended. */
export type Helper = TaskThread & { readonly end: () => void };

/**
 * Makes runners that share large samples out among threads, with the same numbers bit for bit. One sample has the threads at a time;
 * another beside it, and every one after a thread was lost, is simulated in the calling thread.
 *
 * @param start starts the threads, when a sample asks for them; none where there is no shared memory
 *
 * Fails: the runners do as `pause` does.
 */
export function shareSamples(start: () => readonly Helper[]): MakeRunner {
  let helpers: readonly Helper[] | undefined;
  let isBusy = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Ends the threads; those that follow are started when they are asked for. */
  function end(next?: readonly Helper[]): void {
    for (const helper of helpers ?? []) helper.end();
    helpers = next;
  }

  return (pause) => {
    const alone = createThreadRunner(pause);
    return {
      run: alone.run,
      sample: async (plan, request) => {
        if (isBusy || request.trials < WORTH_SHARING) return alone.sample(plan, request);
        helpers ??= start();
        if (helpers.length === 0) return alone.sample(plan, request);
        isBusy = true;
        clearTimeout(timer);
        let isLost = false;
        const watched = helpers.map((helper) => ({
          post: helper.post,
          answer: () =>
            helper.answer().catch((error: unknown) => {
              isLost = true;
              throw error;
            }),
        }));
        try {
          return await runSample(plan, request, createSharedExecutor(watched, pause));
        } catch (error) {
          if (!isLost) throw error;
          end([]);
        } finally {
          isBusy = false;
          if (!isLost) timer = setTimeout(end, IDLE);
        }
        return alone.sample(plan, request);
      },
    };
  };
}
