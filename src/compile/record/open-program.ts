import { type DraftProgram, type Instruction, Opcode, type Register } from "../../engine/index.ts";
import type { FieldPath } from "../../scenario/fields/index.ts";

/** Fields whose consequences a reader of the program wants to follow. */
export type OpenFields = {
  readonly rows: ReadonlySet<FieldPath>;
  /**
   * Whether the reader can say what an instruction computes.
   *
   * @param isOpen whether a register follows from an open field
   */
  readonly canFollow: (instruction: Instruction, isOpen: (register: Register) => boolean) => boolean;
  /** Whether the reader computes the values that an instruction makes from those of its inputs, so that no column holds them. */
  readonly canCompute: (instruction: Instruction) => boolean;
};

/** The instructions of a scenario, and what in them follows from open fields. */
export type OpenProgram = {
  /** The instruction that makes a register, of those that are followed or a copy. */
  readonly makers: ReadonlyMap<Register, Instruction>;
  readonly constants: ReadonlyMap<Register, number>;
  readonly monthVectors: ReadonlyMap<Register, Float64Array>;
  /** Paths of the open fields. */
  readonly opened: ReadonlyMap<Register, string>;
  /** The column of a metric and entity, by level, name and key of the entity. */
  readonly columns: DraftProgram["columns"];
  /** Paths whose change a register follows through instructions that the reader can say. */
  readonly followed: ReadonlyMap<Register, ReadonlySet<string>>;
  /** Paths that a register depends on through instructions that the reader cannot say. */
  readonly lost: ReadonlyMap<Register, ReadonlySet<string>>;
};

/** Name of the column that holds the values of a register which a reader may have to show. */
export function registerColumn(register: Register): string {
  return `${REGISTER}${register}`;
}

/** Whether a column was named so. */
export function isRegisterColumn(name: string): boolean {
  return name.startsWith(REGISTER);
}

const REGISTER = "register ";

/** Finds what follows from open fields. Cost: instructions times open fields. */
export function followOpenFields(
  draft: DraftProgram,
  opened: ReadonlyMap<Register, string>,
  { canFollow }: OpenFields,
): OpenProgram {
  const paths = [...new Set(opened.values())];
  const followed = new Map<Register, bigint>();
  const lost = new Map<Register, bigint>();
  for (const [register, path] of opened) followed.set(register, 1n << BigInt(paths.indexOf(path)));
  const isOpen = (register: Register) => followed.has(register);
  const add = (masks: Map<Register, bigint>, register: Register, mask: bigint): boolean => {
    const known = masks.get(register) ?? 0n;
    if ((known | mask) === known) return false;
    masks.set(register, known | mask);
    return true;
  };
  const joined = (masks: ReadonlyMap<Register, bigint>, registers: readonly Register[]) =>
    registers.reduce((mask, register) => mask | (masks.get(register) ?? 0n), 0n);
  // A feedback may be read by an instruction before the one that makes it, so one pass is not enough.
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const [placeholder, register] of draft.feedbacks)
      isChanged =
        add(lost, placeholder, joined(followed, [register]) | joined(lost, [register])) || isChanged;
    for (const instruction of draft.instructions) {
      const { inputs, outputs } = instruction;
      const [open, gone] = [joined(followed, inputs), joined(lost, inputs)];
      const isSaid = open !== 0n && canFollow(instruction, isOpen);
      for (const output of outputs) {
        if (opened.has(output)) continue;
        if (isSaid) add(followed, output, open);
        add(lost, output, isSaid ? gone : gone | open);
      }
    }
  }
  // Thousands of registers depend on few different sets of paths.
  const known = new Map<bigint, ReadonlySet<string>>();
  const namesOf = (mask: bigint) => {
    const names = known.get(mask) ?? new Set(paths.filter((_, index) => (mask >> BigInt(index)) & 1n));
    known.set(mask, names);
    return names;
  };
  const named = (masks: ReadonlyMap<Register, bigint>) =>
    new Map([...masks].map(([register, mask]) => [register, namesOf(mask)]));
  const makers = new Map<Register, Instruction>();
  for (const instruction of draft.instructions)
    for (const output of instruction.outputs)
      if (followed.has(output) || instruction.opcode === Opcode.copy) makers.set(output, instruction);
  return {
    makers,
    constants: draft.constants,
    monthVectors: draft.monthVectors,
    opened,
    columns: [...draft.columns],
    followed: named(followed),
    lost: named(lost),
  };
}

/**
 * Registers whose values a reader may have to show: all that follow from open fields, and what they are made with, without those
 * that it computes itself.
 */
export function shownRegisters(
  { makers, followed, opened, constants, monthVectors }: OpenProgram,
  { canCompute }: OpenFields,
): readonly Register[] {
  const isComputed = (register: Register) => {
    const maker = followed.has(register) && !opened.has(register) ? makers.get(register) : undefined;
    return maker !== undefined && canCompute(maker);
  };
  const shown = new Set<Register>();
  for (const register of followed.keys()) {
    const instruction = makers.get(register);
    for (const each of [register, ...(instruction?.outputs ?? []), ...(instruction?.inputs ?? [])])
      if (!constants.has(each) && !monthVectors.has(each) && !isComputed(each)) shown.add(each);
  }
  return [...shown];
}

/** A register, or the one that it is a copy of. */
export function sourceOf({ makers, opened }: OpenProgram, register: Register): Register {
  let source = register;
  for (
    let maker = makers.get(source);
    maker?.opcode === Opcode.copy && !opened.has(source);
    maker = makers.get(source)
  )
    source = maker.inputs[0];
  return source;
}
