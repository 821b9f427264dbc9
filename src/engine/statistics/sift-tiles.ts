import { takeSifted } from "./collect-ranks.ts";
import { TILE } from "./figures.ts";
import { addTile, MOMENTS, Moment } from "./moments.ts";
import { closeSearches, SEARCH, Search } from "./rank-search.ts";
import { SIFT, SIFT_GROUP, SIFTED, SIFTED_RANKS, Sift, Sifted, type TilePlaces } from "./sift.ts";
import { type SummaryState, searchesOf, setEnds } from "./summary-state.ts";

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
  readonly sift: (figures: number, trials: number) => void;
  /** Whether two rows have the same bits in their first trials. */
  readonly areEqual: (row: number, other: number, trials: number) => boolean;
};

/** A thread's own memory for sifting. */
export type SiftScratch = {
  /** [figure] 1 for those that are sifted. */
  readonly isSifted: Uint8Array;
  /** Entries that are sifted in one go. */
  readonly group: Int32Array;
};

/** Allocates it. */
export function createSiftScratch({ figures }: Pick<SummaryState, "figures">): SiftScratch {
  return { isSifted: new Uint8Array(figures.length), group: new Int32Array(SIFT_GROUP) };
}

/**
 * Sifts a tile of a chunk, and keeps what comes of it. Of figures that share statistics only the owner is sifted, and those that
 * part from it in this tile, which are sifted by its searches.
 *
 * Memory: overwrites the tile's and `scratch`. Fails: never. Cost: figures x trials.
 */
export function siftTile(
  state: SummaryState,
  thread: SiftedTile,
  tile: number,
  trials: number,
  scratch: SiftScratch,
): void {
  const { figures, owners, sifts, sifted, nearRoom } = state;
  const { memory, places } = thread;
  const { isSifted, group } = scratch;
  markSifted(state, thread, trials, scratch);
  const target = {
    firstRecord: (tile * sifts.length * SIFTED) / SIFT,
    near: tile * nearRoom,
    nearEnd: (tile + 1) * nearRoom,
  };
  let count = 0;
  for (let entry = 0; entry < sifts.length / SIFT; entry++) {
    const figure = entry % figures.length;
    if (isSifted[figure] === 0) {
      sifted[target.firstRecord + entry * SIFTED + Sifted.existing] = -1;
      continue;
    }
    const from = (entry - figure + owners[figure]) * SIFT;
    const at = places.sifts + count * SIFT;
    for (let i = 0; i < SIFT; i++) memory[at + i] = sifts[from + i];
    memory[at + Sift.row] = sifts[entry * SIFT + Sift.row];
    group[count++] = entry;
    if (count < SIFT_GROUP) continue;
    target.near = siftGroup(state, thread, target, trials, group);
    count = 0;
  }
  siftGroup(state, thread, target, trials, group.subarray(0, count));
}

/** Marks owners, and what parts from its owner in this tile. Rows are compared before any is sifted, which changes it. */
function markSifted(
  { figures, owners, parted, sifts }: SummaryState,
  { areEqual }: SiftedTile,
  trials: number,
  { isSifted }: SiftScratch,
): void {
  const rowOf = (figure: number): number => sifts[figure * SIFT + Sift.row];
  for (let figure = 0; figure < figures.length; figure++) {
    const owner = owners[figure];
    isSifted[figure] = Number(owner === figure || !areEqual(rowOf(figure), rowOf(owner), trials));
    if (isSifted[figure] === 1 && owner !== figure) parted[figure] = 1;
  }
}

/** Sifts the entries of a group and keeps their records, and from `near` on the values near, up to `nearEnd`; returns their end. */
function siftGroup(
  { sifted, near }: SummaryState,
  { memory, places, sift }: SiftedTile,
  target: { readonly firstRecord: number; readonly near: number; readonly nearEnd: number },
  trials: number,
  group: Int32Array,
): number {
  if (group.length === 0) return target.near;
  sift(group.length, trials);
  for (let i = 0; i < group.length; i++) {
    const record = target.firstRecord + group[i] * SIFTED;
    const from = places.sifted + i * SIFTED;
    for (let place = 0; place < Sifted.starts; place++) sifted[record + place] = memory[from + place];
  }
  let end = target.near;
  for (let rank = 0; rank < SIFTED_RANKS; rank++) {
    let next = end;
    for (let i = 0; i < group.length; i++) {
      const record = target.firstRecord + group[i] * SIFTED;
      sifted[record + Sifted.starts + rank] = next;
      next += Math.max(0, sifted[record + Sifted.near + rank]);
    }
    const start = places.near + rank * SIFT_GROUP * TILE;
    if (next <= target.nearEnd) near.set(memory.subarray(start, start + next - end), end);
    else for (const entry of group) sifted[target.firstRecord + entry * SIFTED + Sifted.starts + rank] = -1;
    if (next <= target.nearEnd) end = next;
  }
  return end;
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
export function takeTiles(state: SummaryState, chunk: Chunk, group: number, scratch: Float64Array): void {
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
    for (let rank = firstRank; rank < endRank; rank++) takeSifted(own, rank, found, scratch);
    if (isLast) closeSearches(own, firstRank, endRank);
    noteSifts(state, figure);
  }
}
