import { findMetric } from "../../metrics/index.ts";
import type { Column, Table } from "../../metrics/table.ts";
import { findColumn, type Results } from "../results/results.ts";
import { textColumn, yearsColumn } from "./columns.ts";
import { countColumn, periodColumns, yearsOf } from "./periods.ts";

/** What the mix of chips is judged by: number, power, compute, memory, spending. */
const MIX_METRICS = [
  "chips_energised",
  "facility_power_mw",
  "peak_fp4_eflops",
  "effective_fp4_eflops",
  "hbm_pb",
  "hbm_bandwidth_pb_per_s",
  "productive_chip_hours",
  "chip_cash_usd",
  "network_cash_usd",
  "energy_cost_usd",
] as const;

/** Every chip, over all fleets that have it, by year: the mix at a glance. */
export function makeByChipAnnual(results: Results): Table {
  const { parts, monthCount } = results;
  const periods = yearsOf(results);
  const chips = [...new Set(parts.map(({ chip }) => chip))].sort();
  const columns = MIX_METRICS.flatMap((name): readonly Column[] => {
    const metric = findMetric(name);
    if (!metric) return [];
    const byChip = chips.map((chip) => {
      const months = new Float64Array(monthCount);
      for (const { key } of parts.filter((part) => part.chip === chip)) {
        const values = findColumn(results, "part", name, key);
        for (let month = 0; values && month < monthCount; month++) months[month] += values[month];
      }
      return periodColumns(metric, months, periods)[0];
    });
    const [first] = byChip;
    if (!first) return [];
    return [{ ...first, values: periods.flatMap((_, year) => byChip.map(({ values }) => values[year])) }];
  });
  const each = (column: Column): Column => ({
    ...column,
    values: Array.from(column.values).flatMap((value) => chips.map(() => value)),
  });
  const years = periods.map(({ label }) => Number(label));
  return {
    name: "by_chip_annual",
    text: "Every chip by year, over all fleets that have it: flows are sums, stocks those of the last month.",
    columns: [
      each(yearsColumn(years, results)),
      textColumn(
        "chip",
        "Name of the chip.",
        periods.flatMap(() => chips),
      ),
      each(countColumn(periods)),
      ...columns,
    ],
    rowCount: periods.length * chips.length,
    primaryKey: ["year", "chip"],
  };
}
