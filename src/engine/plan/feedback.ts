import { looksAhead } from "../language/uses.ts";
import { Opcode } from "../operations/opcode.ts";
import type { Instruction, Register } from "./instruction.ts";
import { hasMarked, markAll } from "./live-instructions.ts";

/** Operations beside the elementwise ones that may run month by month: they read no later month. */
const FEEDBACK_OPERATIONS: ReadonlySet<number> = new Set([
  Opcode.behind,
  Opcode.behindHold,
  Opcode.difference,
  Opcode.cumulate,
  Opcode.runningMax,
  Opcode.runningProduct,
]);

/**
 * Makes one sweep of each kernel that reads what others make of the month before, and of those others; what they read stands
 * before it.
 *
 * @param feedbacks registers that a kernel reads a month after they are made, and what they turn out to be
 *
 * Fails: throws where an operation that reads later months feeds back.
 */
export function moveFeedbackInside(
  live: readonly Instruction[],
  feedbacks: ReadonlyMap<Register, Register>,
  window: { readonly monthCount: number; readonly registerCount: number },
): readonly Instruction[] {
  if (feedbacks.size === 0) return live;
  const readers = live.filter(({ inputs }) => inputs.some((input) => feedbacks.has(input)));
  return readers.reduce((instructions, reader) => makeSweep(instructions, reader, feedbacks, window), live);
}

/** Puts a reader and what feeds back to it into one instruction. */
function makeSweep(
  live: readonly Instruction[],
  reader: Instruction,
  feedbacks: ReadonlyMap<Register, Register>,
  { monthCount, registerCount }: { readonly monthCount: number; readonly registerCount: number },
): readonly Instruction[] {
  const bound = reader.inputs.flatMap((input) => feedbacks.get(input) ?? []);
  const isAfter = new Uint8Array(registerCount);
  markAll(reader.outputs, isAfter, 1);
  for (const { inputs, outputs } of live) if (hasMarked(inputs, isAfter)) markAll(outputs, isAfter, 1);
  const feeds = new Uint8Array(registerCount);
  markAll(bound, feeds, 1);
  for (let index = live.length - 1; index >= 0; index--) {
    const { inputs, outputs } = live[index];
    if (hasMarked(outputs, feeds)) markAll(inputs, feeds, 1);
  }
  const isInside = (instruction: Instruction) =>
    instruction !== reader &&
    instruction.outputs.some((output) => isAfter[output] === 1 && feeds[output] === 1);
  const inside = live.filter(isInside);
  assertForward(inside);
  const made = new Set([reader, ...inside].flatMap(({ outputs }) => outputs));
  const sweep: Instruction = {
    opcode: Opcode.sweep,
    outputs: [...made],
    inputs: [
      ...reader.inputs.filter((input) => !feedbacks.has(input)),
      ...[...bound, ...inside.flatMap(({ inputs }) => inputs)].filter((input) => !made.has(input)),
    ],
    operands: [reader, ...inside].flatMap(({ opcode, operands }) => [
      ...[opcode, operands.length, 0, monthCount],
      ...operands,
    ]),
    kernels: [reader, ...inside].flatMap(({ kernels }) => kernels ?? []),
  };
  const rest = live.filter((instruction) => instruction !== reader && !isInside(instruction));
  const comesAfter = ({ outputs }: Instruction) => hasMarked(outputs, isAfter);
  return [...rest.filter((one) => !comesAfter(one)), sweep, ...rest.filter(comesAfter)];
}

/** Asserts that no instruction reads a later month. */
function assertForward(instructions: readonly Instruction[]): void {
  const wrong = instructions.find(
    ({ opcode, kernels }) =>
      !FEEDBACK_OPERATIONS.has(opcode) &&
      opcode >= Opcode.tableLookup &&
      (kernels === undefined || kernels.some(looksAhead)),
  );
  if (wrong) throw new Error(`operation ${wrong.opcode} cannot run month by month`);
}
