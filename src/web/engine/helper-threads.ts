/** Threads of a browser that help the engine with samples, from disk too. */
import { type CrewAnswer, memoryOfMessage } from "../../run/crew.ts";
import { HELPER } from "./help.ts";
import type { Helper } from "./helpers.ts";

/** Each thread holds a compiled plan of its own. */
const MOST = 3;

/**
 * Makes what starts a thread for each processor but the caller's own.
 *
 * @param program that of help.ts
 */
export function helpersOf(program: string): () => readonly Helper[] {
  let url: string | undefined;
  return () => {
    // From disk a worker may start only such programs as are its own: not even the one that it was started from.
    url ??= URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    const own = url;
    const count = Math.max(0, Math.min(navigator.hardwareConcurrency - 1, MOST));
    return Array.from({ length: count }, () => startHelper(own));
  };
}

function startHelper(url: string): Helper {
  const worker = new Worker(url, { name: HELPER });
  return {
    post: (message) => worker.postMessage(message, memoryOfMessage(message)),
    hear: (take) => {
      worker.addEventListener("message", ({ data }: MessageEvent<CrewAnswer>) => take(data));
      // An answer that cannot be read would be waited for without end.
      worker.addEventListener("messageerror", () => take(undefined));
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        take(undefined);
      });
    },
    end: () => worker.terminate(),
  };
}
