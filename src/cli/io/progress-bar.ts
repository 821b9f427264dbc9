import type { Progress } from "../../run/sample.ts";
import { printError } from "./streams.ts";

/** Shows how far a sample is, on a terminal; elsewhere it says no more than that there is no WebAssembly. */
export type ProgressBar = { readonly update: (progress: Progress) => void; readonly stop: () => void };

/**
 * Opens a bar on standard error. The library is loaded only if there is a terminal.
 *
 * @param unit what the bar counts
 */
export async function openProgressBar(isShown: boolean, unit = "trials"): Promise<ProgressBar> {
  if (!isShown) return { update: () => {}, stop: () => {} };
  let isSaid = false;
  const sayPlain = (isPlain = false): void => {
    if (isPlain && !isSaid)
      printError(
        "no WebAssembly here (no memory for it, or it is forbidden): plain loops take several times as long\n",
      );
    isSaid ||= isPlain;
  };
  if (!process.stderr.isTTY) return { update: ({ isPlain }) => sayPlain(isPlain), stop: () => {} };
  const { default: library } = await import("cli-progress");
  const bar = new library.SingleBar({
    // The library's own estimate is of the last few updates and has no word for what it cannot know.
    format: `{bar} {value}/{total} ${unit}, {rate}/s{left}`,
    barsize: 30,
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
  });
  const started = Date.now();
  let isStarted = false;
  return {
    update: ({ done, all, isPlain }) => {
      sayPlain(isPlain);
      const elapsed = Math.max(1, Date.now() - started);
      const shown = { rate: Math.round((done / elapsed) * 1000), left: remainingText(done, all, elapsed) };
      if (!isStarted) bar.start(all, done, shown);
      isStarted = true;
      bar.setTotal(all);
      bar.update(done, shown);
    },
    stop: () => {
      if (isStarted) bar.stop();
    },
  };
}

/**
 * How long the rest takes at the pace so far, such as `, 2 min left`; nothing before a hundredth is done, which tells too little.
 *
 * @param elapsed since the start [ms]
 */
export function remainingText(done: number, all: number, elapsed: number): string {
  if (done * 100 < all || done >= all) return "";
  const seconds = Math.ceil((elapsed / done) * (all - done) * 1e-3);
  if (seconds < 90) return `, ${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `, ${minutes} min left` : `, ${Math.round(minutes / 60)} h left`;
}
