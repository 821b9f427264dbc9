import { createThreadRunner, type Runner } from "../../run/runner.ts";
import { runSample } from "../../run/sample.ts";
import { createSharedExecutor, type TaskThread } from "../../run/shared-tasks.ts";

/** Makes the runner of a run; `pause` is awaited between pieces of its work, and may end it. */
export type MakeRunner = (pause?: () => Promise<void>) => Runner;

/** From this many trials on a sample is shared out: below, compiling the plan once more in each thread takes longer. */
const WORTH_SHARING = 2000;

/** A thread that helps, and can be ended. */
export type Helper = TaskThread & { readonly end: () => void };

/**
 * Makes runners that share large samples out among threads, with the same numbers bit for bit. One sample has the threads at a time;
 * another beside it, and every one after a thread was lost, is simulated in the calling thread.
 *
 * @param start starts the threads, when the first sample asks for them; none where there is no shared memory
 *
 * Fails: the runners do as `pause` does.
 */
export function shareSamples(start: () => readonly Helper[]): MakeRunner {
  let helpers: readonly Helper[] | undefined;
  let isBusy = false;
  return (pause) => {
    const alone = createThreadRunner(pause);
    return {
      run: alone.run,
      sample: async (plan, request) => {
        if (isBusy || request.trials < WORTH_SHARING) return alone.sample(plan, request);
        helpers ??= start();
        if (helpers.length === 0) return alone.sample(plan, request);
        isBusy = true;
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
          for (const helper of helpers) helper.end();
          helpers = [];
        } finally {
          isBusy = false;
        }
        return alone.sample(plan, request);
      },
    };
  };
}
