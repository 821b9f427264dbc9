/**
 * Contracts as a plain ledger, month by month: docs/model.md section 10.1 to 10.3. Every contract has its balance, a list
 * of fulfilment intervals with what was drawn and relieved in each, and the upfront credit that is left.
 */

import {
  type Columns,
  column,
  date,
  duration,
  hoursOf,
  orZero,
  perUnit,
  type ReferenceInput,
  ratio,
  required,
  sorted,
  sumOf,
  type Window,
} from "./reference-input.ts";
import { isElsewhere, type PartLedger, powerLimit } from "./reference-ledger.ts";
import { designPue, plannedShare } from "./reference-parts.ts";

type Interval = {
  /** First and last month, inclusive. */
  readonly from: number;
  readonly to: number;
  readonly amount: number;
  drawn: number;
  relieved: number;
  /** Whether what it fell short by has been charged or forgiven. */
  isSettled: boolean;
};

/** One contract while the months go by. Amounts are USD, or chip-hours for a commitment of usage. */
export type ContractLedger = {
  readonly name: string;
  readonly path: string;
  readonly isUsage: boolean;
  readonly commitment: number;
  /** The commitment in money. */
  readonly commitmentUsd: number;
  readonly start: number;
  readonly term: number;
  readonly relief: "none" | "reduce" | "extend_term";
  readonly isTakeOrPay: boolean;
  readonly upfrontUsd: number;
  readonly availability: number;
  readonly consumed: number | undefined;
  /** Parts whose list names it. */
  readonly parts: readonly PartLedger[];
  /** Rented parts, under this contract or not. */
  readonly rented: readonly PartLedger[];
  readonly intervals: Interval[];
  balance: number;
  creditUsd: number;
  /** Under `extend_term`: what is moved behind the term, and the months in which there was relief. */
  deferred: number;
  extensionMonths: number;
  /** Months that options have added, and the month in which a termination takes effect. */
  optionMonths: number;
  terminatedFrom: number | undefined;
  exhaustedFrom: number | undefined;
  readonly columns: Columns;
  readonly scalars: Map<string, number>;
};

const STATUS = { pending: 0, active: 1, exhausted: 2, expired: 3 } as const;

/** Contracts that a part draws on, in order. */
export function listOf(input: ReferenceInput, ledger: PartLedger): readonly string[] {
  return input.list?.(`fleets.${ledger.part.fleet}.procurement.contract`) ?? [];
}

/** The contracts in the order in which hours are offered to them: by their first place in any list, then by name. */
export function openContracts(input: ReferenceInput, ledgers: readonly PartLedger[]): ContractLedger[] {
  const place = (name: string): number =>
    Math.min(
      ...ledgers.map((ledger) => {
        const at = listOf(input, ledger).indexOf(name);
        return at < 0 ? Number.MAX_SAFE_INTEGER : at;
      }),
    );
  return sorted(input.names.contracts ?? [])
    .map((name) => openContract(input, name, ledgers))
    .sort((a, b) => place(a.name) - place(b.name));
}

function openContract(input: ReferenceInput, name: string, ledgers: readonly PartLedger[]): ContractLedger {
  const path = `contracts.${name}`;
  const isUsage = input.word(`${path}.category`) === "usage";
  const commitment = required(input, `${path}.commitment`);
  const start = date(input, `${path}.start`) ?? 0;
  const term = duration(input, `${path}.term`);
  const opened = {
    name,
    path,
    isUsage,
    commitment,
    start,
    term,
    relief: input.word(`${path}.shortfall_relief`) as ContractLedger["relief"],
    isTakeOrPay: input.word(`${path}.terms`) === "take_or_pay",
    availability: required(input, `${path}.contracted_availability`),
    consumed: input.number(`${path}.consumed_to_date`, input.startMonth),
    parts: ledgers.filter((ledger) => listOf(input, ledger).includes(name)),
    rented: ledgers.filter(({ part }) => isElsewhere(input, part.site)),
    intervals: intervalsOf(input, path, commitment, start, term),
    balance: commitment,
    creditUsd: 0,
    deferred: 0,
    extensionMonths: 0,
    optionMonths: 0,
    terminatedFrom: undefined,
    exhaustedFrom: undefined,
    columns: new Map(),
    scalars: new Map(),
    commitmentUsd: 0,
    upfrontUsd: 0,
  };
  const commitmentUsd = isUsage ? commitment * meanRate(input, opened, start) : commitment;
  const upfrontUsd = required(input, `${path}.upfront`) * commitmentUsd;
  return { ...opened, commitmentUsd, upfrontUsd };
}

function intervalsOf(
  input: ReferenceInput,
  path: string,
  commitment: number,
  start: number,
  term: number,
): Interval[] {
  const end = start + term;
  const interval = (from: number, to: number, amount: number): Interval => ({
    from,
    to,
    amount,
    drawn: 0,
    relieved: 0,
    isSettled: false,
  });
  const dates = input.tableMonths?.(`${path}.schedule`) ?? [];
  if (dates.length > 0) {
    return dates.map((from, index) => {
      const share = required(input, `${path}.schedule`, from);
      return interval(from, (dates[index + 1] ?? end) - 1, share * commitment);
    });
  }
  const lengths: Readonly<Record<string, number>> = { monthly: 1, quarterly: 3, annual: 12 };
  const length = lengths[input.word(`${path}.fulfillment_interval`) ?? ""] ?? term;
  const intervals: Interval[] = [];
  for (let from = start; from < end; from += length) {
    const to = Math.min(end, from + length) - 1;
    intervals.push(interval(from, to, (commitment * (to - from + 1)) / term));
  }
  return intervals;
}

/** Escalated by whole years since the contract's start. */
function escalation(
  input: ReferenceInput,
  { path, start }: Pick<ContractLedger, "path" | "start">,
  month: number,
): number {
  const years = Math.max(0, Math.floor((month - start) / 12));
  return (1 + required(input, `${path}.escalation`)) ** years;
}

export function rateOf(
  input: ReferenceInput,
  contract: Pick<ContractLedger, "path" | "start">,
  chip: string,
  month: number,
): number {
  return orZero(input, `${contract.path}.rates.${chip}`, month) * escalation(input, contract, month);
}

function overageRateOf(input: ReferenceInput, contract: ContractLedger, chip: string, month: number): number {
  const own = input.number(`${contract.path}.overage_rates.${chip}`, month);
  return own === undefined ? rateOf(input, contract, chip, month) : own * escalation(input, contract, month);
}

const capacityPath = (path: string) => `${path}.capacity_price`;

function isIt(input: ReferenceInput, path: string): boolean {
  return input.word(`${capacityPath(path)}.basis`) === "it";
}

/** Watts of a site's limit, in the basis of a contract's price, in a month; its table is read so many months later. */
function limitIn(
  input: ReferenceInput,
  window: Window,
  { path, rented }: ContractLedger,
  site: string,
  month: number,
  moved: number,
): number {
  // The limit of a site of others is what its chips draw: 9.5.
  if (isElsewhere(input, site))
    return sumOf(rented, ({ columns }) => columns.get("facility_power_mw")?.[month - window.first] ?? 0);
  return powerLimit(input, site, month + moved) / (isIt(input, path) ? designPue(input, site) : 1);
}

/** What is due for capacity and as a fee in a month, and the watts that were promised and not delivered, in money. */
function standing(
  input: ReferenceInput,
  window: Window,
  contract: ContractLedger,
  month: number,
): { readonly due: number; readonly late: number } {
  const { path, parts, name } = contract;
  const price = input.number(`${capacityPath(path)}.price`, month) ?? 0;
  const of = input.word(`${capacityPath(path)}.of`) ?? "available";
  const capacity = input.number(`${path}.capacity`, month);
  const sites = [...new Set(parts.map(({ part }) => part.site))];
  const limit = (moved: (site: string) => number) =>
    sumOf(sites, (site) => limitIn(input, window, contract, site, month, moved(site)));
  const available = limit(() => 0);
  let watts = 0;
  let late = 0;
  if (of === "contracted") watts = capacity ?? 0;
  if (of === "available") {
    const promised = capacity ?? limit((site) => duration(input, `sites.${site}.delay`));
    watts = Math.min(capacity ?? available, available);
    late = Math.max(0, promised - available);
  }
  if (of === "energised") {
    const at = (ledger: PartLedger, column_: string) =>
      ledger.columns.get(column_)?.[month - window.first] ?? 0;
    const column_ = isIt(input, path) ? "it_power_mw" : "facility_power_mw";
    watts = sumOf(parts, (ledger) => at(ledger, column_));
    late = sumOf(parts, (ledger) => {
      if (listOf(input, ledger)[0] !== name) return 0;
      const { part, life, itWatts, facilityWatts } = ledger;
      const share = plannedShare(input, part, month) - plannedShare(input, part, month - life);
      const promised = month < ledger.retireMonth ? part.size * share : 0;
      const missing = promised - at(ledger, "chips_unfunded") - at(ledger, "chips_energised");
      return Math.max(0, missing) * (isIt(input, path) ? itWatts : facilityWatts);
    });
  }
  const growth = escalation(input, contract, month);
  const fee = input.number(`${path}.fee`, month) ?? 0;
  return { due: (price * watts + fee) * growth, late: price * late * growth };
}

/** Plain mean of the rates of the parts under a contract. */
function meanRate(
  input: ReferenceInput,
  contract: Pick<ContractLedger, "path" | "start" | "parts">,
  month: number,
): number {
  const sum = sumOf(contract.parts, ({ part }) => rateOf(input, contract, part.chip, month));
  return ratio(sum, contract.parts.length);
}

/** Settles one month of all contracts; the chips of the month are known. */
export function settleMonth(
  input: ReferenceInput,
  window: Window,
  contracts: readonly ContractLedger[],
  ledgers: readonly PartLedger[],
  month: number,
): void {
  const at = month - window.first;
  const chipHours = (ledger: PartLedger): number =>
    (ledger.columns.get("chips_productive")?.[at] ?? 0) * hoursOf(month);
  /** Hours that no contract has taken yet. */
  const left = new Map(ledgers.map((ledger) => [ledger, chipHours(ledger)]));
  const bills = new Map(
    contracts.map((contract) => [contract, settleContract(input, window, contract, left, month)]),
  );
  for (const [ledger, hours] of left) {
    const list = listOf(input, ledger)
      .map((name) => contracts.find((contract) => contract.name === name))
      .filter((contract) => contract !== undefined);
    earnAfterTerm(input, window, ledger, list, { hours, month });
    const biller = list.filter((contract) => isOpen(contract, month)).at(-1);
    const bill = biller && bills.get(biller);
    if (!bill) continue;
    bill.overage += hours * biller.availability * overageRateOf(input, biller, ledger.part.chip, month);
  }
  for (const [contract, bill] of bills) closeMonth(window, contract, bill, month);
}

/** The month after a contract's last, extensions included, unless it is terminated before. */
function plannedEnd({ intervals, start, term, optionMonths }: ContractLedger): number {
  return Math.max(start + term, ...intervals.map(({ to }) => to + 1)) + optionMonths;
}

/** The month after a contract's last. */
export function endOf(contract: ContractLedger): number {
  return Math.min(plannedEnd(contract), contract.terminatedFrom ?? Number.POSITIVE_INFINITY);
}

/** What a condition reads at a place in the columns: sums over the parts of a fleet, a site or the whole. */
export function stateAt(ledgers: readonly PartLedger[], at: number) {
  return (owner: string, metric: string): number =>
    sumOf(ledgers, ({ part, columns }) => {
      if (![`fleets.${part.fleet}`, `sites.${part.site}`, "total"].includes(owner)) return 0;
      const value = columns.get(metric)?.[at];
      if (value === undefined) throw new Error(`The referee does not know ${metric} at the end of a month.`);
      return value;
    });
}

/** Looks at the options of a contract at the beginning of a month: 10.2. */
function decideOptions(
  input: ReferenceInput,
  window: Window,
  contract: ContractLedger,
  ledgers: readonly PartLedger[],
  month: number,
): void {
  const held = (option: string): boolean => {
    const path = `${contract.path}.${option}`;
    if (input.word(`${path}.when`) === undefined || month === window.first) return false;
    const state = stateAt(ledgers, month - 1 - window.first);
    return input.condition?.(`${path}.when`, month - 1, state) === true;
  };
  const notice = (option: string): number => {
    const stated = input.number(`${contract.path}.${option}.notice`, input.startMonth);
    return stated === undefined ? 12 : Math.max(0, Math.floor(stated + 0.5));
  };
  // Both are looked at in every month: what a comparison holds within is the largest value so far.
  const [isExtended, isTerminated] = [held("extension"), held("termination")];
  if (contract.consumed !== undefined && month < input.startMonth) return;
  const { path, start } = contract;
  const isUnderNotice = contract.terminatedFrom !== undefined;
  if (isExtended && !isUnderNotice && month === plannedEnd(contract) - notice("extension")) {
    const months = duration(input, `${path}.extension.term`);
    const most = (input.number(`${path}.extension.times`, input.startMonth) ?? 1) * months;
    if (contract.optionMonths < most) contract.optionMonths += months;
  }
  const from = date(input, `${path}.termination.from`) ?? start;
  if (isTerminated && !isUnderNotice && month >= from && isOpen(contract, month))
    contract.terminatedFrom = month + notice("termination");
}

/** The month in which a termination takes effect frees what is left, for a fee. */
function release(input: ReferenceInput, contract: ContractLedger, month: number, bill: Bill): void {
  if (month !== contract.terminatedFrom || month >= plannedEnd(contract)) return;
  bill.released = contract.balance;
  contract.balance = 0;
  const fee = `${contract.path}.termination.fee`;
  const money = contract.isUsage ? bill.released * meanRate(input, contract, month) : bill.released;
  const stated = input.number(fee, month) ?? 0;
  bill.fee = input.isShare?.(fee) ? stated * money : stated;
}

function isOpen(contract: ContractLedger, month: number): boolean {
  return contract.start <= month && month < endOf(contract);
}

/** What hours earn once the last contract of their list is over: 10.6. */
function earnAfterTerm(
  input: ReferenceInput,
  window: Window,
  { part, columns }: PartLedger,
  list: readonly ContractLedger[],
  { hours, month }: { readonly hours: number; readonly month: number },
): void {
  const share = input.number(`fleets.${part.fleet}.after_term.share`, input.startMonth);
  if (share === undefined) return;
  const over = Math.max(...list.map(endOf));
  const last = list.filter((contract) => isOpen(contract, over - 1)).at(-1);
  let earned = 0;
  if (last && month >= over) {
    const decline = orZero(input, `fleets.${part.fleet}.after_term.decline`);
    const years = Math.floor((month - over) / 12);
    const { due } = standing(input, window, last, over - 1);
    const productive = sumOf(
      last.parts,
      (other) => (other.columns.get("chips_productive")?.[over - 1 - window.first] ?? 0) * hoursOf(over - 1),
    );
    const rate = rateOf(input, last, part.chip, over - 1) + ratio(due, productive);
    earned = hours * rate * share * (1 - decline) ** years;
  }
  column(columns, "merchant_revenue_usd", window.end - window.first)[month - window.first] = earned;
}

type Bill = {
  released: number;
  fee: number;
  standing: number;
  hours: number;
  drawdown: number;
  shortfall: number;
  relief: number;
  overage: number;
};

function settleContract(
  input: ReferenceInput,
  window: Window,
  contract: ContractLedger,
  left: Map<PartLedger, number>,
  month: number,
): Bill {
  const bill: Bill = {
    released: 0,
    fee: 0,
    standing: 0,
    hours: 0,
    drawdown: 0,
    shortfall: 0,
    relief: 0,
    overage: 0,
  };
  const isReplaced = contract.consumed !== undefined && month < input.startMonth;
  // What has ended is settled first, so that this month's use cannot take it.
  decideOptions(input, window, contract, [...left.keys()], month);
  if (!isReplaced) settleEnded(input, contract, month, bill);
  release(input, contract, month, bill);
  const interval = contract.intervals.find(({ from, to }) => from <= month && month <= to);
  if (isReplaced) {
    // Known history: what was simulated for these months is billed nowhere.
    for (const ledger of contract.parts) left.set(ledger, 0);
    if (month === input.startMonth - 1) {
      const drawn = Math.min(contract.balance, contract.consumed ?? 0);
      contract.balance -= drawn;
      if (interval) interval.drawn += drawn;
      bill.drawdown = contract.isUsage ? drawn * meanRate(input, contract, month) : drawn;
      if (contract.isUsage) bill.hours = drawn;
    }
  } else if (isOpen(contract, month)) {
    draw(input, window, contract, interval, left, month, bill);
  }
  if (interval) relieve(input, window, contract, interval, month);
  if (month === contract.start + contract.term - 1 && contract.extensionMonths > 0) {
    const to = month + contract.extensionMonths;
    contract.intervals.push({ from: month + 1, to, amount: 0, drawn: 0, relieved: 0, isSettled: false });
  }
  return bill;
}

/** What the intervals that ended by the month before fell short by, and how much of that is the provider's fault. */
function settleEnded(input: ReferenceInput, contract: ContractLedger, month: number, bill: Bill): void {
  // More than one only where `consumed_to_date` left those that ended before `start` open.
  const ended = contract.intervals.filter(({ to, isSettled }) => to < month && !isSettled);
  const isFirstMonth = contract.consumed !== undefined && month === input.startMonth;
  const isOver = isFirstMonth && contract.intervals.every(({ to }) => to < month);
  const last = isOver ? ended.at(-1) : ended.find(({ to }) => to === month - 1);
  if (last === undefined) return;
  const isExtension = last.from >= contract.start + contract.term;
  for (const interval of ended) interval.isSettled = true;
  const amount = sumOf(ended, (interval) => interval.amount) + (isExtension ? contract.deferred : 0);
  const drawn = sumOf(ended, (interval) => interval.drawn);
  const short = amount - drawn <= 1e-9 * amount ? 0 : Math.min(contract.balance, amount - drawn);
  const isLast = short > 0 && contract.balance - short <= 1e-9 * contract.commitment;
  const missing = isLast ? contract.balance : short;
  if (!contract.isTakeOrPay) return;
  const relief = isExtension ? 0 : sumOf(ended, (interval) => interval.relieved);
  const relieved = missing - relief <= 1e-9 * contract.commitment ? missing : relief;
  if (contract.relief === "extend_term") contract.deferred += relieved;
  if (contract.relief === "reduce") {
    bill.relief = relieved;
    contract.balance -= relieved;
  }
  const charged = missing - relieved;
  contract.balance -= charged;
  bill.shortfall = contract.isUsage ? charged * meanRate(input, contract, month) : charged;
}

/** Hours are drawn as far as the balance goes, and from there in the same proportion from every part. */
function draw(
  input: ReferenceInput,
  window: Window,
  contract: ContractLedger,
  interval: Interval | undefined,
  left: Map<PartLedger, number>,
  month: number,
  bill: Bill,
): void {
  const wanted = contract.parts.map((ledger) => {
    const hours = (left.get(ledger) ?? 0) * contract.availability;
    const rate = rateOf(input, contract, ledger.part.chip, month);
    return { ledger, hours, usd: hours * rate, amount: contract.isUsage ? hours : hours * rate };
  });
  const { due } = standing(input, window, contract, month);
  bill.standing = due;
  const total = sumOf(wanted, ({ amount }) => amount) + due;
  const share = total <= contract.balance ? 1 : contract.balance / total;
  for (const { ledger, hours, usd } of wanted) {
    left.set(ledger, share === 1 ? 0 : (left.get(ledger) ?? 0) * (1 - share));
    bill.hours += hours * share;
    bill.drawdown += usd * share;
  }
  bill.drawdown += due * share;
  bill.overage += due * (1 - share);
  const isLast = total > 0 && contract.balance - total <= 1e-9 * contract.commitment;
  const drawn = isLast ? contract.balance : total;
  if (isLast && contract.isUsage) bill.hours = drawn;
  if (isLast && !contract.isUsage) bill.drawdown = drawn;
  // An extension has no interval.
  if (interval) interval.drawn += drawn;
  contract.balance -= drawn;
}

/** What the provider promised first under this contract and did not make productive. */
function relieve(
  input: ReferenceInput,
  window: Window,
  contract: ContractLedger,
  interval: Interval,
  month: number,
): void {
  if (contract.relief === "none" || month >= contract.start + contract.term) return;
  let relief = standing(input, window, contract, month).late;
  for (const ledger of contract.parts) {
    if (listOf(input, ledger)[0] !== contract.name) continue;
    const at = (name: string): number => ledger.columns.get(name)?.[month - window.first] ?? 0;
    const share =
      plannedShare(input, ledger.part, month - ledger.commissioning) -
      plannedShare(input, ledger.part, month - ledger.life);
    const promised = month < ledger.retireMonth ? ledger.part.size * share : 0;
    const missing = Math.max(0, promised - at("chips_unfunded") - at("chips_productive"));
    const rate = contract.isUsage ? 1 : rateOf(input, contract, ledger.part.chip, month);
    relief += missing * hoursOf(month) * contract.availability * rate;
  }
  interval.relieved += relief;
  if (contract.relief === "extend_term" && relief > 1e-9 * contract.commitment) contract.extensionMonths += 1;
}

/** Payment, revenue and status of the month. */
function closeMonth(window: Window, contract: ContractLedger, bill: Bill, month: number): void {
  const { start, term } = contract;
  const isInTerm = start <= month && month < start + term;
  const upfront = month === start ? contract.upfrontUsd : 0;
  contract.creditUsd += upfront;
  const used = Math.min(contract.creditUsd, bill.drawdown + bill.shortfall);
  contract.creditUsd -= used;
  const due = bill.drawdown + bill.shortfall + bill.overage + bill.fee - used;
  const drawn = contract.isUsage ? bill.hours : bill.drawdown;
  const little = 1e-9 * contract.commitment;
  // Used up by use alone: what a shortfall or relief took was settled.
  if (contract.balance <= little && contract.balance + drawn > little) contract.exhaustedFrom = month;

  const at = month - window.first;
  const put = (name: string, value: number): void => {
    column(contract.columns, name, window.end - window.first)[at] = value;
  };
  const paidBefore = contract.columns.get("contract_paid_to_date_usd")?.[at - 1] ?? 0;
  // Chip-hours of a commitment of usage are worth the mean rate of the first month.
  const perHour = contract.isUsage ? ratio(contract.commitmentUsd, contract.commitment) : 1;
  put("contract_billable_chip_hours", bill.hours);
  put("contract_drawdown_usd", bill.drawdown);
  put("contract_shortfall_usd", bill.shortfall);
  put("contract_relief_usd", bill.relief * perHour);
  put("contract_overage_usd", bill.overage);
  put("contract_billed_usd", bill.drawdown + bill.shortfall + bill.overage);
  put("contract_payment_usd", due + upfront);
  put("contract_paid_to_date_usd", paidBefore + due + upfront);
  put("contract_remaining_usd", contract.balance * perHour);
  const isNone = contract.commitment === 0;
  put("contract_burn_rate", isNone ? Number.NaN : 1 - ratio(contract.balance, contract.commitment));
  put("contract_revenue_usd", due + (isInTerm ? contract.upfrontUsd / term : 0));
  put("contract_standing_usd", bill.standing);
  put("contract_released_usd", bill.released * perHour);
  put("contract_termination_fee_usd", bill.fee);
  put("contract_status", statusOf(contract, month));
}

function statusOf(contract: ContractLedger, month: number): number {
  if (month < contract.start) return STATUS.pending;
  if (month >= endOf(contract)) return STATUS.expired;
  return contract.balance <= 1e-9 * contract.commitment ? STATUS.exhausted : STATUS.active;
}

/** What falls due after the horizon: 10.2. */
export function unsettledOf(input: ReferenceInput, window: Window, { columns }: ContractLedger): number {
  const first = input.startMonth + input.monthCount - window.first;
  return (columns.get("contract_payment_usd") ?? []).slice(first).reduce((sum, paid) => sum + paid, 0);
}

/** What the commitment implies over the term, and when it is used up: 10.3. All chips of the window are known. */
export function contractScalars(input: ReferenceInput, window: Window, contract: ContractLedger): void {
  const { path, start, term, scalars } = contract;
  let chipHours = 0;
  let rateCard = 0;
  let megawattYears = 0;
  let exaflopHours = 0;
  let capacity = 0;
  for (let month = start; month < start + term; month++) {
    rateCard += standing(input, window, contract, month).due;
    capacity += input.number(`${path}.capacity`, month) ?? 0;
    for (const ledger of contract.parts) {
      const at = (name: string): number => ledger.columns.get(name)?.[month - window.first] ?? 0;
      const hours = at("chips_productive") * hoursOf(month) * contract.availability;
      chipHours += hours;
      rateCard += hours * rateOf(input, contract, ledger.part.chip, month);
      megawattYears += at("facility_power_mw") / 1e6 / 12;
      exaflopHours += (at("effective_fp4_eflops") / 1e18) * hoursOf(month);
    }
  }
  const nameplate = capacity / 1e6 / 12;
  const commitment = contract.commitmentUsd;
  scalars.set("contract_commitment_usd", commitment);
  scalars.set("contract_term_chip_hours", chipHours);
  scalars.set("contract_term_rate_card_usd", rateCard);
  scalars.set("contract_term_mw_years", megawattYears);
  scalars.set("contract_term_effective_fp4_eflop_hours", exaflopHours);
  // Nothing is implied where nothing is committed.
  const implied = (units: number): number => (commitment === 0 ? Number.NaN : perUnit(commitment, units));
  scalars.set("implied_usd_per_chip_hour", implied(chipHours));
  scalars.set("implied_rate_card_multiple", implied(rateCard));
  scalars.set("implied_usd_per_mw_year_energised", implied(megawattYears));
  // Empty where the contract speaks of no capacity.
  scalars.set("implied_usd_per_mw_year_nameplate", implied(nameplate));
  scalars.set("implied_usd_per_effective_fp4_eflop_hour", implied(exaflopHours));
  scalars.set("contract_end_month", endOf(contract) - input.startMonth);
  scalars.set("contract_unsettled_usd", unsettledOf(input, window, contract));
  const { exhaustedFrom } = contract;
  scalars.set(
    "contract_exhaustion_month",
    exhaustedFrom === undefined ? Number.NaN : exhaustedFrom - input.startMonth,
  );
}
