import type { Column, ItemOf, Kernel, ListsOf, Operations } from "../language/operations.ts";
import { whileServing } from "./while-serving.ts";

/** Comparisons with a limit hold within this relative difference: rounding alone would call 1 GW short of 1 GW. */
const TOLERANCE = 1e-9;

const SCHEMA = {
  parts: {
    /** Cumulative chips due, without replacements; power of a chip [W]; service life [months]. */
    due: "slab",
    power: "trial",
    life: "trial",
    /** 1 in the months before the fleet retires as a whole, then 0. A part without it keeps each chip for its life. */
    serving: "slab",
    /** Survival S, cumulative, and the hazard of the month; whether spares replace what fails. */
    survival: "slab",
    hazard: "slab",
    spares: "flag",
    /** Months that power may be away when chips land. A part without it lands when due. */
    wait: "trial",
    /** Other than 0 in the months after which deliveries may land, and whether they may in the first. */
    gate: "feedback",
    gateAtFirst: "trial",
    /** First month in which the chip can land; whether anything is replaced by it, and successors due that wait for it. */
    available: "trial",
    isSuccessor: "flag",
    pending: "state",
    successors: "output",
    /** Chips due that wait for money: of the part's own deliveries, successors, and both. */
    unfundedOwn: "state",
    unfundedSuccessors: "state",
    unfunded: "output",
    /** Chips due that wait for power. */
    held: "output",
    landed: "output",
    energisedNew: "output",
    /** Cumulative energised, survival-normalised: N. */
    cumulative: "output",
    energised: "output",
    stranded: "output",
    curtailed: "output",
    retired: "output",
    failed: "output",
    replaced: "output",
    /** Within the month: N of what has retired, chips left before landing, and chips that ask for power. */
    gone: "state",
    left: "state",
    waiting: "state",
  },
  /** Parts of one site and equal priority, which share the site's free power. */
  ranks: { parts: { list: "parts" } },
  /** A site's limit [W of facility power], its parts in order of priority; whether any of them waits for power. */
  sites: { limit: "slab", parts: { list: "parts" }, ranks: { list: "ranks" }, hasQueue: "flag" },
  /** Chips that retire in one part are replaced in another, `ratio` for one, ordered `lead` months earlier. */
  replacements: { from: { item: "parts" }, to: { item: "parts" }, ratio: "slab", lead: "trial" },
} as const;

type Part = ItemOf<typeof SCHEMA, "parts">;
type Rank = ItemOf<typeof SCHEMA, "ranks">;
type Site = ItemOf<typeof SCHEMA, "sites">;
type Replacement = ItemOf<typeof SCHEMA, "replacements">;

/**
 * Carries every part through a month: retire, fail, land, energise.
 *
 * There is no ledger of cohorts: what was energised in month e and is alive in month w is S_w times the growth of the
 * survival-normalised cumulative N, so a retirement looks N up a life ago. Nothing is made or lost:
 *
 *     energised + stranded - (month before) = landed - retired - (failed - replaced)
 *
 * Source: docs/model.md sections 5, 6 and 10.5.
 */
export const stock: Kernel<typeof SCHEMA> = {
  name: "stock",
  schema: SCHEMA,
  month<N, T>(o: Operations<N, T>, { parts, sites, replacements }: ListsOf<typeof SCHEMA>): void {
    o.each(replacements, (replacement) => replace(o, replacement));
    o.each(parts, (part) => land(o, part));
    o.each(sites, (site) => powerSite(o, site));
  },
};

/** Successors of chips that retire `lead` months from now are due now. */
function replace<N, T>(o: Operations<N, T>, { from, to, ratio, lead }: Replacement): void {
  const { add, subtract, multiply } = o;
  const life = o.now(from.life);
  const retirement = add(o.month(), o.now(lead));
  const isWithin = o.both(o.less(retirement, o.monthCount()), o.atMost(life, retirement));
  o.where(isWithin, () => {
    const energisedAgo = subtract(life, o.now(lead));
    const gone = o.lag(from.cumulative, energisedAgo);
    const goneBefore = o.lag(from.cumulative, add(energisedAgo, o.constant(1)));
    const survival = o.ahead(from.survival, subtract(o.now(lead), o.constant(1)));
    const retiring = multiply(survival, subtract(gone, goneBefore));
    o.set(to.pending, add(o.now(to.pending), multiply(retiring, o.now(ratio))));
  });
}

/** Chips that are due land once there is money and, for a part that waits, power. */
function land<N, T>(o: Operations<N, T>, part: Part): void {
  const { add, subtract } = o;
  const zero = o.constant(0);
  const due = subtract(o.now(part.due), o.before(part.due));
  const successors = o.whenValue(
    part.isSuccessor,
    () => takeSuccessors(o, part),
    () => zero,
  );
  // What waited for money may have to queue for power; successors take power that is there already.
  const mayQueue = o.whenValue(
    part.gate,
    () => fund(o, part, part.unfundedOwn, due),
    () => due,
  );
  const atOnce = o.whenValue(
    part.gate,
    () => fund(o, part, part.unfundedSuccessors, successors),
    () => successors,
  );
  o.when(part.gate, () => o.set(part.unfunded, add(o.now(part.unfundedOwn), o.now(part.unfundedSuccessors))));
  o.when(
    part.wait,
    () => {
      o.set(part.landed, atOnce);
      o.set(part.held, add(mayQueue, o.before(part.held)));
    },
    () => o.set(part.landed, add(mayQueue, atOnce)),
  );
}

/** Successors due, from the month on in which their chip is available. */
function takeSuccessors<N, T>(o: Operations<N, T>, part: Part): N {
  const isAvailable = o.atMost(o.now(part.available), o.month());
  const pending = o.now(part.pending);
  const successors = o.select(isAvailable, pending, o.constant(0));
  o.set(part.pending, o.select(isAvailable, o.constant(0), pending));
  o.set(part.successors, successors);
  return successors;
}

/** All that waits for money in a queue, with what joins it, where the gate is open. */
function fund<N, T>(o: Operations<N, T>, part: Part, queue: Column, joining: N): N {
  const waiting = o.add(o.now(queue), joining);
  const isShut = o.equal(whileServing(o, part, o.before(part.gate, o.now(part.gateAtFirst))), o.constant(0));
  o.set(queue, o.select(isShut, waiting, o.constant(0)));
  return o.select(isShut, o.constant(0), waiting);
}

function powerSite<N, T>(o: Operations<N, T>, site: Site): void {
  const limit = o.now(site.limit);
  const used = o.fold(site.parts, o.constant(0), (sum, part) => o.add(sum, retireAndFail(o, part)));
  const isExceeded = o.less(o.multiply(limit, o.constant(1 + TOLERANCE)), used);
  o.where(isExceeded, () => curtail(o, site, used));
  o.when(site.hasQueue, () => release(o, site, used));
  const slack = o.multiply(o.constant(TOLERANCE), limit);
  const free = beyond(o, o.subtract(limit, used), slack);
  o.fold(site.ranks, free, (left, rank) => energiseRank(o, rank, left, slack));
}

/** What is more than a slack, else 0: what rounding leaves powers, releases and curtails nothing. */
function beyond<N, T>(o: Operations<N, T>, value: N, slack: N): N {
  return o.select(o.less(slack, value), value, o.constant(0));
}

/** Retires and fails chips, and returns the power of those left. */
function retireAndFail<N, T>(o: Operations<N, T>, part: Part): N {
  const { subtract, multiply } = o;
  const life = o.now(part.life);
  const survival = o.now(part.survival);
  const survivalBefore = o.before(part.survival, o.constant(1));
  const isRetiring = o.atMost(life, o.month());
  const worn = o.whereValue(isRetiring, () => o.lag(part.cumulative, life), o.constant(0));
  const gone = o.whenValue(
    part.serving,
    () => o.select(o.equal(o.now(part.serving), o.constant(0)), o.before(part.cumulative), worn),
    () => worn,
  );
  o.set(part.retired, multiply(survivalBefore, subtract(gone, o.now(part.gone))));
  const alive = subtract(o.before(part.cumulative), gone);
  const mayFail = multiply(survivalBefore, alive);
  o.when(
    part.spares,
    () => {
      const failed = multiply(mayFail, o.now(part.hazard));
      o.set(part.failed, failed);
      o.set(part.replaced, failed);
    },
    () => o.set(part.failed, multiply(mayFail, subtract(o.constant(1), o.divide(survival, survivalBefore)))),
  );
  const left = multiply(survival, alive);
  o.set(part.gone, gone);
  o.set(part.left, left);
  return multiply(left, o.now(part.power));
}

/** Cuts use to a limit that has fallen below it, lowest priority first, in proportion to power within a priority. */
function curtail<N, T>(o: Operations<N, T>, site: Site, used: N): void {
  const zero = o.constant(0);
  const slack = o.multiply(o.constant(TOLERANCE), used);
  o.foldBack(site.ranks, o.subtract(used, o.now(site.limit)), (excess, rank) => {
    const power = o.fold(rank.parts, zero, (sum, part) =>
      o.add(sum, o.multiply(o.now(part.left), o.now(part.power))),
    );
    const isPart = o.less(excess, o.multiply(power, o.constant(1 - TOLERANCE)));
    const cut = o.select(isPart, o.divide(excess, power), o.constant(1));
    o.where(o.both(o.less(zero, excess), o.less(zero, power)), () =>
      o.each(rank.parts, (part) => o.set(part.curtailed, o.multiply(o.now(part.left), cut))),
    );
    return beyond(o, o.subtract(excess, power), slack);
  });
}

/** Lets held chips land as far as the site's limit `wait` months ahead has room for them, priority by priority. */
function release<N, T>(o: Operations<N, T>, site: Site, used: N): void {
  const { add, multiply } = o;
  const zero = o.constant(0);
  const committed = o.fold(site.parts, used, (sum, part) =>
    add(
      sum,
      multiply(add(whileServing(o, part, o.before(part.stranded)), o.now(part.landed)), o.now(part.power)),
    ),
  );
  o.fold(site.ranks, committed, (already, rank) => {
    const powerHeld = (part: Part) => multiply(whileServing(o, part, o.now(part.held)), o.now(part.power));
    const asked = o.fold(rank.parts, zero, (sum, part) =>
      o.whenValue(
        part.wait,
        () => add(sum, powerHeld(part)),
        () => sum,
      ),
    );
    const releaseRank = () =>
      o.fold(rank.parts, already, (sum, part) =>
        o.whenValue(
          part.wait,
          () => add(sum, releasePart(o, site, part, asked, already)),
          () => sum,
        ),
      );
    return o.whereValue(o.less(zero, asked), releaseRank, already);
  });
}

/** Lands the chips that have room, and returns their power. */
function releasePart<N, T>(o: Operations<N, T>, site: Site, part: Part, asked: N, already: N): N {
  const limit = o.ahead(site.limit, o.now(part.wait));
  const room = beyond(o, o.subtract(limit, already), o.multiply(o.constant(TOLERANCE), limit));
  const held = o.now(part.held);
  const hasRoomForAll = o.atMost(asked, o.multiply(room, o.constant(1 + TOLERANCE)));
  const fitting = o.select(hasRoomForAll, held, o.multiply(held, o.divide(room, asked)));
  const landed = whileServing(o, part, fitting);
  o.set(part.landed, o.add(o.now(part.landed), landed));
  o.set(part.held, o.subtract(held, landed));
  return o.multiply(landed, o.now(part.power));
}

/** Gives one rank its share of the free power, all it asks or each part in proportion to its ask, and returns what is left. */
function energiseRank<N, T>(o: Operations<N, T>, rank: Rank, free: N, slack: N): N {
  const zero = o.constant(0);
  const asked = o.fold(rank.parts, zero, (sum, part) => {
    const waiting = o.add(o.before(part.stranded), o.now(part.landed));
    o.set(part.waiting, waiting);
    return o.add(sum, o.multiply(whileServing(o, part, waiting), o.now(part.power)));
  });
  const isEnough = o.atMost(asked, o.add(free, slack));
  const share = o.select(isEnough, o.constant(1), o.divide(free, asked));
  o.each(rank.parts, (part) => energise(o, part, share));
  return o.select(isEnough, beyond(o, o.subtract(free, asked), slack), zero);
}

/** Energises a part's share of the waiting chips. */
function energise<N, T>(o: Operations<N, T>, part: Part, share: N): void {
  const waiting = o.now(part.waiting);
  const survival = o.now(part.survival);
  const moved = whileServing(o, part, o.multiply(waiting, share));
  const cumulative = o.add(o.before(part.cumulative), o.divide(moved, survival));
  o.set(part.energisedNew, moved);
  o.set(part.stranded, o.subtract(waiting, moved));
  o.set(part.cumulative, cumulative);
  o.set(part.energised, o.multiply(survival, o.subtract(cumulative, o.now(part.gone))));
}
