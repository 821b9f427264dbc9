import type { ItemWords } from "../language/items.ts";
import type { Kernel } from "../language/operations.ts";

/** A value of the program under construction. */
export type Register = number;

/** One operation of a program under construction. */
export type Instruction = {
  readonly opcode: number;
  /** Registers made and read. */
  readonly outputs: readonly Register[];
  readonly inputs: readonly Register[];
  /** Operands as the Plan has them, registers among them. */
  readonly operands: readonly number[];
  /** The kernel that it computes, or those of its own instructions. */
  readonly kernels?: readonly Kernel[];
  /** The items of a kernel, as its operands say them. */
  readonly items?: ItemWords;
};
