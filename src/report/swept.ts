import { findColumn, type Results } from "../analysis/results/results.ts";
import { type Measure, measureOf } from "../charts/kit/measure.ts";
import type { Column, Table } from "../metrics/table.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { FIGURE_WORDS } from "./names.ts";

/** Figures of a sweep that are drawn, of those that the table has. */
const FIGURES = [
  "cost_provider_pv_usd",
  "final_cumulative_effective_fp4_yflop",
  "npv_provider_usd",
  "horizon_demand_unserved_share",
] as const;

/** What a sweep wrote: its table, and the paths that were varied, the last fastest. */
export type SweepContent = {
  readonly scenario: Scenario;
  readonly table: Table;
  readonly kind: "grid" | "zip" | "list";
  readonly paths: readonly string[];
  readonly trials: number;
  /** Month from which first months of events count. */
  readonly startMonth: number;
  /** Whether anybody pays the provider, so that its NPV is more than what is left less the cost. */
  readonly isPaid: boolean;
};

/** Says why NPVs of a sweep are negative where nobody pays the provider; undefined elsewhere. */
export function unpaidNote(
  { isPaid }: Pick<SweepContent, "isPaid">,
  figures: readonly SweptFigure[],
): string | undefined {
  if (isPaid || !figures.some(({ metric }) => metric === "npv_provider_usd")) return undefined;
  return "No contract or merchant revenue pays the provider: its NPV is what is left at the end less the cost.";
}

/** Whether the provider earns anything, from contracts or as merchant revenue. */
export function isPaid(results: Results): boolean {
  const merchant = findColumn(results, "run", "merchant_revenue_pv_usd")?.[0] ?? 0;
  return results.contracts.length > 0 || merchant !== 0;
}

/** One figure over the points of a sweep, in table units. */
export type SweptFigure = {
  readonly metric: string;
  readonly title: string;
  readonly measure: Measure;
  readonly values: readonly number[];
  readonly low: readonly number[] | undefined;
  readonly high: readonly number[] | undefined;
};

/** The headline figures of a sweep: medians of the trials where points were sampled. */
export function sweptFigures(table: Table): readonly SweptFigure[] {
  const column = (name: string) => table.columns.find((one) => one.name === name);
  return FIGURES.flatMap((metric) => {
    const plain = column(metric);
    if (plain?.type !== "number") return [];
    const [low, middle, high] = ["p5", "p50", "p95"].map((end) => column(`${metric}_${end}`));
    const values = numbersOf(middle ?? plain);
    const ends = low && high ? [numbersOf(low), numbersOf(high)] : [undefined, undefined];
    const measure = measureOf(plain.unit ?? "1", [...values, ...(ends[1] ?? [])]);
    return [{ metric, title: FIGURE_WORDS[metric].title, measure, values, low: ends[0], high: ends[1] }];
  });
}

function numbersOf({ values }: Column): readonly number[] {
  return Array.from(values, (value) => (typeof value === "number" ? value : Number.NaN));
}

/** Names of the points: what was set, or the point's own name. */
export function pointNames({
  table,
  kind,
  paths,
}: Pick<SweepContent, "table" | "kind" | "paths">): readonly string[] {
  const column = (name: string) => table.columns.find((one) => one.name === name)?.values ?? [];
  if (kind === "list") return Array.from(column("point"), String);
  const parts = paths.map((path) => Array.from(column(path), String));
  return Array.from({ length: table.rowCount }, (_, row) => parts.map((part) => part[row]).join(", "));
}
