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

/** What the kernel reads, in the order of its operands; each is [trial]. */
export const SERVE_INPUTS = [
  /** Bytes of the weights that every token uses, and of those of routed experts. */
  "sharedWeights",
  "expertWeights",
  /** Chance that a token does not use an expert: 1 - k/E; and how many it uses. */
  "unread",
  "experts",
  /** Cached bytes of a sequence, and over how many chips they can be split. */
  "cache",
  "cacheSplit",
  /** Chip-seconds of arithmetic: of a token in decode, and of the prompt's share per output token. */
  "decodeCompute",
  "promptCompute",
  /** Prompt tokens per output token; tokens of a sequence that a step checks, and those of them it keeps. */
  "promptTokens",
  "checked",
  "kept",
  /** Of a chip: bytes/s it reads, and memory that weights and cache may use [byte]. */
  "byteRate",
  "usable",
  /** Seconds of latency in a step per doubling of the replica. */
  "latency",
  /** Bytes of exchange per token: of all-reduces, and of sending it to one other chip with an expert of it. */
  "reduceBytes",
  "spreadBytes",
  /** Bytes/s of exchange of a chip, within a domain and between domains; 0 where it is not stated. */
  "linkRate",
  "networkRate",
  /** Cached bytes to send to the decode pool, per output token. */
  "transfer",
  /** Shares of the smaller resource's time, and of exchange, that hide behind the larger. */
  "overlap",
  "exchangeOverlap",
  /** Tokens per second due to a user; slots a replica has at most, and their mean share filled. */
  "speed",
  "mostSlots",
  "occupancy",
  /** Chips of the scale-up domain, and of the replica where it is given, else 0. */
  "domain",
  "replica",
  /** 1 where each chip has its own sequences (data), else 0; 1 where prompts have chips of their own, else 0. */
  "isSpread",
  "isPooled",
] as const;

/** What the kernel makes, in order; each is [trial], and 0 but for `bound` where the model does not fit or is too slow. */
export const SERVE_OUTPUTS = [
  "chips",
  "doublings",
  "batch",
  "works",
  "bound",
  /** Bytes of weights on all chips of the replica, and how often each cached token stands in it. */
  "held",
  "cacheCopies",
  /** Seconds of a step: arithmetic, reading memory, exchange with its latency, and the whole. */
  "compute",
  "memory",
  "exchange",
  "step",
  /** Chip-seconds per output token. */
  "prefill",
  "decode",
] as const;

/** Offsets into the block's memory. */
export type ServeLayout = Readonly<
  Record<(typeof SERVE_INPUTS)[number] | (typeof SERVE_OUTPUTS)[number], number>
>;

/**
 * Finds how many chips make one copy of a model and how many sequences it answers at once.
 *
 * Candidates are the fewest chips that hold the weights, doubled up to the scale-up domain, and the domain; the first
 * with the most tokens per chip is taken. At its batch B a decode step takes no longer than the user's speed allows:
 *
 *     t(B) = blend(blend(C, M, overlap), V, exchangeOverlap) + latency log2(n) <= kept / speed
 *     blend(x, y, w) = max(x, y) + (1 - w) min(x, y)
 *
 * Shapes: all [trial]. Memory: overwrites the outputs, allocates nothing.
 * Fails: never; where it does not fit, or is too slow for one user, works and batch are 0 and bound says why.
 * Cost: trials x candidates x some tens of powers. Source: docs/model.md section 15.3.
 */
export function runServe(memory: Float64Array, layout: ServeLayout, blockSize: number): void {
  for (let trial = 0; trial < blockSize; trial++) serveTrial(memory, layout, trial);
}

function serveTrial(memory: Float64Array, layout: ServeLayout, trial: number): void {
  for (const name of SERVE_OUTPUTS) memory[layout[name] + trial] = 0;
  memory[layout.bound + trial] = Bound.fit;
  const domain = memory[layout.domain + trial];
  const given = memory[layout.replica + trial];
  const most = memory[layout.networkRate + trial] > 0 ? Number.POSITIVE_INFINITY : domain;
  const fewest = fewestChips(memory, layout, trial);
  // Written so that a NaN, which a fault of its own reports, does not fit.
  if (given > 0 ? !(fewest <= given && given <= most) : !(fewest <= domain)) return;
  let best = -1;
  let chips = given > 0 ? given : fewest;
  for (;;) {
    best = tryReplica(memory, layout, trial, chips, best);
    if (given > 0 || chips >= domain) return;
    chips = Math.min(2 * chips, domain);
  }
}

/** The fewest chips that hold the weights; without end where not even an endless number does. */
function fewestChips(memory: Float64Array, layout: ServeLayout, trial: number): number {
  const usable = memory[layout.usable + trial];
  const shared = memory[layout.sharedWeights + trial];
  const experts = memory[layout.expertWeights + trial];
  const isSpread = memory[layout.isSpread + trial] > 0;
  if (isSpread && !(shared < usable)) return Number.POSITIVE_INFINITY;
  const share = isSpread ? experts / (usable - shared) : (shared + experts) / usable;
  return Math.max(1, Math.ceil(share - TOLERANCE * share));
}

/** Keeps the replica of `chips` if it gives more tokens per chip than `best`, and returns the larger. */
function tryReplica(
  memory: Float64Array,
  layout: ServeLayout,
  trial: number,
  chips: number,
  best: number,
): number {
  const shared = memory[layout.sharedWeights + trial];
  const experts = memory[layout.expertWeights + trial];
  const unread = memory[layout.unread + trial];
  const kept = memory[layout.kept + trial];
  const checked = memory[layout.checked + trial];
  const overlap = memory[layout.overlap + trial];
  const exchangeOverlap = memory[layout.exchangeOverlap + trial];
  const isPooled = memory[layout.isPooled + trial] > 0;
  const isSpread = memory[layout.isSpread + trial] > 0 && chips > 1;
  const held = isSpread ? chips * shared + experts : shared + experts;
  const copies = isSpread ? 1 : Math.max(1, chips / memory[layout.cacheSplit + trial]);
  const cache = copies * memory[layout.cache + trial];
  const perByte = 1 / (chips * memory[layout.byteRate + trial]);
  const doublings = Math.log2(chips);
  const latency = memory[layout.latency + trial] * doublings;
  const volume = exchangeTime(memory, layout, trial, chips, isSpread);
  const prompts = isPooled ? 0 : kept * memory[layout.promptTokens + trial];
  const tokens = checked + prompts;
  const decodeEach = (checked * memory[layout.decodeCompute + trial]) / chips;
  const computeEach = isPooled
    ? decodeEach
    : decodeEach + (kept * memory[layout.promptCompute + trial]) / chips;
  const slots = Math.min(
    memory[layout.mostSlots + trial],
    (chips * memory[layout.usable + trial] - held) / cache,
  );
  const bySlots = memory[layout.occupancy + trial] * slots;
  const time = kept / memory[layout.speed + trial] - latency;
  // The step is the largest of four sums; each limits the batch by itself.
  let byTime = Number.POSITIVE_INFINITY;
  for (let sum = 0; sum < 4; sum++) {
    const exchange = sum < 2 ? 1 - exchangeOverlap : 1;
    const rest = sum < 2 ? 1 : 1 - exchangeOverlap;
    const compute = rest * (sum % 2 === 0 ? 1 : 1 - overlap);
    const reading = rest * (sum % 2 === 0 ? 1 - overlap : 1);
    const linear = compute * computeEach + reading * cache * perByte + exchange * tokens * volume;
    byTime = Math.min(
      byTime,
      solveBatch(reading * held * perByte, reading * experts * perByte, unread, tokens, linear, time),
    );
  }
  const batch = Math.min(bySlots, byTime);
  const bound = byTime < 1 ? Bound.latency : Bound.memory;
  if (!(batch >= 1)) {
    if (best < 0) {
      memory[layout.chips + trial] = chips;
      memory[layout.doublings + trial] = doublings;
      memory[layout.bound + trial] = bound;
    }
    return Math.max(best, 0);
  }
  const compute = batch * computeEach;
  const reading = (held - experts * unread ** (batch * tokens) + batch * cache) * perByte;
  const exchange = batch * tokens * volume;
  const step = blend(blend(compute, reading, overlap), exchange, exchangeOverlap) + latency;
  const pure = isPooled
    ? step
    : blend(
        blend(
          batch * decodeEach,
          (held - experts * unread ** (batch * checked) + batch * cache) * perByte,
          overlap,
        ),
        batch * checked * volume,
        exchangeOverlap,
      ) + latency;
  const share = chips / (kept * batch);
  const decode = share * pure;
  const prefill = isPooled
    ? pooledPrefill(memory, layout, trial, chips * volume, exchangeOverlap)
    : share * (step - pure);
  const rate = 1 / (prefill + decode);
  if (rate <= best) return best;
  memory[layout.chips + trial] = chips;
  memory[layout.doublings + trial] = doublings;
  memory[layout.batch + trial] = batch;
  memory[layout.works + trial] = 1;
  memory[layout.bound + trial] =
    bySlots <= byTime ? Bound.memory : compute >= reading ? Bound.compute : Bound.bandwidth;
  memory[layout.held + trial] = held;
  memory[layout.cacheCopies + trial] = copies;
  memory[layout.compute + trial] = compute;
  memory[layout.memory + trial] = reading;
  memory[layout.exchange + trial] = exchange + latency;
  memory[layout.step + trial] = step;
  memory[layout.prefill + trial] = prefill;
  memory[layout.decode + trial] = decode;
  return rate;
}

/** Chip-seconds of prompts on chips of their own per output token: arithmetic, exchange, and sending the cache over. */
function pooledPrefill(
  memory: Float64Array,
  layout: ServeLayout,
  trial: number,
  exchangeEach: number,
  exchangeOverlap: number,
): number {
  const link = memory[layout.linkRate + trial];
  const sending = link > 0 ? memory[layout.transfer + trial] / link : 0;
  const exchange = memory[layout.promptTokens + trial] * exchangeEach;
  return blend(memory[layout.promptCompute + trial], exchange, exchangeOverlap) + sending;
}

/** Seconds of exchange in a step per token: over the network between domains where the replica is larger than one. */
function exchangeTime(
  memory: Float64Array,
  layout: ServeLayout,
  trial: number,
  chips: number,
  isSpread: boolean,
): number {
  const domain = memory[layout.domain + trial];
  const isWide = chips > domain;
  const rate = memory[(isWide ? layout.networkRate : layout.linkRate) + trial];
  const peers = isWide ? chips / domain : chips;
  if (!(rate > 0) || peers <= 1) return 0;
  if (isSpread) {
    const reached = (peers - 1) * (1 - (1 - 1 / peers) ** memory[layout.experts + trial]);
    return (memory[layout.spreadBytes + trial] * reached) / chips / rate;
  }
  const bytes = (memory[layout.reduceBytes + trial] * (peers - 1)) / peers;
  return bytes / (isWide ? domain : 1) / rate;
}

/** The larger of two times, and what of the smaller does not hide behind it. */
function blend(one: number, other: number, hidden: number): number {
  return Math.max(one, other) + (1 - hidden) * Math.min(one, other);
}

/**
 * Largest batch B with fixed - falling unread^(tokens B) + linear B <= limit; 0 where even B = 1 is too much.
 *
 * The left side is concave and rises, so that Newton's steps from 1 rise to the root and end when they no longer do.
 */
function solveBatch(
  fixed: number,
  falling: number,
  unread: number,
  tokens: number,
  linear: number,
  limit: number,
): number {
  const fall = falling === 0 || unread === 0 ? 0 : -falling * tokens * Math.log(unread);
  let batch = 1;
  for (let step = 0; step < MOST_STEPS; step++) {
    const left = unread ** (tokens * batch);
    const room = limit - (fixed - falling * left + batch * linear);
    if (room <= 0) return step === 0 && room < 0 ? 0 : batch;
    const next = batch + room / (fall * left + linear);
    if (!(next > batch)) return batch;
    batch = next;
  }
  return batch;
}
