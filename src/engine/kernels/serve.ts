import type { ItemOf, Kernel, Operations } from "../language/operations.ts";

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

/** A sum that differs from its limit by more than this share of it differs by more than rounding. */
const ROUNDING = 1e-13;

/** Newton's steps for a concave function rise to the root; few are needed, and this many are never. */
const MOST_STEPS = 60;

/** More doublings than a scale-up domain can have. */
const MOST_CANDIDATES = 40;

const SCHEMA = {
  replicas: {
    /** Bytes of the weights that every token uses, and of those of routed experts. */
    sharedWeights: "trial",
    expertWeights: "trial",
    /** Chance that a token does not use an expert: 1 - k/E; and how many it uses. */
    unread: "trial",
    experts: "trial",
    /** Cached bytes of a sequence, and over how many chips they can be split. */
    cache: "trial",
    cacheSplit: "trial",
    /** Chip-seconds of arithmetic: of a token in decode, and of the prompt's share per output token. */
    decodeCompute: "trial",
    promptCompute: "trial",
    /** Prompt tokens per output token; tokens of a sequence that a step checks, and those of them it keeps. */
    promptTokens: "trial",
    checked: "trial",
    kept: "trial",
    /** Of a chip: bytes/s it reads, and memory that weights and cache may use [byte]. */
    byteRate: "trial",
    usable: "trial",
    /** Seconds of latency in a step: per doubling of the replica, and of every step. */
    latency: "trial",
    launch: "trial",
    /** Bytes of exchange per token: of all-reduces, and of sending it to one other chip with an expert of it. */
    reduceBytes: "trial",
    spreadBytes: "trial",
    /** Bytes/s of exchange of a chip, within a domain and between domains; 0 where it is not stated. */
    linkRate: "trial",
    networkRate: "trial",
    /** Cached bytes to send to the decode pool, per output token. */
    transfer: "trial",
    /** Shares of the smaller resource's time, and of exchange, that hide behind the larger. */
    overlap: "trial",
    exchangeOverlap: "trial",
    /** Tokens per second due to a user; slots a replica has at most, and their mean share filled. */
    speed: "trial",
    mostSlots: "trial",
    occupancy: "trial",
    /** Chips of the scale-up domain, and of the replica where it is given, else 0. */
    domain: "trial",
    replica: "trial",
    /** Of a pool for prompts: the share of its time that it computes, and its chips per chip that decodes, 0 where not stated. */
    promptUse: "trial",
    promptRatio: "trial",
    /** Whether each chip has its own sequences (data); whether prompts have chips of their own. */
    isSpread: "flag",
    isPooled: "flag",
    chips: "result",
    doublings: "result",
    batch: "result",
    works: "result",
    bound: "result",
    /** Bytes of weights on all chips of the replica, and how often each cached token stands in it. */
    held: "result",
    cacheCopies: "result",
    /** Seconds of a step: arithmetic, reading memory, exchange with its latency, and the whole. */
    compute: "result",
    memory: "result",
    exchange: "result",
    step: "result",
    /** Chip-seconds per output token. */
    prefill: "result",
    decode: "result",
    /** Tokens per chip-second of the best replica so far: -1 before the first, 0 where none works yet. */
    best: "state",
    /** Share of the experts that no token of the batch found last uses. */
    left: "state",
  },
} as const;

type Replica = ItemOf<typeof SCHEMA, "replicas">;

/**
 * Finds how many chips make one copy of a model and how many sequences it answers at once.
 *
 * Candidates are the fewest chips that hold the weights, doubled up to the scale-up domain, and the domain; the first
 * with the most tokens per chip is taken. At its batch B a decode step takes no longer than the user's speed allows:
 *
 *     t(B) = blend(blend(C, M, overlap), V, exchangeOverlap) + latency log2(n) + launch <= kept / speed
 *     blend(x, y, w) = max(x, y) + (1 - w) min(x, y)
 *
 * Where the model does not fit or is too slow, results are 0, and `bound` says why.
 * Source: docs/model.md section 15.3.
 */
export const serve: Kernel<typeof SCHEMA> = {
  name: "serve",
  schema: SCHEMA,
  begin(o, { replicas }) {
    o.each(replicas, (replica) => new Serving(o, replica).findReplica());
  },
};

/** What depends on the chips of a candidate alone, not on its batch. */
type Candidate<N> = {
  readonly chips: N;
  readonly doublings: N;
  /** Bytes of weights, copies of a cached token, bytes of cache of a sequence. */
  readonly held: N;
  readonly copies: N;
  readonly cache: N;
  /** Seconds: of reading a byte, of latency in a step, of exchange per token. */
  readonly perByte: N;
  readonly latency: N;
  readonly volume: N;
  /** Seconds of arithmetic in a step for each sequence, without prompts and with them. */
  readonly decodeEach: N;
  readonly computeEach: N;
};

/** A lower bound of a step's time: fixed - falling unread^(tokens B) + linear B. The largest such sum is the time. */
type Sum<N> = { readonly fixed: N; readonly falling: N; readonly linear: N };

/** The limit less a sum at a batch. */
function roomOf<N, T>(
  { add, subtract, multiply }: Operations<N, T>,
  { fixed, falling, linear }: Sum<N>,
  limit: N,
  batch: N,
  left: N,
): N {
  return subtract(limit, add(subtract(fixed, multiply(falling, left)), multiply(batch, linear)));
}

/** One replica in one trial; values that do not depend on the candidate are made once. */
class Serving<N, T> {
  readonly #o: Operations<N, T>;
  readonly #replica: Replica;
  readonly #zero: N;
  readonly #one: N;
  readonly #shared: N;
  readonly #experts: N;
  readonly #unread: N;
  readonly #logOfUnread: N;
  readonly #unreadBy: (exponent: N) => N;
  readonly #kept: N;
  readonly #checked: N;
  readonly #overlap: N;
  readonly #exchangeOverlap: N;
  /** Tokens that a step takes of a sequence, and the share of the experts that those of one sequence leave unread. */
  readonly #tokens: N;
  readonly #leftAtOne: N;

  constructor(o: Operations<N, T>, replica: Replica) {
    this.#o = o;
    this.#replica = replica;
    this.#zero = o.constant(0);
    this.#one = o.constant(1);
    this.#shared = o.now(replica.sharedWeights);
    this.#experts = o.now(replica.expertWeights);
    this.#unread = o.now(replica.unread);
    this.#logOfUnread = o.log(this.#unread);
    this.#unreadBy = o.powers(this.#unread);
    this.#kept = o.now(replica.kept);
    this.#checked = o.now(replica.checked);
    this.#overlap = o.now(replica.overlap);
    this.#exchangeOverlap = o.now(replica.exchangeOverlap);
    this.#tokens = o.whenValue(
      replica.isPooled,
      () => o.add(this.#checked, this.#zero),
      () => o.add(this.#checked, o.multiply(this.#kept, o.now(replica.promptTokens))),
    );
    this.#leftAtOne = this.#unreadBy(this.#tokens);
  }

  findReplica(): void {
    const o = this.#o;
    const replica = this.#replica;
    o.set(replica.bound, o.constant(Bound.fit));
    for (const name of RESULTS) o.set(replica[name], this.#zero);
    o.set(replica.best, o.constant(-1));
    const [domain, given] = [o.now(replica.domain), o.now(replica.replica)];
    const isGiven = o.less(this.#zero, given);
    const hasNetwork = o.less(this.#zero, o.now(replica.networkRate));
    const fewest = this.#fewestChips();
    // Written so that a NaN, which a fault of its own reports, does not fit.
    const fitsGiven = o.both(o.atMost(fewest, given), o.either(hasNetwork, o.atMost(given, domain)));
    const fits = o.either(o.both(isGiven, fitsGiven), o.both(o.not(isGiven), o.atMost(fewest, domain)));
    o.where(fits, () => {
      o.repeat(MOST_CANDIDATES, { chips: o.select(isGiven, given, fewest) }, ({ chips }) => {
        this.#try(chips);
        const goesOn = o.both(o.less(chips, domain), o.not(isGiven));
        return { state: { chips: o.min(o.add(chips, chips), domain) }, goesOn };
      });
    });
  }

  /** The fewest chips that hold the weights; without end where not even an endless number does. */
  #fewestChips(): N {
    const o = this.#o;
    const usable = o.now(this.#replica.usable);
    const share = o.whenValue(
      this.#replica.isSpread,
      () =>
        o.select(
          o.less(this.#shared, usable),
          o.divide(this.#experts, o.subtract(usable, this.#shared)),
          o.constant(Number.POSITIVE_INFINITY),
        ),
      () => o.divide(o.add(this.#shared, this.#experts), usable),
    );
    const isEndless = o.equal(share, o.constant(Number.POSITIVE_INFINITY));
    const rounded = o.ceil(o.subtract(share, o.multiply(o.constant(TOLERANCE), share)));
    return o.max(this.#one, o.select(isEndless, share, rounded));
  }

  /** Keeps a replica of so many chips if it gives more tokens per chip than those before. */
  #try(chips: N): void {
    const o = this.#o;
    const replica = this.#replica;
    const candidate = this.#candidate(chips);
    const slots = this.#slots(candidate);
    const bySlots = o.multiply(o.now(replica.occupancy), slots);
    const byTime = this.#batchByTime(candidate, bySlots);
    const batch = o.min(bySlots, byTime);
    const works = o.atMost(this.#one, o.min(slots, byTime));
    const best = o.now(replica.best);
    o.where(o.not(works), () => {
      o.where(o.less(best, this.#zero), () => {
        o.set(replica.chips, chips);
        o.set(replica.doublings, candidate.doublings);
        const isLate = o.less(byTime, this.#one);
        o.set(replica.bound, o.select(isLate, o.constant(Bound.latency), o.constant(Bound.memory)));
      });
      o.set(replica.best, o.max(best, this.#zero));
    });
    o.where(works, () => this.#keepIfBetter(candidate, batch, o.atMost(bySlots, byTime), best));
  }

  #candidate(chips: N): Candidate<N> {
    const o = this.#o;
    const replica = this.#replica;
    const { add, multiply, divide } = o;
    const whole = add(this.#shared, this.#experts);
    const split = o.max(this.#one, divide(chips, o.now(replica.cacheSplit)));
    const isMany = o.less(this.#one, chips);
    const spread = (many: () => N, other: N) =>
      o.whenValue(
        replica.isSpread,
        () => o.select(isMany, many(), other),
        () => other,
      );
    const held = spread(() => add(multiply(chips, this.#shared), this.#experts), whole);
    const copies = spread(() => this.#one, split);
    const doublings = o.log2(chips);
    const decodeEach = divide(multiply(this.#checked, o.now(replica.decodeCompute)), chips);
    return {
      chips,
      doublings,
      held,
      copies,
      cache: multiply(copies, o.now(replica.cache)),
      perByte: divide(this.#one, multiply(chips, o.now(replica.byteRate))),
      latency: add(multiply(o.now(replica.latency), doublings), o.now(replica.launch)),
      volume: this.#exchangeTime(chips, spread),
      decodeEach,
      computeEach: o.whenValue(
        replica.isPooled,
        () => decodeEach,
        () => add(decodeEach, divide(multiply(this.#kept, o.now(replica.promptCompute)), chips)),
      ),
    };
  }

  /** Seconds of exchange in a step per token: over the network between domains where the replica is larger than one. */
  #exchangeTime(chips: N, spread: (many: () => N, other: N) => N): N {
    const o = this.#o;
    const replica = this.#replica;
    const { subtract, multiply, divide } = o;
    const domain = o.now(replica.domain);
    const isWide = o.less(domain, chips);
    const rate = o.select(isWide, o.now(replica.networkRate), o.now(replica.linkRate));
    const peers = o.select(isWide, divide(chips, domain), chips);
    const others = subtract(peers, this.#one);
    const toExperts = () => {
      const missed = o.power(subtract(this.#one, divide(this.#one, peers)), o.now(replica.experts));
      const reached = multiply(others, subtract(this.#one, missed));
      return divide(divide(multiply(o.now(replica.spreadBytes), reached), chips), rate);
    };
    const reduced = divide(multiply(o.now(replica.reduceBytes), others), peers);
    const toAll = divide(divide(reduced, o.select(isWide, domain, this.#one)), rate);
    const isExchanged = o.both(o.less(this.#zero, rate), o.less(this.#one, peers));
    return o.select(isExchanged, spread(toExperts, toAll), this.#zero);
  }

  /** Sequences that memory and the program have room for. */
  #slots({ chips, held, cache }: Candidate<N>): N {
    const o = this.#o;
    const replica = this.#replica;
    const inMemory = o.divide(o.subtract(o.multiply(chips, o.now(replica.usable)), held), cache);
    return o.min(o.now(replica.mostSlots), inMemory);
  }

  /**
   * Largest batch whose step takes no longer than the user's speed allows; 0 where even one sequence is too much, and infinite
   * where the slots run out first, since the slots then decide.
   *
   * The step is the largest of four sums, as its resources hide behind each other or not. The one that is likely to bind is
   * solved first, and another only if it is too much at that batch: nearly always one search finds what four would.
   */
  #batchByTime(candidate: Candidate<N>, bySlots: N): N {
    const o = this.#o;
    const limit = o.subtract(o.divide(this.#kept, o.now(this.#replica.speed)), candidate.latency);
    const sums = this.#sumsOf(candidate);
    const leftOf = (batch: N) => this.#unreadBy(o.multiply(this.#tokens, batch));
    const leastRoom = (batch: N, left: N) =>
      sums.map((sum) => roomOf(o, sum, limit, batch, left)).reduce((least, room) => o.min(least, room));
    const rounding = o.multiply(o.constant(ROUNDING), limit);
    const isLate = o.less(leastRoom(this.#one, this.#leftAtOne), this.#zero);
    // A share lies between 0 and 1, and the room there between those at both: seldom must it be known.
    const mostRoom = o.max(leastRoom(bySlots, this.#zero), leastRoom(bySlots, this.#one));
    const mayBeInTime = o.both(o.not(isLate), o.less(rounding, mostRoom));
    const leftAtSlots = o.whereValue(mayBeInTime, () => leftOf(bySlots), this.#zero);
    const isInTime = o.both(mayBeInTime, o.less(rounding, leastRoom(bySlots, leftAtSlots)));
    const endless = o.constant(Number.POSITIVE_INFINITY);
    const known = o.select(isLate, this.#zero, endless);
    return o.whereValue(
      o.not(o.either(isLate, isInTime)),
      () => {
        // The guess leaves out the falling term: large batches use nearly all experts.
        const first = this.#worst(sums, ({ fixed, linear }) => o.divide(o.subtract(limit, fixed), linear));
        const start = { ...first, least: endless };
        const found = o.repeat(sums.length, start, ({ least, ...sum }) => {
          const batch = this.#solveBatch(sum, limit);
          const smaller = o.min(least, batch);
          const left = leftOf(smaller);
          o.set(this.#replica.left, left);
          const next = this.#worst(sums, (one) => roomOf(o, one, limit, smaller, left));
          const isTooMuch = o.less(leastRoom(smaller, left), o.subtract(this.#zero, rounding));
          return { state: { ...next, least: smaller }, goesOn: o.both(isTooMuch, o.less(batch, least)) };
        });
        return found.least;
      },
      known,
    );
  }

  /** The sums of a step's time. */
  #sumsOf({ held, cache, perByte, volume, computeEach }: Candidate<N>): readonly Sum<N>[] {
    const o = this.#o;
    const { add, subtract, multiply } = o;
    const exposed = subtract(this.#one, this.#overlap);
    const exposedExchange = subtract(this.#one, this.#exchangeOverlap);
    const exchanges = [
      [exposedExchange, this.#one],
      [this.#one, exposedExchange],
    ];
    const chips = [
      [this.#one, exposed],
      [exposed, this.#one],
    ];
    return exchanges.flatMap(([exchange, rest]) =>
      chips.map(([computeShare, readingShare]) => {
        const compute = multiply(rest, computeShare);
        const reading = multiply(rest, readingShare);
        const sequence = add(multiply(compute, computeEach), multiply(multiply(reading, cache), perByte));
        return {
          fixed: multiply(multiply(reading, held), perByte),
          falling: multiply(multiply(reading, this.#experts), perByte),
          linear: add(sequence, multiply(multiply(exchange, this.#tokens), volume)),
        };
      }),
    );
  }

  /** The sum with the least of a number. */
  #worst(sums: readonly Sum<N>[], numberOf: (sum: Sum<N>) => N): Sum<N> {
    const o = this.#o;
    let [worst, least] = [sums[0], numberOf(sums[0])];
    for (const sum of sums.slice(1)) {
      const number = numberOf(sum);
      const isWorse = o.less(number, least);
      const chosen = (name: keyof Sum<N>) => o.select(isWorse, sum[name], worst[name]);
      worst = { fixed: chosen("fixed"), falling: chosen("falling"), linear: chosen("linear") };
      least = o.select(isWorse, number, least);
    }
    return worst;
  }

  /**
   * Largest batch B with fixed - falling unread^(tokens B) + linear B <= limit, where B = 1 is not too much.
   *
   * The left side is concave and rises, so that Newton's steps from 1 rise to the root and end when they no longer do.
   */
  #solveBatch(sum: Sum<N>, limit: N): N {
    const o = this.#o;
    const { add, subtract, multiply, divide } = o;
    const { falling, linear } = sum;
    const isDense = o.either(o.equal(falling, this.#zero), o.equal(this.#unread, this.#zero));
    const steepness = multiply(multiply(subtract(this.#zero, falling), this.#tokens), this.#logOfUnread);
    const fall = o.select(isDense, this.#zero, steepness);
    const at = (batch: N, left: N) => ({ batch, left, room: roomOf(o, sum, limit, batch, left) });
    const { batch } = o.repeat(MOST_STEPS, at(this.#one, this.#leftAtOne), ({ batch, left, room }) => {
      const next = add(batch, divide(room, add(multiply(fall, left), linear)));
      const goesOn = o.both(o.not(o.atMost(room, this.#zero)), o.less(batch, next));
      const leftThen = o.whereValue(goesOn, () => this.#unreadBy(multiply(this.#tokens, next)), left);
      const then = at(next, leftThen);
      return { state: { ...then, batch: o.select(goesOn, next, batch) }, goesOn };
    });
    return batch;
  }

  #keepIfBetter(candidate: Candidate<N>, batch: N, isBySlots: T, best: N): void {
    const o = this.#o;
    const replica = this.#replica;
    const { add, subtract, multiply, divide } = o;
    const { chips, held, cache, perByte, volume, decodeEach, computeEach, latency } = candidate;
    const leftBy = (taken: N) => this.#unreadBy(multiply(batch, taken));
    const readingOf = (left: N) =>
      multiply(add(subtract(held, multiply(this.#experts, left)), multiply(batch, cache)), perByte);
    const stepOf = (compute: N, reading: N, exchange: N) => {
      const chip = this.#blend(compute, reading, this.#overlap);
      return add(this.#blend(chip, exchange, this.#exchangeOverlap), latency);
    };
    const compute = multiply(batch, computeEach);
    const reading = readingOf(o.whereValue(isBySlots, () => leftBy(this.#tokens), o.now(replica.left)));
    const exchange = multiply(multiply(batch, this.#tokens), volume);
    const step = stepOf(compute, reading, exchange);
    const decodeAlone = () =>
      stepOf(
        multiply(batch, decodeEach),
        readingOf(leftBy(this.#checked)),
        multiply(multiply(batch, this.#checked), volume),
      );
    const pure = o.whenValue(replica.isPooled, () => step, decodeAlone);
    const share = divide(chips, multiply(this.#kept, batch));
    const ownDecode = multiply(share, pure);
    const ownPrefill = o.whenValue(
      replica.isPooled,
      () => this.#pooledPrefill(multiply(chips, volume)),
      () => multiply(share, subtract(step, pure)),
    );
    const { decode, prefill, waits } = this.#inStep(ownDecode, ownPrefill);
    const rate = divide(this.#one, add(prefill, decode));
    const hardware = o.select(
      o.atMost(reading, compute),
      o.constant(Bound.compute),
      o.constant(Bound.bandwidth),
    );
    o.where(o.not(o.atMost(rate, best)), () => {
      o.set(replica.best, rate);
      o.set(replica.chips, chips);
      o.set(replica.doublings, candidate.doublings);
      o.set(replica.batch, batch);
      o.set(replica.works, this.#one);
      const ofDecode = o.select(isBySlots, o.constant(Bound.memory), hardware);
      o.set(replica.bound, o.select(waits, o.constant(Bound.compute), ofDecode));
      o.set(replica.held, held);
      o.set(replica.cacheCopies, candidate.copies);
      o.set(replica.compute, compute);
      o.set(replica.memory, reading);
      o.set(replica.exchange, add(exchange, latency));
      o.set(replica.step, step);
      o.set(replica.prefill, prefill);
      o.set(replica.decode, decode);
    });
  }

  /** Chip-seconds of prompts on chips of their own per output token: arithmetic, exchange, and sending the cache over. */
  #pooledPrefill(exchangeEach: N): N {
    const o = this.#o;
    const replica = this.#replica;
    const link = o.now(replica.linkRate);
    const hasLink = o.less(this.#zero, link);
    const sending = o.select(hasLink, o.divide(o.now(replica.transfer), link), this.#zero);
    const exchange = o.multiply(o.now(replica.promptTokens), exchangeEach);
    const computing = this.#blend(o.now(replica.promptCompute), exchange, this.#exchangeOverlap);
    return o.add(o.divide(computing, o.now(replica.promptUse)), sending);
  }

  /** Chip-seconds per output token of two pools whose sizes stand in a stated ratio: the faster one waits for the slower. */
  #inStep(decode: N, prefill: N): { readonly decode: N; readonly prefill: N; readonly waits: T } {
    const o = this.#o;
    const ratio = o.now(this.#replica.promptRatio);
    const isStated = o.less(this.#zero, ratio);
    const ofPrompts = o.select(isStated, o.divide(prefill, ratio), this.#zero);
    const paced = o.max(decode, ofPrompts);
    return {
      decode: o.select(isStated, paced, decode),
      prefill: o.select(isStated, o.multiply(ratio, paced), prefill),
      waits: o.less(decode, ofPrompts),
    };
  }

  /** The larger of two times, and what of the smaller does not hide behind it. */
  #blend(one: N, other: N, hidden: N): N {
    const o = this.#o;
    const exposed = o.multiply(o.subtract(this.#one, hidden), o.min(one, other));
    return o.add(o.max(one, other), exposed);
  }
}

/** Results that are 0 where no replica works. */
const RESULTS = [
  ...(["chips", "doublings", "batch", "works", "held", "cacheCopies"] as const),
  ...(["compute", "memory", "exchange", "step", "prefill", "decode"] as const),
] as const;
