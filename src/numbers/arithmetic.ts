/**
 * What a function of numbers is written with, so that it can be read as a computation on plain numbers and as code of
 * WebAssembly: N is a number of each trial, T is yes or no of each trial.
 *
 * Every operation is one of IEEE 754 (or moves bits), which all machines round alike. So what is written with them has
 * the same bits everywhere, which `Math.exp`, `Math.log` and `**` do not: these are each engine's own.
 */
export interface Arithmetic<N, T> {
  constant(value: number): N;
  add(x: N, y: N): N;
  subtract(x: N, y: N): N;
  multiply(x: N, y: N): N;
  divide(x: N, y: N): N;
  sqrt(x: N): N;
  abs(x: N): N;
  floor(x: N): N;
  less(x: N, y: N): T;
  atMost(x: N, y: N): T;
  equal(x: N, y: N): T;
  both(x: T, y: T): T;
  either(x: T, y: T): T;
  not(x: T): T;
  select(condition: T, x: N, y: N): N;
  /** What the body gives in the trials where the condition holds, and `otherwise` in the rest; left out where it holds in none. */
  where(condition: T, otherwise: N, body: () => N): N;
  /** 2^n of a whole n from -1022 to 1023. */
  powerOfTwo(n: N): N;
  /** A positive number of full precision (at least 2^-1022) is mantissa x 2^exponent, 1 <= mantissa < 2. */
  exponentOf(x: N): N;
  mantissaOf(x: N): N;
}
