import { HEADER } from "../operations/opcode.ts";
import type { Plan } from "../plan/plan.ts";
import { operandCount } from "../plan/plan-builder.ts";
import { isRunnable, LONG_RUN, readsAhead } from "../plan/schedule.ts";

/** Instructions of a program that may be computed in one pass: their places, and a name of their own. */
export type FusedRun = { readonly name: string; readonly start: number; readonly end: number };

/** The runs of a Plan, in the order of the program. */
export function findRuns({ program, shapes, transient }: Plan): readonly FusedRun[] {
  const runs: FusedRun[] = [];
  const lastReads = findLastReads(program, shapes, transient);
  let start = -1;
  const made = new Set<number>();
  /** Where the last of what stands in no memory is read. */
  let heldUntil = -1;
  const close = (end: number): void => {
    runs.push({ name: `run${runs.length}`, start, end });
    start = -1;
    made.clear();
  };
  for (let at = 0; at <= program.length; at += HEADER + (program[at + 1] ?? 0)) {
    // Runs that stand side by side differ in months or in what they make (slabs, or a number a trial), or one reads ahead of the other.
    const isOther =
      start >= 0 &&
      (program[at + 2] !== program[start + 2] ||
        program[at + 3] !== program[start + 3] ||
        shapes[program[at + HEADER]] !== shapes[program[start + HEADER]] ||
        (readsAhead(program[at]) && made.has(program[at + HEADER + 1])) ||
        (made.size >= LONG_RUN && heldUntil < at));
    if (isOther) close(at);
    const isInside = at < program.length && isRunnable(program[at], program[at + HEADER], shapes);
    if (isInside && start < 0) start = at;
    if (isInside) {
      made.add(program[at + HEADER]);
      heldUntil = Math.max(heldUntil, lastReads.get(program[at + HEADER]) ?? -1);
    }
    if (!isInside && start >= 0) close(at);
  }
  return runs;
}

/** The last instruction that reads each register which only its own run knows. */
function findLastReads(
  program: Int32Array,
  shapes: Uint8Array,
  transient: Uint8Array,
): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  for (let at = 0; at < program.length; at += HEADER + program[at + 1]) {
    if (!isRunnable(program[at], program[at + HEADER], shapes)) continue;
    const count = Math.min(operandCount(program[at]), program[at + 1] - 1);
    for (let operand = 1; operand <= count; operand++) {
      const register = program[at + HEADER + operand];
      if (transient[register] === 1) last.set(register, at);
    }
  }
  return last;
}
