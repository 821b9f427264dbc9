import type { Book } from "../book.ts";
import type { Sense } from "./paired.ts";

/** Figures that a reader compares first, whosever book it is. */
const SUPPLY = [
  "final_cumulative_effective_fp4_yflop",
  "peak_effective_fp4_eflops",
  "peak_facility_power_mw",
  "peak_chips_energised",
  "peak_chips_stranded",
] as const;

/** What the work asked for comes to, where a scenario has workloads. */
const DEMAND = [
  "horizon_demand_unserved_share",
  "horizon_inference_usd_per_million_input_tokens",
  "horizon_inference_usd_per_million_output_tokens",
  "horizon_inference_tokens_per_mwh",
] as const;

const PROVIDER = [
  "cost_provider_pv_usd",
  "provider_residual_pv_usd",
  "npv_provider_usd",
  "provider_capex_total_usd",
  "levelised_cost_usd_per_effective_fp4_eflop_hour",
  "levelised_cost_usd_per_chip_hour",
] as const;

/** What a book pays, present value, and what all is done for: between these a choice is in the Pareto set or not. */
export const COST_OF = {
  provider: "cost_provider_pv_usd",
  buyer: "buyer_cost_pv_usd",
} as const satisfies Record<Book, string>;
export const COMPUTE = "final_cumulative_effective_fp4_yflop";

/** A figure's own name: a contract's stands behind that of the contract, which says nothing of the figure. */
const ownName = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** Names of figures of the buyer's book. */
const isBuyers = (name: string): boolean => /buyer|commitment|rate_card|implied/.test(ownName(name));

/** Figures to show of those that the runs have, in order; none of the buyer's where no run has a buyer's book. */
export function headlinesOf(names: readonly string[], book: Book): readonly string[] {
  const money: readonly string[] = book === "provider" ? PROVIDER : names.filter(isBuyers);
  return [...money, ...DEMAND, ...SUPPLY].filter((name) => names.includes(name));
}

/** Whether any figure is of the buyer's book. */
export function hasBuyersBook(names: readonly string[]): boolean {
  return names.some(isBuyers);
}

/** What is earned, left over, computed or served. */
const more = /(^|_)(npv|irr|margin|residual|served)_|irr$|effective_fp4_(yflop|eflops)$|hbm|tokens_per/;

/** What is paid, stranded, undelivered or unserved, and months that something is short or not yet paid back. */
const less =
  /cost|usd_per_|capex|cash_total|implied|stranded|undelivered|unserved|unsettled|bound_by|payback/;

/**
 * Which way a figure is better, or undefined for one that is neither, such as the power a plan draws, its chips, or what
 * one book has from the other.
 */
export function senseOf(name: string): Sense | undefined {
  const own = ownName(name);
  if (less.test(own)) return "less";
  return more.test(own) ? "more" : undefined;
}

/** Figures that may be negative, of which a per cent says nothing. */
export function maybeNegative(name: string): boolean {
  return /npv|margin|difference|net_|irr|lowest_cumulative/.test(ownName(name));
}
