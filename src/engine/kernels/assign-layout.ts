import { type AssignLayout, type AssignPair, type AssignWorkload, createAssignScratch } from "./assign.ts";

const WORKLOAD = ["required", "peak", "value", "minimum", "unserved", "bound"] as const;
const WORKLOAD_NUMBERS = ["deferrable", "last", "first", "end"] as const;
const PAIR = ["rate", "limit", "held", "served"] as const;

/** What the compiler says of the assignment: registers in place of offsets, and no scratch. */
export type AssignRegisters = Omit<AssignLayout, "scratch">;

/**
 * The operands of the assign instruction: counts and hours, then parts, workloads and pairs one after another.
 * `readAssignLayout` is the inverse.
 */
export function writeAssignOperands({ hours, parts, workloads, pairs }: AssignRegisters): readonly number[] {
  return [
    hours,
    parts.length,
    workloads.length,
    pairs.length,
    ...parts.flatMap(({ productive, bound }) => [productive, bound]),
    ...workloads.flatMap((workload) => [
      ...WORKLOAD.map((name) => workload[name]),
      ...WORKLOAD_NUMBERS.map((name) => workload[name]),
    ]),
    ...pairs.flatMap((pair) => [pair.part, ...PAIR.map((name) => pair[name])]),
  ];
}

/** Reads the operands of an assign instruction, with every register as its offset in memory, and makes its scratch. */
export function readAssignLayout(
  program: Int32Array,
  start: number,
  offsets: Int32Array,
  blockSize: number,
): AssignLayout {
  let at = start;
  const next = () => program[at++];
  const offset = () => offsets[next()];
  const [hours, partCount, workloadCount, pairCount] = [offset(), next(), next(), next()];
  const parts = Array.from({ length: partCount }, () => ({ productive: offset(), bound: offset() }));
  const workloads = Array.from({ length: workloadCount }, () => {
    const registers = WORKLOAD.map((name) => [name, offset()] as const);
    const numbers = WORKLOAD_NUMBERS.map((name) => [name, next()] as const);
    return Object.fromEntries([...registers, ...numbers]) as AssignWorkload;
  });
  const pairs = Array.from({ length: pairCount }, () => {
    const part = next();
    return { part, ...Object.fromEntries(PAIR.map((name) => [name, offset()])) } as AssignPair;
  });
  const scratch = createAssignScratch(partCount, workloadCount, pairCount, blockSize);
  return { hours, parts, workloads, pairs, scratch };
}
