import { findMetric } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Book } from "../results/book.ts";
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

/** The metric that a figure is of: its own, or the one of which it is the largest month or the last. */
function metricOf(name: string): Metric | undefined {
  const own = ownName(name);
  return findMetric(own) ?? findMetric(own.replace(/^(peak|final)_/, ""));
}

/**
 * Which way a figure is better, or undefined for one that is neither, such as the power a plan draws, its chips, or what
 * one book has from the other: as the metric table has it, and less of months that something is short.
 */
export function senseOf(name: string): Sense | undefined {
  if (ownName(name).startsWith("months_bound_by_")) return "less";
  const better = metricOf(name)?.better;
  return better === "neither" ? undefined : better;
}

/** Whether a figure may be negative, so that a per cent of it says nothing. */
export function maybeNegative(name: string): boolean {
  return metricOf(name)?.isSigned === true;
}
