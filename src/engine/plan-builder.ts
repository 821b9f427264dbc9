import { scanVector } from "./months.ts";
import { Opcode } from "./opcode.ts";
import { type Plan, type PlanColumn, Shape } from "./plan.ts";
import { lookUpQuantile } from "./quantile-table.ts";
import { applyScalar } from "./scalar.ts";

/** A value of the program under construction. */
export type Register = number;

type Instruction = {
  readonly opcode: number;
  readonly outputs: readonly Register[];
  readonly inputs: readonly Register[];
  /** Operands as the Plan has them; registers stand as themselves, at the positions marked. */
  readonly operands: readonly number[];
};

export type PlanWindow = {
  readonly monthCount: number;
  readonly originMonth: number;
  readonly horizonMonths: number;
};

/** Operations beside the elementwise ones that may run month by month: they read no later month. */
const FEEDBACK_OPERATIONS: ReadonlySet<number> = new Set([
  Opcode.behind,
  Opcode.behindHold,
  Opcode.difference,
  Opcode.cumulate,
  Opcode.runningMax,
  Opcode.runningProduct,
  Opcode.settle,
]);

/** Elementwise codes and how many operands each takes. */
const UNARY_LIMIT = Opcode.add;

/**
 * Builds a Plan. Every operation returns a register; operations on constants and months are folded at once, equal
 * operations are one, and what no column or check needs is left out. Folding never re-associates.
 */
export class PlanBuilder {
  readonly #window: PlanWindow;
  readonly #shapes: Shape[] = [];
  readonly #constants = new Map<Register, number>();
  readonly #monthVectors = new Map<Register, Float64Array>();
  readonly #instructions: Instruction[] = [];
  readonly #known = new Map<string, Register>();
  readonly #constantRegisters = new Map<number, Register>();
  readonly #variables: { key: string; register: Register; kind: "uniform" | "value"; plain: number }[] = [];
  readonly #columns: PlanColumn[] = [];
  readonly #checks: { register: Register; low: number; high: number; field: string }[] = [];
  #tables: number[] = [];
  /** Registers that an instruction reads a month later than they are made, and what they turn out to be. */
  readonly #feedbacks = new Map<Register, Register>();

  constructor(window: PlanWindow) {
    this.#window = window;
  }

  get window(): PlanWindow {
    return this.#window;
  }

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
  op(name: keyof typeof Opcode, ...inputs: Register[]): Register {
    const opcode = Opcode[name];
    const key = `${opcode}:${inputs.join(",")}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const shape = inputs.reduce<Shape>((joined, input) => join(joined, this.#shapes[input]), Shape.constant);
    let register: Register;
    if (shape === Shape.constant) {
      const [x = 0, y = 0, z = 0] = inputs.map((input) => this.#constants.get(input) ?? 0);
      register = this.constant(applyScalar(opcode, x, y, z));
    } else if (shape === Shape.month) {
      const vectors = inputs.map((input) => this.monthsOf(input) as Float64Array);
      const values = new Float64Array(this.#window.monthCount);
      for (let month = 0; month < values.length; month++) {
        values[month] = applyScalar(
          opcode,
          vectors[0][month],
          vectors[1]?.[month] ?? 0,
          vectors[2]?.[month] ?? 0,
        );
      }
      register = this.months(values);
    } else {
      register = this.#newRegister(shape);
      this.#instructions.push({ opcode, outputs: [register], inputs, operands: [register, ...inputs] });
    }
    this.#known.set(key, register);
    return register;
  }

  /** Quantile of a tabulated distribution at a normal score (`lookUpQuantile`). */
  tableLookup(score: Register, table: Float64Array): Register {
    const constant = this.#constants.get(score);
    if (constant !== undefined) return this.constant(lookUpQuantile(table, 0, table.length, constant));
    const start = this.#tables.length;
    this.#tables = [...this.#tables, ...table];
    const register = this.#newRegister(this.#shapes[score] === Shape.slab ? Shape.slab : Shape.trial);
    this.#instructions.push({
      opcode: Opcode.tableLookup,
      outputs: [register],
      inputs: [score],
      operands: [register, score, start, table.length],
    });
    return register;
  }

  /** The same value in a register of shape trial (from constant) or slab (from anything). */
  spread(register: Register, shape: typeof Shape.trial | typeof Shape.slab): Register {
    if (this.#shapes[register] === shape) return register;
    const key = `spread${shape}:${register}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const spread = this.#newRegister(shape);
    this.#instructions.push({
      opcode: Opcode.copy,
      outputs: [spread],
      inputs: [register],
      operands: [spread, register],
    });
    this.#known.set(key, spread);
    return spread;
  }

  /** Value at [month - lag] or [month + lag], lag in whole months; a constant lag of a month vector is folded. */
  shift(name: "behind" | "behindHold" | "ahead" | "aheadHold", source: Register, lag: Register): Register {
    const steps = this.constantOf(lag);
    if (steps === 0) return source;
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
    const register = this.#newRegister(Shape.trial);
    this.#instructions.push({
      opcode: Opcode.total,
      outputs: [register],
      inputs: [slab],
      operands: [register, slab, first, end],
    });
    this.#known.set(key, register);
    return register;
  }

  /** A coarse kernel: inputs already spread to the shapes it wants, outputs of the shapes given. */
  kernel(
    name:
      | "stock"
      | "pool"
      | "book"
      | "facility"
      | "chipResidual"
      | "facilityResidual"
      | "settle"
      | "internalRate"
      | "monthFromWhich"
      | "monthOfFirst"
      | "serve"
      | "assign",
    outputShapes: readonly Shape[],
    inputs: readonly Register[],
    operandsOf: (outputs: readonly Register[]) => readonly number[],
  ): readonly Register[] {
    const outputs = outputShapes.map((shape) => this.#newRegister(shape));
    this.#instructions.push({ opcode: Opcode[name], outputs, inputs, operands: operandsOf(outputs) });
    return outputs;
  }

  /** Numbers for an instruction's own use, as an index among the Plan's tables. */
  numbers(values: readonly number[]): number {
    const start = this.#tables.length;
    this.#tables = [...this.#tables, ...values];
    return start;
  }

  /**
   * A slab that the stock kernel reads a month after it is made, so that it may depend on what that kernel makes:
   * `bindFeedback` says what it is. The instructions between run month by month inside the kernel.
   */
  feedback(): Register {
    return this.#newRegister(Shape.slab);
  }

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

  /** The Plan: unneeded instructions dropped, slots shared, columns emitted as soon as they are known. */
  build(): Plan {
    const needed = new Set<Register>([
      ...this.#columns.map((column) => column.register),
      ...this.#checks.map((check) => check.register),
    ]);
    const live = new Set<Instruction>();
    // What feeds back is made after what reads it, so that one pass from the end may not find all that is needed.
    for (let before = -1; before !== live.size; ) {
      before = live.size;
      for (let index = this.#instructions.length - 1; index >= 0; index--) {
        const instruction = this.#instructions[index];
        if (live.has(instruction) || !instruction.outputs.some((output) => needed.has(output))) continue;
        for (const input of instruction.inputs) needed.add(this.#feedbacks.get(input) ?? input);
        live.add(instruction);
      }
    }
    const variables = this.#variables.filter(({ register }) => needed.has(register));
    const ordered = this.#withFeedback(this.#instructions.filter((instruction) => live.has(instruction)));
    return this.#assemble(this.#withResults(ordered), variables);
  }

  /** Moves what feeds back into the stock instruction, and what that reads before it. */
  #withFeedback(live: readonly Instruction[]): readonly Instruction[] {
    const stock = live.find(({ opcode }) => opcode === Opcode.stock);
    const bound = stock?.inputs.flatMap((input) => this.#feedbacks.get(input) ?? []) ?? [];
    if (!stock || bound.length === 0) return live;
    const isAfter = new Set<Register>(stock.outputs);
    for (const { inputs, outputs } of live) {
      if (inputs.some((input) => isAfter.has(input))) for (const output of outputs) isAfter.add(output);
    }
    const feeds = new Set<Register>(bound);
    for (let index = live.length - 1; index >= 0; index--) {
      const { inputs, outputs } = live[index];
      if (outputs.some((output) => feeds.has(output))) for (const input of inputs) feeds.add(input);
    }
    const isInside = (instruction: Instruction) =>
      instruction !== stock && instruction.outputs.some((output) => isAfter.has(output) && feeds.has(output));
    const inside = live.filter(isInside);
    const wrong = inside.find(
      ({ opcode }) => !FEEDBACK_OPERATIONS.has(opcode) && opcode >= Opcode.tableLookup,
    );
    if (wrong) throw new Error(`operation ${wrong.opcode} cannot run month by month`);
    const made = new Set(inside.flatMap(({ outputs }) => outputs));
    const composite: Instruction = {
      opcode: stock.opcode,
      outputs: [...stock.outputs, ...made],
      inputs: [
        ...stock.inputs.filter((input) => !this.#feedbacks.has(input)),
        ...[...bound, ...inside.flatMap(({ inputs }) => inputs)].filter((input) => !made.has(input)),
      ],
      operands: [
        ...stock.operands,
        ...inside.flatMap(({ opcode, operands }) => [opcode, operands.length, ...operands]),
      ],
    };
    const rest = live.filter((instruction) => instruction !== stock && !isInside(instruction));
    const comesAfter = ({ outputs }: Instruction) => outputs.some((output) => isAfter.has(output));
    return [...rest.filter((one) => !comesAfter(one)), composite, ...rest.filter(comesAfter)];
  }

  /** Puts each check and each emission right behind the instruction that makes its register. */
  #withResults(live: readonly Instruction[]): readonly Instruction[] {
    const behind = new Map<Register, Instruction[]>();
    const result = (register: Register, opcode: number, index: number) => {
      const list = behind.get(register) ?? [];
      list.push({ opcode, outputs: [], inputs: [register], operands: [index] });
      behind.set(register, list);
    };
    for (const [index, check] of this.#checks.entries()) result(check.register, Opcode.check, index);
    for (const [index, column] of this.#columns.entries()) result(column.register, Opcode.emit, index);
    const produced = new Set(live.flatMap((instruction) => instruction.outputs));
    const first = [...behind].filter(([register]) => !produced.has(register)).flatMap(([, list]) => list);
    return [
      ...first,
      ...live.flatMap((made) => [made, ...made.outputs.flatMap((output) => behind.get(output) ?? [])]),
    ];
  }

  #assemble(instructions: readonly Instruction[], variables: Plan["variables"]): Plan {
    const lastUse = new Map<Register, number>();
    for (const [index, instruction] of instructions.entries()) {
      for (const register of [...instruction.outputs, ...instruction.inputs]) lastUse.set(register, index);
    }
    const slots = new Int32Array(this.#shapes.length).fill(-1);
    const free: Record<number, number[]> = { [Shape.trial]: [], [Shape.slab]: [] };
    const count: Record<number, number> = { [Shape.trial]: 0, [Shape.slab]: 0 };
    const take = (register: Register) => {
      const shape = this.#shapes[register];
      slots[register] = free[shape].pop() ?? count[shape]++;
    };
    // Variables are written before the program starts, so their slots are taken first and never given back.
    for (const { register } of variables) take(register);
    const inputs = new Set(variables.map(({ register }) => register));
    const program: number[] = [];
    for (const [index, instruction] of instructions.entries()) {
      for (const output of instruction.outputs) take(output);
      program.push(instruction.opcode, instruction.operands.length, ...instruction.operands);
      for (const register of new Set([...instruction.outputs, ...instruction.inputs])) {
        const shape = this.#shapes[register];
        if (shape >= Shape.trial && !inputs.has(register) && lastUse.get(register) === index) {
          free[shape].push(slots[register]);
        }
      }
    }
    for (const [placeholder, register] of this.#feedbacks) slots[placeholder] = slots[register];
    const constants: number[] = [];
    for (const [register, value] of this.#constants) slots[register] = constants.push(value) - 1;
    const monthVectors = new Float64Array(this.#monthVectors.size * this.#window.monthCount);
    let vectorSlot = 0;
    for (const [register, values] of this.#monthVectors) {
      monthVectors.set(values, vectorSlot * this.#window.monthCount);
      slots[register] = vectorSlot++;
    }
    return {
      version: 1,
      ...this.#window,
      shapes: Uint8Array.from(this.#shapes),
      slots,
      constants: Float64Array.from(constants),
      monthVectors,
      trialSlotCount: count[Shape.trial],
      slabSlotCount: count[Shape.slab],
      variables,
      program: Int32Array.from(program),
      tables: Float64Array.from(this.#tables),
      columns: this.#columns,
      checks: this.#checks,
    };
  }

  #slabOperation(opcode: number, inputs: readonly Register[]): Register {
    const key = `${opcode}:${inputs.join(",")}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const spread = [this.spread(inputs[0], Shape.slab), ...inputs.slice(1)];
    const register = this.#newRegister(Shape.slab);
    this.#instructions.push({ opcode, outputs: [register], inputs: spread, operands: [register, ...spread] });
    this.#known.set(key, register);
    return register;
  }

  #newRegister(shape: Shape): Register {
    return this.#shapes.push(shape) - 1;
  }
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
