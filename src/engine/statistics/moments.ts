import { TILE } from "./figures.ts";
import { Sifted } from "./sift.ts";

/** Numbers of a figure's moments. */
export const MOMENTS = 7;

/** Where each of them stands. */
export const Moment = {
  /** Trials in all, and those in which the figure exists. */
  all: 0,
  existing: 1,
  /** What deviations are taken from: the first value that exists, among those of the first random block. */
  base: 2,
  /** Sums of deviations and of their squares, over the trials in which it exists. */
  sum: 3,
  squares: 4,
  least: 5,
  largest: 6,
} as const;

/** Begins with no values; `first` are those of the first random block. */
export function beginMoments(moments: Float64Array, at: number, first: Float64Array): void {
  moments.fill(0, at, at + MOMENTS);
  const base = first.find((value) => value < Number.POSITIVE_INFINITY);
  if (base !== undefined) moments[at + Moment.base] = base;
  moments[at + Moment.least] = Number.POSITIVE_INFINITY;
  moments[at + Moment.largest] = Number.NEGATIVE_INFINITY;
}

/**
 * Adds what was sifted of a tile (docs/model.md section 11 states the order of sums).
 *
 * Deviations are taken from a draw, so that a sample without spread has its value as mean, bit for bit, and so that little is
 * lost of a spread that is small beside the values.
 */
export function addTile(
  moments: Float64Array,
  at: number,
  sifted: Float64Array,
  from: number,
  trials: number,
): void {
  moments[at + Moment.all] += trials;
  moments[at + Moment.existing] += sifted[from + Sifted.existing];
  moments[at + Moment.sum] += sifted[from + Sifted.sum];
  moments[at + Moment.squares] += sifted[from + Sifted.squares];
  const [least, largest] = [sifted[from + Sifted.least], sifted[from + Sifted.largest]];
  if (least < moments[at + Moment.least]) moments[at + Moment.least] = least;
  if (largest > moments[at + Moment.largest]) moments[at + Moment.largest] = largest;
}

/** Adds values tile by tile, as if they had been sifted; what is infinite does not exist. */
export function addValues(moments: Float64Array, at: number, values: Float64Array, count: number): void {
  for (let tile = 0; tile < count; tile += TILE)
    addPairs(moments, at, values, tile, Math.min(count, tile + TILE));
  moments[at + Moment.all] += count;
}

function addPairs(moments: Float64Array, at: number, values: Float64Array, from: number, end: number): void {
  const base = moments[at + Moment.base];
  let sum = 0;
  let squares = 0;
  let least = moments[at + Moment.least];
  let largest = moments[at + Moment.largest];
  let missing = 0;
  for (let lane = 0; lane < 2; lane++) {
    let laneSum = 0;
    let laneSquares = 0;
    for (let trial = from + lane; trial < end; trial += 2) {
      const value = values[trial];
      if (value === Number.POSITIVE_INFINITY) {
        missing++;
        continue;
      }
      const deviation = value - base;
      laneSum += deviation;
      laneSquares += deviation * deviation;
      if (value < least) least = value;
      if (value > largest) largest = value;
    }
    sum += laneSum;
    squares += laneSquares;
  }
  moments[at + Moment.existing] += end - from - missing;
  moments[at + Moment.sum] += sum;
  moments[at + Moment.squares] += squares;
  moments[at + Moment.least] = least;
  moments[at + Moment.largest] = largest;
}
