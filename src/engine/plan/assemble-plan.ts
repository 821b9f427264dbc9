import { Opcode } from "../operations/opcode.ts";
import { allocateSlots, type SlotAllocation } from "./allocate-slots.ts";
import { moveFeedbackInside } from "./feedback.ts";
import type { Instruction, Register } from "./instruction.ts";
import { findLive } from "./live-instructions.ts";
import { mergeKernels } from "./merge-kernels.ts";
import { findMonthRanges, type MonthRange, type MonthWindow } from "./month-ranges.ts";
import type { Plan, Shape } from "./plan.ts";
import { findTransients, groupIntoRuns, splitRuns } from "./schedule.ts";

/** Everything a builder collected, in order: the parts of a Plan. */
export type DraftProgram = Pick<Plan, "variables" | "columns" | "checks"> & {
  readonly window: MonthWindow;
  /** By register. */
  readonly shapes: readonly Shape[];
  readonly constants: ReadonlyMap<Register, number>;
  readonly monthVectors: ReadonlyMap<Register, Float64Array>;
  readonly instructions: readonly Instruction[];
  readonly tables: readonly number[];
  /** Registers that an instruction reads a month later than they are made, and what they turn out to be. */
  readonly feedbacks: ReadonlyMap<Register, Register>;
  /** Outputs of kernels that need no memory if they are unread. */
  readonly optional: ReadonlySet<Register>;
};

/** What a Plan takes and gives, without how. */
export type PlanOutline = Pick<Plan, "variables" | "columns" | "originMonth" | "horizonMonths">;

/** For which months columns hold: those of the horizon, or all of the window. */
export type ColumnMonths = "horizon" | "window";

/** The Plan of a program: unneeded instructions dropped, slots shared, columns emitted as soon as they are known. */
export function assemblePlan(draft: DraftProgram, months: ColumnMonths): Plan {
  const { window, shapes, columns, checks, feedbacks } = draft;
  const results = new Set([...columns, ...checks].map(({ register }) => register));
  const { live, needed } = findLive(draft.instructions, results, feedbacks, shapes.length);
  const variables = draft.variables.filter(({ register }) => needed[register] === 1);
  const idle = new Set([...draft.optional].filter((register) => needed[register] === 0));
  const registerCount = shapes.length;
  const inside = moveFeedbackInside(live, feedbacks, { monthCount: window.monthCount, registerCount });
  const merged = mergeKernels(inside, registerCount);
  const runs = groupIntoRuns(merged, shapes);
  const ranges = findRanges(draft, runs, months);
  const groups = splitRuns(runs, ranges, shapes);
  const instructions = placeResults(draft, groups);
  const registers = variables.map(({ register }) => register);
  const allocation = allocateSlots(instructions, shapes, registers, idle);
  return {
    version: 1,
    ...window,
    shapes: new Uint8Array(shapes),
    ...placeValues(draft, allocation),
    variables,
    program: encodeProgram(instructions, ranges, window.monthCount),
    tables: new Float64Array(draft.tables),
    columns,
    checks,
    transient: findTransients(groups, results, shapes.length),
  };
}

/** The outline of the Plan that `assemblePlan` would make, at a fraction of its cost. */
export function outlinePlan({
  window: { originMonth, horizonMonths },
  shapes,
  columns,
  checks,
  feedbacks,
  ...draft
}: DraftProgram): PlanOutline {
  const results = [...columns, ...checks].map(({ register }) => register);
  const { needed } = findLive(draft.instructions, results, feedbacks, shapes.length);
  return {
    variables: draft.variables.filter(({ register }) => needed[register] === 1),
    columns,
    originMonth,
    horizonMonths,
  };
}

/** Months in which each instruction is computed. */
function findRanges(
  { window, shapes, columns, checks }: DraftProgram,
  groups: readonly (readonly Instruction[])[],
  months: ColumnMonths,
): ReadonlyMap<Instruction, MonthRange> {
  const { originMonth, horizonMonths, monthCount } = window;
  const whole: MonthRange = [0, monthCount];
  const asked: MonthRange = months === "window" ? whole : [originMonth, originMonth + horizonMonths];
  const wanted = new Map<Register, MonthRange>();
  for (const { register } of columns) wanted.set(register, asked);
  for (const { register } of checks) wanted.set(register, whole);
  return findMonthRanges(groups, wanted, shapes, window);
}

/** Puts each check and each emission right behind the group of instructions that makes its register. */
function placeResults(
  { columns, checks, shapes }: DraftProgram,
  groups: readonly (readonly Instruction[])[],
): readonly Instruction[] {
  const behind = new Map<Register, Instruction[]>();
  const isResult = new Uint8Array(shapes.length);
  const result = (register: Register, opcode: number, index: number) => {
    isResult[register] = 1;
    const list = behind.get(register) ?? [];
    list.push({ opcode, outputs: [], inputs: [register], operands: [index] });
    behind.set(register, list);
  };
  for (const [index, check] of checks.entries()) result(check.register, Opcode.check, index);
  for (const [index, column] of columns.entries()) result(column.register, Opcode.emit, index);
  const made: Instruction[] = [];
  for (const group of groups) {
    for (let index = 0; index < group.length; index++) made.push(group[index]);
    for (let index = 0; index < group.length; index++) {
      const { outputs } = group[index];
      for (let at = 0; at < outputs.length; at++) {
        const followers = isResult[outputs[at]] === 1 ? behind.get(outputs[at]) : undefined;
        if (!followers) continue;
        made.push(...followers);
        behind.delete(outputs[at]);
      }
    }
  }
  // No instruction makes the rest: it is there from the start.
  return [...[...behind.values()].flat(), ...made];
}

/** Instructions as the engine reads them: code, number of operands, months, operands. */
function encodeProgram(
  instructions: readonly Instruction[],
  ranges: ReadonlyMap<Instruction, MonthRange>,
  monthCount: number,
): Int32Array {
  const whole: MonthRange = [0, monthCount];
  const length = instructions.reduce((sum, { operands }) => sum + 4 + operands.length, 0);
  const program = new Int32Array(length);
  let place = 0;
  for (let index = 0; index < instructions.length; index++) {
    const { opcode, operands } = instructions[index];
    const months = ranges.get(instructions[index]) ?? whole;
    program[place] = opcode;
    program[place + 1] = operands.length;
    program[place + 2] = months[0];
    program[place + 3] = months[1];
    place += 4;
    for (let at = 0; at < operands.length; at++) program[place++] = operands[at];
  }
  return program;
}

/** Slots of all registers, and the values of those that no instruction makes. */
function placeValues(
  { window, constants, monthVectors, feedbacks }: DraftProgram,
  { slots, trialSlotCount, slabSlotCount }: SlotAllocation,
): Pick<Plan, "slots" | "constants" | "monthVectors" | "trialSlotCount" | "slabSlotCount"> {
  for (const [placeholder, register] of feedbacks) slots[placeholder] = slots[register];
  const constantValues: number[] = [];
  for (const [register, value] of constants) slots[register] = constantValues.push(value) - 1;
  const monthValues = new Float64Array(monthVectors.size * window.monthCount);
  let vectorSlot = 0;
  for (const [register, values] of monthVectors) {
    monthValues.set(values, vectorSlot * window.monthCount);
    slots[register] = vectorSlot++;
  }
  return {
    slots,
    constants: new Float64Array(constantValues),
    monthVectors: monthValues,
    trialSlotCount,
    slabSlotCount,
  };
}
