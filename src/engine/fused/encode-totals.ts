import { HEADER, Opcode } from "../operations/opcode.ts";
import type { Plan } from "../plan/plan.ts";
import { Code } from "../wasm/code.ts";
import { advance, endLoop } from "../wasm/elementwise.ts";
import { LANE_BYTES, Type, VECTOR_BYTES, Vector, Wasm } from "../wasm/instructions.ts";
import type { WasmFunction } from "../wasm/module.ts";
import type { FusedRun } from "./find-runs.ts";

/** A sum over months as a function of a module: the places of its instruction, and its code. */
export type EncodedTotal = FusedRun & { readonly code: WasmFunction };

/** Locals: bytes of the pair of trials in a row, and in the slab up to the last month; the sum. */
const Local = { trial: 0, at: 1, end: 2, sum: 3 } as const;

/** Makes a function of each sum over months (`totalMonths`): for one pair of trials after another, month by month. */
export function encodeTotals(plan: Plan, offsets: Int32Array, blockSize: number): readonly EncodedTotal[] {
  const { program } = plan;
  const rowBytes = blockSize * LANE_BYTES;
  const totals: EncodedTotal[] = [];
  for (let at = 0; at < program.length; at += HEADER + program[at + 1]) {
    if (program[at] !== Opcode.total) continue;
    const [target, source, first, end] = program.subarray(at + HEADER, at + HEADER + 4);
    const code = new Code().constant32(0).set(Local.trial).open(Wasm.loop, Type.none);
    code.constantVector(0).set(Local.sum);
    code
      .get(Local.trial)
      .constant32(first * rowBytes)
      .op(Wasm.add32)
      .set(Local.at);
    code
      .get(Local.trial)
      .constant32(end * rowBytes)
      .op(Wasm.add32)
      .set(Local.end);
    code.get(Local.at).get(Local.end).op(Wasm.less32).open(Wasm.if, Type.none).open(Wasm.loop, Type.none);
    code
      .get(Local.sum)
      .get(Local.at)
      .vectorAccess(Vector.load, offsets[source] * LANE_BYTES);
    code.vector(Vector.add).set(Local.sum);
    advance(code, Local.at, rowBytes);
    code.get(Local.at).get(Local.end).op(Wasm.less32).branch(Wasm.branchIf, 0).op(Wasm.end).op(Wasm.end);
    code
      .get(Local.trial)
      .get(Local.sum)
      .vectorAccess(Vector.store, offsets[target] * LANE_BYTES);
    advance(code, Local.trial, VECTOR_BYTES);
    endLoop(code, Local.trial, rowBytes);
    const name = `total${at}`;
    const locals = [Type.int32, Type.int32, Type.int32, Type.vector];
    totals.push({ name, start: at, end: at + HEADER + program[at + 1], code: { name, locals, code } });
  }
  return totals;
}
