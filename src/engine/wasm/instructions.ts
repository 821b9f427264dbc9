/**
 * The instructions of WebAssembly that modules here are made of.
 *
 * Source: WebAssembly Core Specification 2.0, chapter 5 (binary format), with the vector instructions.
 */
export const Wasm = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  return: 0x0f,
  call: 0x10,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  load32: 0x28,
  loadDouble: 0x2b,
  store32: 0x36,
  storeDouble: 0x39,
  constant32: 0x41,
  constantDouble: 0x44,
  isZero32: 0x45,
  equal32: 0x46,
  notEqual32: 0x47,
  less32: 0x49,
  greaterEqual32: 0x4f,
  lessSigned32: 0x48,
  lessEqualSigned32: 0x4c,
  greaterEqualSigned32: 0x4e,
  equalDouble: 0x61,
  add32: 0x6a,
  subtract32: 0x6b,
  multiply32: 0x6c,
  and32: 0x71,
  or32: 0x72,
  shiftLeft32: 0x74,
  divide32: 0x6e,
  addDouble: 0xa0,
  subtractDouble: 0xa1,
  minDouble: 0xa4,
  doubleOf32: 0xb7,
  wrap64: 0xa7,
  convertInt32: 0xb8,
} as const;

/** Types of values, and of blocks that leave none. */
export const Type = { int32: 0x7f, double: 0x7c, vector: 0x7b, none: 0x40 } as const;
export type ValueType = typeof Type.int32 | typeof Type.double | typeof Type.vector;

/** Vector instructions: codes behind `VECTOR_PREFIX`. Lanes are two doubles, but for those that say otherwise. */
export const Vector = {
  load: 0x00,
  loadSplat: 0x0a,
  store: 0x0b,
  constant: 0x0c,
  shuffle: 0x0d,
  splat32: 0x11,
  splat64: 0x12,
  splat: 0x14,
  extractLane32: 0x1b,
  extractLane64: 0x1d,
  extractLane: 0x21,
  replaceLane: 0x22,
  equal: 0x47,
  notEqual: 0x48,
  less: 0x49,
  greater: 0x4a,
  lessEqual: 0x4b,
  greaterEqual: 0x4c,
  not: 0x4d,
  and: 0x4e,
  andNot: 0x4f,
  or: 0x50,
  xor: 0x51,
  choose: 0x52,
  anyTrue: 0x53,
  loadLane: 0x57,
  storeLane: 0x5b,
  ceil: 0x74,
  floor: 0x75,
  allTrue64: 0xc3,
  bitmask64: 0xc4,
  shiftLeft64: 0xcb,
  shiftRight64: 0xcd,
  add64: 0xce,
  subtract64: 0xd1,
  abs: 0xec,
  negate: 0xed,
  sqrt: 0xef,
  add: 0xf0,
  subtract: 0xf1,
  multiply: 0xf2,
  divide: 0xf3,
  /** y < x ? y : x, and x < y ? y : x */
  pseudoMin: 0xf6,
  pseudoMax: 0xf7,
  truncate32: 0xfc,
} as const;

export const VECTOR_PREFIX = 0xfd;

/** Instructions behind this prefix: truncation of a double to 32 bits that saturates, and setting of memory. */
export const FURTHER_PREFIX = 0xfc;
export const Further = { truncateDouble32: 0x02, fillMemory: 0x0b } as const;

/** Bytes of a vector, and of one of its lanes. */
export const VECTOR_BYTES = 16;
export const LANE_BYTES = 8;

/** Trials in two vectors: the least block for which code can be written for two pairs side by side. */
export const TRIALS_OF_TWO_PAIRS = (2 * VECTOR_BYTES) / LANE_BYTES;
