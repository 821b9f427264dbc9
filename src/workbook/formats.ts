import type { CellStyle } from "./cells.ts";

/** Number format of months. */
export const MONTH_FORMAT = "yyyy\\-mm";

/** A month, left in its column as the names right of it are. */
export const MONTH_STYLE: CellStyle = { kind: "period", format: MONTH_FORMAT };

/** Millions by number format alone: the cell keeps the dollar. */
const MONEY_FORMAT = '[>=1000000]#,##0.0,,"M";[<=-1000000]\\-#,##0.0,,"M";#,##0';

/**
 * How numbers of a unit are shown.
 *
 * Fails: never; an unknown unit has two decimals.
 */
export function formatOf(unit: string): string {
  if (unit === "USD") return MONEY_FORMAT;
  if (unit === "1" || unit === "%") return "0.0%";
  if (unit === "chips" || unit === "chip-hours" || unit === "months" || unit === "months from start")
    return "#,##0";
  if (unit === "MW" || unit === "EFLOP/s" || unit === "GWh") return "#,##0.0";
  if (unit === "") return "General";
  return "#,##0.00";
}

/** How a number without a unit is shown, such as an efficiency or a number of chips: by its size, with four digits at least. */
export function plainFormatOf(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return "#,##0";
  if (size >= 1000) return "#,##0.0";
  return size >= 0.01 ? "#,##0.0000" : "0.000E+00";
}

/** Format of rates of inputs, of which small changes matter. */
export const RATE_FORMAT = "0.00%";
