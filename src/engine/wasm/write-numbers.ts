import type { Arithmetic } from "../../numbers/arithmetic.ts";
import { Code } from "./code.ts";
import { Type, Vector, Wasm } from "./instructions.ts";
import type { WasmFunction } from "./module.ts";

/** Bits of the fraction of a double, and what is added to its exponent. */
const FRACTION_BITS = 52;
const BIAS = 1023;
/** 2^52, in whose last bits a whole number stands as it is, and half as much more, where it may be negative. */
const FULL = 4503599627370496;
const WHOLE = 6755399441055744;

/** A value: a local, or a constant. */
export type Value = { readonly local: number } | { readonly constant: number };

/** A function of numbers: its results, given its parameters. */
export type NumberBody = (o: Arithmetic<Value, Value>, parameters: readonly Value[]) => readonly Value[];

/** Writes a function of numbers for two trials at once; constants that it reads are added to the module's globals. */
export function writeNumbers(parameterCount: number, body: NumberBody, globals: number[]): WasmFunction {
  const writer = new NumberWriter(parameterCount, globals);
  const parameters = Array.from({ length: parameterCount }, (_, local) => ({ local }));
  const results = body(writer, parameters);
  for (const result of results) writer.push(result);
  return {
    parameters: parameters.map(() => Type.vector),
    results: results.map(() => Type.vector),
    locals: Array.from({ length: writer.locals - parameterCount }, () => Type.vector),
    code: writer.code,
  };
}

function isSame(x: Value, y: Value): boolean {
  if ("local" in x) return "local" in y && x.local === y.local;
  return "constant" in y && Object.is(x.constant, y.constant);
}

const ZERO: Value = { constant: 0 };

/** Each operation is written as it is asked for, and its result is a new local. */
class NumberWriter implements Arithmetic<Value, Value> {
  readonly code = new Code();
  locals: number;
  readonly #globals: number[];
  /** By local: of which values it says whether the first is less. */
  readonly #less = new Map<number, readonly [Value, Value]>();

  constructor(parameterCount: number, globals: number[]) {
    this.locals = parameterCount;
    this.#globals = globals;
  }

  push(value: Value): void {
    if ("local" in value) this.code.get(value.local);
    else if (isSame(value, ZERO)) this.code.constantVector(0);
    else this.#pushGlobal(value.constant);
  }

  /** A load; V8 makes a constant of three instructions, two of which move it from one kind of register to another. */
  #pushGlobal(constant: number): void {
    let place = this.#globals.findIndex((known) => Object.is(known, constant));
    if (place < 0) place = this.#globals.push(constant) - 1;
    this.code.op(Wasm.globalGet).unsigned(place);
  }

  #keep(): { readonly local: number } {
    this.code.set(this.locals);
    return { local: this.locals++ };
  }

  #made(instruction: number, ...inputs: readonly Value[]): { readonly local: number } {
    for (const input of inputs) this.push(input);
    this.code.vector(instruction);
    return this.#keep();
  }

  readonly #unary = (instruction: number) => (x: Value) => this.#made(instruction, x);
  readonly #binary = (instruction: number) => (x: Value, y: Value) => this.#made(instruction, x, y);

  constant = (value: number) => ({ constant: value });
  add = this.#binary(Vector.add);
  subtract = this.#binary(Vector.subtract);
  multiply = this.#binary(Vector.multiply);
  divide = this.#binary(Vector.divide);
  sqrt = this.#unary(Vector.sqrt);
  abs = this.#unary(Vector.abs);
  floor = this.#unary(Vector.floor);
  less = (x: Value, y: Value) => {
    const made = this.#made(Vector.less, x, y);
    this.#less.set(made.local, [x, y]);
    return made;
  };
  atMost = this.#binary(Vector.lessEqual);
  equal = this.#binary(Vector.equal);
  both = this.#binary(Vector.and);
  either = this.#binary(Vector.or);
  not = this.#unary(Vector.not);

  select = (condition: Value, x: Value, y: Value): Value => {
    // What is one instruction of the processor, where a choice is three.
    const [low, high] = ("local" in condition && this.#less.get(condition.local)) || [];
    if (low && high && isSame(x, high) && isSame(y, low)) return this.#made(Vector.pseudoMax, low, high);
    if (low && high && isSame(x, low) && isSame(y, high)) return this.#made(Vector.pseudoMin, high, low);
    if (isSame(x, ZERO)) return this.#made(Vector.andNot, y, condition);
    if (isSame(y, ZERO)) return this.#made(Vector.and, x, condition);
    return this.#made(Vector.choose, x, y, condition);
  };

  where = (condition: Value, otherwise: Value, inner: () => Value): Value => {
    const result = this.locals++;
    this.push(otherwise);
    this.code.set(result);
    this.push(condition);
    this.code.vector(Vector.anyTrue).open(Wasm.if, Type.none);
    this.push(this.select(condition, inner(), otherwise));
    this.code.set(result).op(Wasm.end);
    return { local: result };
  };

  powerOfTwo = (n: Value) => {
    const sum = this.add(n, { constant: WHOLE + BIAS });
    this.push(sum);
    this.code.constant32(FRACTION_BITS).vector(Vector.shiftLeft64);
    return this.#keep();
  };

  exponentOf = (x: Value) => {
    this.push(x);
    this.code.constant32(FRACTION_BITS).vector(Vector.shiftRight64);
    const exponent = this.#keep();
    // The exponent, as the last bits of a number whose last bit is 1.
    return this.subtract(this.#made(Vector.or, exponent, { constant: FULL }), { constant: FULL + BIAS });
  };

  mantissaOf = (x: Value) => {
    this.push(x);
    // Twelve bits out at the left and back in from 1.
    this.code.constant32(64 - FRACTION_BITS).vector(Vector.shiftLeft64);
    this.code.constant32(64 - FRACTION_BITS).vector(Vector.shiftRight64);
    return this.#made(Vector.or, this.#keep(), { constant: 1 });
  };
}
