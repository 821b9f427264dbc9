import { runSweep, type SweepRow } from "../../analysis/sweep/run-sweep.ts";
import { countText } from "../../export/number-text.ts";
import { isGiven } from "../io/command.ts";
import { ExitCode } from "../io/exit-code.ts";
import { openProgressBar } from "../io/progress-bar.ts";
import { printError } from "../io/streams.ts";
import type { ShardRange } from "../shards/shard-options.ts";
import type { SweepJob } from "./sweep-job.ts";
import { openSweepRunners } from "./sweep-threads.ts";

/** Where finished points are kept. */
export type PointKeeper = {
  /** Rows that an earlier run left, from the first point of the range on. */
  readonly rows: readonly SweepRow[];
  readonly append: (firstPoint: number, rows: readonly SweepRow[]) => void;
};

/**
 * Runs the remaining points of a range, keeps each chunk, and returns the rows of the whole range.
 *
 * Fails: throws the error of the file system if rows cannot be kept, and `LostPointsError` if a thread dies.
 */
export async function runPoints(
  { prepared, load, sample, options, given, environment }: SweepJob,
  { first, end }: ShardRange,
  keeper: PointKeeper,
): Promise<readonly SweepRow[]> {
  const rows: SweepRow[] = [...keeper.rows];
  const all = end - first;
  const isQuiet = isGiven(given, "quiet");
  if (rows.length > 0 && !isQuiet)
    printError(`${countText(rows.length)} of them were done before and are kept\n`);
  const bar = await openProgressBar(!isQuiet, "points");
  const sayHow = (code: number) => {
    bar.stop();
    if (code === ExitCode.interrupted || code === ExitCode.terminated)
      printError(
        `gigafleet: interrupted after ${countText(rows.length)} of ${countText(all)} points; run the same command again to resume\n`,
      );
  };
  process.once("exit", sayHow);
  const how = { threads: options.threads, sample, given, environment };
  const { runners, chunkPoints, close } = openSweepRunners(prepared, load, all - rows.length, how);
  try {
    for await (const chunk of runSweep({ first: first + rows.length, end }, runners, chunkPoints)) {
      rows.push(...chunk.rows);
      keeper.append(chunk.firstPoint, chunk.rows);
      bar.update({ done: rows.length, all });
    }
    return rows;
  } finally {
    process.removeListener("exit", sayHow);
    bar.stop();
    await close();
  }
}
