import { TILE } from "./figures.ts";
import { MOMENTS } from "./moments.ts";
import { SEARCH } from "./rank-search.ts";
import { SIFT, SIFTED, Sift, Sifted } from "./sift.ts";
import type { SummaryState } from "./summary-state.ts";

/**
 * Figures that had the same value in every trial so far share statistics: those of the first of them, their owner. Nearly half
 * of a plan's do: months in which nothing changes, parts of a plan that are all of it, what is 0 throughout.
 */

/**
 * Finds the figures that are equal in all trials held, bit for bit, and lets them share statistics.
 *
 * Fails: never. Cost: the values held.
 */
export function shareEqualFigures(state: SummaryState): void {
  const { figures, owners, sifts } = state;
  const { buffer, byteOffset, length } = state.held;
  const words = new Int32Array(buffer, byteOffset, 2 * length);
  const ownersByHash = new Map<number, number[]>();
  for (const [figure, { ranked }] of figures.entries()) {
    const hash = hashOf(state, words, figure);
    const candidates = ownersByHash.get(hash);
    const owner = candidates?.find(
      (candidate) => figures[candidate].ranked === ranked && areEqual(state, words, candidate, figure),
    );
    if (owner !== undefined) {
      owners[figure] = owner;
      for (let entry = figure; entry < sifts.length / SIFT; entry += figures.length)
        sifts[entry * SIFT + Sift.row] = -1;
    } else if (candidates) candidates.push(figure);
    else ownersByHash.set(hash, [figure]);
  }
}

/** Trials from one that the hash looks at to the next: figures that differ do so in many, and equality is looked at in all. */
const HASHED = 7;

/** A number that differs where bits do, nearly always. */
function hashOf({ figures, heldTrials }: SummaryState, words: Int32Array, figure: number): number {
  let hash = 0;
  for (let trial = 0; trial < heldTrials; trial += HASHED) {
    const tile = trial & -TILE;
    const at = 2 * (tile * figures.length + figure * TILE + trial - tile);
    hash = (Math.imul(hash ^ words[at], 0x01000193) + words[at + 1]) | 0;
    // Round numbers differ in their highest bits alone, which a product would push out.
    hash ^= hash >>> 15;
  }
  return hash;
}

function areEqual(
  { figures, heldTrials }: SummaryState,
  words: Int32Array,
  figure: number,
  other: number,
): boolean {
  const apart = 2 * (other - figure) * TILE;
  for (let first = 0; first < heldTrials; first += TILE) {
    const from = 2 * (first * figures.length + figure * TILE);
    const end = from + 2 * Math.min(TILE, heldTrials - first);
    for (let i = from; i < end; i++) if (words[i] !== words[i + apart]) return false;
  }
  return true;
}

/**
 * Gives the figures that parted from their owner in a chunk statistics of their own: the owner's from before the chunk, and
 * what was sifted of it in tiles in which they were still equal.
 *
 * Comes between sifting a chunk and taking it. Fails: never. Cost: figures, and tiles and searches of those that parted.
 */
export function partFigures(state: SummaryState): void {
  const { figures, figureRows, ranks, owners, parted, chunkTiles } = state;
  const { moments, searches, slots, slotStarts, sifts, sifted } = state;
  const entries = sifts.length / SIFT;
  const copy = (values: Float64Array, from: number, to: number, length: number): void => {
    values.copyWithin(to * length, from * length, (from + 1) * length);
  };
  for (let figure = 0; figure < figures.length; figure++) {
    if (parted[figure] === 0) continue;
    parted[figure] = 0;
    const owner = owners[figure];
    owners[figure] = figure;
    copy(moments, owner, figure, MOMENTS);
    copy(searches, owner, figure, ranks.length * SEARCH);
    copy(slots, owner, figure, slotStarts[ranks.length]);
    for (let first = 0; first < entries; first += figures.length) {
      copy(sifts, first + owner, first + figure, SIFT);
      sifts[(first + figure) * SIFT + Sift.row] = figureRows[figure];
    }
    for (let tile = 0; tile < chunkTiles; tile++) {
      for (let first = tile * entries; first < (tile + 1) * entries; first += figures.length) {
        if (sifted[(first + figure) * SIFTED + Sifted.existing] < 0)
          copy(sifted, first + owner, first + figure, SIFTED);
      }
    }
  }
}
