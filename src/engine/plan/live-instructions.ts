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
  const live = new Set<Instruction>();
  let before: number;
  do {
    before = live.size;
    for (let index = instructions.length - 1; index >= 0; index--) {
      const instruction = instructions[index];
      if (!instruction.outputs.some((output) => needed[output] === 1) || live.has(instruction)) continue;
      for (const input of instruction.inputs) needed[feedbacks.get(input) ?? input] = 1;
      live.add(instruction);
    }
    // A fed-back value is made after its reader, so one backward pass may miss instructions.
  } while (feedbacks.size > 0 && live.size > before);
  return { live: instructions.filter((instruction) => live.has(instruction)), needed };
}
