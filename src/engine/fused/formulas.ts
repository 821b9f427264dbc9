import type { Column, ColumnKind, Kernel, Operations } from "../language/operations.ts";
import type { Member } from "../language/sweep.ts";
import { HEADER, Opcode } from "../operations/opcode.ts";
import { type Plan, Shape } from "../plan/plan.ts";
import { operandCount } from "../plan/plan-builder.ts";

const KIND_OF: Readonly<Record<Shape, ColumnKind>> = { 0: "number", 1: "month", 2: "trial", 3: "slab" };

type Columns = Readonly<Record<number, Column>>;

/**
 * Elementwise operations, lags and scans of a program as one kernel, whose columns are registers: so they can share the months
 * of the kernels around them.
 *
 * @param starts places of the instructions in the program
 */
export function formulasOf(plan: Plan, offsets: Int32Array, starts: readonly number[]): Member {
  const { program, shapes } = plan;
  const kinds: Record<number, ColumnKind> = {};
  const places: Record<number, number> = {};
  for (const at of starts) {
    const [target, ...inputs] = program.subarray(at + HEADER, at + HEADER + 1 + inputCount(program[at]));
    for (const input of inputs) {
      kinds[input] ??= KIND_OF[shapes[input] as Shape];
      places[input] = offsets[input];
    }
    kinds[target] = "output";
    places[target] = offsets[target];
  }
  const kernel: Kernel = {
    name: "formulas",
    schema: { registers: kinds },
    month(o, { registers }) {
      o.each(registers, (columns) => new Reading(o, plan, columns as Columns).compute(starts));
    },
  };
  return { kernel, items: { registers: [places] } };
}

function inputCount(opcode: number): number {
  if (opcode < Opcode.behind) return operandCount(opcode);
  return opcode < Opcode.difference ? 2 : 1;
}

/** Instructions of a month, read as operations of a kernel. */
class Reading<N, T> {
  readonly #o: Operations<N, T>;
  readonly #plan: Plan;
  readonly #columns: Columns;
  readonly #made = new Map<number, N>();

  constructor(o: Operations<N, T>, plan: Plan, columns: Columns) {
    this.#o = o;
    this.#plan = plan;
    this.#columns = columns;
  }

  compute(starts: readonly number[]): void {
    for (const at of starts) {
      const target = this.#plan.program[at + HEADER];
      const value = this.#valueOf(at);
      this.#o.set(this.#columns[target], value);
      this.#made.set(target, value);
    }
  }

  #numberOf(register: number): N {
    const { shapes, constants, slots } = this.#plan;
    const known = this.#made.get(register);
    if (known !== undefined) return known;
    const value =
      shapes[register] === Shape.constant
        ? this.#o.constant(constants[slots[register]])
        : this.#o.now(this.#columns[register]);
    this.#made.set(register, value);
    return value;
  }

  /** The value of an instruction: what `execute` makes of it, in operations. */
  #valueOf(at: number): N {
    const o = this.#o;
    const opcode = this.#plan.program[at];
    const [target, x, y, z] = this.#plan.program.subarray(at + HEADER, at + HEADER + 4);
    const [source, own] = [this.#columns[x], this.#columns[target]];
    switch (opcode) {
      case Opcode.behind:
        return o.lag(source, this.#numberOf(y));
      case Opcode.behindHold:
        return o.lag(source, o.min(this.#numberOf(y), o.month()));
      case Opcode.difference:
        return o.subtract(this.#numberOf(x), o.before(source));
      case Opcode.cumulate:
        return o.add(o.before(own), this.#numberOf(x));
      case Opcode.runningProduct:
        return o.multiply(o.before(own, o.constant(1)), this.#numberOf(x));
      case Opcode.runningMax: {
        const before = o.before(own, o.constant(Number.NEGATIVE_INFINITY));
        return o.select(o.less(before, this.#numberOf(x)), this.#numberOf(x), before);
      }
      default: {
        const inputs = [x, y, z].slice(0, operandCount(opcode));
        return o.elementwise(
          opcode,
          inputs.map((register) => this.#numberOf(register)),
        );
      }
    }
  }
}
