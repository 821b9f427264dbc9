/** Tax: section 10.8 of docs/model.md, cost by cost and fiscal year by fiscal year. */

import { rateOfReturn } from "./reference-books.ts";
import type { LoanColumns } from "./reference-debt.ts";
import {
  type Columns,
  column,
  duration,
  hoursOf,
  orZero,
  type ReferenceInput,
  required,
  sumOf,
  type Window,
} from "./reference-input.ts";
import type { PartLedger } from "./reference-ledger.ts";

/** IRS Publication 946, table A-1, in per cent. */
const HALF_YEAR: Readonly<Record<string, readonly number[]>> = {
  macrs_3: [33.33, 44.45, 14.81, 7.41],
  macrs_5: [20, 32, 19.2, 11.52, 11.52, 5.76],
  macrs_7: [14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46],
  macrs_10: [10, 18, 14.4, 11.52, 9.22, 7.37, 6.55, 6.55, 6.56, 6.55, 3.28],
  macrs_15: [5, 9.5, 8.55, 7.7, 6.93, 6.23, 5.9, 5.9, 5.91, 5.9, 5.91, 5.9, 5.91, 5.9, 5.91, 2.95],
  macrs_20: [
    3.75, 7.219, 6.677, 6.177, 5.713, 5.285, 4.888, 4.522, 4.462, 4.461, 4.462, 4.461, 4.462, 4.461, 4.462,
    4.461, 4.462, 4.461, 4.462, 4.461, 2.231,
  ],
};

/** What the tax office sees, by index of the window, up to the horizon's end. */
export type TaxWorld = {
  readonly input: ReferenceInput;
  readonly window: Window;
  readonly total: Columns;
  readonly ledgers: readonly PartLedger[];
  readonly facilities: ReadonlyMap<string, Columns>;
  readonly residual: number;
};

export function isTaxed(input: ReferenceInput): boolean {
  return input.number("tax.rate", input.startMonth) !== undefined;
}

type Return = {
  readonly tax: readonly number[];
  readonly losses: readonly number[];
  readonly credits: readonly number[];
  readonly onResidual: number;
};

function endOf({ input, window }: TaxWorld): number {
  return input.startMonth + input.monthCount - window.first;
}

function fiscalYear({ input, window }: TaxWorld, index: number): number {
  const first = input.number("fiscal_year_start", input.startMonth) ?? 1;
  return Math.floor((window.first + index + (first === 1 ? 0 : 13 - first)) / 12);
}

/** What is put into service in a month, by class. */
function costs(world: TaxWorld, kind: "chips" | "facility", index: number): number {
  if (kind === "chips")
    return sumOf(world.ledgers, ({ part, columns }) => {
      const tenure = world.input.word(`fleets.${part.fleet}.tenure`) ?? "owned";
      const energised = tenure === "owned" ? (columns.get("_energised_cost")?.[index] ?? 0) : 0;
      return energised + (columns.get("chip_buyout_usd")?.[index] ?? 0);
    });
  return sumOf([...world.facilities.values()], (columns) => columns.get("_opened")?.[index] ?? 0);
}

/** Writes tax depreciation, credits and basis, and gives depreciation by index. */
function depreciate(world: TaxWorld): void {
  const { input, window, total } = world;
  const length = window.end - window.first;
  const end = endOf(world);
  const written = column(total, "tax_depreciation_usd", length);
  const credits = column(total, "tax_credit_usd", length);
  for (const kind of ["chips", "facility"] as const) {
    const method = input.word(`tax.${kind}.depreciation`) ?? "";
    const credit = orZero(input, `tax.${kind}.credit`);
    for (let service = 0; service < end; service++) {
      const cost = costs(world, kind, service);
      if (cost === 0) continue;
      credits[service] = (credits[service] ?? 0) + credit * cost;
      for (let index = service; index < end; index++) {
        const years = fiscalYear(world, index) - fiscalYear(world, service);
        let share = 0;
        if (method === "full") share = index === service ? 1 : 0;
        else if (method === "straight_line") {
          const life = duration(input, `tax.${kind}.life`);
          share = index - service < life ? 1 / life : 0;
        } else if (index === service) share = (HALF_YEAR[method]?.[0] ?? 0) / 100;
        else if (years > 0) share = (HALF_YEAR[method]?.[years] ?? 0) / 1200;
        written[index] = (written[index] ?? 0) + share * cost;
      }
    }
  }
  const basis = column(total, "tax_basis_usd", length);
  let left = 0;
  for (let index = 0; index < end; index++) {
    left += (total.get("provider_capex_usd")?.[index] ?? 0) - (written[index] ?? 0);
    basis[index] = left;
  }
}

/** A return for each fiscal year of income, with a last one that is cut by the horizon. */
function assess(world: TaxWorld, income: (index: number) => number): Return {
  const { input, total } = world;
  const rate = required(input, "tax.rate");
  const limit = input.number("tax.loss_limit", input.startMonth) ?? 1;
  const end = endOf(world);
  const [tax, losses, credits]: number[][] = [[], [], []];
  let [carried, unused, year, onResidual] = [0, 0, 0, 0];
  const due = (profit: number): { before: number; used: number } => {
    const used = Math.min(carried, limit * Math.max(0, profit));
    return { before: rate * (Math.max(0, profit) - used), used };
  };
  for (let index = 0; index < end; index++) {
    year += income(index);
    unused += total.get("tax_credit_usd")?.[index] ?? 0;
    const isLast = index === end - 1;
    tax[index] = 0;
    if (isLast) {
      const basis = total.get("tax_basis_usd")?.[index] ?? 0;
      const [with_, without] = [year + world.residual - basis, year].map((profit) =>
        Math.max(0, due(profit).before - unused),
      );
      onResidual = (with_ ?? 0) - (without ?? 0);
    }
    if (isLast || fiscalYear(world, index + 1) !== fiscalYear(world, index)) {
      const { before, used } = due(year);
      tax[index] = Math.max(0, before - unused);
      unused -= before - (tax[index] ?? 0);
      carried += Math.max(0, -year) - used;
      year = 0;
    }
    losses[index] = carried;
    credits[index] = unused;
  }
  return { tax, losses, credits, onResidual };
}

/** Adds the unlevered columns to those of the whole; gives the tax on the residual. */
export function taxColumns(world: TaxWorld): number {
  const { window, total } = world;
  depreciate(world);
  const at = (name: string, index: number): number => total.get(name)?.[index] ?? 0;
  const income = (index: number): number =>
    at("provider_revenue_usd", index) - at("provider_opex_usd", index) - at("tax_depreciation_usd", index);
  const { tax, losses, credits, onResidual } = assess(world, income);
  const length = window.end - window.first;
  for (let index = 0; index < endOf(world); index++) {
    column(total, "taxable_income_usd", length)[index] = income(index);
    column(total, "tax_usd", length)[index] = tax[index] ?? 0;
    column(total, "tax_losses_usd", length)[index] = losses[index] ?? 0;
    column(total, "tax_credits_left_usd", length)[index] = credits[index] ?? 0;
    column(total, "provider_after_tax_cash_usd", length)[index] =
      at("provider_net_cash_usd", index) - (tax[index] ?? 0);
  }
  return onResidual;
}

/** Present value of cash by index and of what is left, at a yearly rate. */
function worth(world: TaxWorld, rate: number, cash: (index: number) => number, left: number): number {
  const { input, window } = world;
  const first = input.word("provider.sunk") === "true" ? input.startMonth - window.first : 0;
  let sum = left * (1 + rate) ** (-input.monthCount / 12);
  for (let index = first; index < endOf(world); index++)
    sum += cash(index) * (1 + rate) ** (-(window.first + index - input.startMonth + 1) / 12);
  return sum;
}

export function taxScalars(world: TaxWorld, onResidual: number): Map<string, number> {
  const { input, window, total, residual } = world;
  const at = (name: string, index: number): number => total.get(name)?.[index] ?? 0;
  const rate =
    input.number("tax.discount_rate", input.startMonth) ?? required(input, "provider.discount_rate");
  const atPrice = (price: number): number => {
    const paid = (index: number) => price * at("chips_productive", index) * hoursOf(window.first + index);
    const { tax, onResidual: atEnd } = assess(
      world,
      (index) => paid(index) - at("provider_opex_usd", index) - at("tax_depreciation_usd", index),
    );
    const cash = (index: number) => paid(index) - at("provider_cash_usd", index) - (tax[index] ?? 0);
    return worth(world, rate, cash, residual - atEnd);
  };
  let [low, high] = [0, 1];
  for (let round = 0; round < 60 && atPrice(high) < 0; round++) high *= 2;
  let hours = 0;
  const counts = input.word("provider.sunk") === "true" ? input.startMonth - window.first : 0;
  for (let index = counts; index < endOf(world); index++) hours += at("chips_productive", index);
  const isNone = atPrice(0) > 0 || atPrice(high) < 0 || hours === 0;
  for (let round = 0; round < 100; round++) {
    const middle = (low + high) / 2;
    if (atPrice(middle) < 0) low = middle;
    else high = middle;
  }
  let taxed = 0;
  for (let index = input.startMonth - window.first; index < endOf(world); index++)
    taxed += at("tax_usd", index);
  return new Map([
    ["tax_total_usd", taxed],
    ["tax_on_residual_usd", onResidual],
    [
      "npv_provider_after_tax_usd",
      worth(world, rate, (index) => at("provider_after_tax_cash_usd", index), residual - onResidual),
    ],
    ["levelised_after_tax_usd_per_chip_hour", isNone ? Number.NaN : atPrice(0) === 0 ? 0 : high],
  ]);
}

/** What equity keeps after a tax that interest lowers: columns and figures. */
export function leveredTax(
  world: TaxWorld,
  loans: ReadonlyMap<string, LoanColumns>,
  owed: number,
  onResidual: number,
): Map<string, number> {
  const { input, window, total, residual } = world;
  const at = (name: string, index: number): number => total.get(name)?.[index] ?? 0;
  const interest = (index: number): number =>
    sumOf([...loans.values()], ({ columns }) => columns.get("loan_interest_usd")?.[index] ?? 0);
  const income = (index: number): number => at("taxable_income_usd", index) - interest(index);
  const levered = assess(world, income);
  const length = window.end - window.first;
  const flows: { years: number; net: number }[] = [];
  for (let index = 0; index < endOf(world); index++) {
    const net = at("equity_cash_usd", index) - (levered.tax[index] ?? 0);
    column(total, "levered_taxable_income_usd", length)[index] = income(index);
    column(total, "levered_tax_usd", length)[index] = levered.tax[index] ?? 0;
    column(total, "levered_tax_losses_usd", length)[index] = levered.losses[index] ?? 0;
    column(total, "equity_after_tax_cash_usd", length)[index] = net;
    flows.push({ years: (window.first + index - input.startMonth + 1) / 12, net });
  }
  const left = residual - levered.onResidual - owed;
  flows.push({ years: input.monthCount / 12, net: left });
  const rate = required(input, "provider.equity_rate");
  const saved = (index: number) => at("tax_usd", index) - at("levered_tax_usd", index);
  return new Map([
    ["levered_tax_on_residual_usd", levered.onResidual],
    ["equity_npv_after_tax_usd", worth(world, rate, (index) => at("equity_after_tax_cash_usd", index), left)],
    ["equity_irr_after_tax", rateOfReturn(flows)],
    ["interest_tax_shield_pv_usd", worth(world, rate, saved, onResidual - levered.onResidual)],
  ]);
}
