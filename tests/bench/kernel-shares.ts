/**
 * Says what the simulation of a scenario spends its time on: `node kernel-shares.mjs SCENARIO`. Prints JSON: microseconds a trial
 * by kind of instruction, the median of many blocks, each instruction timed by itself.
 */
import { createSampler } from "../../src/analysis/sample/sampling.ts";
import { compile } from "../../src/compile/compile.ts";
import { KERNELS } from "../../src/engine/kernels/kernels.ts";
import { HEADER, Opcode } from "../../src/engine/operations/opcode.ts";
import { execute } from "../../src/engine/simulate/execute.ts";
import { FUSED_BLOCK } from "../../src/run/compiled-tile.ts";
import { createFusedWorkspace } from "../../src/run/fused-workspace.ts";
import { loadShipped } from "./load-shipped.ts";

const [, , file] = process.argv;
const plan = compile(loadShipped(file), {
  levels: ["contract", "tranche", "loan", "total", "run"],
  months: "horizon",
});
// As a sample has it: wider blocks leave the cache.
const blockSize = FUSED_BLOCK;
const workspace = createFusedWorkspace(plan, blockSize);
const inputs = new Float64Array(plan.variables.length * blockSize);
createSampler(plan, "1", [])(0, blockSize, inputs, blockSize);
for (const [index, { register }] of plan.variables.entries()) {
  const row = inputs.subarray(index * blockSize, (index + 1) * blockSize);
  workspace.memory.set(row, workspace.offsets[register]);
}

/** Kernels by their name; what is computed element by element, and what moves or sums months, by theirs. */
function kindOf(at: number): string {
  const opcode = plan.program[at];
  if (opcode === Opcode.kernel) return KERNELS[plan.program[at + HEADER]].name;
  if (opcode < Opcode.behind) return "elementwise, in loops of their own";
  if (opcode <= Opcode.total) return "lags, running and total sums";
  return Object.entries(Opcode).find(([, code]) => code === opcode)?.[0] ?? String(opcode);
}

const times = new Map<number, { kind: string; samples: number[] }>();
for (let round = 0; round < 60; round++) {
  for (let at = 0; at < plan.program.length; ) {
    const run = workspace.fused.get(at);
    const opcode = plan.program[at];
    if (opcode === Opcode.emit || opcode === Opcode.check) {
      at += HEADER + plan.program[at + 1];
      continue;
    }
    const started = process.hrtime.bigint();
    const isRun = run !== undefined && opcode < Opcode.total;
    if (run) run.compute();
    else {
      const [fromMonth, endMonth] = plan.program.subarray(at + 2, at + HEADER);
      execute(plan, workspace, at, { ...workspace.extent, fromMonth, endMonth });
    }
    const spent = Number(process.hrtime.bigint() - started) / blockSize / 1000;
    const known = times.get(at) ?? {
      kind: isRun ? "elementwise, in one pass" : kindOf(at),
      samples: [],
    };
    times.set(at, known);
    known.samples.push(spent);
    at = run ? run.end : at + HEADER + plan.program[at + 1];
  }
}
const shares: Record<string, number> = {};
for (const { kind, samples } of times.values()) {
  const median = samples.sort((a, b) => a - b)[samples.length >> 1] ?? 0;
  shares[kind] = (shares[kind] ?? 0) + median;
}
console.log(JSON.stringify(shares));
