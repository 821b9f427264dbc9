import type { Extent } from "../months.ts";

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
  /** Scratch: chip-hours of each part not yet billed in the month at hand. */
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
  const { fromMonth, endMonth, blockSize } = extent;
  for (let month = fromMonth; month < endMonth; month++) {
    for (let trial = 0; trial < blockSize; trial++) settleMonth(memory, layout, month, trial, extent);
  }
}

function settleMonth(
  memory: Float64Array,
  layout: SettleLayout,
  month: number,
  trial: number,
  extent: Extent,
): void {
  const { left } = layout;
  const at = month * extent.blockSize + trial;
  for (let part = 0; part < layout.parts.length; part++) left[part] = memory[layout.parts[part].hours + at];
  for (const contract of layout.contracts) {
    openMonth(memory, contract, month, trial, extent);
    draw(memory, contract, left, month, trial, extent);
  }
  for (const [index, part] of layout.parts.entries()) {
    if (left[index] === 0 || part.contracts.length === 0) continue;
    billOverage(memory, layout, index, left[index], month, trial, extent);
  }
  for (const contract of layout.contracts) {
    relieve(memory, contract, layout, month, trial, extent);
    pay(memory, contract, month, trial, extent);
  }
}

/** Carries the month before over, and charges what an interval that has ended falls short. */
function openMonth(
  memory: Float64Array,
  contract: SettleContract,
  month: number,
  trial: number,
  { blockSize, originMonth }: Extent,
): void {
  const at = month * blockSize + trial;
  const before = (slab: number, first: number) => (month > 0 ? memory[slab + at - blockSize] : first);
  const commitment = memory[contract.commitment + trial];
  let balance = before(contract.balance, commitment);
  let use = before(contract.intervalUse, 0);
  let relief = before(contract.intervalRelief, 0);
  let extensionAmount = before(contract.extensionAmount, 0);
  const extensionMonths = before(contract.extensionMonths, 0);
  const elapsed = month - memory[contract.start + trial];
  const term = memory[contract.term + trial];
  memory[contract.shortfall + at] = 0;
  memory[contract.reliefApplied + at] = 0;
  // Known history replaces what is simulated before the horizon: its intervals are settled with the first that ends in it.
  const isHistory = memory[contract.consumed + trial] >= 0 && month < originMonth;
  const interval = isHistory ? -1 : contract.intervalEnds.indexOf(elapsed);
  const isExtensionEnd = extensionMonths > 0 && elapsed === term + extensionMonths;
  if (interval >= 0 || isExtensionEnd) {
    const due =
      interval >= 0 ? shareDue(memory, contract, interval, trial, originMonth) * commitment : extensionAmount;
    const missing = Math.min(balance, Math.max(0, due - use));
    // Relief is of a shortfall: without one there is nothing to relieve.
    const relieved = isExtensionEnd || !contract.takeOrPay ? 0 : Math.min(missing, relief);
    if (contract.relief === "reduce") {
      memory[contract.reliefApplied + at] = relieved;
      balance -= relieved;
    } else if (contract.relief === "extend_term") {
      extensionAmount += relieved;
    }
    if (contract.takeOrPay) {
      const shortfall = missing - relieved;
      memory[contract.shortfall + at] = contract.isUsage
        ? shortfall * meanRate(memory, contract, at)
        : shortfall;
      balance -= shortfall;
    }
    use = 0;
    relief = 0;
  }
  memory[contract.balance + at] = balance;
  memory[contract.intervalUse + at] = use;
  memory[contract.intervalRelief + at] = relief;
  memory[contract.extensionAmount + at] = extensionAmount;
  memory[contract.extensionMonths + at] = extensionMonths;
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
  trial: number,
  { blockSize, originMonth }: Extent,
): void {
  const at = month * blockSize + trial;
  const elapsed = month - memory[contract.start + trial];
  const end = memory[contract.term + trial] + memory[contract.extensionMonths + at];
  memory[contract.overage + at] = 0;
  let money = 0;
  let hours = 0;
  const consumed = memory[contract.consumed + trial];
  if (consumed >= 0 && month < originMonth) {
    // Known history replaces the simulated: nothing is billed twice, nothing goes over.
    const known = month === originMonth - 1 ? Math.min(consumed, memory[contract.balance + at]) : 0;
    money = contract.isUsage ? known * meanRate(memory, contract, at) : known;
    hours = contract.isUsage ? known : 0;
    for (const link of contract.links) left[link.part] = 0;
  } else if (elapsed >= 0 && elapsed < end) {
    const availability = memory[contract.availability + trial];
    for (const link of contract.links) {
      const billable = left[link.part] * availability;
      hours += billable;
      money += billable * memory[link.rate + at];
    }
    const wanted = contract.isUsage ? hours : money;
    const balance = memory[contract.balance + at];
    const share = wanted > balance ? balance / wanted : 1;
    const isAllTaken = wanted <= balance * (1 + TOLERANCE);
    money *= share;
    hours *= share;
    for (const link of contract.links) left[link.part] *= isAllTaken ? 0 : 1 - share;
  }
  const used = contract.isUsage ? hours : money;
  memory[contract.drawdown + at] = money;
  memory[contract.drawnHours + at] = hours;
  memory[contract.intervalUse + at] += used;
  memory[contract.balance + at] = Math.max(0, memory[contract.balance + at] - used);
}

/** Bills what no contract took by the last contract of the part's list that has started. */
function billOverage(
  memory: Float64Array,
  layout: SettleLayout,
  index: number,
  hours: number,
  month: number,
  trial: number,
  { blockSize }: Extent,
): void {
  const { contracts } = layout.parts[index];
  let billing = contracts[0];
  for (const contract of contracts) {
    if (month >= memory[layout.contracts[contract].start + trial]) billing = contract;
  }
  const contract = layout.contracts[billing];
  const link = contract.links.find(({ part }) => part === index);
  if (!link) return;
  const at = month * blockSize + trial;
  const billable = hours * memory[contract.availability + trial];
  memory[contract.overage + at] += billable * memory[link.overageRate + at];
}

/** Counts what the provider is late with towards the interval's relief. */
function relieve(
  memory: Float64Array,
  contract: SettleContract,
  layout: SettleLayout,
  month: number,
  trial: number,
  { blockSize }: Extent,
): void {
  const elapsed = month - memory[contract.start + trial];
  if (contract.relief === "none" || elapsed < 0 || elapsed >= memory[contract.term + trial]) return;
  const at = month * blockSize + trial;
  const self = layout.contracts.indexOf(contract);
  let late = 0;
  for (const link of contract.links) {
    const part = layout.parts[link.part];
    if (part.contracts[0] !== self) continue;
    const hours = memory[part.lateHours + at] * memory[contract.availability + trial];
    late += contract.isUsage ? hours : hours * memory[link.rate + at];
  }
  memory[contract.intervalRelief + at] += late;
  if (contract.relief === "extend_term" && late > TOLERANCE * memory[contract.commitment + trial]) {
    memory[contract.extensionMonths + at] += 1;
  }
}

/** What is paid: the month's bill less upfront credit, plus the upfront payment in the first month. */
function pay(
  memory: Float64Array,
  contract: SettleContract,
  month: number,
  trial: number,
  { blockSize }: Extent,
): void {
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
