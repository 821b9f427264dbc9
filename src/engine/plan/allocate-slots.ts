import type { Instruction, Register } from "./instruction.ts";
import { Shape } from "./plan.ts";
import { isRunnable, readsOtherMonths } from "./schedule.ts";

/** Where registers of shape trial and slab stand in the block's memory, by register; -1 for those that have none. */
export type SlotAllocation = {
  readonly slots: Int32Array;
  readonly trialSlotCount: number;
  readonly slabSlotCount: number;
};

/**
 * Gives registers slots of memory, a slot to one register after another where their uses do not overlap.
 *
 * @param instructions in the order of execution
 * @param variables    registers written before the program starts: their slots are never shared
 * @param idle         unread outputs of kernels, which get no slot
 */
export function allocateSlots(
  instructions: readonly Instruction[],
  shapes: readonly Shape[],
  variables: readonly Register[],
  idle: ReadonlySet<Register>,
): SlotAllocation {
  const releases = findReleases(instructions, shapes, new Set([...variables, ...idle]));
  const slots = new Int32Array(shapes.length).fill(-1);
  const free: Record<number, number[]> = { [Shape.trial]: [], [Shape.slab]: [] };
  const count: Record<number, number> = { [Shape.trial]: 0, [Shape.slab]: 0 };
  const take = (register: Register) => {
    const shape = shapes[register];
    slots[register] = free[shape].pop() ?? count[shape]++;
  };
  for (const register of variables) take(register);
  for (let index = 0; index < instructions.length; index++) {
    const { outputs } = instructions[index];
    for (let at = 0; at < outputs.length; at++) if (!idle.has(outputs[at])) take(outputs[at]);
    for (let register = releases.first[index]; register >= 0; register = releases.next[register])
      free[shapes[register]].push(slots[register]);
  }
  return { slots, trialSlotCount: count[Shape.trial], slabSlotCount: count[Shape.slab] };
}

/** A list of registers for each instruction: the first of them, and behind each register the next; -1 at the end. */
type RegisterLists = { readonly first: Int32Array; readonly next: Int32Array };

/**
 * For each instruction the registers whose slots are free behind it: those that it makes or reads last.
 *
 * What is read at other months is kept to the end of the run, which may make month after month of all its instructions.
 */
function findReleases(
  instructions: readonly Instruction[],
  shapes: readonly Shape[],
  kept: ReadonlySet<Register>,
): RegisterLists {
  const lastUse = new Int32Array(shapes.length).fill(-1);
  const runEnds = findRunEnds(instructions, shapes);
  for (let index = 0; index < instructions.length; index++) {
    const { opcode, outputs, inputs } = instructions[index];
    // A run's end may be noted already.
    for (let at = 0; at < outputs.length; at++)
      if (index > lastUse[outputs[at]]) lastUse[outputs[at]] = index;
    for (let at = 0; at < inputs.length; at++) if (index > lastUse[inputs[at]]) lastUse[inputs[at]] = index;
    if (readsOtherMonths(opcode)) lastUse[inputs[0]] = Math.max(lastUse[inputs[0]], runEnds[index]);
  }
  const first = new Int32Array(instructions.length).fill(-1);
  const next = new Int32Array(shapes.length).fill(-1);
  for (let register = shapes.length - 1; register >= 0; register--) {
    const last = lastUse[register];
    if (last < 0 || shapes[register] < Shape.trial || kept.has(register)) continue;
    next[register] = first[last];
    first[last] = register;
  }
  return { first, next };
}

/** The last of the instructions side by side that may run together, for each. */
function findRunEnds(instructions: readonly Instruction[], shapes: readonly Shape[]): Int32Array {
  const ends = new Int32Array(instructions.length);
  for (let index = instructions.length - 1; index >= 0; index--) {
    const isFollowed =
      index + 1 < instructions.length && isRunnableInstruction(instructions[index + 1], shapes);
    ends[index] = isFollowed ? ends[index + 1] : index;
  }
  return ends;
}

function isRunnableInstruction({ opcode, outputs }: Instruction, shapes: readonly Shape[]): boolean {
  return outputs.length > 0 && isRunnable(opcode, outputs[0], shapes);
}
