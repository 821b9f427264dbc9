/** Codes of what limits a replica, in the numbering of `binding`. */
export const Bound = {
  none: 0,
  chips: 3,
  fit: 4,
  latency: 5,
  contiguous: 6,
  compute: 7,
  bandwidth: 8,
  memory: 9,
} as const;

/** Comparisons with a limit hold within this relative difference. */
const TOLERANCE = 1e-9;

/** Newton's steps for a concave function rise to the root; few are needed, and this many are never. */
const MOST_STEPS = 60;

/** Offsets into the block's memory; inputs and outputs are [trial]. */
export type ServeLayout = {
  /** Bytes of all weights, and of those of routed experts. */
  readonly weights: number;
  readonly expertWeights: number;
  /** Chance that a token does not use an expert: 1 - k/E. */
  readonly unread: number;
  /** Cached bytes of a sequence, and FLOP of a token. */
  readonly cache: number;
  readonly flop: number;
  /** Of a chip: calibrated FLOP/s and bytes/s, memory that weights and cache may use [byte]. */
  readonly flopRate: number;
  readonly byteRate: number;
  readonly usable: number;
  /** Seconds of exchange in a step per doubling of the replica, and due to a user per token. */
  readonly exchange: number;
  readonly speed: number;
  /** Chips of the scale-up domain, and of the replica where it is given, else 0. */
  readonly domain: number;
  readonly replica: number;
  readonly chips: number;
  readonly doublings: number;
  readonly batch: number;
  readonly works: number;
  readonly bound: number;
};

/**
 * Finds how many chips make one copy of a model and how many sequences it answers at once.
 *
 * Candidates are the fewest chips that hold the weights, doubled up to the scale-up domain, and the domain; the first
 * with the most tokens per chip is taken. At its batch a decode step takes no longer than the user's speed allows:
 *
 *     max(B flop / (n flopRate), (weights - experts unread^B + B cache) / (n byteRate)) + exchange log2(n) <= 1 / speed
 *
 * Shapes: all [trial]. Memory: overwrites the five outputs, allocates nothing.
 * Fails: never; where it does not fit, or is too slow for one user, works and batch are 0 and bound says why.
 * Cost: trials x candidates x a few powers. Source: docs/model.md section 15.3.
 */
export function runServe(memory: Float64Array, layout: ServeLayout, blockSize: number): void {
  for (let trial = 0; trial < blockSize; trial++) serveTrial(memory, layout, trial);
}

function serveTrial(memory: Float64Array, layout: ServeLayout, trial: number): void {
  const domain = memory[layout.domain + trial];
  const given = memory[layout.replica + trial];
  const share = memory[layout.weights + trial] / memory[layout.usable + trial];
  const fewest = Math.max(1, Math.ceil(share - TOLERANCE * share));
  memory[layout.chips + trial] = 0;
  memory[layout.doublings + trial] = 0;
  memory[layout.batch + trial] = 0;
  memory[layout.works + trial] = 0;
  memory[layout.bound + trial] = Bound.fit;
  // Written so that a NaN, which a fault of its own reports, does not fit.
  if (!(fewest <= domain) || (given > 0 && (given < fewest || given > domain))) return;
  let best = -1;
  let chips = given > 0 ? given : fewest;
  for (;;) {
    best = tryReplica(memory, layout, trial, chips, best);
    if (given > 0 || chips >= domain) return;
    chips = Math.min(2 * chips, domain);
  }
}

/** Keeps the replica of `chips` if it gives more tokens per chip than `best`, and returns the larger. */
function tryReplica(
  memory: Float64Array,
  layout: ServeLayout,
  trial: number,
  chips: number,
  best: number,
): number {
  const cache = memory[layout.cache + trial];
  const flopTime = memory[layout.flop + trial] / (chips * memory[layout.flopRate + trial]);
  const byteTime = 1 / (chips * memory[layout.byteRate + trial]);
  const weights = memory[layout.weights + trial];
  const experts = memory[layout.expertWeights + trial];
  const unread = memory[layout.unread + trial];
  const doublings = Math.log2(chips);
  const exchange = memory[layout.exchange + trial] * doublings;
  const time = 1 / memory[layout.speed + trial] - exchange;
  const byMemory = (chips * memory[layout.usable + trial] - weights) / cache;
  const byTime = Math.min(time / flopTime, solveBatch(weights, experts, unread, cache, time / byteTime));
  const batch = Math.min(byMemory, byTime);
  let tokens = 0;
  let bound: number = byTime < 1 ? Bound.latency : Bound.memory;
  if (batch >= 1) {
    const compute = batch * flopTime;
    const bytes = (weights - experts * unread ** batch + batch * cache) * byteTime;
    tokens = batch / (chips * (Math.max(compute, bytes) + exchange));
    if (byMemory > byTime) bound = compute >= bytes ? Bound.compute : Bound.bandwidth;
  }
  if (tokens <= best) return best;
  memory[layout.chips + trial] = chips;
  memory[layout.doublings + trial] = doublings;
  memory[layout.batch + trial] = batch >= 1 ? batch : 0;
  memory[layout.works + trial] = batch >= 1 ? 1 : 0;
  memory[layout.bound + trial] = bound;
  return tokens;
}

/**
 * Largest batch at which a step reads no more than `limit` bytes: the root of weights - experts unread^B + B cache = limit.
 *
 * The left side is concave and rises, so that Newton's steps from 1 rise to the root and end when they no longer do.
 */
function solveBatch(weights: number, experts: number, unread: number, cache: number, limit: number): number {
  const slope = experts === 0 || unread === 0 ? 0 : -experts * Math.log(unread);
  let batch = 1;
  for (let step = 0; step < MOST_STEPS; step++) {
    const left = unread ** batch;
    const room = limit - (weights - experts * left + batch * cache);
    if (room <= 0) return step === 0 && room < 0 ? 0 : batch;
    const next = batch + room / (slope * left + cache);
    if (!(next > batch)) return batch;
    batch = next;
  }
  return batch;
}
