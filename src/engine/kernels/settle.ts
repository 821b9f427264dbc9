import type { ItemOf, Kernel, ListsOf, Operations } from "../language/operations.ts";

const MONTHS_PER_YEAR = 12;

/** Comparisons with a balance hold within this relative difference. */
const TOLERANCE = 1e-9;

/** Amounts are USD, or chip-hours where the commitment is one of usage. */
const SCHEMA = {
  contracts: {
    commitment: "trial",
    /** First window month, may lie before the window, and term [months]. */
    start: "trial",
    term: "trial",
    availability: "trial",
    /** Share of the commitment paid at the start, in money. */
    upfront: "trial",
    /** Use before the horizon that replaces the simulated, or -1: none. */
    consumed: "trial",
    isUsage: "flag",
    takeOrPay: "flag",
    /** Late deliveries of the provider are counted; they lower the commitment or move it behind the term. */
    relieves: "flag",
    reduces: "flag",
    extends: "flag",
    /**
     * By months since the start, where a fulfilment interval ends: its share of the commitment, that share with those of all
     * before it, and the end of the interval before. NaN elsewhere.
     */
    shareAt: "table",
    shareToDate: "table",
    endBefore: "table",
    links: { list: "links" },
    /** Options to go on or to end: none, or one item each. */
    extensions: { list: "extensions" },
    terminations: { list: "terminations" },
    /** What is due by the month, whatever is used: nothing, or one item. */
    standing: { list: "standing" },
    /** Of that, what falls to a productive hour [USD per chip-hour]. */
    standingRate: "state",
    /** How many links, at least 1. */
    linkCount: "number",
    /** Links of parts whose list of contracts begins with this one: what is late counts towards its relief. */
    firstLinks: { list: "firstLinks" },
    /** Money drawn, and chip-hours. */
    drawdown: "output",
    drawnHours: "output",
    /** Money charged for what an interval fell short by. */
    shortfall: "output",
    reliefApplied: "output",
    overage: "output",
    payment: "output",
    balance: "output",
    intervalUse: "output",
    intervalRelief: "output",
    credit: "output",
    extensionAmount: "output",
    extensionMonths: "output",
  },
  /** Due for capacity and as a fee, what the provider is late with of it, and what is billed [USD]. */
  standing: { due: "slab", late: "slab", billed: "output" },
  /** Whether the condition held a month before; the length of one extension and its notice [months]; months added so far. */
  extensions: { holds: "slab", months: "trial", notice: "trial", times: "number", added: "output" },
  terminations: {
    holds: "slab",
    /** First window month in which it is tested, and notice [months]. */
    from: "trial",
    notice: "trial",
    /** Charged for the end: a share of what is released, and an amount [USD]. */
    feeShare: "trial",
    feeAmount: "trial",
    /** Months from the window's first to the end, one more; 0 as long as no notice is given. */
    at: "output",
    /** Balance released, in the unit of the commitment, and the fee [USD]. */
    released: "output",
    fee: "output",
  },
  /** A part that draws on a contract, and its rate card [USD per chip-hour]. */
  links: { part: { item: "parts" }, rate: "slab" },
  firstLinks: { part: { item: "parts" }, rate: "slab" },
  parts: {
    /** Productive chip-hours, and those the provider is late with; those not billed yet in the month at hand. */
    hours: "slab",
    lateHours: "slab",
    left: "state",
    claims: { list: "claims" },
    /** Whether hours earn something after the last contract; of its last rate this share, less by the decline each year. */
    isMerchant: "flag",
    merchantShare: "trial",
    merchantDecline: "trial",
    /** Rate of the last month under contract [USD per chip-hour], and months since the last contract ended. */
    lastRate: "state",
    monthsSince: "state",
    merchant: "output",
  },
  /** A contract of a part's list, in order, with its rate card and its rate for overage [USD per chip-hour]. */
  claims: { contract: { item: "contracts" }, rate: "slab", overageRate: "slab" },
} as const;

type Contract = ItemOf<typeof SCHEMA, "contracts">;
type Extension = ItemOf<typeof SCHEMA, "extensions">;
type Termination = ItemOf<typeof SCHEMA, "terminations">;
type Part = ItemOf<typeof SCHEMA, "parts">;

/**
 * Bills productive chip-hours to contracts, which stand in the order in which use reaches them.
 *
 *     commitment = balance + (drawdown + shortfall + relief applied + released) so far
 *
 * Source: docs/model.md section 10.
 */
export const settle: Kernel<typeof SCHEMA> = {
  name: "settle",
  schema: SCHEMA,
  month<N, T>(o: Operations<N, T>, { contracts, parts }: ListsOf<typeof SCHEMA>): void {
    o.each(parts, (part) => o.set(part.left, o.now(part.hours)));
    o.each(contracts, (contract) => {
      openMonth(o, contract);
      draw(o, contract);
    });
    o.each(parts, (part) => {
      billOverage(o, part);
      o.when(part.isMerchant, () => earnAfterTerm(o, part));
    });
    o.each(contracts, (contract) => {
      o.when(contract.relieves, () => relieve(o, contract));
      pay(o, contract);
    });
  },
};

/** Known history replaces what is simulated before the horizon. */
function isHistory<N, T>(o: Operations<N, T>, contract: Contract): T {
  return o.both(hasHistory(o, contract), o.less(o.month(), o.originMonth()));
}

/** Unused chip-hours are charged at the plain mean of the rate card over the parts under the contract. */
function meanRate<N, T>(o: Operations<N, T>, contract: Contract): N {
  const sum = o.fold(contract.links, o.constant(0), (rates, link) => o.add(rates, o.now(link.rate)));
  return o.divide(sum, o.now(contract.linkCount));
}

/** Carries the month before over, and charges what an interval that has ended falls short. */
function openMonth<N, T>(o: Operations<N, T>, contract: Contract): void {
  const zero = o.constant(0);
  const extensionMonths = o.before(contract.extensionMonths);
  o.set(contract.balance, o.before(contract.balance, o.now(contract.commitment)));
  o.set(contract.intervalUse, o.before(contract.intervalUse));
  o.set(contract.intervalRelief, o.before(contract.intervalRelief));
  o.set(contract.extensionAmount, o.before(contract.extensionAmount));
  o.set(contract.extensionMonths, extensionMonths);
  o.set(contract.shortfall, zero);
  o.set(contract.reliefApplied, zero);
  o.each(contract.extensions, (extension) => extend(o, contract, extension));
  o.each(contract.terminations, (termination) => giveNotice(o, contract, termination));
  const elapsed = o.subtract(o.month(), o.now(contract.start));
  // Intervals of known history are settled with the first that ends behind it.
  const share = o.lookUp(contract.shareAt, elapsed);
  const isIntervalEnd = o.both(o.equal(share, share), o.not(isHistory(o, contract)));
  const isBehindTerm = isEndBehindTerm(o, contract, elapsed, extensionMonths);
  o.where(o.either(isIntervalEnd, isBehindTerm), () => {
    const shareDue = o.multiply(shareWithHistory(o, contract, elapsed, share), o.now(contract.commitment));
    const due = o.select(isIntervalEnd, shareDue, dueBehindTerm(o, contract));
    // An extension has no relief of its own.
    closeInterval(o, contract, due, o.both(isBehindTerm, o.less(zero, extensionMonths)));
  });
  o.each(contract.terminations, (termination) => terminate(o, contract, termination));
}

/** Grants an extension in the month of its test, unless the contract is to end. */
function extend<N, T>(o: Operations<N, T>, contract: Contract, extension: Extension): void {
  const zero = o.constant(0);
  const added = o.before(extension.added);
  o.set(extension.added, added);
  const isTested = o.equal(o.month(), o.subtract(plannedEnd(o, contract), o.now(extension.notice)));
  const isLeft = o.less(added, o.multiply(o.now(extension.times), o.now(extension.months)));
  const notices = o.fold(contract.terminations, zero, (sum, { at }) => o.add(sum, o.before(at)));
  const isGranted = o.both(o.less(zero, o.now(extension.holds)), o.equal(notices, zero));
  const isOpenTo = o.both(isGranted, o.not(isHistory(o, contract)));
  o.where(o.both(o.both(isTested, isLeft), isOpenTo), () =>
    o.set(extension.added, o.add(added, o.now(extension.months))),
  );
}

/** Fixes the end of a contract in the first month in which its condition to terminate holds. */
function giveNotice<N, T>(o: Operations<N, T>, contract: Contract, termination: Termination): void {
  const zero = o.constant(0);
  const at = o.before(termination.at);
  o.set(termination.at, at);
  const isTested = o.both(o.atMost(o.now(termination.from), o.month()), isOpen(o, contract));
  const isFirst = o.both(o.equal(at, zero), o.less(zero, o.now(termination.holds)));
  o.where(o.both(o.both(isTested, isFirst), o.not(isHistory(o, contract))), () => {
    const end = o.add(o.month(), o.now(termination.notice));
    o.set(termination.at, o.add(end, o.constant(1)));
  });
}

/** Releases the balance and charges the fee in the month in which a termination takes effect. */
function terminate<N, T>(o: Operations<N, T>, contract: Contract, termination: Termination): void {
  const isNow = o.equal(o.now(termination.at), o.add(o.month(), o.constant(1)));
  o.where(o.both(isNow, o.less(o.month(), plannedEnd(o, contract))), () => {
    const balance = o.now(contract.balance);
    const money = o.whenValue(
      contract.isUsage,
      () => o.multiply(balance, meanRate(o, contract)),
      () => balance,
    );
    o.set(termination.released, balance);
    o.set(
      termination.fee,
      o.add(o.now(termination.feeAmount), o.multiply(o.now(termination.feeShare), money)),
    );
    o.set(contract.balance, o.constant(0));
  });
}

/** Where an extension ends, or, in the first month reported, known history leaves nothing of the contract to come. */
function isEndBehindTerm<N, T>(o: Operations<N, T>, contract: Contract, elapsed: N, extension: N): T {
  const end = o.add(o.now(contract.term), extension);
  const hasExtension = o.less(o.constant(0), extension);
  const isExtensionEnd = o.both(o.both(hasExtension, o.equal(elapsed, end)), o.not(isHistory(o, contract)));
  const isFirst = o.both(hasHistory(o, contract), o.equal(o.month(), o.originMonth()));
  return o.either(isExtensionEnd, o.both(isFirst, o.less(end, elapsed)));
}

/** What an extension took over; all of the commitment where known history left the whole term open. */
function dueBehindTerm<N, T>(o: Operations<N, T>, contract: Contract): N {
  const months = o.subtract(o.originMonth(), o.now(contract.start));
  const isOpen = o.both(hasHistory(o, contract), o.less(o.now(contract.term), months));
  const open = o.select(isOpen, o.now(contract.commitment), o.constant(0));
  return o.add(o.now(contract.extensionAmount), open);
}

function hasHistory<N, T>(o: Operations<N, T>, contract: Contract): T {
  return o.atMost(o.constant(0), o.now(contract.consumed));
}

/** Share of the commitment that is due at the end of an interval: with those of known history, where it is the first after it. */
function shareWithHistory<N, T>(o: Operations<N, T>, contract: Contract, elapsed: N, share: N): N {
  const months = o.subtract(o.originMonth(), o.now(contract.start));
  const history = o.select(hasHistory(o, contract), months, o.constant(0));
  const isFirst = o.less(o.lookUp(contract.endBefore, elapsed), history);
  return o.select(isFirst, o.lookUp(contract.shareToDate, elapsed), share);
}

/** Charges or relieves what the interval that has ended falls short of `due`. */
function closeInterval<N, T>(o: Operations<N, T>, contract: Contract, due: N, isOfExtension: T): void {
  const { subtract } = o;
  const zero = o.constant(0);
  const balance = o.now(contract.balance);
  const slack = o.multiply(o.constant(TOLERANCE), o.now(contract.commitment));
  const unused = subtract(due, o.now(contract.intervalUse));
  const isShort = o.less(o.multiply(o.constant(TOLERANCE), due), unused);
  const short = o.select(isShort, o.min(balance, unused), zero);
  const isLast = o.both(o.less(zero, short), o.atMost(subtract(balance, short), slack));
  const missing = o.select(isLast, balance, short);
  // Relief is of a shortfall: without one there is nothing to relieve.
  const relieved = o.whenValue(
    contract.takeOrPay,
    () => {
      const relief = o.select(isOfExtension, zero, o.now(contract.intervalRelief));
      return o.select(o.atMost(subtract(missing, relief), slack), missing, relief);
    },
    () => zero,
  );
  o.when(contract.reduces, () => {
    o.set(contract.reliefApplied, relieved);
    o.set(contract.balance, subtract(balance, relieved));
  });
  o.when(contract.extends, () =>
    o.set(contract.extensionAmount, o.add(o.now(contract.extensionAmount), relieved)),
  );
  o.when(contract.takeOrPay, () => {
    const shortfall = subtract(missing, relieved);
    const charged = o.whenValue(
      contract.isUsage,
      () => o.multiply(shortfall, meanRate(o, contract)),
      () => shortfall,
    );
    o.set(contract.shortfall, charged);
    o.set(contract.balance, subtract(o.now(contract.balance), shortfall));
  });
  o.set(contract.intervalUse, zero);
  o.set(contract.intervalRelief, zero);
}

/** Draws the month's use down, as far as the balance goes; the rest stays with the parts. */
function draw<N, T>(o: Operations<N, T>, contract: Contract): void {
  const { add, subtract } = o;
  const zero = o.constant(0);
  const balance = o.now(contract.balance);
  o.set(contract.overage, zero);
  o.set(contract.drawdown, zero);
  o.set(contract.drawnHours, zero);
  rateStanding(o, contract);
  const isKnown = isHistory(o, contract);
  o.where(isKnown, () => drawKnown(o, contract, balance));
  o.where(o.both(o.not(isKnown), isOpen(o, contract)), () => drawSimulated(o, contract, balance));
  const used = inUnits(o, contract, o.now(contract.drawnHours), o.now(contract.drawdown));
  o.set(contract.intervalUse, add(o.now(contract.intervalUse), used));
  o.set(contract.balance, o.max(zero, subtract(balance, used)));
}

/** What is due for capacity and as a fee in the month. */
function standingDue<N, T>(o: Operations<N, T>, { standing }: Contract): N {
  return o.fold(standing, o.constant(0), (sum, { due }) => o.add(sum, o.now(due)));
}

/** Spreads what is due by the month over the productive hours under the contract. */
function rateStanding<N, T>(o: Operations<N, T>, contract: Contract): void {
  const zero = o.constant(0);
  o.each(contract.standing, ({ due }) => {
    const hours = o.fold(contract.links, zero, (sum, { part }) => o.add(sum, o.now(part.hours)));
    o.set(
      contract.standingRate,
      o.whereValue(o.less(zero, hours), () => o.divide(o.now(due), hours), zero),
    );
  });
}

/** From a contract's start to its end, extension included, exhausted or not. */
function isOpen<N, T>(o: Operations<N, T>, contract: Contract): T {
  return o.both(o.atMost(o.now(contract.start), o.month()), o.not(isOver(o, contract)));
}

function isOver<N, T>(o: Operations<N, T>, contract: Contract): T {
  const end = o.fold(contract.terminations, plannedEnd(o, contract), (first, { at }) => {
    const terminated = o.subtract(o.now(at), o.constant(1));
    return o.select(o.less(o.constant(0), o.now(at)), o.min(first, terminated), first);
  });
  return o.atMost(end, o.month());
}

/** The month after a contract's last, extensions included, as long as nobody terminates it. */
function plannedEnd<N, T>(o: Operations<N, T>, contract: Contract): N {
  const months = o.add(o.now(contract.term), o.now(contract.extensionMonths));
  return o.fold(contract.extensions, o.add(o.now(contract.start), months), (end, { added }) =>
    o.add(end, o.now(added)),
  );
}

/** Hours or money, whichever the commitment is in. */
function inUnits<N, T>(o: Operations<N, T>, { isUsage }: Contract, hours: N, money: N): N {
  return o.whenValue(
    isUsage,
    () => hours,
    () => money,
  );
}

/** Known history, in the last month before the horizon: nothing is billed twice, nothing goes over. */
function drawKnown<N, T>(o: Operations<N, T>, contract: Contract, balance: N): void {
  const zero = o.constant(0);
  const isLast = o.equal(o.month(), o.subtract(o.originMonth(), o.constant(1)));
  const known = o.select(isLast, o.min(o.now(contract.consumed), balance), zero);
  const money = o.whenValue(
    contract.isUsage,
    () => o.multiply(known, meanRate(o, contract)),
    () => known,
  );
  o.set(contract.drawdown, money);
  o.set(contract.drawnHours, inUnits(o, contract, known, zero));
  o.each(contract.links, ({ part }) => o.set(part.left, zero));
}

function drawSimulated<N, T>(o: Operations<N, T>, contract: Contract, balance: N): void {
  const { add, multiply } = o;
  const [zero, one] = [o.constant(0), o.constant(1)];
  const availability = o.now(contract.availability);
  const billable = (part: Part) => multiply(o.now(part.left), availability);
  const hours = o.fold(contract.links, zero, (sum, { part }) => add(sum, billable(part)));
  const ofUse = o.fold(contract.links, zero, (sum, { part, rate }) =>
    add(sum, multiply(billable(part), o.now(rate))),
  );
  const due = standingDue(o, contract);
  const money = add(ofUse, due);
  const wanted = inUnits(o, contract, hours, money);
  const share = o.select(o.less(balance, wanted), o.divide(balance, wanted), one);
  const isAllTaken = o.atMost(wanted, multiply(balance, o.constant(1 + TOLERANCE)));
  // Use that leaves nothing but rounding takes the balance to the last bit.
  const slack = multiply(o.constant(TOLERANCE), o.now(contract.commitment));
  const isLast = o.both(o.less(zero, wanted), o.atMost(o.subtract(balance, wanted), slack));
  const taken = (of: N): N => multiply(of, share);
  const all = (of: N): N => o.select(isLast, balance, taken(of));
  o.when(
    contract.isUsage,
    () => {
      o.set(contract.drawdown, taken(money));
      o.set(contract.drawnHours, all(hours));
    },
    () => {
      o.set(contract.drawdown, all(money));
      o.set(contract.drawnHours, taken(hours));
    },
  );
  const rest = o.select(isAllTaken, zero, o.subtract(one, share));
  o.each(contract.standing, ({ billed }) => o.set(billed, due));
  o.set(contract.overage, multiply(due, rest));
  o.each(contract.links, ({ part }) => o.set(part.left, multiply(o.now(part.left), rest)));
}

/** Bills what no contract took by the last contract of the part's list that is open. */
function billOverage<N, T>(o: Operations<N, T>, part: Part): void {
  const [zero, one] = [o.constant(0), o.constant(1)];
  const hours = o.now(part.left);
  // Seldom is there something to bill.
  o.where(o.not(o.equal(hours, zero)), () => {
    // 1 as long as none of the later contracts has taken it.
    o.foldBack(part.claims, one, (open, { contract, overageRate }) => {
      const takes = o.select(isOpen(o, contract), open, zero);
      o.where(o.less(zero, takes), () => {
        const billable = o.multiply(hours, o.now(contract.availability));
        o.set(contract.overage, o.add(o.now(contract.overage), o.multiply(billable, o.now(overageRate))));
      });
      return o.select(o.less(zero, takes), zero, open);
    });
  });
}

/** Sells hours at a share of the last contracted rate, once the last contract of the part's list is over. */
function earnAfterTerm<N, T>(o: Operations<N, T>, part: Part): void {
  const [zero, one] = [o.constant(0), o.constant(1)];
  o.set(
    part.lastRate,
    o.fold(part.claims, o.now(part.lastRate), (kept, { contract, rate }) =>
      o.select(isOpen(o, contract), o.add(o.now(rate), o.now(contract.standingRate)), kept),
    ),
  );
  const isFree = o.fold(part.claims, one, (free, { contract }) => o.select(isOver(o, contract), free, zero));
  o.where(o.less(zero, isFree), () => {
    const months = o.now(part.monthsSince);
    const years = o.floor(o.divide(months, o.constant(MONTHS_PER_YEAR)));
    const kept = o.power(o.subtract(one, o.now(part.merchantDecline)), years);
    const price = o.multiply(o.multiply(o.now(part.lastRate), o.now(part.merchantShare)), kept);
    o.set(part.merchant, o.multiply(o.now(part.left), price));
    o.set(part.monthsSince, o.add(months, one));
  });
}

/** Counts the provider's late deliveries towards the interval's relief. */
function relieve<N, T>(o: Operations<N, T>, contract: Contract): void {
  const zero = o.constant(0);
  const elapsed = o.subtract(o.month(), o.now(contract.start));
  o.where(o.both(o.atMost(zero, elapsed), o.less(elapsed, o.now(contract.term))), () => {
    const ofHours = o.fold(contract.firstLinks, zero, (sum, { part, rate }) => {
      const hours = o.multiply(o.now(part.lateHours), o.now(contract.availability));
      const money = () => o.multiply(hours, o.now(rate));
      return o.add(
        sum,
        o.whenValue(contract.isUsage, () => hours, money),
      );
    });
    const late = o.fold(contract.standing, ofHours, (sum, standing) => o.add(sum, o.now(standing.late)));
    o.set(contract.intervalRelief, o.add(o.now(contract.intervalRelief), late));
    o.when(contract.extends, () => {
      const isLate = o.less(o.multiply(o.constant(TOLERANCE), o.now(contract.commitment)), late);
      const months = o.now(contract.extensionMonths);
      o.set(contract.extensionMonths, o.select(isLate, o.add(months, o.constant(1)), months));
    });
  });
}

/** What is paid: the month's bill less upfront credit, plus the upfront payment in the first month. */
function pay<N, T>(o: Operations<N, T>, contract: Contract): void {
  const { add, subtract } = o;
  const isStart = o.equal(o.month(), o.now(contract.start));
  const upfront = o.now(contract.upfront);
  const before = o.before(contract.credit);
  const credit = o.select(isStart, add(before, upfront), before);
  const bill = add(o.now(contract.drawdown), o.now(contract.shortfall));
  const used = o.min(credit, bill);
  o.set(contract.credit, subtract(credit, used));
  const extra = o.select(isStart, upfront, o.constant(0));
  const paid = add(add(subtract(bill, used), o.now(contract.overage)), extra);
  o.set(
    contract.payment,
    o.fold(contract.terminations, paid, (sum, { fee }) => add(sum, o.now(fee))),
  );
}
