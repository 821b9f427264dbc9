/** Threads of a browser that help the engine with large samples: the engine's own program again, told by its name to help. */
import { createTaskTaker, type WorkerAnswer, type WorkerMessage } from "../../run/shared-tasks.ts";
import type { Helper } from "./helpers.ts";

/** Name of a thread that helps. */
export const HELPER = "helper";

/** Each thread holds the engine and a compiled plan of its own (measured: 120 MB for the reference). */
const MOST = 4;

/** A thread that helps, seen from inside. */
type HelperScope = {
  postMessage: (answer: WorkerAnswer) => void;
  onmessage: ((event: MessageEvent<WorkerMessage>) => void) | null;
};

/** Makes a thread one that helps. */
export function help(scope: HelperScope): void {
  const take = createTaskTaker();
  scope.onmessage = ({ data }) => {
    const answer = take(data);
    if (answer) scope.postMessage(answer);
  };
}

/** Starts a thread for each processor; none from disk, where a browser has no shared memory, or with one processor. */
export function startHelpers(): readonly Helper[] {
  const count = globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MOST) : 0;
  return count < 2 ? [] : Array.from({ length: count }, startHelper);
}

function startHelper(): Helper {
  const worker = new Worker(globalThis.location.href, { name: HELPER });
  let lost: Error | undefined;
  const lose = (event: Event): void => {
    event.preventDefault();
    lost = new Error("a thread that helps has ended");
  };
  worker.addEventListener("error", lose);
  return {
    post: (message) => worker.postMessage(message),
    answer: () =>
      new Promise((resolve, reject) => {
        const settle = (): void => {
          worker.removeEventListener("message", onAnswer);
          worker.removeEventListener("error", onError);
        };
        const onAnswer = ({ data }: MessageEvent<WorkerAnswer>): void => {
          settle();
          resolve(data);
        };
        const onError = (): void => {
          settle();
          reject(lost);
        };
        worker.addEventListener("message", onAnswer);
        worker.addEventListener("error", onError);
        if (lost) onError();
      }),
    end: () => worker.terminate(),
  };
}
