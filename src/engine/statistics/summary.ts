import {
  type Bounds,
  collectRanks,
  collectRanksAgain,
  createSearchScratch,
  type SearchScratch,
} from "./collect-ranks.ts";
import { type Figure, reduceFigure, type SampleStore } from "./figures.ts";
import { addBlock, MOMENTS, Moment } from "./moments.ts";
import { createRankScratch, type RankScratch, selectRanks } from "./order-statistics.ts";
import {
  closeSearches,
  finish,
  openSearches,
  type RankSearches,
  SEARCH,
  Search,
  searchOf,
} from "./rank-search.ts";

/** Trials whose uniforms are drawn together; sums go by these blocks, in their order, however the work is split. */
export const RANDOM_BLOCK = 1024;

/** What a summary is made with; cloneable, with shared memory where threads take part. */
export type SummaryState = {
  readonly figures: readonly Figure[];
  /** Ranks wanted of every ranked figure, ascending, and trials in all. */
  readonly ranks: readonly number[];
  readonly trials: number;
  /** [figure][moment] */
  readonly moments: Float64Array;
  /** [figure][rank][Search] */
  readonly searches: Float64Array;
  /** [figure][rank][slot]: values held; within a figure's, where each rank's begin, and the end of all. */
  readonly slots: Float64Array;
  readonly slotStarts: readonly number[];
  /** [figure][trial] where the caller wants every trial's figure, else empty. */
  readonly kept: Float64Array;
};

export type SummaryOptions = {
  /** Values that the search for each rank may hold, 0 where all trials come in one chunk. */
  readonly slotCounts: readonly number[];
  /** Whether every trial's figure is kept. */
  readonly keep: boolean;
  /** Allocates the memory, shared or not. */
  readonly allocate: (length: number) => Float64Array;
};

/** Memory of a summary. Fails: never, but for a lack of memory. */
export function createSummary(
  figures: readonly Figure[],
  ranks: readonly number[],
  trials: number,
  { slotCounts, keep, allocate }: SummaryOptions,
): SummaryState {
  const slotStarts = [0];
  for (const count of slotCounts) slotStarts.push(slotStarts[slotStarts.length - 1] + count);
  return {
    figures,
    ranks,
    trials,
    moments: allocate(figures.length * MOMENTS),
    searches: allocate(figures.length * ranks.length * SEARCH),
    slots: allocate(figures.length * slotStarts[ranks.length]),
    slotStarts,
    kept: allocate(keep ? figures.length * trials : 0),
  };
}

/** A thread's own memory for chunks of up to `capacity` trials. */
export type SummaryScratch = {
  readonly values: Float64Array;
  readonly ranks: RankScratch;
  readonly search: SearchScratch;
};

/** Allocates a thread's own memory. */
export function createSummaryScratch(
  { ranks, trials, slotStarts }: SummaryState,
  capacity: number,
): SummaryScratch {
  // Where all trials are one chunk, nothing is searched.
  const searched = capacity < trials ? capacity : 0;
  const mostSlots = ranks.reduce(
    (most, _, rank) => Math.max(most, slotStarts[rank + 1] - slotStarts[rank]),
    0,
  );
  return {
    values: new Float64Array(capacity),
    ranks: createRankScratch(capacity),
    search: createSearchScratch(searched, mostSlots),
  };
}

/** Which trials a chunk holds, and in which pass over all trials. */
export type Chunk = { readonly firstTrial: number; readonly trials: number; readonly pass: number };

/**
 * Takes the next chunk of trials into the summary, for the figures `from` .. `end` - 1.
 *
 * In the first pass it adds to the moments; where the chunk is all there is, order statistics are selected at once. Else
 * the first chunk gives each of them an interval in which it almost surely lies, and what falls inside is held; where it
 * is too much, the interval is narrowed. The last chunk finds it there, or sets up a search in another pass
 * (`needsAnotherPass`), so that the result is the order statistic itself, whatever the chunks.
 *
 * Chunks come in order and start at whole random blocks. Memory: overwrites `scratch`. Fails: never.
 * Cost: figures x trials.
 */
export function summariseChunk(
  state: SummaryState,
  store: SampleStore,
  chunk: Chunk,
  from: number,
  end: number,
  scratch: SummaryScratch,
): void {
  const { figures, trials, kept, moments } = state;
  const { values } = scratch;
  for (let figure = from; figure < end; figure++) {
    if (chunk.pass > 0 && !isOpen(state, figure)) continue;
    reduceFigure(store, figures[figure], chunk.trials, values);
    if (chunk.pass === 0) {
      for (let first = 0; first < chunk.trials; first += RANDOM_BLOCK) {
        addBlock(moments, figure * MOMENTS, values, first, Math.min(chunk.trials, first + RANDOM_BLOCK));
      }
      if (kept.length > 0) kept.set(values.subarray(0, chunk.trials), figure * trials + chunk.firstTrial);
    }
    if (figures[figure].ranked) rankChunk(state, figure, chunk, scratch);
  }
}

/** Selects the order statistics of a figure where all values are there, else takes the chunk into their search. */
function rankChunk(state: SummaryState, figure: number, chunk: Chunk, scratch: SummaryScratch): void {
  const { trials, ranks } = state;
  const { values } = scratch;
  const own = searchesOf(state, figure);
  const bounds = boundsOf(state, figure);
  if (chunk.trials < trials) {
    if (chunk.pass === 0 && chunk.firstTrial === 0)
      openSearches(own, values, chunk.trials, bounds.least, bounds.largest, scratch.ranks);
    if (chunk.pass === 0) collectRanks(own, values, chunk.trials, bounds, scratch.search);
    else collectRanksAgain(own, values, chunk.trials, scratch.search);
    if (chunk.firstTrial + chunk.trials === trials) closeSearches(own);
    return;
  }
  const found = new Float64Array(ranks.length);
  selectRanks(values, trials, ranks, bounds.least, bounds.largest, scratch.ranks, found);
  for (const [rank, value] of found.entries()) finish(searchOf(own.searches, rank), value);
}

function searchesOf(
  { ranks, trials, searches, slots, slotStarts }: SummaryState,
  figure: number,
): RankSearches {
  const [first, end] = [figure * ranks.length, (figure + 1) * ranks.length];
  const slotCount = slotStarts[ranks.length];
  return {
    ranks,
    trials,
    searches: searches.subarray(first * SEARCH, end * SEARCH),
    slots: slots.subarray(figure * slotCount, (figure + 1) * slotCount),
    slotStarts,
  };
}

/** The least and largest value so far that exists, and one that none is above: infinite where some do not exist. */
function boundsOf({ moments }: SummaryState, figure: number): Bounds {
  const at = figure * MOMENTS;
  const [least, largest] = [moments[at + Moment.least], moments[at + Moment.largest]];
  const isEverywhere = moments[at + Moment.count] === moments[at + Moment.all];
  return { least, largest, highest: isEverywhere ? largest : Number.POSITIVE_INFINITY };
}

function isOpen({ searches, ranks }: SummaryState, figure: number): boolean {
  for (let rank = 0; rank < ranks.length; rank++) {
    if (searches[(figure * ranks.length + rank) * SEARCH + Search.done] === 0) return true;
  }
  return false;
}

/** Whether order statistics are still looked for, in another pass over all trials. */
export function needsAnotherPass(state: SummaryState): boolean {
  return state.figures.some(({ ranked }, figure) => ranked && isOpen(state, figure));
}

/** Statistics of one figure: mean and error over the trials in which it exists, order statistics over all. */
export type Statistics = {
  /** Share of the trials in which the figure exists. */
  readonly share: number;
  /** NaN for a figure that exists in no trial. */
  readonly mean: number;
  /** Standard error of the mean: 0 for a single trial, NaN for none. */
  readonly standardError: number;
  readonly least: number;
  readonly largest: number;
  /** Order statistics, in the order of the ranks; infinite where the figure does not exist. */
  readonly quantiles: readonly number[];
};

/** What the summary says of a figure, once no other pass is needed. */
export function readStatistics(state: SummaryState, figure: number): Statistics {
  const { figures, ranks, moments, searches } = state;
  const own = moments.subarray(figure * MOMENTS, (figure + 1) * MOMENTS);
  const [count, mean, squares, least, largest, all] = own;
  return {
    share: all > 0 ? count / all : 0,
    mean: count > 0 ? mean : Number.NaN,
    standardError: count > 1 ? Math.sqrt(squares / (count - 1) / count) : count > 0 ? 0 : Number.NaN,
    least,
    largest,
    quantiles: figures[figure].ranked
      ? ranks.map((_, rank) => searches[(figure * ranks.length + rank) * SEARCH + Search.low])
      : [],
  };
}
