import { STRIP, TILE } from "./figures.ts";

/** Order statistics that are looked for in one pass over a row. */
export const SIFTED_RANKS = 3;

/** Entries that are sifted in one go. */
export const SIFT_GROUP = 512;

/** Figures once for each three ranks. */
export function countEntries(figures: number, ranks: number): number {
  return figures * Math.max(1, Math.ceil(ranks / SIFTED_RANKS));
}

/** Numbers that say what to sift of a figure, and where they stand. */
export const SIFT = 8;
export const Sift = {
  /** The figure's row in the tile; -1 where it is not sifted, because it shares statistics of another. */
  row: 0,
  /** What deviations are taken from. */
  base: 1,
  /** Ends of the interval of each rank, from low to high; none lies in one from infinity to minus infinity. */
  ends: 2,
} as const;

/** Numbers that come of it. */
export const SIFTED = 14;
export const Sifted = {
  /** Sums of deviations and of their squares, those of even trials and those of odd ones, and extremes. */
  sum: 0,
  squares: 1,
  least: 2,
  largest: 3,
  /** Values below each interval. */
  below: 4,
  /** Values in it, which are in the rank's list of those near; where it is one value, -1 times as many as have it, and none are near. */
  near: 7,
  /** Trials in which the figure exists; -1 where it was not sifted, and nothing else is known. */
  existing: 10,
  /** Where its values near each rank begin, in the summary's; -1 where there was no room. */
  starts: 11,
} as const;

/** Numbers that say how a column is copied to a tile: bytes of its first number, from month to month, months, bytes of its row; scale. */
export const COLUMN = 5;

/** Where in a thread's memory a tile, and what is sifted of it, stand. */
export type TilePlaces = {
  /** [variable][trial] uniforms of the tile, [variable] bytes of its register, and [column][COLUMN] of those that differ by trial. */
  readonly inputs: number;
  readonly variables: number;
  readonly columns: number;
  /** [figure] bytes of its row. */
  readonly figures: number;
  /** [strip][row][trial]; and from one strip to the next. */
  readonly rows: number;
  readonly strip: number;
  /** [entry][SIFT] and [entry][SIFTED]. */
  readonly sifts: number;
  readonly sifted: number;
  /** A row's values near any rank; and [entry][rank][…] of a group, values near, one list behind the other. */
  readonly listed: number;
  readonly near: number;
};

/** What a tile has room for. */
export type TileRoom = {
  readonly rowCount: number;
  readonly entries: number;
  readonly variables: number;
  readonly columns: number;
  readonly figures: number;
};

/** Lays out the memory of a tile from `start` on; places are even, so that two numbers can be read at once. */
export function placeTile(start: number, room: TileRoom): TilePlaces & { readonly end: number } {
  const { rowCount, entries } = room;
  const inputs = start + (start % 2);
  const variables = inputs + room.variables * TILE;
  const columns = variables + room.variables;
  const figures = columns + room.columns * COLUMN;
  const tables = figures + room.figures;
  const rows = tables + (tables % 2);
  // A cache line more than rows have: a power of two would put a row's trials into the same few sets of each cache.
  const strip = rowCount * STRIP + 8;
  const sifts = rows + (TILE / STRIP) * strip;
  const sifted = sifts + entries * SIFT;
  const listed = sifted + entries * SIFTED;
  // A vector is stored whole, although its second number may not be needed.
  const near = listed + TILE + 2;
  const end = near + SIFTED_RANKS * SIFT_GROUP * TILE + 2;
  return { inputs, variables, columns, figures, rows, strip, sifts, sifted, listed, near, end };
}

/** Where a trial's number of a row stands. */
export function placeOf({ rows, strip }: TilePlaces, row: number, trial: number): number {
  return rows + Math.floor(trial / STRIP) * strip + row * STRIP + (trial % STRIP);
}

/** A copy of a row's first trials. What does not exist (NaN: a payback that never comes) is infinite there. */
function readRow(memory: Float64Array, places: TilePlaces, row: number, trials: number): Float64Array {
  return Float64Array.from({ length: trials }, (_, trial) => {
    const value = memory[placeOf(places, row, trial)];
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  });
}

/** Rows of figures `first` to before `end`, as `readRow` copies them: [figure][TILE]. */
export function readRows(
  memory: Float64Array,
  places: TilePlaces,
  figureRows: Int32Array,
  first: number,
  end: number,
): Float64Array {
  const rows = new Float64Array((end - first) * TILE);
  for (let figure = first; figure < end; figure++)
    rows.set(readRow(memory, places, figureRows[figure], TILE), (figure - first) * TILE);
  return rows;
}

/** Entries of a group, and trials of the tile. */
export type SiftRange = { readonly first: number; readonly end: number; readonly trials: number };

/**
 * Takes what a summary needs of entries from a tile: sums, extremes, counts below intervals and values near.
 *
 * What does not exist ranks behind everything that does.
 * `wasm/encode-sift.ts` does the same, bit for bit, two trials at once.
 *
 * Memory: overwrites what is sifted of the entries, and values near. Fails: never.
 * Cost: entries x trials.
 *
 * @param nearStart place in the summary's list of values near at which those found here will stand
 * @return values near
 */
export function sift(
  memory: Float64Array,
  places: TilePlaces,
  { first, end, trials }: SiftRange,
  nearStart: number,
): number {
  let near = 0;
  for (let entry = first; entry < end; entry++) {
    const at = places.sifts + entry * SIFT;
    const target = places.sifted + entry * SIFTED;
    if (memory[at + Sift.row] < 0) {
      memory[target + Sifted.existing] = -1;
      continue;
    }
    const values = readRow(memory, places, memory[at + Sift.row], trials);
    addMoments(memory, values, memory[at + Sift.base], target);
    for (let rank = 0; rank < SIFTED_RANKS; rank++) {
      const low = memory[at + Sift.ends + 2 * rank];
      const high = memory[at + Sift.ends + 2 * rank + 1];
      const before = near;
      let below = 0;
      let inside = 0;
      for (const value of values) {
        if (value < low) below++;
        else if (value <= high) {
          inside++;
          if (low < high) memory[places.near + near++] = value;
        }
      }
      memory[target + Sifted.below + rank] = below;
      memory[target + Sifted.near + rank] = low < high ? near - before : 0 - inside;
      memory[target + Sifted.starts + rank] = nearStart + before;
    }
  }
  return near;
}

/** Whether two rows of a tile have the same numbers in their first trials; 0 and -0 differ. */
export function areRowsEqual(
  memory: Float64Array,
  places: TilePlaces,
  row: number,
  other: number,
  trials: number,
): boolean {
  for (let trial = 0; trial < trials; trial++) {
    const [value, otherValue] = [memory[placeOf(places, row, trial)], memory[placeOf(places, other, trial)]];
    if (!Object.is(value, otherValue)) return false;
  }
  return true;
}

/** Sums over the trials in which the figure exists: of even ones and of odd ones, and then of both. */
function addMoments(memory: Float64Array, values: Float64Array, base: number, target: number): void {
  const sums = [0, 0];
  const squares = [0, 0];
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let existing = 0;
  for (const lane of [0, 1]) {
    for (let trial = lane; trial < values.length; trial += 2) {
      const value = values[trial];
      if (value === Number.POSITIVE_INFINITY) continue;
      const deviation = value - base;
      sums[lane] += deviation;
      squares[lane] += deviation * deviation;
      if (value < least) least = value;
      if (value > largest) largest = value;
      existing++;
    }
  }
  memory[target + Sifted.sum] = sums[0] + sums[1];
  memory[target + Sifted.squares] = squares[0] + squares[1];
  memory[target + Sifted.least] = least;
  memory[target + Sifted.largest] = largest;
  memory[target + Sifted.existing] = existing;
}
