import { findMetric } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import type { Book } from "../results/book.ts";
import type { Sense } from "./paired.ts";

/** Headline figures of either book. */
const SUPPLY = [
  "final_cumulative_effective_fp4_yflop",
  "peak_effective_fp4_eflops",
  "peak_facility_power_mw",
  "peak_chips_energised",
  "peak_chips_stranded",
] as const;

/** Headline figures of demand, for scenarios with workloads. */
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
  "npv_provider_contracted_usd",
  "npv_provider_after_tax_usd",
  "equity_npv_usd",
  "equity_npv_after_tax_usd",
  "payments_after_horizon_usd",
  "provider_capex_total_usd",
  "levelised_cost_usd_per_effective_fp4_eflop_hour",
  "levelised_cost_usd_per_chip_hour",
] as const;

/** The cost of each book, in present value, and the compute: the two axes of the Pareto set. */
export const COST_OF = {
  provider: "cost_provider_pv_usd",
  buyer: "buyer_cost_pv_usd",
} as const satisfies Record<Book, string>;
export const COMPUTE = "final_cumulative_effective_fp4_yflop";

/** Figures for which `compare` looks for the deciding input; a provider also asks what a plan earns. */
export const DECIDED = {
  provider: [COST_OF.provider, "npv_provider_usd", COMPUTE],
  buyer: [COST_OF.buyer, COMPUTE],
} as const satisfies Record<Book, readonly string[]>;

/** The metric part of a figure's name; a contract's figure has the contract's name in front. */
const ownName = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** Names of figures of the buyer's book. */
const isBuyers = (name: string): boolean =>
  /buyer|commitment|rate_card|implied|payments_after/.test(ownName(name));

/** Figures to show among those that the runs have, in order; without the buyer's if no run has a buyer's book. */
export function headlinesOf(names: readonly string[], book: Book): readonly string[] {
  const money: readonly string[] = book === "provider" ? PROVIDER : names.filter(isBuyers);
  return [...money, ...DEMAND, ...SUPPLY].filter((name) => names.includes(name));
}

/** Whether any figure belongs to the buyer's book. */
export function hasBuyersBook(names: readonly string[]): boolean {
  return names.some(isBuyers);
}

/** The metric of a figure: its own, or the one whose largest or last month it is. */
function metricOf(name: string): Metric | undefined {
  const own = ownName(name);
  return findMetric(own) ?? findMetric(own.replace(/^(peak|final)_/, ""));
}

/**
 * Whether more or less of a figure is better, from the metric table; less for months of shortage; undefined for neither,
 * such as the power a plan draws, its chips, or payments between the books.
 */
export function senseOf(name: string): Sense | undefined {
  if (ownName(name).startsWith("months_bound_by_")) return "less";
  const better = metricOf(name)?.better;
  return better === "neither" ? undefined : better;
}

/** Whether a figure may be negative, so that a percentage of it is meaningless. */
export function maybeNegative(name: string): boolean {
  return metricOf(name)?.isSigned === true;
}
