import { type Items, readItems } from "../language/items.ts";
import type { Kernel } from "../language/operations.ts";
import { HEADER } from "../operations/opcode.ts";
import type { Plan } from "../plan/plan.ts";
import { KERNELS } from "./kernels.ts";

/** The kernel of an instruction and the items of the Plan, with every register as its offset in memory. */
export function readKernel(
  { program, tables }: Plan,
  at: number,
  offsets: Int32Array,
): { readonly kernel: Kernel; readonly items: Items } {
  const kernel = KERNELS[program[at + HEADER]];
  return { kernel, items: readItems(kernel.schema, program, at + HEADER + 1, offsets, tables) };
}
