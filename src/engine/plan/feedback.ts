import { KERNELS } from "../kernels/kernels.ts";
import { monthsOf } from "../language/uses.ts";
import { Opcode } from "../operations/opcode.ts";
import type { Instruction, Register } from "./instruction.ts";

/** Operations beside the elementwise ones that may run month by month: they read no later month. */
const FEEDBACK_OPERATIONS: ReadonlySet<number> = new Set([
  Opcode.behind,
  Opcode.behindHold,
  Opcode.difference,
  Opcode.cumulate,
  Opcode.runningMax,
  Opcode.runningProduct,
  Opcode.settle,
]);

/**
 * Moves what feeds back into the stock instruction, which then runs it month by month, and what that reads before it.
 *
 * @param feedbacks registers that the stock kernel reads a month after they are made, and what they turn out to be
 *
 * Fails: throws where an operation that reads later months feeds back.
 */
export function moveFeedbackInside(
  live: readonly Instruction[],
  feedbacks: ReadonlyMap<Register, Register>,
  monthCount: number,
): readonly Instruction[] {
  const stock = live.find(({ opcode }) => opcode === Opcode.stock);
  const bound = stock?.inputs.flatMap((input) => feedbacks.get(input) ?? []) ?? [];
  if (!stock || bound.length === 0) return live;
  const isAfter = new Set<Register>(stock.outputs);
  for (const { inputs, outputs } of live) {
    if (inputs.some((input) => isAfter.has(input))) for (const output of outputs) isAfter.add(output);
  }
  const feeds = new Set<Register>(bound);
  for (let index = live.length - 1; index >= 0; index--) {
    const { inputs, outputs } = live[index];
    if (outputs.some((output) => feeds.has(output))) for (const input of inputs) feeds.add(input);
  }
  const isInside = (instruction: Instruction) =>
    instruction !== stock && instruction.outputs.some((output) => isAfter.has(output) && feeds.has(output));
  const inside = live.filter(isInside);
  assertForward(inside);
  const made = new Set(inside.flatMap(({ outputs }) => outputs));
  const composite: Instruction = {
    opcode: stock.opcode,
    outputs: [...stock.outputs, ...made],
    inputs: [
      ...stock.inputs.filter((input) => !feedbacks.has(input)),
      ...[...bound, ...inside.flatMap(({ inputs }) => inputs)].filter((input) => !made.has(input)),
    ],
    operands: [
      ...stock.operands,
      ...inside.flatMap(({ opcode, operands }) => [opcode, operands.length, 0, monthCount, ...operands]),
    ],
  };
  const rest = live.filter((instruction) => instruction !== stock && !isInside(instruction));
  const comesAfter = ({ outputs }: Instruction) => outputs.some((output) => isAfter.has(output));
  return [...rest.filter((one) => !comesAfter(one)), composite, ...rest.filter(comesAfter)];
}

/** Asserts that no instruction reads a later month. */
function assertForward(instructions: readonly Instruction[]): void {
  const wrong = instructions.find(
    ({ opcode, operands }) =>
      !FEEDBACK_OPERATIONS.has(opcode) &&
      opcode >= Opcode.tableLookup &&
      (opcode !== Opcode.kernel || monthsOf(KERNELS[operands[0]]).looksAhead),
  );
  if (wrong) throw new Error(`operation ${wrong.opcode} cannot run month by month`);
}
