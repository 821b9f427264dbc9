import { Opcode } from "../operations/opcode.ts";
import type { Instruction } from "./instruction.ts";
import type { MonthRange } from "./month-ranges.ts";
import { Shape } from "./plan.ts";

/** Elementwise operations that leave the arithmetic of a processor: a run of others needs no call in its loop. */
const CALLS: ReadonlySet<number> = new Set([
  Opcode.exp,
  Opcode.log,
  Opcode.power,
  Opcode.normalQuantile,
  Opcode.normalCdf,
]);

/** Whether an instruction may be part of a run: plain arithmetic, element by element, that makes a slab. */
export function isRunnable(opcode: number, target: number, shapes: ArrayLike<number>): boolean {
  return opcode < Opcode.tableLookup && !CALLS.has(opcode) && shapes[target] === Shape.slab;
}

/**
 * Puts instructions that may run together side by side, every one behind those that make what it reads.
 *
 * A run is as long as it can be: its instructions can be computed in one pass over months and trials, in which what only the
 * run itself reads never reaches memory. The order of everything else stays.
 *
 * @return groups in the order of execution: runs, and single other instructions
 */
export function groupIntoRuns(
  instructions: readonly Instruction[],
  shapes: ArrayLike<number>,
): readonly (readonly Instruction[])[] {
  // Stages alternate: other instructions in the even ones, runs in the odd ones.
  const stageOf = new Map<number, number>();
  const stages: Instruction[][] = [];
  for (const instruction of instructions) {
    const isRun = isRunnable(instruction.opcode, instruction.outputs[0], shapes);
    let stage = isRun ? 1 : 0;
    for (const input of instruction.inputs) {
      const made = stageOf.get(input) ?? 0;
      stage = Math.max(stage, (made % 2 === 1) === isRun ? made : made + 1);
    }
    for (const output of instruction.outputs) stageOf.set(output, stage);
    while (stages.length <= stage) stages.push([]);
    stages[stage].push(instruction);
  }
  return stages.flatMap((members, stage) =>
    stage % 2 === 1 ? (members.length > 0 ? [members] : []) : members.map((member) => [member]),
  );
}

/**
 * Splits runs so that all of one are computed in the same months. What is read by others has at least their months, so that
 * longer ranges go first.
 */
export function splitRuns(
  groups: readonly (readonly Instruction[])[],
  ranges: ReadonlyMap<Instruction, MonthRange>,
): readonly (readonly Instruction[])[] {
  return groups.flatMap((group) => {
    const parts = new Map<string, { readonly length: number; readonly members: Instruction[] }>();
    for (const instruction of group) {
      const [from, end] = ranges.get(instruction) ?? [0, 0];
      const part = parts.get(`${from} ${end}`) ?? { length: end - from, members: [] };
      part.members.push(instruction);
      parts.set(`${from} ${end}`, part);
    }
    return [...parts.values()].sort((one, other) => other.length - one.length).map(({ members }) => members);
  });
}

/** 1 for each register that only the group which makes it reads, and that is no result. */
export function findTransients(
  groups: readonly (readonly Instruction[])[],
  results: ReadonlySet<number>,
  registerCount: number,
): Uint8Array {
  const transient = new Uint8Array(registerCount);
  const groupOf = new Int32Array(registerCount).fill(-1);
  for (const [group, members] of groups.entries()) {
    if (members.length < 2) continue;
    for (const { outputs } of members) {
      for (const output of outputs) {
        groupOf[output] = group;
        transient[output] = results.has(output) ? 0 : 1;
      }
    }
  }
  for (const [group, members] of groups.entries()) {
    for (const { inputs } of members)
      for (const input of inputs) if (groupOf[input] !== group) transient[input] = 0;
  }
  return transient;
}
