import type { Instruction, Register } from "./instruction.ts";

/** What results need: the instructions that make them, in their order, and 1 for each register that is read. */
export type Liveness = {
  readonly live: readonly Instruction[];
  readonly needed: Uint8Array;
};

/**
 * Finds the instructions that results need; the others are dead code.
 *
 * @param results   registers of columns and checks
 * @param feedbacks registers that are read a month later than they are made, and what they turn out to be
 */
export function findLive(
  instructions: readonly Instruction[],
  results: Iterable<Register>,
  feedbacks: ReadonlyMap<Register, Register>,
  registerCount: number,
): Liveness {
  const needed = new Uint8Array(registerCount);
  for (const register of results) needed[register] = 1;
  const isLive = new Uint8Array(instructions.length);
  let isFound: boolean;
  do {
    isFound = false;
    for (let index = instructions.length - 1; index >= 0; index--) {
      const { outputs, inputs } = instructions[index];
      if (isLive[index] === 1 || !hasMarked(outputs, needed)) continue;
      for (let at = 0; at < inputs.length; at++) needed[feedbacks.get(inputs[at]) ?? inputs[at]] = 1;
      isLive[index] = 1;
      isFound = true;
    }
    // A fed-back value is made after its reader, so one backward pass may miss instructions.
  } while (feedbacks.size > 0 && isFound);
  return { live: instructions.filter((_, index) => isLive[index] === 1), needed };
}

/**
 * Whether any register is marked, one byte each. By index, as in all loops over the instructions of a plan: code that has not been
 * optimised allocates for every step of an iterator, and a start of the program optimises nothing.
 */
export function hasMarked(registers: readonly Register[], marks: Uint8Array): boolean {
  for (let at = 0; at < registers.length; at++) if (marks[registers[at]] === 1) return true;
  return false;
}

/** Marks registers, or takes their marks away. */
export function markAll(registers: readonly Register[], marks: Uint8Array, mark: 0 | 1): void {
  for (let at = 0; at < registers.length; at++) marks[registers[at]] = mark;
}
