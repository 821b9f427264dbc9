import type { Book } from "../../analysis/results/book.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { decimalsFor, screenNumber } from "../../export/number-text.ts";

/** A figure as a column of a table with one scenario per row. */
export type ShortColumn = {
  readonly metric: string;
  /** Heading over two lines; the unit is the third. */
  readonly heading: readonly [string, string];
  readonly unit: string;
  /** Units of the figure per shown unit. */
  readonly size: number;
  /** Whether it may be shown in thousands, millions or billions. */
  readonly isAmount: boolean;
  /** Whether its ratio to the first is shown beside it, as for cost and compute. */
  readonly hasRatio: boolean;
  /** Omitted if it is 0 for all scenarios. */
  readonly isOptional?: boolean;
};

function column(
  metric: string,
  heading: readonly [string, string],
  unit: string,
  more: Partial<ShortColumn> = {},
): ShortColumn {
  return { metric, heading, unit, size: 1, isAmount: false, hasRatio: false, ...more };
}

const compute = column("final_cumulative_effective_fp4_yflop", ["effective", "FP4"], "YFLOP", {
  isAmount: true,
  hasRatio: true,
});
const SUPPLY = [
  column("horizon_demand_unserved_share", ["unserved", "value"], "%", { size: 0.01 }),
  column("horizon_inference_usd_per_million_output_tokens", ["USD per M", "tokens"], "out"),
  column("peak_facility_power_mw", ["peak", "power"], "MW"),
  column("peak_chips_stranded", ["stranded", "chips"], "", { isAmount: true, isOptional: true }),
];
const LATER = column("payments_after_horizon_usd", ["due", "later"], "USD", {
  isAmount: true,
  isOptional: true,
});
const COLUMNS: Readonly<Record<Book, readonly ShortColumn[]>> = {
  provider: [
    column("cost_provider_pv_usd", ["cost", "PV"], "USD", { isAmount: true, hasRatio: true }),
    column("npv_provider_usd", ["provider's", "NPV"], "USD", { isAmount: true }),
    LATER,
    column("levelised_cost_usd_per_effective_fp4_eflop_hour", ["USD per", "EFLOP-h"], ""),
    compute,
    ...SUPPLY,
  ],
  buyer: [
    column("buyer_cost_pv_usd", ["buyer's", "cost PV"], "USD", { isAmount: true, hasRatio: true }),
    LATER,
    column("buyer_cost_usd_per_chip_hour", ["USD per", "chip-h"], ""),
    column("buyer_cost_usd_per_effective_fp4_eflop_hour", ["USD per", "EFLOP-h"], ""),
    compute,
    ...SUPPLY,
  ],
};

/** Figures shown for a book, in order. */
export function columnsOf(book: Book): readonly ShortColumn[] {
  return COLUMNS[book];
}

const MAGNITUDES = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** The scale of a column that gives its largest value few digits, and the name of the scaled unit. */
export function magnitudeOf(
  values: readonly number[],
  { unit, size: given, isAmount }: ShortColumn,
): { readonly size: number; readonly unit: string } {
  const largest = Math.max(...values.filter(Number.isFinite).map(Math.abs), 0);
  const [size, letter] = (isAmount && MAGNITUDES.find(([each]) => largest >= each)) || [given, ""];
  return { size, unit: [letter, unit].filter((word) => word !== "").join(" ") };
}

/** A number of any size with four digits and a magnitude. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const [size, letter] = MAGNITUDES.find(([each]) => each > 1e3 && Math.abs(value) >= each) ?? [1, ""];
  const shown = value / size;
  return `${screenNumber(shown, decimalsFor([shown]))}${letter && ` ${letter}`}`;
}

/** A scenario's name beside many columns. */
export function shortName(name: string): string {
  return cutName(name, 21);
}

/** A scenario's name above a column of figures. */
export function columnName(name: string): string {
  return cutName(name, 10);
}

function cutName(name: string, longest: number): string {
  const shown = visibleText(name);
  return shown.length <= longest ? shown : `${shown.slice(0, longest - 1)}…`;
}
