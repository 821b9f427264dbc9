import { readKernel } from "../kernels/read-kernel.ts";
import { emit } from "../language/emit.ts";
import { record } from "../language/record.ts";
import { layRecords } from "../language/records.ts";
import { type Member, sweepOf } from "../language/sweep.ts";
import { prune } from "../language/uses.ts";
import { HEADER, Opcode } from "../operations/opcode.ts";
import type { Plan } from "../plan/plan.ts";
import { toCacheLine } from "../simulate/workspace.ts";
import type { WasmFunction } from "../wasm/module.ts";
import { formulasOf } from "./formulas.ts";

/** A kernel of a program as a function of a module: the places of its instruction, and its name. */
export type EncodedKernel = {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly code: WasmFunction;
};

/** The kernels of a program, and what they need in memory behind the registers. */
export type EncodedKernels = {
  readonly kernels: readonly EncodedKernel[];
  /** Elements that they need there. */
  readonly room: number;
  /** Puts there what does not change from block to block. */
  readonly write: (buffer: ArrayBufferLike) => void;
};

/**
 * Makes a function of each kernel of a program, for blocks of an even number of trials.
 *
 * @param offsets of the registers
 * @param start   first element behind the registers
 */
export function encodeKernels(
  plan: Plan,
  offsets: Int32Array,
  blockSize: number,
  start: number,
): EncodedKernels {
  const { program, monthCount, originMonth, horizonMonths } = plan;
  const block = { blockSize, monthCount, originMonth, horizonMonths };
  // Outputs that some items lack are written to an unused slab.
  const sink = start;
  let free = start + monthCount * blockSize;
  const writes: ((buffer: ArrayBufferLike) => void)[] = [];
  const kernels: EncodedKernel[] = [];
  for (let at = 0; at < program.length; at += HEADER + program[at + 1]) {
    const member = memberAt(plan, at, offsets);
    if (!member) continue;
    const { kernel, items } = member;
    const recording = prune(record(kernel), ({ list, name }) =>
      items[list].some((item) => (item[name] as number) >= 0),
    );
    const records = layRecords(recording, items, { start: free, blockSize, sink });
    free += records.length;
    writes.push(records.write);
    const name = `kernel${at}`;
    const code = emit(recording, items, { block, endMonth: program[at + 3], records });
    kernels.push({ name, start: at, end: at + HEADER + program[at + 1], code });
  }
  return {
    kernels,
    // What stands behind it, such as a tile, begins at a cache line like the registers.
    room: toCacheLine(free) - start,
    write(buffer) {
      for (const write of writes) write(buffer);
    },
  };
}

/** The kernel of an instruction, that of a sweep made of its instructions; none where it is another operation. */
function memberAt(plan: Plan, at: number, offsets: Int32Array): Member | undefined {
  const { program } = plan;
  if (program[at] === Opcode.kernel) return readKernel(plan, at, offsets);
  if (program[at] !== Opcode.sweep) return undefined;
  const members: Member[] = [];
  let formulas: number[] = [];
  const close = () => {
    if (formulas.length > 0) members.push(formulasOf(plan, offsets, formulas));
    formulas = [];
  };
  const end = at + HEADER + program[at + 1];
  for (let inner = at + HEADER; inner < end; inner += HEADER + program[inner + 1]) {
    if (program[inner] !== Opcode.kernel) formulas.push(inner);
    else {
      close();
      members.push(readKernel(plan, inner, offsets));
    }
  }
  close();
  return sweepOf(members);
}
