import { KERNELS } from "../kernels/kernels.ts";
import type { GivenLists, MadeLists } from "../language/given.ts";
import { type Word, writeItems } from "../language/items.ts";
import type { Field, Kernel, Schema } from "../language/operations.ts";
import { record } from "../language/record.ts";
import { isRead, usesOf } from "../language/uses.ts";
import { applyElementwise, applySelect, type Operand } from "../operations/elementwise.ts";
import { scanVector } from "../operations/months.ts";
import { Opcode } from "../operations/opcode.ts";
import { lookUpQuantile } from "../operations/quantile-table.ts";
import { applyScalar } from "../operations/scalar.ts";
import {
  assemblePlan,
  type ColumnMonths,
  type DraftProgram,
  outlinePlan,
  type PlanOutline,
} from "./assemble-plan.ts";
import type { Instruction, Register } from "./instruction.ts";
import type { MonthWindow } from "./month-ranges.ts";
import { type Plan, type PlanCheck, type PlanColumn, type PlanVariable, Shape } from "./plan.ts";

/** Room for registers in the key of an operation: two of them and a code fit the 53 bits of a number. */
const REGISTER_ROOM = 8_388_608;

/** Elementwise operations of one operand have the codes below this one. */
const UNARY_LIMIT = Opcode.add;

/**
 * Builds a Plan. Every operation returns a register; operations on constants and months are folded at once, equal
 * operations are one, and unused ones are left out. Folding never re-associates.
 */
export class PlanBuilder {
  readonly #window: MonthWindow;
  readonly #shapes: Shape[] = [];
  readonly #constants = new Map<Register, number>();
  readonly #monthVectors = new Map<Register, Float64Array>();
  readonly #instructions: Instruction[] = [];
  readonly #known = new Map<string, Register>();
  /** Elementwise operations already there, by `#keyOf`, and pairs of operands by number. */
  readonly #knownOps = new Map<number, Register>();
  readonly #pairs = new Map<number, number>();
  readonly #constantRegisters = new Map<number, Register>();
  /** Registers that were spread, and what they are the same value as. */
  readonly #spreadOf = new Map<Register, Register>();
  readonly #variables: PlanVariable[] = [];
  readonly #columns: PlanColumn[] = [];
  readonly #checks: PlanCheck[] = [];
  readonly #tables: number[] = [];
  /** Registers that an instruction reads a month later than they are made, and what they turn out to be. */
  readonly #feedbacks = new Map<Register, Register>();
  /** Outputs of kernels that need no memory if they are unread. */
  readonly #optional = new Set<Register>();

  constructor(window: MonthWindow) {
    this.#window = window;
  }

  /** Months of the Plan. */
  get window(): MonthWindow {
    return this.#window;
  }

  /** What a register varies with. */
  shapeOf(register: Register): Shape {
    return this.#shapes[register];
  }

  /** The constant a register is, or undefined. */
  constantOf(register: Register): number | undefined {
    return this.#constants.get(register);
  }

  /** The value by window month of a register that does not vary by trial, or undefined. */
  monthsOf(register: Register): Float64Array | undefined {
    const constant = this.#constants.get(register);
    if (constant !== undefined) return new Float64Array(this.#window.monthCount).fill(constant);
    return this.#monthVectors.get(register);
  }

  /** The same value in every month and trial. */
  constant(value: number): Register {
    // -0 and 0 are different constants: their quotients are.
    const known = Object.is(value, -0) ? undefined : this.#constantRegisters.get(value);
    if (known !== undefined) return known;
    const register = this.#newRegister(Shape.constant);
    this.#constants.set(register, value);
    if (!Object.is(value, -0)) this.#constantRegisters.set(value, register);
    return register;
  }

  /** A value by window month. */
  months(values: Float64Array): Register {
    const first = values[0];
    if (values.every((value) => Object.is(value, first))) return this.constant(first);
    const register = this.#newRegister(Shape.month);
    this.#monthVectors.set(register, values);
    return register;
  }

  /** A value by window month, known by its key; its months are computed only once. */
  monthsBy(key: string, valueIn: (month: number) => number): Register {
    const known = this.#known.get(`months:${key}`);
    if (known !== undefined) return known;
    const values = new Float64Array(this.#window.monthCount);
    for (let month = 0; month < values.length; month++) values[month] = valueIn(month);
    const register = this.months(values);
    this.#known.set(`months:${key}`, register);
    return register;
  }

  /** An input variable; asking for the same key again gives the same register. */
  variable(key: string, kind: "uniform" | "value", plain: number): Register {
    const known = this.#known.get(`${kind}:${key}`);
    if (known !== undefined) return known;
    const register = this.#newRegister(Shape.trial);
    this.#variables.push({ key, register, kind, plain });
    this.#known.set(`${kind}:${key}`, register);
    return register;
  }

  /** Elementwise operation of one, two or three operands. */
  op(name: keyof typeof Opcode, x: Register, y?: Register, z?: Register): Register {
    const opcode = Opcode[name];
    const same = this.#simplify(opcode, x, y, z);
    if (same !== undefined) return same;
    const key = this.#keyOf(opcode, x, y ?? 0, z);
    const known = this.#knownOps.get(key);
    if (known !== undefined) return known;
    const inputs = y === undefined ? [x] : z === undefined ? [x, y] : [x, y, z];
    let shape: Shape = Shape.constant;
    for (let at = 0; at < inputs.length; at++) shape = join(shape, this.#shapes[inputs[at]]);
    let register: Register;
    if (shape === Shape.constant) {
      const numberOf = (input: Register | undefined) =>
        input === undefined ? 0 : (this.#constants.get(input) ?? 0);
      register = this.constant(applyScalar(opcode, numberOf(x), numberOf(y), numberOf(z)));
    } else if (shape === Shape.month) {
      register = this.months(this.#foldMonths(opcode, inputs));
    } else {
      register = this.#emit(opcode, shape, inputs);
    }
    this.#knownOps.set(key, register);
    return register;
  }

  /** An operation of up to three registers as one number. */
  #keyOf(opcode: number, x: Register, y: Register, z: Register | undefined): number {
    if (z === undefined) return (opcode * REGISTER_ROOM + x) * REGISTER_ROOM + y;
    const pairKey = x * REGISTER_ROOM + y;
    let pair = this.#pairs.get(pairKey);
    if (pair === undefined) {
      pair = this.#pairs.size;
      this.#pairs.set(pairKey, pair);
    }
    return (opcode * REGISTER_ROOM + pair) * REGISTER_ROOM + z;
  }

  /** An operation on months, which stand side by side as the trials of a block do. */
  #foldMonths(opcode: number, inputs: readonly Register[]): Float64Array {
    const { monthCount } = this.#window;
    const memory = new Float64Array((1 + inputs.length) * monthCount);
    const [x, y = x, z = x] = inputs.map((input, index): Operand => {
      const offset = (1 + index) * monthCount;
      const vector = this.#monthVectors.get(input);
      if (vector) memory.set(vector, offset);
      else memory[offset] = this.#constants.get(input) ?? 0;
      return { offset, monthStride: 0, trialStride: vector ? 1 : 0 };
    });
    if (opcode === Opcode.select) applySelect(memory, 0, x, y, z, 1, monthCount);
    else applyElementwise(memory, opcode, 0, x, y, 1, monthCount);
    return memory.slice(0, monthCount);
  }

  /** Quantile of a tabulated distribution at a normal score (`lookUpQuantile`). */
  tableLookup(score: Register, table: Float64Array): Register {
    const constant = this.#constants.get(score);
    if (constant !== undefined) return this.constant(lookUpQuantile(table, 0, table.length, constant));
    const shape = this.#shapes[score] === Shape.slab ? Shape.slab : Shape.trial;
    return this.#emit(Opcode.tableLookup, shape, [score], [this.numbers(table), table.length]);
  }

  /** The same value in a register of shape trial (from constant) or slab (from anything). */
  spread(register: Register, shape: typeof Shape.trial | typeof Shape.slab): Register {
    if (this.#shapes[register] === shape) return register;
    const key = `spread${shape}:${register}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const spread = this.#emit(Opcode.copy, shape, [register]);
    this.#known.set(key, spread);
    this.#spreadOf.set(spread, register);
    return spread;
  }

  /** Value at [month - lag] or [month + lag], lag in whole months; a constant lag of a month vector is folded. */
  shift(name: "behind" | "behindHold" | "ahead" | "aheadHold", source: Register, lag: Register): Register {
    // A life, say, has been spread for the kernel that reads it too.
    const steps = this.constantOf(this.#spreadOf.get(lag) ?? lag);
    if (steps === 0) return source;
    // Nothing of the window lies so far away: what chips do at the end of a life that outlasts it costs nothing.
    if (steps !== undefined && steps >= this.#window.monthCount && !name.endsWith("Hold"))
      return this.constant(0);
    if (this.constantOf(source) !== undefined && name.endsWith("Hold")) return source;
    const vector = this.monthsOf(source);
    if (steps !== undefined && vector) {
      const sign = name.startsWith("ahead") ? 1 : -1;
      const hold = name.endsWith("Hold");
      const last = vector.length - 1;
      return this.months(
        vector.map((_, month) => {
          const at = month + sign * steps;
          if (at >= 0 && at <= last) return vector[at];
          return hold ? vector[at < 0 ? 0 : last] : 0;
        }),
      );
    }
    return this.#slabOperation(Opcode[name], [
      this.spread(source, Shape.slab),
      this.spread(lag, Shape.trial),
    ]);
  }

  /** Running difference, sum, maximum or product along the months. */
  scan(name: "difference" | "cumulate" | "runningMax" | "runningProduct", source: Register): Register {
    const vector = this.monthsOf(source);
    if (vector) return this.months(scanVector(Opcode[name], vector));
    return this.#slabOperation(Opcode[name], [source]);
  }

  /** Sum over window months `first` .. `end` - 1: a register of shape trial. */
  total(source: Register, first: number, end: number): Register {
    const slab = this.spread(source, Shape.slab);
    const key = `total:${slab},${first},${end}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const register = this.#emit(Opcode.total, Shape.trial, [slab], [first, end]);
    this.#known.set(key, register);
    return register;
  }

  /**
   * A kernel over the items of the Plan: inputs are spread to the shapes that its schema wants.
   *
   * An output that neither an instruction nor the kernel reads gets no memory, and is not computed.
   *
   * @return registers of its outputs
   */
  kernel<S extends Schema>(kernel: Kernel<S>, lists: GivenLists<S>): MadeLists<S> {
    const number = KERNELS.indexOf(kernel as Kernel);
    if (number < 0) throw new Error(`${kernel.name} is not among the kernels`);
    const kept = outputsRead(kernel as Kernel);
    const [inputs, outputs]: Register[][] = [[], []];
    const made: Record<string, Record<string, Register>[]> = {};
    const words: Record<string, Record<string, Word>[]> = {};
    for (const list in kernel.schema) {
      const fields = kernel.schema[list];
      made[list] = [];
      words[list] = lists[list].map((item) => {
        const makes: Record<string, Register> = {};
        const word: Record<string, Word> = {};
        made[list].push(makes);
        for (const name in fields) {
          const field: Field = fields[name];
          if (field !== "output" && field !== "result") {
            word[name] = this.#wordOf(field, (item as Readonly<Record<string, unknown>>)[name], inputs);
            continue;
          }
          makes[name] = this.#newRegister(field === "output" ? Shape.slab : Shape.trial);
          outputs.push(makes[name]);
          if (!kept.has(`${list}.${name}`)) this.#optional.add(makes[name]);
          word[name] = makes[name];
        }
        return word;
      });
    }
    const operands = [number, ...writeItems(kernel.schema, words)];
    this.#instructions.push({
      opcode: Opcode.kernel,
      outputs,
      inputs,
      operands,
      kernels: [kernel as Kernel],
      items: words,
    });
    return made as MadeLists<S>;
  }

  /** What stands for an input among the operands; registers are spread to its shape, and added to `inputs`. */
  #wordOf(field: Field, given: unknown, inputs: Register[]): Word {
    if (typeof field === "object") return given as Word;
    if (field === "flag") return given ? 0 : -1;
    if (field === "table") {
      const values = given as readonly number[];
      return [this.numbers(values), values.length];
    }
    if (given === undefined) return -1;
    const register = given as Register;
    if (field === "number") inputs.push(this.constant(given as number));
    else inputs.push(this.spread(register, field === "trial" ? Shape.trial : Shape.slab));
    return inputs[inputs.length - 1];
  }

  /**
   * The same value as a register of its own, with which nothing is folded: what follows from it can be looked for among the
   * instructions.
   */
  apart(register: Register): Register {
    const varies = this.#shapes[register] === Shape.month || this.#shapes[register] === Shape.slab;
    return this.#emit(Opcode.copy, varies ? Shape.slab : Shape.trial, [register]);
  }

  /** Numbers for an instruction's own use, as an index among the Plan's tables. */
  numbers(values: Iterable<number>): number {
    const start = this.#tables.length;
    for (const value of values) this.#tables.push(value);
    return start;
  }

  /**
   * A slab that the stock kernel reads a month after it is made, so that it may depend on what that kernel makes:
   * `bindFeedback` says what it is. The instructions between run month by month inside the kernel.
   */
  feedback(): Register {
    return this.#newRegister(Shape.slab);
  }

  /** Says which register a slab of `feedback` turns out to be. */
  bindFeedback(placeholder: Register, register: Register): void {
    this.#feedbacks.set(placeholder, this.spread(register, Shape.slab));
  }

  /** Asks for a result. */
  column(column: PlanColumn): void {
    this.#columns.push(column);
  }

  /** Asks that every draw of the register lies in [low, high]; a register that cannot vary was checked at load time. */
  check(register: Register, low: number, high: number, field: string): void {
    if (this.#shapes[register] < Shape.trial) return;
    this.#checks.push({ register, low, high, field });
  }

  /**
   * The Plan (`assemblePlan`).
   *
   * @param months for which columns hold
   */
  build(months: ColumnMonths = "window"): Plan {
    const { draft } = this;
    // More may be asked for later, for another Plan.
    return assemblePlan({ ...draft, columns: [...draft.columns], checks: [...draft.checks] }, months);
  }

  /** What the Plan of some of the results asked for would take and give. */
  outline(isWanted: (column: PlanColumn) => boolean): PlanOutline {
    const { draft } = this;
    return outlinePlan({ ...draft, columns: draft.columns.filter(isWanted) });
  }

  /** Drops what was collected, when nothing more is built: whoever said it may hold the builder for long. */
  forget(): void {
    this.#instructions.length = 0;
    for (const known of [this.#known, this.#knownOps, this.#pairs]) known.clear();
  }

  /** Everything collected so far, as it was said. */
  get draft(): DraftProgram {
    return {
      window: this.#window,
      shapes: this.#shapes,
      constants: this.#constants,
      monthVectors: this.#monthVectors,
      instructions: this.#instructions,
      variables: this.#variables,
      columns: this.#columns,
      checks: this.#checks,
      tables: this.#tables,
      feedbacks: this.#feedbacks,
      optional: this.#optional,
    };
  }

  #slabOperation(opcode: number, inputs: readonly Register[]): Register {
    const key = `${opcode}:${inputs.join(",")}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const spread = [this.spread(inputs[0], Shape.slab), ...inputs.slice(1)];
    const register = this.#emit(opcode, Shape.slab, spread);
    this.#known.set(key, register);
    return register;
  }

  /**
   * What an operation is without computing it: x + 0, x - 0, x 1, x / 1 and x 0, a choice that a constant makes or that is
   * between a value and itself, and the smaller or larger of a value and itself.
   *
   * So a rate that is 0 costs nothing, nor does what it alone would need. Exact for finite numbers, but that a zero may
   * lose its sign, which no figure shows.
   */
  #simplify(opcode: number, x: Register, y?: Register, z?: Register): Register | undefined {
    if (y === undefined) return undefined;
    const left = this.#constants.get(x);
    const right = this.#constants.get(y);
    switch (opcode) {
      case Opcode.add:
        return right === 0 ? x : left === 0 ? y : undefined;
      case Opcode.subtract:
        return right === 0 ? x : undefined;
      case Opcode.multiply:
        if (left === 0 || right === 0) return this.constant(0);
        return right === 1 ? x : left === 1 ? y : undefined;
      case Opcode.divide:
        return right === 1 ? x : undefined;
      case Opcode.min:
      case Opcode.max:
        return x === y ? x : undefined;
      case Opcode.select:
        if (y === z) return y;
        return left === undefined ? undefined : left !== 0 ? y : z;
      default:
        return undefined;
    }
  }

  /** An instruction of one output; its operands are that, its inputs and what it needs to know beside. */
  #emit(
    opcode: number,
    shape: Shape,
    inputs: readonly Register[],
    settings: readonly number[] = [],
  ): Register {
    const register = this.#newRegister(shape);
    this.#instructions.push({
      opcode,
      outputs: [register],
      inputs,
      operands: [register, ...inputs, ...settings],
    });
    return register;
  }

  #newRegister(shape: Shape): Register {
    return this.#shapes.push(shape) - 1;
  }
}

const readOutputs = new WeakMap<Kernel, ReadonlySet<string>>();

/** Columns that a kernel reads itself, as `list.name`. */
function outputsRead(kernel: Kernel): ReadonlySet<string> {
  let names = readOutputs.get(kernel);
  if (!names) {
    const read = usesOf(record(kernel)).filter(isRead);
    names = new Set(read.map(({ list, name }) => `${list}.${name}`));
    readOutputs.set(kernel, names);
  }
  return names;
}

/** How many operands an elementwise operation reads. */
export function operandCount(opcode: number): number {
  if (opcode < UNARY_LIMIT) return 1;
  return opcode === Opcode.select ? 3 : 2;
}

function join(x: Shape, y: Shape): Shape {
  if (x === y) return x;
  if (x === Shape.constant) return y;
  return y === Shape.constant ? x : Shape.slab;
}
