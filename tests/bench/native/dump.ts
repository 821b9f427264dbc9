/**
 * Writes what the simulation of a scenario is compiled to, with the memory that it begins with, the draws of many blocks and the memory
 * after them: `node dump.mjs SCENARIO FOLDER`. Prints what V8 takes for a trial [microseconds of the processor], the least of 25 rounds.
 */
import fs from "node:fs";
import path from "node:path";
import { createSampler } from "../../../src/analysis/sample/sampling.ts";
import { compile } from "../../../src/compile/compile.ts";
import { numberFunctions } from "../../../src/engine/index.ts";
import { HEADER, Opcode } from "../../../src/engine/operations/opcode.ts";
import { FUSED_BLOCK } from "../../../src/run/compiled-tile.ts";
import { createFusedWorkspace } from "../../../src/run/fused-workspace.ts";
import { loadShipped } from "../load-shipped.ts";

const [, , file, folder] = process.argv;
const plan = compile(loadShipped(file), {
  levels: ["contract", "tranche", "loan", "total", "run"],
  months: "horizon",
});

const write = (name: string, bytes: Uint8Array | string): void =>
  fs.writeFileSync(path.join(folder, name), bytes);
const { Module } = WebAssembly;
WebAssembly.Module = class extends Module {
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    super(bytes);
    write("plan.wasm", bytes);
  }
};
const blockSize = FUSED_BLOCK;
const { memory, offsets, fused } = createFusedWorkspace(plan, blockSize);

const BLOCKS = 64;
const ROUNDS = 25;
const variables = plan.variables.map(({ register }) => offsets[register]);
const trials = BLOCKS * blockSize;
const inputs = new Float64Array(variables.length * trials);
createSampler(plan, "1", [])(0, trials, inputs, trials);

const steps: (() => number | undefined)[] = [];
for (let at = 0; at < plan.program.length; ) {
  const step = fused.get(at);
  const opcode = plan.program[at];
  if (step) steps.push(step.compute);
  else if (opcode !== Opcode.emit && opcode !== Opcode.check)
    throw new Error(`instruction ${opcode} is not compiled`);
  at = step ? step.end : at + HEADER + plan.program[at + 1];
}
const load = (block: number): void => {
  for (const [variable, place] of variables.entries()) {
    const from = variable * trials + block * blockSize;
    memory.set(inputs.subarray(from, from + blockSize), place);
  }
};
const simulate = (): void => {
  for (let block = 0; block < BLOCKS; block++) {
    load(block);
    for (const compute of steps) compute();
  }
};

load(0);
const bytesOf = (array: Float64Array): Uint8Array => new Uint8Array(array.slice().buffer);
write("before.bin", bytesOf(memory));
write("inputs.bin", bytesOf(inputs));
write("globals.bin", bytesOf(Float64Array.from(numberFunctions().globals)));
simulate();
write("after.bin", bytesOf(memory));
// V8 names an exported function by its place in the module.
const functions = steps.map(({ name }) => Number(name));
const sizes = [functions.length, variables.length, blockSize, BLOCKS, memory.byteLength];
write("steps.txt", `${[...sizes, ...functions, ...variables].join("\n")}\n`);

const times: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const started = process.cpuUsage();
  simulate();
  const { user, system } = process.cpuUsage(started);
  times.push((user + system) / trials);
}
console.log(Math.min(...times));
