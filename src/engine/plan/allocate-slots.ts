import type { Instruction, Register } from "./instruction.ts";
import { Shape } from "./plan.ts";

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
  const lastUse = findLastUses(instructions, shapes.length, idle);
  const slots = new Int32Array(shapes.length).fill(-1);
  const free: Record<number, number[]> = { [Shape.trial]: [], [Shape.slab]: [] };
  const count: Record<number, number> = { [Shape.trial]: 0, [Shape.slab]: 0 };
  const take = (register: Register) => {
    const shape = shapes[register];
    slots[register] = free[shape].pop() ?? count[shape]++;
  };
  for (const register of variables) take(register);
  for (const register of variables) lastUse[register] = -1;
  const release = (register: Register, index: number) => {
    const shape = shapes[register];
    if (shape < Shape.trial || lastUse[register] !== index) return;
    free[shape].push(slots[register]);
    // Another operand of the same instruction may be the same register.
    lastUse[register] = -1;
  };
  for (const [index, { outputs, inputs }] of instructions.entries()) {
    for (const output of outputs) if (!idle.has(output)) take(output);
    for (const output of outputs) release(output, index);
    for (const input of inputs) release(input, index);
  }
  return { slots, trialSlotCount: count[Shape.trial], slabSlotCount: count[Shape.slab] };
}

/** Position of the last instruction that makes or reads each register, -1 for none. */
function findLastUses(
  instructions: readonly Instruction[],
  registerCount: number,
  idle: ReadonlySet<Register>,
): Int32Array {
  const lastUse = new Int32Array(registerCount).fill(-1);
  for (const [index, { outputs, inputs }] of instructions.entries()) {
    for (const register of outputs) if (!idle.has(register)) lastUse[register] = index;
    for (const register of inputs) lastUse[register] = index;
  }
  return lastUse;
}
