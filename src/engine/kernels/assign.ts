import type { ItemOf, Kernel, ListsOf, Operations } from "../language/operations.ts";
import { Bound } from "./serve.ts";

/** A workload is short if it misses more than this share of its demand. */
const TOLERANCE = 1e-9;

/** More than there are codes: the base in which a part's limit is counted. */
export const CODES = 16;

const SCHEMA = {
  parts: {
    /** Productive chips, and the code of the part's limit. */
    productive: "slab",
    bound: "output",
    /** Within the month: chips free, and those held for the peaks of others. */
    free: "state",
    trough: "state",
    /** The largest worth of a chip-hour to a later workload. */
    worth: "state",
  },
  /** In order of priority. */
  workloads: {
    hours: "slab",
    /** Units due in the month. */
    required: "slab",
    /** Capacity held over the mean, worth of a unit, fewest chips of a part that it runs on. */
    peak: "trial",
    value: "trial",
    minimum: "trial",
    /** Whether it may use the trough of others. */
    deferrable: "flag",
    /** Whether the rest of every month is lost, or else the window month in which it is lost. */
    isLost: "flag",
    last: "number",
    /** The workload as a code: a multiple of `CODES`. */
    code: "number",
    /** Its pairs, in order of the parts' names, and as many ranks among them. */
    pairs: { list: "pairs" },
    slots: { list: "slots" },
    unserved: "output",
    /** What is owed to later months. */
    backlog: "output",
    bound: "output",
    /** Of the trial: what is held for one in use, the share of it that is idle, how few chips are too few, why no part will do. */
    reserve: "state",
    idleShare: "state",
    fewest: "state",
    misfit: "state",
    /** How many pairs have a rate. */
    count: "state",
  },
  /** A workload on a part. */
  pairs: {
    part: { item: "parts" },
    place: "number",
    /** Units a chip-hour, and what limits the replica. */
    rate: "trial",
    limit: "trial",
    /** Chips held and units served. */
    held: "output",
    served: "output",
    ratio: "state",
  },
  /** A rank of a workload: place, rate and limit of the pair that has it. */
  slots: { rank: "number", place: "state", rate: "state", limit: "state" },
} as const;

type Workload = ItemOf<typeof SCHEMA, "workloads">;
type Slot = ItemOf<typeof SCHEMA, "slots">;

/**
 * Gives the chips of every month to workloads, in order of priority, each taking parts in an order of its own.
 *
 * No chip is given twice and no unit is made or lost:
 *
 *     sum of held over workloads <= productive;   required = served + unserved + growth of the backlog
 *
 * Source: docs/model.md section 15.6.
 */
export const assign: Kernel<typeof SCHEMA> = {
  name: "assign",
  schema: SCHEMA,
  begin(o, { workloads }) {
    // Backwards, because the worth of a chip to later workloads must be known.
    o.eachBack(workloads, (workload) => {
      prepare(o, workload);
      rankPairs(o, workload);
    });
  },
  month<N, T>(o: Operations<N, T>, { parts, workloads }: ListsOf<typeof SCHEMA>): void {
    const [zero, none] = [o.constant(0), o.constant(Bound.none)];
    o.each(parts, (part) => {
      o.set(part.free, o.now(part.productive));
      o.set(part.trough, zero);
      o.set(part.bound, none);
    });
    o.each(workloads, (workload) => {
      o.each(workload.pairs, (pair) => {
        o.set(pair.held, zero);
        o.set(pair.served, zero);
      });
      o.set(workload.unserved, zero);
      o.set(workload.backlog, zero);
      o.set(workload.bound, none);
      const wanted = o.add(o.now(workload.required), o.before(workload.backlog));
      o.where(o.less(zero, wanted), () => giveChips(o, workload, wanted));
    });
  },
};

/** What of a workload holds for all months, and the ratio of its rate on each part to the best later worth there. */
function prepare<N, T>(o: Operations<N, T>, workload: Workload): void {
  const [zero, one] = [o.constant(0), o.constant(1)];
  const reserve = o.whenValue(
    workload.deferrable,
    () => one,
    () => o.now(workload.peak),
  );
  o.set(workload.reserve, reserve);
  o.set(workload.idleShare, o.subtract(one, o.divide(one, reserve)));
  o.set(workload.fewest, o.multiply(o.now(workload.minimum), o.constant(1 - TOLERANCE)));
  o.set(workload.misfit, o.constant(Bound.fit));
  o.each(workload.pairs, (pair) => {
    const rate = o.now(pair.rate);
    const most = o.now(pair.part.worth);
    const ratio = o.select(o.less(zero, most), o.divide(rate, most), o.constant(Number.POSITIVE_INFINITY));
    o.set(pair.ratio, o.select(o.less(zero, rate), ratio, zero));
    const worth = o.divide(o.multiply(o.now(workload.value), rate), reserve);
    o.set(pair.part.worth, o.select(o.less(most, worth), worth, most));
    const isLate = o.equal(o.now(pair.limit), o.constant(Bound.latency));
    o.where(isLate, () => o.set(workload.misfit, o.constant(Bound.latency)));
    o.where(o.less(zero, rate), () => o.set(workload.count, o.add(o.now(workload.count), one)));
  });
}

/**
 * Ranks the parts of a workload: the largest ratio left, and of those within rounding of it the first by name. A ratio is 0
 * once it has its rank.
 */
function rankPairs<N, T>(o: Operations<N, T>, workload: Workload): void {
  const zero = o.constant(0);
  o.each(workload.slots, (slot) => {
    const largest = o.fold(workload.pairs, zero, (most, { ratio }) =>
      o.select(o.less(most, o.now(ratio)), o.now(ratio), most),
    );
    o.where(o.less(zero, largest), () => {
      const enough = o.multiply(largest, o.constant(1 - TOLERANCE));
      const place = o.foldBack(workload.pairs, zero, (first, pair) =>
        o.select(o.atMost(enough, o.now(pair.ratio)), o.now(pair.place), first),
      );
      const pair = o.at(workload.pairs, place);
      o.set(slot.place, place);
      o.set(slot.rate, o.now(pair.rate));
      o.set(slot.limit, o.now(pair.limit));
      o.set(pair.ratio, zero);
    });
  });
}

/** One workload in one month: the chips it takes, the demand left, and its limit. */
function giveChips<N, T>(o: Operations<N, T>, workload: Workload, wanted: N): void {
  const zero = o.constant(0);
  const hours = o.now(workload.hours);
  const left = o.walk(workload.slots, wanted, (left, slot) => takePart(o, workload, slot, left, hours));
  const isLost = o.whenValue(
    workload.isLost,
    () => o.constant(1),
    () => o.select(o.equal(o.month(), o.now(workload.last)), o.constant(1), zero),
  );
  const isOwed = o.equal(isLost, zero);
  o.set(workload.backlog, o.select(isOwed, left, zero));
  o.set(workload.unserved, o.select(isOwed, zero, left));
  o.where(o.less(o.multiply(o.constant(TOLERANCE), wanted), left), () => sayWhatBinds(o, workload));
}

/** Takes chips of the part that has a rank, if they are enough to run on. */
function takePart<N, T>(o: Operations<N, T>, workload: Workload, slot: Slot, left: N, hours: N) {
  const { add, subtract, multiply, divide } = o;
  const zero = o.constant(0);
  const isUsed = o.less(o.now(slot.rank), o.now(workload.count));
  const pair = o.at(workload.pairs, o.now(slot.place));
  const { part } = pair;
  const [here, trough] = [o.now(part.free), o.now(part.trough)];
  const spare = o.whenValue(
    workload.deferrable,
    () => trough,
    () => zero,
  );
  const available = add(here, spare);
  const isTooFew = o.either(o.less(available, o.now(workload.fewest)), o.atMost(available, zero));
  const take = () => {
    const unit = divide(multiply(o.now(slot.rate), hours), o.now(workload.reserve));
    const needed = divide(left, unit);
    // Rounding asks no further part for a remainder, and leaves nobody a dust of chips.
    const isEnough = o.atMost(needed, multiply(available, o.constant(1 + TOLERANCE)));
    const used = o.select(o.less(needed, available), needed, available);
    const served = o.select(isEnough, left, multiply(used, unit));
    const idle = o.select(o.less(used, spare), used, spare);
    const held = subtract(used, idle);
    const leftInTrough = o.whenValue(
      workload.deferrable,
      () => remainder(o, spare, idle),
      () => add(trough, multiply(held, o.now(workload.idleShare))),
    );
    o.set(part.trough, leftInTrough);
    o.set(part.free, remainder(o, here, held));
    o.set(pair.held, held);
    o.set(pair.served, served);
    return o.select(isEnough, zero, subtract(left, served));
  };
  const carried = o.whereValue(o.both(isUsed, o.not(isTooFew)), take, left);
  return { carried, goesOn: o.both(isUsed, o.less(zero, carried)) };
}

/** What is left of an amount; 0 where rounding alone leaves any. */
function remainder<N, T>(o: Operations<N, T>, amount: N, taken: N): N {
  const isSome = o.less(taken, o.multiply(amount, o.constant(1 - TOLERANCE)));
  return o.select(isSome, o.subtract(amount, taken), o.constant(0));
}

/** Names what binds a short workload, and the parts it could run on that none of higher priority is short on. */
function sayWhatBinds<N, T>(o: Operations<N, T>, workload: Workload): void {
  const none = o.constant(Bound.none);
  const code = o.walk(workload.slots, none, (code, slot) => {
    const isUsed = o.less(o.now(slot.rank), o.now(workload.count));
    return { carried: o.whereValue(isUsed, () => bindPart(o, workload, slot, code), code), goesOn: isUsed };
  });
  o.set(workload.bound, o.select(o.equal(code, none), o.now(workload.misfit), code));
}

/** What binds a workload on the part of a rank, given what does on those before. */
function bindPart<N, T>(o: Operations<N, T>, workload: Workload, slot: Slot, code: N): N {
  const [chipsCode, contiguous] = [o.constant(Bound.chips), o.constant(Bound.contiguous)];
  const { part } = o.at(workload.pairs, o.now(slot.place));
  const chips = o.now(part.productive);
  const isBelow = o.less(chips, o.now(workload.fewest));
  const limit = o.select(isBelow, contiguous, o.now(slot.limit));
  const here = o.select(o.atMost(chips, o.constant(0)), chipsCode, limit);
  // Workload and code in one number, so that a site can tell whose it is; the highest priority came first.
  const isNew = o.both(o.equal(o.now(part.bound), o.constant(Bound.none)), o.not(o.equal(here, chipsCode)));
  o.where(isNew, () => o.set(part.bound, o.add(o.now(workload.code), here)));
  // The first part that could serve says it; too few chips in one place says more than none.
  const isFirst = o.both(o.less(code, contiguous), o.less(code, here));
  const isMore = o.both(o.equal(code, contiguous), o.atMost(o.constant(Bound.compute), here));
  return o.select(o.either(isFirst, isMore), here, code);
}
