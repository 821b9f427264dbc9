/** Loans and the provider's equity: section 10.7 of docs/model.md, one loan after the other. */

import { rateOfReturn } from "./reference-books.ts";
import type { ContractLedger } from "./reference-contracts.ts";
import { rateOf } from "./reference-contracts.ts";
import {
  type Columns,
  column,
  date,
  duration,
  hoursOf,
  orZero,
  type ReferenceInput,
  ratio,
  required,
  sumOf,
  type Window,
} from "./reference-input.ts";
import type { PartLedger } from "./reference-ledger.ts";

/** What loans look at. */
export type DebtWorld = {
  readonly input: ReferenceInput;
  readonly window: Window;
  readonly ledgers: readonly PartLedger[];
  /** Columns of the buildings alone. */
  readonly facilities: ReadonlyMap<string, Columns>;
  readonly contracts: readonly ContractLedger[];
  /** Columns of the whole, with its tax where there is any. */
  readonly total: Columns;
};

export type LoanColumns = { readonly columns: Columns; readonly scalars: Map<string, number> };

/** Every loan by name. `plain` gives the world of the plain run, on which sculpted debt is sized. */
export function runLoans(world: DebtWorld, plain: () => DebtWorld): Map<string, LoanColumns> {
  return new Map(
    (world.input.names.debt ?? []).map((name) => {
      const terms = termsOf(world, name);
      const isSculpted = world.input.word(`debt.${name}.repayment`) === "sculpted";
      const run = isSculpted
        ? runSculpted(world, plain(), name, terms)
        : runLoan(world, name, terms, evenly(world, name));
      return [name, run];
    }),
  );
}

/** What a loan says and sees, by index of the window. */
type Terms = {
  readonly spending: (index: number) => number;
  readonly allSpending: number;
  readonly cash: (index: number) => number;
  readonly monthly: (index: number) => number;
  /** Index of the first month in service, or undefined. */
  readonly first: number | undefined;
  readonly grace: number;
  readonly tenor: number;
  readonly fee: number;
  readonly capitalises: boolean;
};

/** A plan of repayment: what is drawn of the spending, when all is repaid, and what is repaid before. */
type Repayment = {
  readonly share: number;
  readonly tenor: number;
  readonly planned: (at: { index: number; age: number; balance: number; interest: number }) => number;
};

function termsOf(world: DebtWorld, name: string): Terms {
  const { input, window, ledgers, facilities } = world;
  const path = `debt.${name}`;
  const fleets = input.list?.(`${path}.fleets`) ?? [];
  const sites = input.list?.(`${path}.sites`) ?? [];
  const financed = ledgers.filter(({ part }) => fleets.includes(part.fleet));
  const paying = ledgers.filter(({ part }) => fleets.includes(part.fleet) || sites.includes(part.site));
  const at = (columns: Columns | undefined, metric: string, index: number): number =>
    columns?.get(metric)?.[index] ?? 0;
  const indices = Array.from({ length: window.end - window.first }, (_, index) => index);
  const spent = indices.map(
    (index) =>
      sumOf(financed, ({ columns }) =>
        sumOf(["chip_cash_usd", "network_cash_usd", "chip_buyout_usd"], (metric) =>
          at(columns, metric, index),
        ),
      ) + sumOf(sites, (site) => at(facilities.get(site), "facility_cash_usd", index)),
  );
  const spending = (index: number): number => spent[index] ?? 0;
  let allSpending = 0;
  for (let index = 0; index < endOfHorizon(world); index++) allSpending += spending(index);
  const available = availableBy(world, paying, sites);
  let [own, whole] = [0, 0];
  const taxShare = indices.map((index) => {
    own += spending(index);
    whole += at(world.total, "provider_capex_usd", index);
    return ratio(own, whole);
  });
  const cash = indices.map(
    (index) => available(index) - at(world.total, "tax_usd", index) * (taxShare[index] ?? 0),
  );
  return {
    spending,
    allSpending,
    cash: (index) => cash[index] ?? 0,
    monthly: (index) => required(input, `${path}.rate`, window.first + index) / 12,
    first: indices.find((index) => paying.some(({ columns }) => at(columns, "chips_energised", index) > 0)),
    grace: duration(input, `${path}.grace`),
    tenor: duration(input, `${path}.tenor`),
    fee: orZero(input, `${path}.fee`),
    capitalises: input.word(`${path}.capitalised`) === "true",
  };
}

function endOfHorizon({ input, window }: DebtWorld): number {
  return input.startMonth + input.monthCount - window.first;
}

function shareOf({ input }: DebtWorld, name: string, { allSpending }: Terms): number {
  const amount = input.number(`debt.${name}.amount`, input.startMonth);
  return amount === undefined
    ? required(input, `debt.${name}.share`)
    : Math.min(1, ratio(amount, allSpending));
}

/** Annuity, linear and bullet. */
function evenly(world: DebtWorld, name: string): Repayment {
  const terms = termsOf(world, name);
  const kind = world.input.word(`debt.${name}.repayment`) ?? "annuity";
  return {
    share: shareOf(world, name, terms),
    tenor: terms.tenor,
    planned({ index, age, balance, interest }) {
      const left = terms.tenor - age + 1;
      const monthly = terms.monthly(index);
      if (kind === "bullet") return 0;
      if (kind === "linear" || monthly === 0) return balance / left;
      return interest / (1 - (1 + monthly) ** -left) - interest;
    },
  };
}

/** Sculpted debt: the plan found on the plain run, and its amount and profile in this one. */
function runSculpted(world: DebtWorld, plain: DebtWorld, name: string, terms: Terms): LoanColumns {
  const planned = termsOf(plain, name);
  const end = endOfHorizon(plain);
  const left = end - (planned.first ?? end);
  const tenor = planned.first === undefined || left <= 0 ? planned.tenor : Math.min(planned.tenor, left);
  const byRatio = (share: number, cover: number): Repayment => ({
    share,
    tenor,
    planned: ({ index, balance, interest }) => settled(balance, planned.cash(index) / cover - interest),
  });
  /** What is due at the end beyond the cash over the cover. */
  const missing = (share: number, cover: number): number => {
    const run = repay(plain, planned, byRatio(share, cover), 0);
    const last = (planned.first ?? 0) + tenor - 1;
    if (planned.first === undefined || last >= end) return 0;
    const before = run[last - 1]?.balance ?? 0;
    return before * (1 + planned.monthly(last)) - Math.max(0, planned.cash(last) / cover);
  };
  const most = shareOf(plain, name, planned);
  const dscr = plain.input.number(`debt.${name}.dscr`, plain.input.startMonth);
  let share = most;
  let cover = dscr ?? 1e-12;
  if (dscr !== undefined && missing(most, dscr) > 0) {
    share = edge(0, most, (value) => missing(value, dscr) > 0);
    if (share <= 1e-9 * most) share = 0;
  } else cover = Math.exp(edge(Math.log(1e-12), Math.log(1e30), (log) => missing(most, Math.exp(log)) > 0));
  const profile = repay(plain, planned, byRatio(share, cover), 0);
  const amount = share * planned.allSpending;
  return runLoan(world, name, terms, {
    share: Math.min(1, ratio(amount, terms.allSpending)),
    tenor,
    planned({ age, balance }) {
      const index = (planned.first ?? end) + age - 1;
      return settled(balance, profile[index]?.planned ?? 0);
    },
  });
}

/** What a principal repays: all, where 1e-9 of the balance or less would be left. */
function settled(balance: number, principal: number): number {
  return principal >= balance * (1 - 1e-9) ? balance : Math.max(0, principal);
}

/** The value between two above which something holds. */
function edge(low: number, high: number, holds: (value: number) => boolean): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 200; step++) {
    const middle = (from + to) / 2;
    // No number lies between them.
    if (middle === from || middle === to) break;
    if (holds(middle)) to = middle;
    else from = middle;
  }
  return (from + to) / 2;
}

type LoanMonth = {
  readonly interest: number;
  readonly draw: number;
  readonly fee: number;
  readonly added: number;
  readonly planned: number;
  readonly swept: number;
  readonly balance: number;
  readonly isInTerm: boolean;
};

/** A loan month by month. */
function repay(
  { window }: DebtWorld,
  terms: Terms,
  { share, tenor, planned }: Repayment,
  sweep: number,
): LoanMonth[] {
  const months: LoanMonth[] = [];
  let balance = 0;
  for (let index = 0; index < window.end - window.first; index++) {
    const age = terms.first === undefined || index < terms.first ? 0 : index - terms.first + 1;
    const interest = balance * terms.monthly(index);
    const draw = age < tenor ? share * terms.spending(index) : 0;
    const fee = draw * terms.fee;
    const isInTerm = age > 0 && age <= tenor;
    let principal = isInTerm && age > terms.grace ? planned({ index, age, balance, interest }) : 0;
    if (isInTerm && age === tenor) principal = balance;
    const added = terms.capitalises && age === 0 ? interest + fee : 0;
    const spare = Math.max(0, terms.cash(index) - interest - principal);
    const swept = isInTerm ? Math.min(balance - principal, sweep * spare) : 0;
    balance = balance - principal - swept + (draw + added);
    months.push({ interest, draw, fee, added, planned: principal, swept, balance, isInTerm });
  }
  return months;
}

function runLoan(world: DebtWorld, name: string, terms: Terms, plan: Repayment): LoanColumns {
  const { input, window } = world;
  const path = `debt.${name}`;
  const least = input.number(`${path}.covenant.dscr`, input.startMonth);
  const leastFrom = date(input, `${path}.covenant.from`) ?? 0;
  const columns: Columns = new Map();
  let lowest = Number.POSITIVE_INFINITY;
  let monthsBelow = 0;
  const months = repay(world, terms, plan, orZero(input, `${path}.sweep`));
  const paid: { readonly index: number; readonly cash: number; readonly due: number }[] = [];
  for (const [index, { interest, draw, fee, added, planned, swept, balance, isInTerm }] of months.entries()) {
    const cash = terms.cash(index);
    const due = isInTerm ? interest + planned : 0;
    if (due > 0) paid.push({ index, cash, due });
    const year = paid.filter((one) => one.index > index - 12);
    const ofYear = { cash: sumOf(year, (one) => one.cash), due: sumOf(year, (one) => one.due) };
    const values = {
      loan_draw_usd: draw,
      loan_interest_usd: interest,
      loan_fee_usd: fee,
      loan_capitalised_usd: added,
      loan_principal_usd: planned + swept,
      loan_balance_usd: balance,
      loan_due_usd: due,
      loan_service_usd: interest + fee + planned + swept - added,
      loan_cash_available_usd: cash,
      loan_dscr: due === 0 ? Number.NaN : cash / due,
      loan_trailing_dscr: due > 0 ? ofYear.cash / ofYear.due : Number.NaN,
    };
    for (const [metric, value] of Object.entries(values))
      column(columns, metric, months.length)[index] = value;
    const month = window.first + index;
    if (month < input.startMonth || index >= endOfHorizon(world) || due <= 0) continue;
    if (month >= leastFrom) lowest = Math.min(lowest, ofYear.cash / ofYear.due);
    const needed = ofYear.due * (least ?? 0);
    if (least !== undefined && month >= leastFrom && ofYear.cash + 1e-9 * needed < needed) monthsBelow++;
  }
  const scalars = new Map([
    ["loan_least_dscr", Number.isFinite(lowest) ? lowest : Number.NaN],
    ["loan_months_below_covenant", monthsBelow],
    ["loan_balance_at_end_usd", months[endOfHorizon(world) - 1]?.balance ?? 0],
  ]);
  return { columns, scalars };
}

const OF_PARTS = [
  "energy_cost_usd",
  "chip_maintenance_cost_usd",
  "spares_cost_usd",
  "chip_lease_cost_usd",
  "chip_rent_cost_usd",
];
const OF_SITES = ["facility_maintenance_cost_usd", "staff_cost_usd", "lease_cost_usd", "demand_charge_usd"];

/** What paying parts are paid, less what they and their sites cost. */
function availableBy(
  { input, window, ledgers, facilities, contracts }: DebtWorld,
  paying: readonly PartLedger[],
  sites: readonly string[],
): (index: number) => number {
  const earned = new Map<ContractLedger, { own: number; all: number; ownPower: number; allPower: number }>();
  return (index) => {
    const month = window.first + index;
    const at = (columns: Columns | undefined, metric: string): number => columns?.get(metric)?.[index] ?? 0;
    let cash = 0;
    for (const contract of contracts) {
      const own = contract.parts.filter((part) => paying.includes(part));
      const soFar = earned.get(contract) ?? { own: 0, all: 0, ownPower: 0, allPower: 0 };
      earned.set(contract, soFar);
      const value = (parts: readonly PartLedger[]): number =>
        sumOf(
          parts,
          ({ part, columns }) =>
            at(columns, "chips_productive") * hoursOf(month) * rateOf(input, contract, part.chip, month),
        );
      const power = (parts: readonly PartLedger[]): number =>
        sumOf(parts, ({ columns }) => at(columns, "facility_power_mw"));
      soFar.own += value(own);
      soFar.all += value(contract.parts);
      soFar.ownPower += power(own);
      soFar.allPower += power(contract.parts);
      if (own.length === 0) continue;
      const byValue = soFar.all > 0 ? soFar.own / soFar.all : ratio(soFar.ownPower, soFar.allPower);
      const share = own.length === contract.parts.length ? 1 : byValue;
      cash += at(contract.columns, "contract_payment_usd") * share;
    }
    for (const { columns } of paying) cash += at(columns, "merchant_revenue_usd");
    for (const { columns } of paying) cash -= sumOf(OF_PARTS, (metric) => at(columns, metric));
    for (const site of new Set([...sites, ...paying.map(({ part }) => part.site)])) {
      const here = sumOf(OF_SITES, (metric) => at(facilities.get(site), metric));
      const power = (parts: readonly PartLedger[]): number =>
        sumOf(parts, ({ columns }) => at(columns, "facility_power_mw"));
      const mine = paying.filter(({ part }) => part.site === site);
      const whole = power(ledgers.filter(({ part }) => part.site === site));
      cash -= sites.includes(site) ? here : here * ratio(power(mine), whole);
    }
    return cash;
  };
}

/** The cash of equity by month, and what it is worth. */
export function equityOf(
  input: ReferenceInput,
  window: Window,
  total: Columns,
  loans: ReadonlyMap<string, LoanColumns>,
  residual: number,
): Map<string, number> {
  const length = window.end - window.first;
  const cash = column(total, "equity_cash_usd", length);
  for (let index = 0; index < length; index++) {
    cash[index] = total.get("provider_net_cash_usd")?.[index] ?? 0;
    for (const { columns } of loans.values())
      cash[index] +=
        (columns.get("loan_draw_usd")?.[index] ?? 0) - (columns.get("loan_service_usd")?.[index] ?? 0);
  }
  const owed = sumOf([...loans.values()], ({ scalars }) => scalars.get("loan_balance_at_end_usd") ?? 0);
  const put = (metric: string, index: number, value: number): void => {
    column(total, metric, length)[index] = value;
  };
  for (const [index, value] of cash.entries()) {
    put("equity_paid_in_usd", index, value < 0 ? -value : 0);
    put("equity_distributed_usd", index, value > 0 ? value : 0);
  }
  const rate = required(input, "provider.equity_rate");
  const isSunk = input.word("provider.sunk") === "true";
  const years = (month: number): number => (month - input.startMonth + 1) / 12;
  const flows: { years: number; net: number }[] = [];
  let worth = (residual - owed) * (1 + rate) ** (-input.monthCount / 12);
  for (let month = window.first; month < input.startMonth + input.monthCount; month++) {
    const net = cash[month - window.first] ?? 0;
    flows.push({ years: years(month), net });
    if (month >= input.startMonth || !isSunk) worth += net * (1 + rate) ** -years(month);
  }
  flows.push({ years: input.monthCount / 12, net: residual - owed });
  return new Map([
    ["debt_at_end_usd", owed],
    ["equity_npv_usd", worth],
    ["equity_irr", rateOfReturn(flows)],
  ]);
}
