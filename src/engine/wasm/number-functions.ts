import type { Arithmetic } from "../../numbers/arithmetic.ts";
import { exp, log, log2, logOf, power, powerByLog } from "../../numbers/exponential.ts";
import { normalCdf, normalQuantile } from "../../numbers/normal.ts";
import { Code } from "./code.ts";
import { Type, Vector, Wasm } from "./instructions.ts";
import type { WasmFunction } from "./module.ts";

/** Places of the functions of numbers in a module whose list of functions begins with `numberFunctions()`. */
export const NumberFunction = {
  exp: 0,
  log: 1,
  log2: 2,
  /** x, y -> x^y */
  power: 3,
  /** x -> its logarithm as high and low */
  logOf: 4,
  /** x, high, low, y -> x^y, where high and low are the logarithm of |x| */
  powerByLog: 5,
  normalQuantile: 6,
  normalCdf: 7,
} as const;

/** Bits of the fraction of a double, and what is added to its exponent. */
const FRACTION_BITS = 52;
const BIAS = 1023;
/** 2^52, in whose last bits a whole number stands as it is, and half as much more, where it may be negative. */
const FULL = 4503599627370496;
const WHOLE = 6755399441055744;

let encoded: readonly WasmFunction[] | undefined;

/**
 * The functions of src/numbers/ for two trials at once, with the bits of `plain.ts`. All take and give vectors.
 *
 * They are functions of the module rather than code in a loop, because optimising compilers move pure vector code into the
 * innermost loop that reads it (V8 11 does), where it would run again and again.
 */
export function numberFunctions(): readonly WasmFunction[] {
  encoded ??= [
    encode(1, (o, [x]) => [exp(o, x)]),
    encode(1, (o, [x]) => [log(o, x)]),
    encode(1, (o, [x]) => [log2(o, x)]),
    encode(2, (o, [x, y]) => [power(o, x, y)]),
    encode(1, (o, [x]) => {
      const { high, low } = logOf(o, x);
      return [high, low];
    }),
    encode(4, (o, [x, high, low, y]) => [powerByLog(o, x, { high, low }, y)]),
    encode(1, (o, [x]) => [normalQuantile(o, x)]),
    encode(1, (o, [x]) => [normalCdf(o, x)]),
  ];
  return encoded;
}

/** A value: a local, or a constant. */
type Value = { readonly local: number } | { readonly constant: number };

function encode(
  parameterCount: number,
  body: (o: Arithmetic<Value, Value>, parameters: readonly Value[]) => readonly Value[],
): WasmFunction {
  const code = new Code();
  const parameters = Array.from({ length: parameterCount }, () => Type.vector);
  let locals = parameterCount;
  const push = (value: Value): void => {
    if ("local" in value) code.get(value.local);
    else code.constantVector(value.constant);
  };
  const keep = (): Value => {
    code.set(locals);
    return { local: locals++ };
  };
  const unary = (instruction: number) => (x: Value) => {
    push(x);
    code.vector(instruction);
    return keep();
  };
  const binary = (instruction: number) => (x: Value, y: Value) => {
    push(x);
    push(y);
    code.vector(instruction);
    return keep();
  };
  const select = (condition: Value, x: Value, y: Value): Value => {
    push(x);
    push(y);
    push(condition);
    code.vector(Vector.choose);
    return keep();
  };
  const o: Arithmetic<Value, Value> = {
    constant: (value) => ({ constant: value }),
    add: binary(Vector.add),
    subtract: binary(Vector.subtract),
    multiply: binary(Vector.multiply),
    divide: binary(Vector.divide),
    sqrt: unary(Vector.sqrt),
    abs: unary(Vector.abs),
    floor: unary(Vector.floor),
    less: binary(Vector.less),
    atMost: binary(Vector.lessEqual),
    equal: binary(Vector.equal),
    both: binary(Vector.and),
    either: binary(Vector.or),
    not: unary(Vector.not),
    select,
    where: (condition, otherwise, inner) => {
      const result = locals++;
      push(otherwise);
      code.set(result);
      push(condition);
      code.vector(Vector.anyTrue).open(Wasm.if, Type.none);
      push(select(condition, inner(), otherwise));
      code.set(result).op(Wasm.end);
      return { local: result };
    },
    powerOfTwo: (n) => {
      push(n);
      code.constantVector(WHOLE + BIAS).vector(Vector.add);
      code.constant32(FRACTION_BITS).vector(Vector.shiftLeft64);
      return keep();
    },
    exponentOf: (x) => {
      push(x);
      code.constant32(FRACTION_BITS).vector(Vector.shiftRight64);
      // The exponent, as the last bits of a number whose last bit is 1.
      code.constantVector(FULL).vector(Vector.or);
      code.constantVector(FULL + BIAS).vector(Vector.subtract);
      return keep();
    },
    mantissaOf: (x) => {
      push(x);
      // Twelve bits out at the left and back in from 1.
      code.constant32(64 - FRACTION_BITS).vector(Vector.shiftLeft64);
      code.constant32(64 - FRACTION_BITS).vector(Vector.shiftRight64);
      code.constantVector(1).vector(Vector.or);
      return keep();
    },
  };
  const results = body(
    o,
    parameters.map((_, local) => ({ local })),
  );
  for (const result of results) push(result);
  return {
    parameters,
    results: results.map(() => Type.vector),
    locals: Array.from({ length: locals - parameterCount }, () => Type.vector),
    code,
  };
}
