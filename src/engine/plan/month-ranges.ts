import { isUpToHorizon, looksAhead } from "../language/uses.ts";
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
]);

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
  // By register, in two tables rather than a pair for each: `end` is 0 where nothing is needed yet.
  const starts = new Int32Array(shapes.length);
  const ends = new Int32Array(shapes.length);
  const need = (register: number, range: MonthRange): void => {
    if (shapes[register] !== Shape.slab) return;
    const first = ends[register] > 0 ? Math.min(starts[register], range[0]) : range[0];
    starts[register] = first < originMonth ? 0 : originMonth;
    ends[register] = Math.max(ends[register], range[1]) > horizonEnd ? monthCount : horizonEnd;
  };
  for (const [register, range] of wanted) need(register, range);
  const ranges = new Map<Instruction, MonthRange>();
  for (const instruction of groups.flat().reverse()) {
    const { inputs, outputs } = instruction;
    let from = monthCount;
    let end = 0;
    for (let at = 0; at < outputs.length; at++) {
      if (ends[outputs[at]] === 0) continue;
      from = Math.min(from, starts[outputs[at]]);
      end = Math.max(end, ends[outputs[at]]);
    }
    const asked: MonthRange = end > 0 ? [from, end] : [0, monthCount];
    const made = rangeToMake(instruction, asked, monthCount, horizonEnd);
    ranges.set(instruction, made);
    const read = rangeToRead(instruction, made, monthCount);
    for (let at = 0; at < inputs.length; at++) need(inputs[at], read);
  }
  return ranges;
}

/** Months that an instruction makes so that those asked for are there. */
function rangeToMake(
  { opcode, kernels }: Instruction,
  asked: MonthRange,
  monthCount: number,
  horizonEnd: number,
): MonthRange {
  if (opcode <= Opcode.difference) return asked;
  const end = asked[1];
  if (kernels) return [0, kernels.every(isUpToHorizon) ? horizonEnd : end];
  return LOOKING_BACK.has(opcode) ? [0, end] : [0, monthCount];
}

/** Months of its inputs that it reads for these. */
function rangeToRead(
  { opcode, operands, kernels }: Instruction,
  made: MonthRange,
  monthCount: number,
): MonthRange {
  if (opcode < Opcode.behind) return made;
  const end = made[1];
  if (opcode === Opcode.total) return [operands[2], operands[3]];
  if (opcode === Opcode.difference) return [Math.max(0, made[0] - 1), end];
  if (kernels) return [0, kernels.some(looksAhead) ? monthCount : end];
  return [0, LOOKING_BACK.has(opcode) ? end : monthCount];
}
