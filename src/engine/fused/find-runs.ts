import type { Plan } from "../plan.ts";
import { isRunnable } from "../schedule.ts";

/** Instructions of a program that may be computed in one pass: their places, and a name of their own. */
export type FusedRun = { readonly name: string; readonly start: number; readonly end: number };

/** The runs of a Plan, in the order of the program. */
export function findRuns({ program, shapes }: Plan): readonly FusedRun[] {
  const runs: FusedRun[] = [];
  let start = -1;
  for (let at = 0; at <= program.length; at += 2 + (program[at + 1] ?? 0)) {
    const isInside = at < program.length && isRunnable(program[at], program[at + 2], shapes);
    if (isInside && start < 0) start = at;
    if (isInside || start < 0) continue;
    runs.push({ name: `run${runs.length}`, start, end: at });
    start = -1;
  }
  return runs;
}
