import { HEADER, Opcode } from "../operations/opcode.ts";
import { type Plan, Shape } from "../plan/plan.ts";
import { operandCount } from "../plan/plan-builder.ts";
import { LONG_RUN } from "../plan/schedule.ts";
import type { Workspace } from "../simulate/workspace.ts";
import { Code } from "../wasm/code.ts";
import {
  advance,
  encodeElementwise,
  encodeTruth,
  endLoop,
  isTruth,
  type Operands,
} from "../wasm/elementwise.ts";
import {
  LANE_BYTES,
  TRIALS_OF_TWO_PAIRS,
  Type,
  type ValueType,
  VECTOR_BYTES,
  Vector,
  Wasm,
} from "../wasm/instructions.ts";
import type { WasmFunction } from "../wasm/module.ts";
import { NumberFunction } from "../wasm/number-functions.ts";
import type { FusedRun } from "./find-runs.ts";

/** Locals of a run's function: bytes of the first pair of trials in a row, of the month, of the month's row, and of both in a slab. */
const Local = { trial: 0, month: 1, row: 2, at: 3 } as const;

/**
 * Makes WebAssembly of runs: one function each, which computes the run for a block in the workspace's memory.
 *
 * All instructions of a run are one pass: for one pair of trials after another, or two at a time, one month after another. What only the run
 * reads stays in a register of the processor, as do the sums of a scan. Every operation is the one that `applyScalar` does,
 * so that no bit changes.
 *
 * Fails: never, for a Plan that was compiled and a block of at least two trials.
 */
export function encodeRuns(
  plan: Plan,
  workspace: Workspace,
  runs: readonly FusedRun[],
): readonly WasmFunction[] {
  return runs.map((run) => new RunWriter(plan, workspace, run).write());
}

/** What a scan carries into the first month. */
const SCAN_STARTS: ReadonlyMap<number, number> = new Map([
  [Opcode.cumulate, 0],
  [Opcode.difference, 0],
  [Opcode.runningProduct, 1],
  [Opcode.runningMax, Number.NEGATIVE_INFINITY],
]);

/** Locals that hold what has been computed for a pair of trials. */
class Pair {
  /** Bytes from the first pair's numbers. */
  readonly bytes: number;
  readonly values = new Map<number, number>();
  /** By register that is 1 or 0: all ones or zeros. */
  readonly truths = new Map<number, number>();
  /** By register: bytes of slabs by which each of both trials is moved, and logarithms of a base. */
  readonly lags = new Map<number, readonly [number, number]>();
  readonly logs = new Map<number, readonly [number, number]>();

  constructor(index: number) {
    this.bytes = index * VECTOR_BYTES;
  }
}

/** Share of stored values from which on a run is written for two pairs (measured: 0.2 to 0.5). */
const MOSTLY_STORED = 0.4;

/**
 * Pairs of trials that a run computes side by side. Where most values are stored, time goes into fetching memory, and two pairs are half
 * a cache line; elsewhere the processor has too few registers for both, and so it has around calls.
 */
function pairCountOf({ program, shapes, transient }: Plan, { blockSize }: Workspace, run: FusedRun): 1 | 2 {
  if (blockSize % TRIALS_OF_TWO_PAIRS !== 0 || shapes[program[run.start + HEADER]] !== Shape.slab) return 1;
  let [count, stores] = [0, 0];
  for (let at = run.start; at < run.end; at += HEADER + program[at + 1]) {
    if (program[at] === Opcode.power) return 1;
    count++;
    if (transient[program[at + HEADER]] === 0) stores++;
  }
  // V8 takes no function with as many locals as a long run has for two pairs.
  return stores > MOSTLY_STORED * count && count <= LONG_RUN ? 2 : 1;
}

/** Writes one run. Code of `once` runs for each pair of trials before the months, that of `body` in each month. */
class RunWriter {
  readonly #plan: Plan;
  readonly #workspace: Workspace;
  readonly #run: FusedRun;
  readonly #locals: ValueType[] = [Type.int32, Type.int32, Type.int32, Type.int32];
  readonly #pairs: readonly Pair[];
  /** The pair that is being written. */
  #pair: Pair;
  readonly #once = new Code();
  readonly #body = new Code();

  constructor(plan: Plan, workspace: Workspace, run: FusedRun) {
    this.#plan = plan;
    this.#workspace = workspace;
    this.#run = run;
    this.#pairs = Array.from({ length: pairCountOf(plan, workspace, run) }, (_, index) => new Pair(index));
    this.#pair = this.#pairs[0];
  }

  write(): WasmFunction {
    const { program, shapes } = this.#plan;
    const { blockSize } = this.#workspace;
    const { name, start, end } = this.#run;
    for (let at = start; at < end; at += HEADER + program[at + 1]) {
      for (const pair of this.#pairs) {
        this.#pair = pair;
        this.#writeInstruction(at);
      }
    }
    const rowBytes = blockSize * LANE_BYTES;
    const code = new Code().constant32(0).set(Local.trial).open(Wasm.loop, Type.none);
    code.append(this.#once.written);
    if (shapes[program[start + HEADER]] === Shape.slab) {
      const [fromMonth, endMonth] = [program[start + 2], program[start + 3]];
      code.constant32(fromMonth * LANE_BYTES).set(Local.month);
      code
        .constant32(fromMonth * rowBytes)
        .tee(Local.row)
        .get(Local.trial)
        .op(Wasm.add32)
        .set(Local.at);
      code.open(Wasm.loop, Type.none).append(this.#body.written);
      advance(code, Local.row, rowBytes);
      advance(code, Local.at, rowBytes);
      advance(code, Local.month, LANE_BYTES);
      endLoop(code, Local.month, endMonth * LANE_BYTES);
    } else code.append(this.#body.written);
    advance(code, Local.trial, VECTOR_BYTES * this.#pairs.length);
    endLoop(code, Local.trial, rowBytes);
    return { name, locals: this.#locals, code };
  }

  #writeInstruction(at: number): void {
    const { program, shapes, transient } = this.#plan;
    const [opcode, target] = [program[at], program[at + HEADER]];
    const inputs = program.subarray(at + HEADER + 1, at + HEADER + 1 + operandCount(opcode));
    if (opcode >= Opcode.difference) this.#writeScan(at);
    else if (opcode >= Opcode.behind)
      this.#writeShift(opcode, program[at + HEADER + 1], program[at + HEADER + 2]);
    else {
      for (const input of inputs) if (shapes[input] >= Shape.trial) this.#valueOf(input);
      if (opcode === Opcode.power && shapes[inputs[0]] === Shape.trial && shapes[target] === Shape.slab)
        this.#writePower(inputs);
      else this.#writeElementwise(opcode, target, inputs);
    }
    const local = this.#newLocal(Type.vector);
    this.#body.set(local);
    this.#pair.values.set(target, local);
    if (transient[target] === 1) return;
    const place = shapes[target] === Shape.slab ? Local.at : Local.trial;
    this.#body.get(place).get(local).vectorAccess(Vector.store, this.#bytesOf(target));
  }

  #writeElementwise(opcode: number, target: number, inputs: Int32Array): void {
    const code = this.#body;
    const operands: Operands = {
      push: (operand) => this.#push(code, inputs[operand]),
      isZero: (operand) => this.#isZero(inputs[operand]),
      truthOf: (operand) => this.#pair.truths.get(inputs[operand]),
    };
    if (!isTruth(opcode)) {
      encodeElementwise(code, opcode, operands);
      return;
    }
    encodeTruth(code, opcode, operands);
    const truth = this.#newLocal(Type.vector);
    this.#pair.truths.set(target, truth);
    code.tee(truth).constantVector(1).vector(Vector.and);
  }

  #isZero(register: number): boolean {
    const { memory, offsets } = this.#workspace;
    return this.#plan.shapes[register] === Shape.constant && Object.is(memory[offsets[register]], 0);
  }

  #newLocal(type: ValueType): number {
    return this.#locals.push(type) - 1;
  }

  /** Where a register stands, and its number of the pair where trials have their own. */
  #bytesOf(register: number): number {
    const isByTrial = this.#plan.shapes[register] >= Shape.trial;
    return this.#workspace.offsets[register] * LANE_BYTES + (isByTrial ? this.#pair.bytes : 0);
  }

  /** Code that leaves a register's value of the pair and month on the stack. */
  #push(code: Code, register: number): void {
    const known = this.#pair.values.get(register);
    const shape = this.#plan.shapes[register];
    if (known !== undefined) code.get(known);
    else if (shape === Shape.constant)
      code.constantVector(this.#workspace.memory[this.#workspace.offsets[register]]);
    else if (shape === Shape.month)
      code.get(Local.month).vectorAccess(Vector.loadSplat, this.#bytesOf(register));
    else
      code
        .get(shape === Shape.trial ? Local.trial : Local.at)
        .vectorAccess(Vector.load, this.#bytesOf(register));
  }

  /** A local with the register's value of the pair and month. */
  #valueOf(register: number): number {
    const known = this.#pair.values.get(register);
    if (known !== undefined) return known;
    this.#push(this.#body, register);
    const local = this.#newLocal(Type.vector);
    this.#body.set(local);
    this.#pair.values.set(register, local);
    return local;
  }

  /** Powers of a base of each trial: its logarithm is taken once. */
  #writePower([base, exponent]: ArrayLike<number> & Iterable<number>): void {
    let logs = this.#pair.logs.get(base);
    if (!logs) {
      logs = [this.#newLocal(Type.vector), this.#newLocal(Type.vector)];
      this.#pair.logs.set(base, logs);
      this.#once.get(Local.trial).vectorAccess(Vector.load, this.#bytesOf(base)).vector(Vector.abs);
      this.#once.call(NumberFunction.logOf).set(logs[1]).set(logs[0]);
    }
    this.#push(this.#body, base);
    this.#body.get(logs[0]).get(logs[1]);
    this.#push(this.#body, exponent);
    this.#body.call(NumberFunction.powerByLog);
  }

  /** A difference, sum, maximum or product along the months; what it carries is a local. */
  #writeScan(at: number): void {
    const { program } = this.#plan;
    const [opcode, fromMonth, source] = [program[at], program[at + 2], program[at + HEADER + 1]];
    const value = this.#valueOf(source);
    const carried = this.#newLocal(Type.vector);
    const code = this.#body;
    if (opcode === Opcode.difference && fromMonth > 0) {
      const before = this.#bytesOf(source) + (fromMonth - 1) * this.#workspace.blockSize * LANE_BYTES;
      this.#once.get(Local.trial).vectorAccess(Vector.load, before).set(carried);
    } else this.#once.constantVector(SCAN_STARTS.get(opcode) ?? 0).set(carried);
    if (opcode === Opcode.difference) {
      code.get(value).get(carried).vector(Vector.subtract).get(value).set(carried);
      return;
    }
    if (opcode === Opcode.runningMax)
      code.get(value).get(carried).get(value).get(carried).vector(Vector.greater).vector(Vector.choose);
    else
      code
        .get(carried)
        .get(value)
        .vector(opcode === Opcode.cumulate ? Vector.add : Vector.multiply);
    code.tee(carried);
  }

  /** A slab months before or after the one at hand, by a lag of each trial. */
  #writeShift(opcode: number, source: number, lag: number): void {
    const { monthCount } = this.#plan;
    const rowBytes = this.#workspace.blockSize * LANE_BYTES;
    const lastRow = (monthCount - 1) * rowBytes;
    const isAhead = opcode === Opcode.ahead || opcode === Opcode.aheadHold;
    const isHeld = opcode === Opcode.behindHold || opcode === Opcode.aheadHold;
    const code = this.#body;
    for (const [lane, lagBytes] of this.#lagOf(lag).entries()) {
      const base = this.#bytesOf(source) + lane * LANE_BYTES;
      const row = this.#newLocal(Type.int32);
      code
        .get(Local.row)
        .get(lagBytes)
        .op(isAhead ? Wasm.add32 : Wasm.subtract32)
        .set(row);
      code.get(row).constant32(isAhead ? lastRow : 0);
      code.op(isAhead ? Wasm.lessEqualSigned32 : Wasm.greaterEqualSigned32);
      code
        .open(Wasm.if, Type.double)
        .get(row)
        .get(Local.trial)
        .op(Wasm.add32)
        .doubleAccess(Wasm.loadDouble, base);
      code.op(Wasm.else);
      if (isHeld) code.get(Local.trial).doubleAccess(Wasm.loadDouble, base + (isAhead ? lastRow : 0));
      else code.constantDouble(0);
      code.op(Wasm.end);
      if (lane === 0) code.vector(Vector.splat);
      else code.lane(Vector.replaceLane, 1);
    }
  }

  /** Locals with the bytes of whole slabs' months by which each trial of the pair is moved, at most all of them. */
  #lagOf(register: number): readonly [number, number] {
    const known = this.#pair.lags.get(register);
    if (known) return known;
    const { monthCount } = this.#plan;
    const lags: [number, number] = [this.#newLocal(Type.int32), this.#newLocal(Type.int32)];
    for (const [lane, local] of lags.entries()) {
      this.#once.get(Local.trial).doubleAccess(Wasm.loadDouble, this.#bytesOf(register) + lane * LANE_BYTES);
      this.#once.constantDouble(monthCount).op(Wasm.minDouble).truncate();
      this.#once
        .constant32(this.#workspace.blockSize * LANE_BYTES)
        .op(Wasm.multiply32)
        .set(local);
    }
    this.#pair.lags.set(register, lags);
    return lags;
  }
}
