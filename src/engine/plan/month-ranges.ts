import { KERNELS } from "../kernels/kernels.ts";
import { monthsOf } from "../language/uses.ts";
import { Opcode } from "../operations/opcode.ts";
import type { Instruction } from "./instruction.ts";
import { Shape } from "./plan.ts";

/** Window months, from the first up to and without the last. */
export type MonthRange = readonly [from: number, end: number];

/** Months simulated, the index of the first reported one, and the number reported. */
export type MonthWindow = {
  readonly monthCount: number;
  readonly originMonth: number;
  readonly horizonMonths: number;
};

/** Scans and kernels that look back only: to make a month they need all before it, and none after it. */
const LOOKING_BACK: ReadonlySet<number> = new Set([
  Opcode.behind,
  Opcode.behindHold,
  Opcode.cumulate,
  Opcode.runningMax,
  Opcode.runningProduct,
  Opcode.settle,
  Opcode.assign,
]);

/** Kernels that make one number a trial of all months up to the horizon's end. */
const UP_TO_THE_HORIZON: ReadonlySet<number> = new Set([Opcode.internalRate]);

/**
 * Finds the months in which each instruction must be computed for the wanted results.
 *
 * The window is longer than the horizon on both sides, for what looks back or ahead; most metrics do neither, and are not
 * computed in months that no result needs. Ranges begin and end with the window or the horizon: fewer make longer runs.
 *
 * @param groups in the order of execution
 * @param wanted months of each register that is a result
 */
export function findMonthRanges(
  groups: readonly (readonly Instruction[])[],
  wanted: ReadonlyMap<number, MonthRange>,
  shapes: ArrayLike<number>,
  { monthCount, originMonth, horizonMonths }: MonthWindow,
): ReadonlyMap<Instruction, MonthRange> {
  const horizonEnd = originMonth + horizonMonths;
  const needs = new Map<number, MonthRange>();
  const need = (register: number, [from, end]: MonthRange): void => {
    if (shapes[register] !== Shape.slab) return;
    const [known, until] = needs.get(register) ?? [from, end];
    needs.set(register, [
      Math.min(known, from) < originMonth ? 0 : originMonth,
      Math.max(until, end) > horizonEnd ? monthCount : horizonEnd,
    ]);
  };
  for (const [register, range] of wanted) need(register, range);
  const ranges = new Map<Instruction, MonthRange>();
  for (const instruction of groups.flat().reverse()) {
    const asked = instruction.outputs.flatMap((output) => needs.get(output) ?? []);
    const [from, end] = asked.length > 0 ? [Math.min(...asked), Math.max(...asked)] : [0, monthCount];
    const made = rangeToMake(instruction, [from, end], monthCount, horizonEnd);
    ranges.set(instruction, made);
    const read = rangeToRead(instruction, made, monthCount, horizonEnd);
    for (const input of instruction.inputs) need(input, read);
  }
  return ranges;
}

/** Months that an instruction makes so that those asked for are there. */
function rangeToMake(
  { opcode, operands }: Instruction,
  [from, end]: MonthRange,
  monthCount: number,
  horizonEnd: number,
): MonthRange {
  if (opcode <= Opcode.difference) return [from, end];
  if (opcode === Opcode.kernel) return [0, monthsOf(KERNELS[operands[0]]).isUpToHorizon ? horizonEnd : end];
  return LOOKING_BACK.has(opcode) ? [0, end] : [0, monthCount];
}

/** Months of its inputs that it reads for these. */
function rangeToRead(
  { opcode, operands }: Instruction,
  [from, end]: MonthRange,
  monthCount: number,
  horizonEnd: number,
): MonthRange {
  if (opcode < Opcode.behind) return [from, end];
  if (opcode === Opcode.total) return [operands[2], operands[3]];
  if (opcode === Opcode.difference) return [Math.max(0, from - 1), end];
  if (UP_TO_THE_HORIZON.has(opcode)) return [0, horizonEnd];
  if (opcode === Opcode.kernel) return [0, monthsOf(KERNELS[operands[0]]).looksAhead ? monthCount : end];
  return [0, LOOKING_BACK.has(opcode) ? end : monthCount];
}
