import { type Figure, reduceFigure, type SampleStore } from "./figures.ts";
import { selectRank } from "./order-statistics.ts";

/** Trials whose uniforms are drawn together; sums go by these blocks, in their order, however the work is split. */
export const RANDOM_BLOCK = 1024;

/**
 * Numbers of a figure's moments: trials in which it exists, their mean, sum of squared deviations, least and largest value,
 * and trials in all.
 */
const MOMENTS = 6;

/** Numbers of the search for one order statistic: `Search`. */
const SEARCH = 10;

/** What is known of one order statistic while chunks go by; offsets in `searches`. */
const Search = {
  /** The statistic is looked for in [low, high]; the result stands in `low`. */
  low: 0,
  high: 1,
  /** How many values are below, at either end, and between the ends, where they are held or counted in bins. */
  below: 2,
  atLow: 3,
  inside: 4,
  atHigh: 5,
  /** 0: hold the values inside; 1: count them in bins */
  mode: 6,
  done: 7,
  /** What is known of the result from earlier passes: it lies between these. */
  least: 8,
  most: 9,
} as const;

/** Half the width of a search's first interval, in standard deviations of the rank. */
const SEARCH_DEVIATIONS = 5;

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
  /** [figure][rank][slot]: values held, or bins. */
  readonly slots: Float64Array;
  readonly slotCount: number;
  /** [figure][trial] where the caller wants every trial's figure, else empty. */
  readonly kept: Float64Array;
};

export type SummaryOptions = {
  readonly slotCount: number;
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
  { slotCount, keep, allocate }: SummaryOptions,
): SummaryState {
  const searches = figures.length * ranks.length;
  return {
    figures,
    ranks,
    trials,
    moments: allocate(figures.length * MOMENTS),
    searches: allocate(searches * SEARCH),
    slots: allocate(searches * slotCount),
    slotCount,
    kept: allocate(keep ? figures.length * trials : 0),
  };
}

/** Bytes of the slots per figure, rank and slot; for whoever plans the memory. */
export const BYTES_PER_VALUE = 8;

/** Which trials a chunk holds, and in which pass over all trials. */
export type Chunk = { readonly firstTrial: number; readonly trials: number; readonly pass: number };

/**
 * Takes the next chunk of trials into the summary, for the figures `from` .. `end` - 1.
 *
 * In the first pass it adds to the moments; where the chunk is all there is, order statistics are selected at once. Else
 * the first chunk gives each of them an interval in which it almost surely lies, and what falls inside is held, or
 * counted in bins where it would be too much. What is not found is searched in another pass (`needsAnotherPass`), so that the
 * result is the order statistic itself, whatever the chunks.
 *
 * Chunks come in order and start at whole random blocks. Memory: overwrites `scratch` (chunk's trials); allocates nothing.
 * Fails: never. Cost: figures x trials.
 */
export function summariseChunk(
  state: SummaryState,
  store: SampleStore,
  chunk: Chunk,
  from: number,
  end: number,
  scratch: Float64Array,
): void {
  const { figures, trials, kept } = state;
  for (let figure = from; figure < end; figure++) {
    if (chunk.pass > 0 && !isOpen(state, figure)) continue;
    reduceFigure(store, figures[figure], chunk.trials, scratch);
    if (chunk.pass === 0) {
      for (let first = 0; first < chunk.trials; first += RANDOM_BLOCK) {
        addBlock(
          state.moments,
          figure * MOMENTS,
          scratch,
          first,
          Math.min(chunk.trials, first + RANDOM_BLOCK),
        );
      }
      if (kept.length > 0) kept.set(scratch.subarray(0, chunk.trials), figure * trials + chunk.firstTrial);
    }
    if (!figures[figure].ranked) continue;
    if (chunk.trials === trials) selectAll(state, figure, scratch);
    else search(state, figure, chunk, scratch);
  }
}

/** Whether order statistics are still looked for; sets up the next pass over all trials. */
export function needsAnotherPass(state: SummaryState): boolean {
  let isNeeded = false;
  for (let index = 0; index < state.searches.length / SEARCH; index++) {
    const figure = Math.floor(index / state.ranks.length);
    if (!state.figures[figure].ranked) continue;
    const at = index * SEARCH;
    if (state.searches[at + Search.done] === 0 && narrow(state, index)) isNeeded = true;
  }
  return isNeeded;
}

/** Statistics of one figure: mean and error over the trials in which it exists, order statistics over all. */
export type Statistics = {
  /** Share of the trials in which the figure exists. */
  readonly share: number;
  readonly mean: number;
  /** Standard error of the mean, 0 for a single trial. */
  readonly standardError: number;
  readonly least: number;
  readonly largest: number;
  /** Order statistics, in the order of the ranks; infinite where the figure does not exist. */
  readonly quantiles: readonly number[];
};

/** What the summary says of a figure, once no other pass is needed. */
export function readStatistics(
  { figures, ranks, moments, searches }: SummaryState,
  figure: number,
): Statistics {
  const [count, mean, squares, least, largest, all] = moments.subarray(
    figure * MOMENTS,
    (figure + 1) * MOMENTS,
  );
  return {
    share: all > 0 ? count / all : 0,
    mean,
    standardError: count > 1 ? Math.sqrt(squares / (count - 1) / count) : 0,
    least,
    largest,
    quantiles: figures[figure].ranked
      ? ranks.map((_, rank) => searches[(figure * ranks.length + rank) * SEARCH + Search.low])
      : [],
  };
}

/**
 * Adds one random block to a figure's moments.
 *
 * Deviations are taken from the block's first value, so that a sample without spread has its value as mean, bit for bit.
 * Source: T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for Computing the Sample Variance", The American
 * Statistician 37 (1983) 242-247, for joining two blocks.
 */
function addBlock(moments: Float64Array, at: number, values: Float64Array, first: number, end: number): void {
  let start = first;
  while (start < end && values[start] === Number.POSITIVE_INFINITY) start++;
  moments[at + 5] += end - first;
  if (start === end) return;
  const base = values[start];
  let count = 0;
  let sum = 0;
  let least = base;
  let largest = base;
  for (let i = start; i < end; i++) {
    const value = values[i];
    if (value === Number.POSITIVE_INFINITY) continue;
    count++;
    sum += value - base;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  const mean = base + sum / count;
  let squares = 0;
  if (least !== largest) {
    for (let i = start; i < end; i++) {
      if (values[i] !== Number.POSITIVE_INFINITY) squares += (values[i] - mean) * (values[i] - mean);
    }
  }
  const before = moments[at];
  const all = before + count;
  const shift = mean - moments[at + 1];
  moments[at] = all;
  moments[at + 1] = before === 0 ? mean : moments[at + 1] + shift * (count / all);
  moments[at + 2] += squares + (before === 0 ? 0 : shift * shift * ((before * count) / all));
  moments[at + 3] = before === 0 || least < moments[at + 3] ? least : moments[at + 3];
  moments[at + 4] = before === 0 || largest > moments[at + 4] ? largest : moments[at + 4];
}

function isOpen({ searches, ranks }: SummaryState, figure: number): boolean {
  for (let rank = 0; rank < ranks.length; rank++) {
    if (searches[(figure * ranks.length + rank) * SEARCH + Search.done] === 0) return true;
  }
  return false;
}

/** All order statistics of values that are all there; each is selected behind the one before it. */
function selectAll(
  { moments, ranks, searches, trials }: SummaryState,
  figure: number,
  values: Float64Array,
): void {
  const own = moments.subarray(figure * MOMENTS, (figure + 1) * MOMENTS);
  const isConstant = own[0] === own[5] && own[3] === own[4];
  let from = 0;
  for (let rank = 0; rank < ranks.length; rank++) {
    const at = (figure * ranks.length + rank) * SEARCH;
    const wanted = ranks[rank];
    searches[at + Search.low] = isConstant ? values[0] : selectRank(values, from, trials, wanted - from);
    searches[at + Search.done] = 1;
    from = wanted - 1;
  }
}

function search(state: SummaryState, figure: number, chunk: Chunk, values: Float64Array): void {
  const { ranks, searches } = state;
  if (chunk.pass === 0 && chunk.firstTrial === 0) openSearches(state, figure, chunk.trials, values);
  for (let rank = 0; rank < ranks.length; rank++) {
    const index = figure * ranks.length + rank;
    if (searches[index * SEARCH + Search.done] === 0) collect(state, index, values, chunk.trials);
  }
}

/** Chooses for each rank the interval in which it lies, by the chunk at hand. */
function openSearches(state: SummaryState, figure: number, count: number, values: Float64Array): void {
  const { ranks, searches, trials, slotCount } = state;
  const sorted = values.slice(0, count).sort();
  for (let rank = 0; rank < ranks.length; rank++) {
    const at = (figure * ranks.length + rank) * SEARCH;
    const share = ranks[rank] / trials;
    const deviation = SEARCH_DEVIATIONS * Math.sqrt(count * share * (1 - share)) + 2;
    const low = Math.floor(share * count - deviation) - 1;
    const high = Math.ceil(share * count + deviation);
    const isBounded = low >= 0 && high < count && sorted[high] < Number.POSITIVE_INFINITY;
    const held = ((high - low + 1) / count) * trials;
    searches[at + Search.low] = low < 0 ? Number.NEGATIVE_INFINITY : sorted[low];
    searches[at + Search.high] = high >= count ? Number.POSITIVE_INFINITY : sorted[high];
    searches[at + Search.least] = Number.NEGATIVE_INFINITY;
    searches[at + Search.most] = Number.POSITIVE_INFINITY;
    searches[at + Search.mode] = held > slotCount && isBounded ? 1 : 0;
  }
}

function collect(
  { searches, slots, slotCount }: SummaryState,
  index: number,
  values: Float64Array,
  count: number,
): void {
  const at = index * SEARCH;
  const low = searches[at + Search.low];
  const high = searches[at + Search.high];
  const isBinned = searches[at + Search.mode] === 1;
  const start = index * slotCount;
  const binsPerUnit = slotCount / (high - low);
  let below = 0;
  let atLow = 0;
  let atHigh = 0;
  let inside = searches[at + Search.inside];
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value > high) continue;
    if (value < low) below++;
    else if (value === low) atLow++;
    else if (value === high) atHigh++;
    else {
      if (isBinned) slots[start + Math.min(slotCount - 1, Math.floor((value - low) * binsPerUnit))]++;
      else if (inside < slotCount) slots[start + inside] = value;
      inside++;
    }
  }
  searches[at + Search.below] += below;
  searches[at + Search.atLow] += atLow;
  searches[at + Search.atHigh] += atHigh;
  searches[at + Search.inside] = inside;
}

/**
 * Ends a search, or narrows it to where the rank lies and returns true: the values there are seen again.
 *
 * A value that very many trials share would fill any bin; it is known by standing twice among those held, and becomes
 * both ends of the next interval.
 */
function narrow(state: SummaryState, index: number): boolean {
  const { ranks, searches, slots, slotCount, moments } = state;
  const at = index * SEARCH;
  const figure = Math.floor(index / ranks.length);
  const [low, high, below, atLow, inside, atHigh, mode] = searches.subarray(at, at + SEARCH);
  const least = Math.max(searches[at + Search.least], moments[figure * MOMENTS + 3]);
  const isEverywhere = moments[figure * MOMENTS] === moments[figure * MOMENTS + 5];
  const most = Math.min(searches[at + Search.most], isEverywhere ? moments[figure * MOMENTS + 4] : Infinity);
  const start = index * slotCount;
  const finish = (value: number): boolean => {
    searches[at + Search.low] = value;
    searches[at + Search.done] = 1;
    return false;
  };
  const again = (from: number, to: number, isBinned: boolean, within: readonly [number, number]): boolean => {
    searches.fill(0, at, at + SEARCH);
    searches[at + Search.low] = from;
    searches[at + Search.high] = to;
    searches[at + Search.mode] = isBinned ? 1 : 0;
    [searches[at + Search.least], searches[at + Search.most]] = within;
    slots.fill(0, start, start + slotCount);
    return true;
  };
  let wanted = ranks[index % ranks.length] - below;
  if (wanted < 1) return again(least, low, false, [least, low]);
  if (wanted <= atLow) return finish(low);
  wanted -= atLow;
  if (wanted > inside)
    return wanted - inside <= atHigh ? finish(high) : again(high, most, false, [high, most]);
  const [from, to] = [Math.max(low, least), Math.min(high, most)];
  if (mode === 0) {
    const held = Math.min(inside, slotCount);
    const value = selectRank(slots, start, start + held, Math.max(1, Math.round((wanted / inside) * held)));
    if (inside <= slotCount) return finish(value);
    let copies = 0;
    for (let slot = start; slot < start + held; slot++) if (slots[slot] === value) copies++;
    return copies > 1 ? again(value, value, false, [from, to]) : again(from, to, true, [from, to]);
  }
  let bin = 0;
  let before = 0;
  while (before + slots[start + bin] < wanted) before += slots[start + bin++];
  const width = (high - low) / slotCount;
  // Bins are told apart by rounded products, so the edges are taken a little wider.
  const edges = [
    Math.max(low, low + (bin - 1e-6) * width),
    Math.min(high, low + (bin + 1 + 1e-6) * width),
  ] as const;
  return again(...edges, false, edges);
}
