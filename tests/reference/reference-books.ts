/** The buyer's book and the provider's returns: section 10.4 of docs/model.md. */

import type { ContractLedger } from "./reference-contracts.ts";
import type { Financing } from "./reference-financing.ts";
import {
  type Columns,
  column,
  hoursOf,
  perUnit,
  type ReferenceInput,
  required,
  type Window,
} from "./reference-input.ts";

/** Adds the columns of both books to those of the whole. */
export function bookColumns(
  input: ReferenceInput,
  window: Window,
  total: Columns,
  contracts: readonly ContractLedger[],
  financing: Financing,
): void {
  const length = window.end - window.first;
  let buyerCash = input.number("buyer.cash.opening", input.startMonth) ?? 0;
  let providerCash = 0;
  for (let index = 0; index < length; index++) {
    const at = (name: string): number => total.get(name)?.[index] ?? 0;
    const put = (name: string, value: number): void => {
      column(total, name, length)[index] = value;
    };
    let cost = 0;
    let revenue = 0;
    let receipts = 0;
    for (const { columns } of contracts) {
      cost += columns.get("contract_payment_usd")?.[index] ?? 0;
      revenue += columns.get("contract_revenue_usd")?.[index] ?? 0;
    }
    const merchant = at("merchant_revenue_usd");
    revenue += merchant;
    for (const { columns } of financing.tranches)
      receipts += columns.get("tranche_receipt_usd")?.[index] ?? 0;
    const buyersCost = cost + at("buyer_chip_cash_usd") + at("buyer_chip_upkeep_usd");
    if (window.first + index >= input.startMonth) buyerCash += receipts - buyersCost;
    const net = cost + merchant - at("provider_cash_usd");
    providerCash += net;
    put("_payments", cost);
    put("_own_chips", buyersCost - cost);
    put("buyer_cost_usd", buyersCost);
    put("buyer_receipts_usd", receipts);
    put("buyer_net_cash_usd", receipts - buyersCost);
    put("buyer_cash_usd", buyerCash);
    put("provider_revenue_usd", revenue);
    put("provider_margin_usd", revenue - at("provider_cost_usd"));
    put("provider_net_cash_usd", net);
    put("provider_cumulative_cash_usd", providerCash);
  }
}

/** The figures of the whole run. `residuals` are those at the end of the horizon, `costPv` the provider's. */
export function bookScalars(
  input: ReferenceInput,
  window: Window,
  total: Columns,
  residuals: { readonly provider: number; readonly buyer: number },
  costPv: number,
): Map<string, number> {
  const residual = residuals.provider;
  const end = input.startMonth + input.monthCount;
  const isSunk = input.word("provider.sunk") === "true";
  const first = isSunk ? input.startMonth : window.first;
  const rate = required(input, "provider.discount_rate");
  const buyerRate = required(input, "buyer.discount_rate");
  const at = (name: string, month: number): number => total.get(name)?.[month - window.first] ?? 0;
  const years = (month: number): number => (month - input.startMonth + 1) / 12;
  const present = (name: string, yearly: number): number => {
    let sum = 0;
    for (let month = first; month < end; month++) sum += at(name, month) * (1 + yearly) ** -years(month);
    return sum;
  };
  const horizon = (value: (month: number) => number): number => {
    let sum = 0;
    for (let month = input.startMonth; month < end; month++) sum += value(month);
    return sum;
  };
  const paymentsPv = present("_payments", rate);
  const merchantPv = present("merchant_revenue_usd", rate);
  const buyersResidualPv = residuals.buyer * (1 + buyerRate) ** (-input.monthCount / 12);
  const paid = horizon((month) => at("buyer_cost_usd", month));
  const chipHours = horizon((month) => at("chips_productive", month) * hoursOf(month));
  const megawattYears = horizon((month) => at("facility_power_mw", month) / 1e6 / 12);
  const exaflopHours = horizon((month) => (at("effective_fp4_eflops", month) / 1e18) * hoursOf(month));

  const flows: { years: number; net: number }[] = [];
  // All that was paid, sunk or not.
  for (let month = window.first; month < end; month++) {
    flows.push({ years: years(month), net: at("provider_net_cash_usd", month) });
  }
  flows.push({ years: input.monthCount / 12, net: residual });
  const sums = Array.from({ length: input.monthCount }, (_, t) =>
    at("provider_cumulative_cash_usd", input.startMonth + t),
  );
  const largestSoFar = (last: number): number => {
    let largest = 0;
    for (let month = window.first; month <= input.startMonth + last; month++)
      largest = Math.max(largest, Math.abs(at("provider_cumulative_cash_usd", month)));
    return largest;
  };
  let lastBelow = sums.length - 1;
  while (lastBelow >= 0 && (sums[lastBelow] ?? 0) >= -1e-9 * largestSoFar(lastBelow)) lastBelow--;
  let lowest = 0;
  for (let month = window.first; month < end; month++) {
    lowest = Math.min(lowest, at("provider_cumulative_cash_usd", month));
  }
  return new Map([
    ["payments_pv_usd", paymentsPv],
    ["merchant_revenue_pv_usd", merchantPv],
    [
      "npv_provider_usd",
      paymentsPv + merchantPv - costPv + residual * (1 + rate) ** (-input.monthCount / 12),
    ],
    ["npv_buyer_usd", present("buyer_net_cash_usd", buyerRate) + buyersResidualPv],
    ["buyer_chip_pv_usd", present("_own_chips", buyerRate)],
    ["buyer_residual_usd", residuals.buyer],
    ["buyer_residual_pv_usd", buyersResidualPv],
    ["buyer_cost_pv_usd", present("buyer_cost_usd", buyerRate)],
    ["buyer_cost_total_usd", paid],
    ["provider_revenue_total_usd", horizon((month) => at("provider_revenue_usd", month))],
    ["provider_margin_total_usd", horizon((month) => at("provider_margin_usd", month))],
    ["buyer_cost_usd_per_chip_hour", perUnit(paid, chipHours)],
    ["buyer_cost_usd_per_mw_year", perUnit(paid, megawattYears)],
    ["buyer_cost_usd_per_effective_fp4_eflop_hour", perUnit(paid, exaflopHours)],
    ["provider_lowest_cumulative_cash_usd", lowest],
    ["provider_payback_month", lastBelow === sums.length - 1 ? Number.NaN : lastBelow + 1],
    ["provider_irr", rateOfReturn(flows)],
  ]);
}

type Flow = { readonly years: number; readonly net: number };

function valueAt(flows: readonly Flow[], rate: number): number {
  return flows.reduce((sum, { years, net }) => sum + net * (1 + rate) ** -years, 0);
}

/** The rate nearest to 10 % among those that a change of sign shows, step by step outward; NaN where there is none. */
export function rateOfReturn(flows: readonly Flow[]): number {
  const rate = (step: number, side: 1 | -1): number => 1.1 ** (1 + (side * step * (step + 1)) / 2) - 1;
  const isBelow = (at: number): boolean => valueAt(flows, at) < 0;
  const distance = (at: number): number => Math.abs(Math.log((1 + at) / 1.1));
  for (let step = 1; step <= 10; step++) {
    const found = ([1, -1] as const)
      .map((side) => [rate(step - 1, side), rate(step, side)] as const)
      .filter(([near, far]) => isBelow(near) !== isBelow(far))
      .map(([near, far]) => bisect(flows, Math.min(near, far), Math.max(near, far)));
    if (found.length > 0) return found.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  }
  return Number.NaN;
}

function bisect(flows: readonly Flow[], from: number, to: number): number {
  let [low, high] = [from, to];
  const isBelow = valueAt(flows, low) < 0;
  for (let round = 0; round < 200; round++) {
    const middle = (low + high) / 2;
    // No number lies between them.
    if (middle === low || middle === high) break;
    if (valueAt(flows, middle) < 0 === isBelow) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
