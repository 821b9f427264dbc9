import { selectRank } from "./order-statistics.ts";

/** Values of one search in a thread's memory, and what goes through them: plain loops, or WebAssembly (`wasm/encode-values.ts`). */
export type HeldValues = {
  readonly numbers: Float64Array;
  /** How many of the first `count` are below a number. */
  readonly countBelow: (count: number, number: number) => number;
  /** How many of them are not above it. */
  readonly countThrough: (count: number, number: number) => number;
  /** Puts those of the first `count` that lie in [low, high] in front, in their order, and returns how many they are. */
  readonly keepWithin: (count: number, low: number, high: number) => number;
};

/** Goes through values in plain loops. */
export function holdPlainly(numbers: Float64Array): HeldValues {
  return {
    numbers,
    countBelow: (count, number) => {
      let below = 0;
      for (let i = 0; i < count; i++) below += Number(numbers[i] < number);
      return below;
    },
    countThrough: (count, number) => {
      let through = 0;
      for (let i = 0; i < count; i++) through += Number(numbers[i] <= number);
      return through;
    },
    keepWithin: (count, low, high) => {
      let kept = 0;
      for (let i = 0; i < count; i++) {
        const value = numbers[i];
        numbers[kept] = value;
        kept += Number(value >= low && value <= high);
      }
      return kept;
    },
  };
}

/** Numbers looked at before a search gives up: one on even terms takes three, and one that is halved each time ends within these. */
const MOST_STEPS = 24;

/** Values that are selected from one by one. */
const FEW = 16;

/**
 * A number between `from`, below which `before` values lie, and `to`, below which `through` lie: the one below which `goal` lie if they
 * are evenly spread, or in every third step the one halfway. NaN where none lies between: infinite ends have nothing halfway, nor have
 * those that are hardly apart. Numbers and no object, since searches ask for a million.
 */
function guess(
  from: number,
  before: number,
  to: number,
  through: number,
  goal: number,
  step: number,
): number {
  const share = step % 3 === 0 ? 0.5 : (goal - before) / (through - before);
  const number = from + share * (to - from);
  return number > from && number < to ? number : Number.NaN;
}

/**
 * A number below which at least `least` and at most `most` of the first `count` values lie; NaN where none is found, as where many are
 * equal. Values lie in [low, high].
 */
export function seekNumber(
  values: HeldValues,
  count: number,
  [low, high]: readonly [number, number],
  [least, most]: readonly [number, number],
): number {
  let [from, before, to, through] = [low, 0, high, count];
  for (let step = 1; step <= MOST_STEPS; step++) {
    const number = guess(from, before, to, through, (least + most) / 2, step);
    if (Number.isNaN(number)) break;
    const below = values.countBelow(count, number);
    if (below < least) [from, before] = [number, below];
    else if (below > most) [to, through] = [number, below];
    else return number;
  }
  return Number.NaN;
}

/**
 * The value of a rank, 1 the smallest, among the first `count` values, which lie in [low, high]. Memory: reorders them, and drops some.
 * Cost: some passes over them; that of `selectRank` where many are equal or an end is infinite.
 */
export function selectHeld(
  values: HeldValues,
  count: number,
  rank: number,
  [low, high]: readonly [number, number],
): number {
  let [from, before, to, through] = [low, 0, high, count];
  for (let step = 1; through - before > FEW && step <= MOST_STEPS; step++) {
    const number = guess(from, before, to, through, rank - 0.5, step);
    if (Number.isNaN(number)) break;
    const below = values.countBelow(count, number);
    if (below < rank) [from, before] = [number, below];
    else [to, through] = [number, below];
  }
  const kept = values.keepWithin(count, from, to);
  return selectRank(values.numbers, 0, kept, rank - before);
}
