/** Adds a line to the file GIGAFLEET_TIMES for each test file: seconds of processor time, then its name (docs/contributing.md). */
import fs from "node:fs";
import path from "node:path";
import { afterAll, expect } from "vitest";

/** Clock ticks in a second of Linux's process statistics. */
const TICKS = 100;

/** What this worker and its ended children have taken [s]. */
function processorTime(): number {
  const [, numbers = ""] = fs.readFileSync("/proc/self/stat", "utf8").split(") ");
  // utime, stime, cutime and cstime of proc(5).
  const ticks = numbers.split(" ").slice(11, 15).map(Number);
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS;
}

/** This file is run anew before each test file of a worker. */
const worker = globalThis as { processorTimeBefore?: number };

afterAll(() => {
  const now = processorTime();
  const seconds = (now - (worker.processorTimeBefore ?? 0)).toFixed(2);
  worker.processorTimeBefore = now;
  const name = path.relative(process.cwd(), expect.getState().testPath ?? "");
  fs.appendFileSync(process.env.GIGAFLEET_TIMES ?? "", `${seconds}\t${name}\n`);
});
