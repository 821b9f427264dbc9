/** One operation of a program under construction. */
export type Instruction = {
  readonly opcode: number;
  /** Registers made and read. */
  readonly outputs: readonly number[];
  readonly inputs: readonly number[];
  /** Operands as the Plan has them, registers among them. */
  readonly operands: readonly number[];
};
