import { columnKey, type Results } from "../../../src/analysis/results/results.ts";

/** Fifteen months from November 2026, so that the first and the last year are short: one fleet of two chips, two sites. */
export const startMonth = 2026 * 12 + 10;
export const monthCount = 15;

/** A value for each month, from its index. */
export function byMonth(valueOfMonth: (index: number) => number): Float64Array {
  return Float64Array.from({ length: monthCount }, (_, index) => valueOfMonth(index));
}

const none = 0;
const power = 1;
const chips = 3;

/** Results small enough to check by eye; `columns` adds to or replaces the hand-made ones. */
export function makeResults(columns: Readonly<Record<string, Float64Array>> = {}): Results {
  return {
    startMonth,
    monthCount,
    yearStart: 1,
    parts: [
      { key: "f/new", fleet: "f", chip: "new", site: "a", runsAs: { fp4: "fp4", fp8: "fp8", bf16: "bf16" } },
      { key: "f/old", fleet: "f", chip: "old", site: "b", runsAs: { fp4: "fp8", fp8: "fp8", bf16: "bf16" } },
    ],
    sites: ["a", "b"],
    contracts: [],
    workloads: [],
    assignments: [],
    tranches: [],
    loans: [],
    columns: new Map(
      Object.entries({
        [columnKey("part", "chips_energised", "f/new")]: byMonth((index) => index),
        [columnKey("part", "chips_energised", "f/old")]: byMonth((index) => 100 + index),
        [columnKey("part", "chip_residual_usd", "f/new")]: byMonth(() => 7),
        [columnKey("site", "chips_energised", "a")]: byMonth((index) => index),
        [columnKey("site", "chips_energised", "b")]: byMonth((index) => 100 + index),
        [columnKey("total", "chips_energised")]: byMonth((index) => 100 + 2 * index),
        [columnKey("total", "energy_gwh")]: byMonth((index) => index + 1),
        [columnKey("total", "facility_power_mw")]: byMonth((index) => (index === 4 || index === 7 ? 9 : 3)),
        [columnKey("total", "cumulative_effective_fp4_yflop")]: byMonth((index) => index / 10),
        [columnKey("total", "binding")]: byMonth((index) => (index < 2 ? chips : index < 8 ? power : none)),
        [columnKey("total", "chips_undelivered")]: byMonth((index) => 20 - index),
        [columnKey("run", "cost_provider_pv_usd")]: Float64Array.of(123.5),
        ...columns,
      }),
    ),
    notes: { referenceUse: "training", uncertainCount: 2, sizedEachTrial: ["f"], sizedOnce: [] },
  };
}
