import { takeSifted } from "./collect-ranks.ts";
import { TILE } from "./figures.ts";
import { addTile, MOMENTS, Moment } from "./moments.ts";
import { closeSearches, SEARCH, Search } from "./rank-search.ts";
import {
  SIFT,
  SIFT_GROUP,
  SIFTED,
  SIFTED_RANKS,
  Sift,
  Sifted,
  type SiftRange,
  type TilePlaces,
} from "./sift.ts";
import { type SummaryScratch, type SummaryState, searchesOf, setEnds } from "./summary-state.ts";

/** Sets what is sifted of a figure from now on by its searches. */
export function noteSifts({ figures, ranks, sifts, searches, moments }: SummaryState, figure: number): void {
  const entries = sifts.length / SIFT;
  for (let entry = figure, rank = 0; entry < entries; entry += figures.length) {
    sifts[entry * SIFT + Sift.base] = moments[figure * MOMENTS + Moment.base];
    if (!figures[figure].ranked) continue;
    for (let place = 0; place < SIFTED_RANKS && rank < ranks.length; place++, rank++) {
      const search = (figure * ranks.length + rank) * SEARCH;
      setEnds(sifts, entry * SIFT, place, searches[search + Search.low], searches[search + Search.high]);
    }
  }
}

/** A thread's tile: where it stands in its memory, and what works on rows of it (`sift.ts`, or WebAssembly). */
export type SiftedTile = {
  readonly memory: Float64Array;
  readonly places: TilePlaces;
  readonly sift: (range: SiftRange, nearStart: number) => number;
  /** Whether two rows have the same bits in their first trials. */
  readonly areEqual: (row: number, other: number, trials: number) => boolean;
};

/**
 * Sifts a tile of a chunk, and keeps what comes of it. Of figures that share statistics only the owner is sifted, and those that
 * part from it in this tile, which are sifted by its searches.
 *
 * Memory: overwrites the tile's. Fails: never. Cost: figures x trials.
 */
export function siftTile(state: SummaryState, thread: SiftedTile, tile: number, trials: number): void {
  const { sifts, sifted, near, nearRoom } = state;
  const { memory, places } = thread;
  const entries = sifts.length / SIFT;
  const nearEnd = (tile + 1) * nearRoom;
  memory.set(sifts, places.sifts);
  siftParted(state, thread, trials);
  let next = tile * nearRoom;
  for (let first = 0; first < entries; first += SIFT_GROUP) {
    const range = { first, end: Math.min(entries, first + SIFT_GROUP), trials };
    const count = thread.sift(range, next);
    if (next + count > nearEnd) loseBeyond(thread, range, nearEnd);
    const kept = Math.min(count, nearEnd - next);
    near.set(memory.subarray(places.near, places.near + kept), next);
    next += kept;
  }
  sifted.set(memory.subarray(places.sifted, places.sifted + entries * SIFTED), tile * entries * SIFTED);
}

/** Has those figures sifted that part from their owner in this tile. Rows are compared before any is sifted, which changes it. */
function siftParted(
  { figures, owners, parted, sifts, figureRows }: SummaryState,
  { memory, places, areEqual }: SiftedTile,
  trials: number,
): void {
  for (let figure = 0; figure < figures.length; figure++) {
    const owner = owners[figure];
    if (owner === figure || areEqual(figureRows[figure], figureRows[owner], trials)) continue;
    parted[figure] = 1;
    for (let first = 0; first < sifts.length / SIFT; first += figures.length) {
      const at = places.sifts + (first + figure) * SIFT;
      const from = places.sifts + (first + owner) * SIFT;
      memory.copyWithin(at, from, from + SIFT);
      memory[at + Sift.row] = figureRows[figure];
    }
  }
}

/** Marks lists of values near that end behind the summary's room. */
function loseBeyond({ memory, places }: SiftedTile, { first, end }: SiftRange, nearEnd: number): void {
  for (let entry = first; entry < end; entry++) {
    const record = places.sifted + entry * SIFTED;
    if (memory[record + Sifted.existing] < 0) continue;
    for (let rank = 0; rank < SIFTED_RANKS; rank++) {
      const count = memory[record + Sifted.near + rank];
      if (count > 0 && memory[record + Sifted.starts + rank] + count > nearEnd)
        memory[record + Sifted.starts + rank] = -1;
    }
  }
}

/** Trials of a chunk: from which on, how many, and in which pass over all trials. */
export type Chunk = { readonly firstTrial: number; readonly trials: number; readonly pass: number };

/**
 * Takes what was sifted of a chunk's tiles into the summary, for one group of entries.
 *
 * Values near a rank are held; where they are too many, its interval is narrowed. The last chunk finds the rank there, or
 * sets up a search in another pass (`needsAnotherPass`), so that the result is the order statistic itself, whatever the chunks.
 *
 * Memory: overwrites `scratch`. Fails: never. Cost: figures x tiles, and values near.
 */
export function takeTiles(state: SummaryState, chunk: Chunk, group: number, scratch: SummaryScratch): void {
  const { figures, ranks, trials, owners, sifts, sifted, moments, near } = state;
  const entries = sifts.length / SIFT;
  const tiles = Math.ceil(chunk.trials / TILE);
  const isLast = chunk.firstTrial + chunk.trials === trials;
  const end = Math.min(entries, (group + 1) * SIFT_GROUP);
  for (let entry = group * SIFT_GROUP; entry < end; entry++) {
    const figure = entry % figures.length;
    if (owners[figure] !== figure) continue;
    const firstRank = Math.floor(entry / figures.length) * SIFTED_RANKS;
    if (firstRank === 0) {
      for (let tile = 0; tile < tiles; tile++) {
        const from = (tile * entries + entry) * SIFTED;
        addTile(moments, figure * MOMENTS, sifted, from, Math.min(TILE, chunk.trials - tile * TILE));
      }
    }
    if (!figures[figure].ranked) continue;
    const own = searchesOf(state, figure);
    const endRank = Math.min(ranks.length, firstRank + SIFTED_RANKS);
    const found = { sifted, entries, entry, near, tiles, trials: chunk.trials };
    for (let rank = firstRank; rank < endRank; rank++) takeSifted(own, rank, found, scratch.held);
    if (isLast) closeSearches(own, firstRank, endRank, scratch.held);
    noteSifts(state, figure);
  }
}
