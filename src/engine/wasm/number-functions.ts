import { exp, log, log2, logOf, power, powerByLog } from "../../numbers/exponential.ts";
import { normalCdf, normalQuantile } from "../../numbers/normal.ts";
import type { WasmFunction } from "./module.ts";
import { type NumberBody, writeNumbers } from "./write-numbers.ts";

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

/** The functions, and the numbers that the module must have as globals for them. */
export type NumberCode = { readonly functions: readonly WasmFunction[]; readonly globals: readonly number[] };

let encoded: NumberCode | undefined;

/**
 * The functions of src/numbers/ for two trials at once, with the bits of `plain.ts`. All take and give vectors.
 *
 * They are functions of the module rather than code in a loop, because optimising compilers move pure vector code into the
 * innermost loop that reads it (V8 11 does), where it would run again and again.
 */
export function numberFunctions(): NumberCode {
  encoded ??= encodeAll();
  return encoded;
}

function encodeAll(): NumberCode {
  const globals: number[] = [];
  const encode = (parameterCount: number, body: NumberBody) => writeNumbers(parameterCount, body, globals);
  const functions = [
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
  return { functions, globals };
}
