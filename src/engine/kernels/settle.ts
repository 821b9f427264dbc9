import type { Extent } from "../operations/months.ts";

/** Comparisons with a balance hold within this relative difference. */
const TOLERANCE = 1e-9;

/** A part that draws on a contract; offsets of slabs. */
export type SettleLink = {
  readonly part: number;
  /** Rate card and overage rate in the month [USD per chip-hour]. */
  readonly rate: number;
  readonly overageRate: number;
};

/**
 * What the settle kernel knows of one contract, as offsets into the block's memory: [trial] for the terms, slabs for
 * what it makes. Amounts are USD, or chip-hours where the commitment is one of usage.
 */
export type SettleContract = {
  readonly commitment: number;
  /** First window month, may lie before the window [months]. */
  readonly start: number;
  readonly term: number;
  readonly availability: number;
  /** Share of the commitment paid at the start, in money. */
  readonly upfront: number;
  /** Use before the horizon that replaces the simulated, or -1: none. */
  readonly consumed: number;
  readonly isUsage: boolean;
  readonly takeOrPay: boolean;
  readonly relief: "none" | "reduce" | "extend_term";
  /** Ends of the fulfilment intervals in months since the start, exclusive, and their shares of the commitment. */
  readonly intervalEnds: readonly number[];
  readonly intervalShares: readonly number[];
  readonly links: readonly SettleLink[];
  /** Of these, the links of parts whose list of contracts begins with this one: what is late counts towards its relief. */
  readonly firstLinks: readonly SettleLink[];
  /** Money drawn, and chip-hours. */
  readonly drawdown: number;
  readonly drawnHours: number;
  /** Money charged for what an interval fell short by. */
  readonly shortfall: number;
  readonly reliefApplied: number;
  readonly overage: number;
  readonly payment: number;
  readonly balance: number;
  readonly intervalUse: number;
  readonly intervalRelief: number;
  readonly credit: number;
  readonly extensionAmount: number;
  readonly extensionMonths: number;
};

/** A part under contract: slabs of the chip-hours it makes productive, and of those the provider is late with. */
export type SettlePart = {
  readonly hours: number;
  readonly lateHours: number;
  /** Contracts of its list, by index, in order. */
  readonly contracts: readonly number[];
};

export type SettleLayout = {
  readonly contracts: readonly SettleContract[];
  readonly parts: readonly SettlePart[];
  /** Scratch, [part][trial]: chip-hours of each part not yet billed in the month at hand. */
  readonly left: Float64Array;
};

/**
 * Bills productive chip-hours to contracts, month by month.
 *
 * Contracts stand in the order in which use reaches them. Every month and contract,
 *
 *     commitment = balance + (drawdown + shortfall + relief applied) so far
 *
 * Shapes: see the types. Memory: overwrites the contracts' slabs and `left`.
 * Fails: never. Cost: months x links x trials. Source: docs/model.md section 10.
 */
export function runSettle(memory: Float64Array, layout: SettleLayout, extent: Extent): void {
  const { contracts, parts, left } = layout;
  const { fromMonth, endMonth, blockSize } = extent;
  for (let month = fromMonth; month < endMonth; month++) {
    const row = month * blockSize;
    for (const [index, { hours }] of parts.entries()) {
      left.set(memory.subarray(hours + row, hours + row + blockSize), index * blockSize);
    }
    for (const contract of contracts) {
      openMonth(memory, contract, month, extent);
      draw(memory, contract, left, month, extent);
    }
    for (let part = 0; part < parts.length; part++) {
      if (parts[part].contracts.length > 0) billOverage(memory, layout, part, month, extent);
    }
    for (const contract of contracts) {
      if (contract.relief !== "none") relieve(memory, contract, layout, month, extent);
      pay(memory, contract, month, extent);
    }
  }
}

/** Carries the month before over, and charges what an interval that has ended falls short. */
function openMonth(memory: Float64Array, contract: SettleContract, month: number, extent: Extent): void {
  const { blockSize, originMonth } = extent;
  for (let trial = 0; trial < blockSize; trial++) {
    const at = month * blockSize + trial;
    const before = at - blockSize;
    const isFirst = month === 0;
    const extensionMonths = isFirst ? 0 : memory[contract.extensionMonths + before];
    memory[contract.balance + at] = isFirst
      ? memory[contract.commitment + trial]
      : memory[contract.balance + before];
    memory[contract.intervalUse + at] = isFirst ? 0 : memory[contract.intervalUse + before];
    memory[contract.intervalRelief + at] = isFirst ? 0 : memory[contract.intervalRelief + before];
    memory[contract.extensionAmount + at] = isFirst ? 0 : memory[contract.extensionAmount + before];
    memory[contract.extensionMonths + at] = extensionMonths;
    memory[contract.shortfall + at] = 0;
    memory[contract.reliefApplied + at] = 0;
    const elapsed = month - memory[contract.start + trial];
    // Known history replaces what is simulated before the horizon: its intervals are settled with the first that ends in it.
    const isHistory = memory[contract.consumed + trial] >= 0 && month < originMonth;
    const interval = isHistory ? -1 : contract.intervalEnds.indexOf(elapsed);
    const isExtensionEnd = extensionMonths > 0 && elapsed === memory[contract.term + trial] + extensionMonths;
    if (interval < 0 && !isExtensionEnd) continue;
    const due =
      interval >= 0
        ? shareDue(memory, contract, interval, trial, originMonth) * memory[contract.commitment + trial]
        : memory[contract.extensionAmount + at];
    closeInterval(memory, contract, due, isExtensionEnd, at);
  }
}

/** Charges or relieves what the interval that has ended falls short of `due`. */
function closeInterval(
  memory: Float64Array,
  contract: SettleContract,
  due: number,
  isExtensionEnd: boolean,
  at: number,
): void {
  const { relief, takeOrPay } = contract;
  let balance = memory[contract.balance + at];
  const missing = Math.min(balance, Math.max(0, due - memory[contract.intervalUse + at]));
  // Relief is of a shortfall: without one there is nothing to relieve.
  const relieved = isExtensionEnd || !takeOrPay ? 0 : Math.min(missing, memory[contract.intervalRelief + at]);
  if (relief === "reduce") {
    memory[contract.reliefApplied + at] = relieved;
    balance -= relieved;
  } else if (relief === "extend_term") {
    memory[contract.extensionAmount + at] += relieved;
  }
  if (takeOrPay) {
    const shortfall = missing - relieved;
    memory[contract.shortfall + at] = contract.isUsage
      ? shortfall * meanRate(memory, contract, at)
      : shortfall;
    balance -= shortfall;
  }
  memory[contract.balance + at] = balance;
  memory[contract.intervalUse + at] = 0;
  memory[contract.intervalRelief + at] = 0;
}

/** Share of the commitment that is due at the end of an interval: with those of known history, where it is the first after it. */
function shareDue(
  memory: Float64Array,
  { consumed, start, intervalEnds, intervalShares }: SettleContract,
  interval: number,
  trial: number,
  originMonth: number,
): number {
  let share = intervalShares[interval];
  const history = memory[consumed + trial] >= 0 ? originMonth - memory[start + trial] : 0;
  if (intervalEnds[interval - 1] < history)
    for (let earlier = 0; earlier < interval; earlier++) share += intervalShares[earlier];
  return share;
}

/** Unused chip-hours are charged at the plain mean of the rate card over the parts under the contract. */
function meanRate(memory: Float64Array, contract: SettleContract, at: number): number {
  let sum = 0;
  for (const link of contract.links) sum += memory[link.rate + at];
  return contract.links.length === 0 ? 0 : sum / contract.links.length;
}

/** Draws the month's use down, as far as the balance goes; the rest stays in `left`. */
function draw(
  memory: Float64Array,
  contract: SettleContract,
  left: Float64Array,
  month: number,
  { blockSize, originMonth }: Extent,
): void {
  const { links, isUsage } = contract;
  for (let trial = 0; trial < blockSize; trial++) {
    const at = month * blockSize + trial;
    const elapsed = month - memory[contract.start + trial];
    const end = memory[contract.term + trial] + memory[contract.extensionMonths + at];
    let money = 0;
    let hours = 0;
    const consumed = memory[contract.consumed + trial];
    if (consumed >= 0 && month < originMonth) {
      // Known history replaces the simulated: nothing is billed twice, nothing goes over.
      const known = month === originMonth - 1 ? Math.min(consumed, memory[contract.balance + at]) : 0;
      money = isUsage ? known * meanRate(memory, contract, at) : known;
      hours = isUsage ? known : 0;
      for (const { part } of links) left[part * blockSize + trial] = 0;
    } else if (elapsed >= 0 && elapsed < end) {
      const availability = memory[contract.availability + trial];
      for (const { part, rate } of links) {
        const billable = left[part * blockSize + trial] * availability;
        hours += billable;
        money += billable * memory[rate + at];
      }
      const wanted = isUsage ? hours : money;
      const balance = memory[contract.balance + at];
      const share = wanted > balance ? balance / wanted : 1;
      const isAllTaken = wanted <= balance * (1 + TOLERANCE);
      money *= share;
      hours *= share;
      for (const { part } of links) left[part * blockSize + trial] *= isAllTaken ? 0 : 1 - share;
    }
    const used = isUsage ? hours : money;
    memory[contract.overage + at] = 0;
    memory[contract.drawdown + at] = money;
    memory[contract.drawnHours + at] = hours;
    memory[contract.intervalUse + at] += used;
    memory[contract.balance + at] = Math.max(0, memory[contract.balance + at] - used);
  }
}

/** Bills what no contract took by the last contract of the part's list that has started. */
function billOverage(
  memory: Float64Array,
  layout: SettleLayout,
  part: number,
  month: number,
  { blockSize }: Extent,
): void {
  const { contracts } = layout.parts[part];
  for (let trial = 0; trial < blockSize; trial++) {
    const hours = layout.left[part * blockSize + trial];
    if (hours === 0) continue;
    let billing = contracts[0];
    for (const contract of contracts) {
      if (month >= memory[layout.contracts[contract].start + trial]) billing = contract;
    }
    const contract = layout.contracts[billing];
    const link = contract.links.find((one) => one.part === part);
    if (!link) continue;
    const at = month * blockSize + trial;
    const billable = hours * memory[contract.availability + trial];
    memory[contract.overage + at] += billable * memory[link.overageRate + at];
  }
}

/** Counts the provider's late deliveries towards the interval's relief. */
function relieve(
  memory: Float64Array,
  contract: SettleContract,
  layout: SettleLayout,
  month: number,
  { blockSize }: Extent,
): void {
  for (let trial = 0; trial < blockSize; trial++) {
    const elapsed = month - memory[contract.start + trial];
    if (elapsed < 0 || elapsed >= memory[contract.term + trial]) continue;
    const at = month * blockSize + trial;
    let late = 0;
    for (const { part, rate } of contract.firstLinks) {
      const hours = memory[layout.parts[part].lateHours + at] * memory[contract.availability + trial];
      late += contract.isUsage ? hours : hours * memory[rate + at];
    }
    memory[contract.intervalRelief + at] += late;
    if (contract.relief === "extend_term" && late > TOLERANCE * memory[contract.commitment + trial]) {
      memory[contract.extensionMonths + at] += 1;
    }
  }
}

/** What is paid: the month's bill less upfront credit, plus the upfront payment in the first month. */
function pay(memory: Float64Array, contract: SettleContract, month: number, { blockSize }: Extent): void {
  for (let trial = 0; trial < blockSize; trial++) {
    const at = month * blockSize + trial;
    const isStart = month === memory[contract.start + trial];
    const upfront = memory[contract.upfront + trial];
    let credit = month > 0 ? memory[contract.credit + at - blockSize] : 0;
    if (isStart) credit += upfront;
    const bill = memory[contract.drawdown + at] + memory[contract.shortfall + at];
    const used = Math.min(credit, bill);
    memory[contract.credit + at] = credit - used;
    memory[contract.payment + at] = bill - used + memory[contract.overage + at] + (isStart ? upfront : 0);
  }
}
