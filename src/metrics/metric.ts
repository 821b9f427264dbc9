import type { Formula } from "./formula.ts";

/**
 * The level of a metric: a part (one chip of one fleet), a fleet, a site, a contract, a tranche, a loan, the whole, the whole run
 * (one number per trial), a workload, or an assignment (a workload on a part).
 */
export type MetricLevel =
  | "part"
  | "fleet"
  | "site"
  | "contract"
  | "tranche"
  | "loan"
  | "total"
  | "run"
  | "workload"
  | "assignment";

/** How months combine into a year: a flow is added, a stock is the year-end's, a ratio is recomputed, a code is a word. */
export type TimeRule = "flow" | "stock" | "ratio" | "code";

/** Groups of columns, of which the files consist. */
export type MetricGroup =
  | "contract"
  | "chips"
  | "power"
  | "compute"
  | "funnel"
  | "cost"
  | "book"
  | "result"
  | "binding"
  | "serving"
  | "debt"
  | "tax"
  | "demand";

/**
 * The direction in which a figure is better for the payer: less for cost, shortage and delay; more for value, compute and
 * served work; neither for amounts such as power drawn, or payments between the books.
 */
export type Better = "less" | "more" | "neither";

/** One row of the metric table. */
export type Metric = {
  /** Name of the column, in snake_case, ending in its display unit. */
  readonly name: string;
  /** The finest level at which it exists. */
  readonly level: MetricLevel;
  /** Whether coarser levels are sums of it. */
  readonly adds: boolean;
  /** Display unit, as in datapackage.json. */
  readonly unit: string;
  /** Canonical units per display unit: W per MW, FLOP/s per EFLOP/s. */
  readonly scale: number;
  readonly time: TimeRule;
  readonly better: Better;
  /** True if it may be negative, so ratios are meaningless. */
  readonly isSigned?: boolean;
  /** True for one number per trial, at any level. */
  readonly isScalar?: boolean;
  readonly group: MetricGroup;
  /** Its origin: a formula, or a kernel of the engine with an identity that `trace` can recompute. */
  readonly formula?: Formula;
  readonly kernel?: { readonly name: string; readonly identity?: Formula };
  /** Meaning in a sentence, with its limits. */
  readonly text: string;
  /** Words for the values of a code. */
  readonly words?: readonly string[];
  /** The chip that others are measured by; without it in the catalog the metric does not exist. */
  readonly basis?: string;
  /** Kinds of workload that it applies to; all if absent. Cells of others are empty. */
  readonly kinds?: readonly WorkloadKind[];
  /** What a scenario must use for the metric to exist; sums leave it out where it does not. */
  readonly only?: MetricUse;
};

/**
 * What only some scenarios use: leased chips, chips bought at the end of a lease, rented chips, either of the hired, chips that
 * the buyer owns; fleets that
 * list contracts, and fleets that earn something after them; contracts with a price by the month, with an option to extend or
 * terminate them, or with one to terminate them; loans; tax, and tax beside loans.
 */
export type MetricUse =
  | "leased"
  | "bought_out"
  | "rented"
  | "hired"
  | "buyers_chips"
  | "contracted"
  | "merchant"
  | "standing"
  | "optional"
  | "terminable"
  | "debt"
  | "tax"
  | "taxed_debt";

/** What a scenario must have for such a metric to exist, in words. */
export const USE_IN_WORDS: Readonly<Record<MetricUse, string>> = {
  leased: "a fleet is leased",
  bought_out: "a leased fleet is bought at the end of its lease",
  rented: "a fleet is rented",
  hired: "a fleet is leased or rented",
  buyers_chips: "a fleet states `owner: buyer`",
  contracted: "a fleet lists a contract",
  merchant: "a fleet states `after_term`",
  optional: "a contract has an `extension` or a `termination`",
  terminable: "a contract has a `termination`",
  standing: "a contract has a `capacity_price` or a `fee`",
  debt: "`debt` states a loan",
  tax: "`tax` states a rate",
  taxed_debt: "`tax` states a rate and `debt` a loan",
};

/** The kinds of workload: requests without memory of earlier ones, a training run, or sessions that keep their context. */
export type WorkloadKind = "inference" | "training" | "stateful";

/** Kinds that serve tokens. */
export const SERVING_KINDS: readonly WorkloadKind[] = ["inference", "stateful"];

/** The causes that may bind, as codes in this order: supply first (docs/model.md section 8), then demand (section 15.7). */
export const BINDING_WORDS = [
  "none",
  "power",
  "money",
  "chips",
  "fit",
  "latency",
  "contiguous",
  "compute",
  "bandwidth",
  "memory",
] as const;

/** Metrics of unit 1 that are no share: covers of debt service and multiples, in times, plain numbers, and whole ones. */
export const NO_SHARES: ReadonlyMap<string, "times" | "number" | "whole"> = new Map([
  ["loan_dscr", "times"],
  ["loan_trailing_dscr", "times"],
  ["loan_least_dscr", "times"],
  ["implied_rate_card_multiple", "times"],
  ["replica_doublings", "number"],
  ["cache_copies", "number"],
  ["replica_works", "whole"],
]);

/** Whether a metric is a share, which people read in per cent. */
export function isShare({ name, unit, time }: Pick<Metric, "name" | "unit" | "time">): boolean {
  return unit === "1" && time !== "code" && !NO_SHARES.has(name);
}

/**
 * Whether a metric is a column at a level: its own, coarser ones if it adds up, and for `binding` the parts, sites and the
 * total, since each level derives it from its parts.
 */
export function existsAt(metric: Metric, level: MetricLevel): boolean {
  if (metric.level === level) return true;
  if (metric.name === "binding") return level === "site" || level === "total";
  if (!metric.adds) return false;
  if (level === "site") return metric.level === "part";
  return level === "total" && metric.level !== "run" && metric.level !== "assignment";
}
