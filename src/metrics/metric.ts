import type { Formula } from "./formula.ts";

/**
 * What a metric is of: a part (one chip of one fleet), a fleet, a site, a contract, a tranche, everything together, a
 * whole run (one number a trial), a workload, or an assignment (a workload on a part).
 */
export type MetricLevel =
  | "part"
  | "fleet"
  | "site"
  | "contract"
  | "tranche"
  | "total"
  | "run"
  | "workload"
  | "assignment";

/** How months combine into a year: a flow adds, a stock is the year-end's, a ratio is recomputed, a code is text. */
export type TimeRule = "flow" | "stock" | "ratio" | "code";

/** Groups of columns, as the files are made of. */
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
  | "demand";

/**
 * Which way a figure is better for whoever pays for it: less of cost, what is short and what is late; more of value, compute and
 * work served. Neither of what is only there, such as power drawn, or what one book has from the other.
 */
export type Better = "less" | "more" | "neither";

/** One row of the metric table. */
export type Metric = {
  /** Name of the column, snake_case, ending in the unit it is shown in. */
  readonly name: string;
  /** The finest level it exists on. */
  readonly level: MetricLevel;
  /** Whether coarser levels are sums of it. */
  readonly adds: boolean;
  /** Unit it is shown in, as in datapackage.json. */
  readonly unit: string;
  /** Canonical units in one shown unit: W in a MW, FLOP/s in an EFLOP/s. */
  readonly scale: number;
  readonly time: TimeRule;
  readonly better: Better;
  /** True for what may be negative, of which a ratio or per cent says nothing. */
  readonly isSigned?: boolean;
  /** True for one number a trial, at whatever level. */
  readonly isScalar?: boolean;
  readonly group: MetricGroup;
  /** How it comes about: a formula, or a kernel of the engine with an identity that `trace` can recombine. */
  readonly formula?: Formula;
  readonly kernel?: { readonly name: string; readonly identity?: Formula };
  /** Meaning in a sentence, with what it is not. */
  readonly text: string;
  /** Words for the values of a code. */
  readonly words?: readonly string[];
  /** The chip that others are measured by; without it in the catalog the metric does not exist. */
  readonly basis?: string;
  /** Kinds of workload that it says something of; all where absent. Cells of others are empty. */
  readonly kinds?: readonly WorkloadKind[];
};

/** What a workload is: requests without memory of earlier ones, a run of training, or sessions that keep their context. */
export type WorkloadKind = "inference" | "training" | "stateful";

/** Kinds that serve tokens. */
export const SERVING_KINDS: readonly WorkloadKind[] = ["inference", "stateful"];

/** What may bind, as codes in this order: supply first (docs/model.md section 8), then demand (section 15.7). */
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

/**
 * Whether a metric is a column at a level: at its own, at coarser ones where it adds, and `binding`, which each level
 * works out from its parts, at all of parts, sites and the total.
 */
export function existsAt(metric: Metric, level: MetricLevel): boolean {
  if (metric.level === level) return true;
  if (metric.name === "binding") return level === "site" || level === "total";
  if (!metric.adds) return false;
  if (level === "site") return metric.level === "part";
  return level === "total" && metric.level !== "run" && metric.level !== "assignment";
}
