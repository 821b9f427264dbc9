import { mergeItems, writeItems } from "../language/items.ts";
import type { Kernel } from "../language/operations.ts";
import { Opcode } from "../operations/opcode.ts";
import type { Instruction } from "./instruction.ts";
import { hasMarked, markAll } from "./live-instructions.ts";

/**
 * Makes one instruction of those that compute the same kernel and do not depend on each other, such as the books of all parts: a
 * kernel's code goes over its items, so that it grows with the kinds of kernels, not with the parts.
 *
 * Instructions are put behind those that make what they read, else in the order they came in.
 */
export function mergeKernels(
  instructions: readonly Instruction[],
  registerCount: number,
): readonly Instruction[] {
  const made: Instruction[] = [];
  const pending = new Uint8Array(registerCount);
  for (const { outputs } of instructions) markAll(outputs, pending, 1);
  const isReady = ({ inputs }: Instruction) => !hasMarked(inputs, pending);
  const emit = (instruction: Instruction) => {
    made.push(instruction);
    markAll(instruction.outputs, pending, 0);
  };
  let waiting = instructions;
  while (waiting.length > 0) {
    waiting = waiting.filter((instruction) => {
      if (instruction.opcode === Opcode.kernel || !isReady(instruction)) return true;
      emit(instruction);
      return false;
    });
    const merged = nextKernel(waiting, isReady);
    if (merged.length > 0) emit(mergeAll(merged));
    else if (waiting.length > 0) throw new Error("instructions read each other");
    const done = new Set(merged);
    waiting = waiting.filter((instruction) => !done.has(instruction));
  }
  return made;
}

/** Instructions of one kernel that can be computed now: of the kernel with the fewest others still to wait for. */
function nextKernel(
  waiting: readonly Instruction[],
  isReady: (instruction: Instruction) => boolean,
): readonly Instruction[] {
  const kernels = new Map<Kernel, { readonly ready: Instruction[]; others: number }>();
  for (const instruction of waiting) {
    const kernel = kernelOf(instruction);
    if (!kernel) continue;
    const known = kernels.get(kernel) ?? { ready: [], others: 0 };
    kernels.set(kernel, known);
    if (isReady(instruction)) known.ready.push(instruction);
    else known.others++;
  }
  const ready = [...kernels.values()].filter((one) => one.ready.length > 0);
  return ready.sort((one, other) => one.others - other.others)[0]?.ready ?? [];
}

function kernelOf({ opcode, kernels }: Instruction): Kernel | undefined {
  return opcode === Opcode.kernel ? kernels?.[0] : undefined;
}

function mergeAll(instructions: readonly Instruction[]): Instruction {
  const [first] = instructions;
  const kernel = kernelOf(first);
  if (!kernel || instructions.length === 1) return first;
  const items = mergeItems(
    kernel.schema,
    instructions.flatMap((one) => (one.items ? [one.items] : [])),
  );
  return {
    ...first,
    outputs: instructions.flatMap(({ outputs }) => outputs),
    inputs: instructions.flatMap(({ inputs }) => inputs),
    operands: [first.operands[0], ...writeItems(kernel.schema, items)],
    items,
  };
}
