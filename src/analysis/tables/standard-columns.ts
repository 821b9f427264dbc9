import { nearest } from "../../diagnostics/nearest.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Table } from "../../metrics/table.ts";

/** Metrics that annual.csv, quarterly.csv and monthly.csv show after the period and its months, in this order. */
export const STANDARD_METRICS: readonly string[] = [
  "chips_planned",
  "chips_landed",
  "chips_installed",
  "chips_energised",
  "chips_productive",
  "chips_stranded",
  "chips_retired",
  "chips_idle",
  "power_limit_mw",
  "facility_power_mw",
  "it_power_mw",
  "power_unused_mw",
  "energy_gwh",
  "peak_fp4_eflops",
  "effective_fp4_eflops",
  "effective_fp8_eflops",
  "productive_chip_hours",
  "hbm_pb",
  "hbm_bandwidth_pb_per_s",
  "output_tokens_required_billion",
  "output_tokens_served_billion",
  "training_served_yflop",
  "demand_unserved_share",
  "inference_usd_per_million_output_tokens",
  "chip_cash_usd",
  "network_cash_usd",
  "facility_cash_usd",
  "energy_cost_usd",
  "provider_capex_usd",
  "provider_opex_usd",
  "provider_cash_usd",
  "provider_revenue_usd",
  "provider_margin_usd",
  "buyer_cost_usd",
  "provider_net_cash_usd",
  "provider_cumulative_cash_usd",
  "contract_remaining_usd",
  "binding",
];

/** Tables of the whole plan, of which columns are chosen. */
const CHOOSABLE: ReadonlySet<string> = new Set(["annual", "quarterly", "monthly"]);

/** Which columns a table of the whole plan shows: the standard ones, all, or some by name in the order given. */
export type ColumnChoice = "standard" | "all" | readonly string[];

/**
 * A table with the chosen columns after its period and months. Tables by fleet, site and so on come back as they are. A name
 * that one of the tables lacks, such as a mean of the months in monthly.csv, is left out there.
 *
 * Fails: never; `findUnknownColumn` checks the names first.
 */
export function chooseColumns(table: Table, choice: ColumnChoice): Table {
  if (!CHOOSABLE.has(table.name) || choice === "all") return table;
  const names = choice === "standard" ? STANDARD_METRICS : choice;
  const [period, months, ...others] = table.columns;
  const chosen = names.flatMap((name) => others.find((column) => column.name === name) ?? []);
  return { ...table, columns: [period, months, ...chosen] };
}

/** Names that no table of this plan has, such as those of loans where it has none. */
export function findMissingColumns(tables: readonly Table[], names: readonly string[]): readonly string[] {
  const known = choosableNames(tables);
  return names.filter((name) => !known.has(name));
}

function choosableNames(tables: readonly Table[]): ReadonlySet<string> {
  const choosable = tables.filter(({ name }) => CHOOSABLE.has(name));
  return new Set(choosable.flatMap(({ columns }) => columns.map(({ name }) => name)));
}

/** A name that is no column of the whole plan, and why. */
export type UnknownColumn = { readonly name: string; readonly reason: string };

/**
 * Finds the first name that no table of the whole plan has as a column.
 *
 * @return undefined if every name is a column
 */
export function findUnknownColumn(
  tables: readonly Table[],
  names: readonly string[],
): UnknownColumn | undefined {
  const known = choosableNames(tables);
  const name = names.find((each) => !known.has(each));
  if (name === undefined) return undefined;
  const metric = findMetric(name);
  if (metric) {
    const homes = tables.filter(({ columns }) => columns.some((column) => column.name === name));
    const files = homes.length > 0 ? homes.map((table) => `${table.name}.csv`).join(", ") : "summary.csv";
    const owner = metric.level === "run" ? "the whole run" : `a ${metric.level}`;
    return { name, reason: `is a figure of ${owner}, not of the whole plan by month; it is in ${files}` };
  }
  const near = nearest(name, known, 3).map((each) => `\`${each}\``);
  const offer = near.length > 0 ? `did you mean ${near.join(", ")}?` : "docs/reference/metrics.md lists them";
  return { name, reason: `is not a column; ${offer}` };
}
