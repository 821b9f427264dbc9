/** Operation codes of a Plan's program. Elementwise codes come first: their last operands are the inputs. */
export const Opcode = {
  copy: 0,
  negate: 1,
  abs: 2,
  round: 3,
  floor: 4,
  ceil: 5,
  sqrt: 6,
  exp: 7,
  log: 8,
  not: 9,
  normalQuantile: 10,
  normalCdf: 11,
  add: 20,
  subtract: 21,
  multiply: 22,
  divide: 23,
  /** 0 where the divisor is 0 */
  ratio: 24,
  power: 25,
  min: 26,
  max: 27,
  less: 28,
  lessEqual: 29,
  greater: 30,
  greaterEqual: 31,
  equal: 32,
  notEqual: 33,
  and: 34,
  or: 35,
  select: 40,
  tableLookup: 50,
  /** x at [month - lag[trial]], 0 before the window, last value after it */
  behind: 60,
  /** as `behind`, but the first value before the window */
  behindHold: 61,
  /** x at [month + lag[trial]], 0 after the window */
  ahead: 62,
  /** as `ahead`, but the last value after the window */
  aheadHold: 63,
  difference: 64,
  cumulate: 65,
  runningMax: 66,
  /** running product along the months */
  runningProduct: 67,
  total: 68,
  /** one of `KERNELS`, by its place there */
  kernel: 92,
  /** instructions that are computed together, month by month, since the first reads what others make of the month before */
  sweep: 93,
  emit: 100,
  check: 101,
} as const;
/** One of the codes. */
export type Opcode = (typeof Opcode)[keyof typeof Opcode];

/** Numbers of an instruction in front of its operands: code, how many operands, first month and the one after the last. */
export const HEADER = 4;
