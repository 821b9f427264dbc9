import { Opcode } from "../operations/opcode.ts";
import type { Instruction } from "./instruction.ts";
import type { MonthRange } from "./month-ranges.ts";
import { Shape } from "./plan.ts";

/** Operations along the months that a run may hold beside elementwise ones: they read single months of a slab, or one after another. */
const ALONG_MONTHS: ReadonlySet<number> = new Set([
  Opcode.behind,
  Opcode.behindHold,
  Opcode.ahead,
  Opcode.aheadHold,
  Opcode.difference,
  Opcode.cumulate,
  Opcode.runningMax,
  Opcode.runningProduct,
]);

const SHIFTS: ReadonlySet<number> = new Set([
  Opcode.behind,
  Opcode.behindHold,
  Opcode.ahead,
  Opcode.aheadHold,
]);

/** Whether an operation reads months of its first operand other than the one at hand, from memory. */
export function readsOtherMonths(opcode: number): boolean {
  return SHIFTS.has(opcode);
}

/** Whether an operation reads months of its first operand to come, so that all of them must be made before. */
export function readsAhead(opcode: number): boolean {
  return opcode === Opcode.ahead || opcode === Opcode.aheadHold;
}

/** Whether an instruction may be part of a run: element by element, or along the months, of numbers that differ by trial. */
export function isRunnable(opcode: number, target: number, shapes: ArrayLike<number>): boolean {
  return (opcode < Opcode.tableLookup && shapes[target] >= Shape.trial) || ALONG_MONTHS.has(opcode);
}

/**
 * Puts instructions that may run together side by side, every one behind those that make what it reads.
 *
 * A run is as long as it can be: its instructions can be computed in one pass over the months, two trials at a time, in which
 * what only the run itself reads never reaches memory. It ends where something reads ahead of what it makes. The order of
 * everything else stays.
 *
 * @return groups in the order of execution: runs, and single other instructions
 */
export function groupIntoRuns(
  instructions: readonly Instruction[],
  shapes: ArrayLike<number>,
): readonly (readonly Instruction[])[] {
  // Stages alternate: other instructions in the even ones, runs in the odd ones.
  const stageOf = new Int32Array(shapes.length);
  const stages: Instruction[][] = [];
  for (const instruction of instructions) {
    const isRun = isRunnable(instruction.opcode, instruction.outputs[0], shapes);
    let stage = isRun ? 1 : 0;
    const { inputs, outputs } = instruction;
    for (let at = 0; at < inputs.length; at++) {
      const made = stageOf[inputs[at]];
      const isMadeInRun = made % 2 === 1;
      if (isMadeInRun && readsAhead(instruction.opcode) && inputs[at] === inputs[0])
        stage = Math.max(stage, made + 2);
      else stage = Math.max(stage, isMadeInRun === isRun ? made : made + 1);
    }
    for (let at = 0; at < outputs.length; at++) stageOf[outputs[at]] = stage;
    while (stages.length <= stage) stages.push([]);
    stages[stage].push(instruction);
  }
  return stages.flatMap((members, stage) =>
    stage % 2 === 1 ? (members.length > 0 ? [members] : []) : members.map((member) => [member]),
  );
}

/**
 * Instructions after which a run is cut: of a thousand fleets there are hundreds of thousands side by side, and V8 takes no
 * function with more than 50,000 locals, of which an instruction has up to six.
 */
export const LONG_RUN = 2000;

/**
 * Splits runs so that all of one are computed in the same months, and those of single numbers a trial by themselves, and cuts
 * long ones. What is read by others has at least their months, so that longer ranges go first; numbers of a trial read no
 * slabs, and go before them.
 */
export function splitRuns(
  groups: readonly (readonly Instruction[])[],
  ranges: ReadonlyMap<Instruction, MonthRange>,
  shapes: ArrayLike<number>,
): readonly (readonly Instruction[])[] {
  const none: MonthRange = [0, 0];
  return groups.flatMap((group) => {
    const parts = new Map<number, { readonly length: number; readonly members: Instruction[] }>();
    for (const instruction of group) {
      const isSlab = shapes[instruction.outputs[0]] === Shape.slab;
      const range = ranges.get(instruction) ?? none;
      const length = range[1] - range[0];
      // A number of both: texts as keys would be made for each of thousands of instructions.
      const key = isSlab ? range[0] * 65_536 + range[1] : -1;
      const part = parts.get(key) ?? { length: isSlab ? length : Number.POSITIVE_INFINITY, members: [] };
      part.members.push(instruction);
      parts.set(key, part);
    }
    const sorted = [...parts.values()].sort((one, other) => other.length - one.length);
    return sorted.flatMap(({ members }) => cut(members));
  });
}

function cut(members: readonly Instruction[]): readonly (readonly Instruction[])[] {
  const count = Math.ceil(members.length / LONG_RUN);
  return Array.from({ length: count }, (_, part) => members.slice(part * LONG_RUN, (part + 1) * LONG_RUN));
}

/** 1 for each register that only the group which makes it reads, and that is no result. */
export function findTransients(
  groups: readonly (readonly Instruction[])[],
  results: ReadonlySet<number>,
  registerCount: number,
): Uint8Array {
  const transient = new Uint8Array(registerCount);
  const groupOf = new Int32Array(registerCount).fill(-1);
  for (let group = 0; group < groups.length; group++) {
    if (groups[group].length < 2) continue;
    for (const { outputs } of groups[group]) {
      for (let at = 0; at < outputs.length; at++) {
        groupOf[outputs[at]] = group;
        transient[outputs[at]] = results.has(outputs[at]) ? 0 : 1;
      }
    }
  }
  for (let group = 0; group < groups.length; group++) {
    for (const { opcode, inputs } of groups[group]) {
      for (let at = 0; at < inputs.length; at++) if (groupOf[inputs[at]] !== group) transient[inputs[at]] = 0;
      if (readsOtherMonths(opcode)) transient[inputs[0]] = 0;
    }
  }
  return transient;
}
