import type { Progress } from "../../run/sample.ts";

/** Shows how far a sample is, on a terminal; elsewhere it stays silent. */
export type ProgressBar = { readonly update: (progress: Progress) => void; readonly stop: () => void };

/**
 * Opens a bar on standard error. The library is loaded only where there is a terminal to draw on.
 *
 * @param unit what is counted
 */
export async function openProgressBar(isShown: boolean, unit = "trials"): Promise<ProgressBar> {
  if (!isShown || !process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const { default: library } = await import("cli-progress");
  const bar = new library.SingleBar({
    format: `{bar} {value}/{total} ${unit}, {rate}/s, {eta_formatted} left`,
    barsize: 30,
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
  });
  const started = Date.now();
  let isStarted = false;
  return {
    update: ({ done, all }) => {
      const rate = Math.round((done / Math.max(1, Date.now() - started)) * 1000);
      if (!isStarted) bar.start(all, done, { rate });
      isStarted = true;
      bar.setTotal(all);
      bar.update(done, { rate });
    },
    stop: () => {
      if (isStarted) bar.stop();
    },
  };
}
