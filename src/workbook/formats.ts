import { NO_SHARES } from "../metrics/metric.ts";
import type { CellStyle } from "./cells.ts";

/** Number format of months. */
export const MONTH_FORMAT = "yyyy\\-mm";

/** A month, left in its column as the names right of it are. */
export const MONTH_STYLE: CellStyle = { kind: "period", format: MONTH_FORMAT };

/** Millions by number format alone: the cell keeps the dollar. */
const MONEY_FORMAT = '[>=1000000]#,##0.0,,"M";[<=-1000000]\\-#,##0.0,,"M";#,##0';

/** Work in billions by number format alone, as a power of ten where it is FLOP. */
const WORK_FORMAT = '[>=1000000000000000]0.000E+00;[>=1000000000]#,##0.0,,,"B";#,##0';

const COUNT_FORMAT = "#,##0";

/** Money along the axis of a chart, whose numbers are round and lie close together. */
const MONEY_AXIS_FORMAT = '[>=1000000000]#,##0.0,,,"B";[>=1000000]#,##0.0,,"M";#,##0';

/** How numbers of a unit stand along the axis of a chart. */
export function axisFormatOf(unit: string): string {
  return unit === "USD" ? MONEY_AXIS_FORMAT : COUNT_FORMAT;
}

/** Formats of units; other units have two decimals. */
const FORMATS: Readonly<Record<string, string>> = {
  USD: MONEY_FORMAT,
  "USD/run": MONEY_FORMAT,
  "USD/MW-year": MONEY_FORMAT,
  "1": "0.0%",
  "%": "0.0%",
  "": "General",
  MW: "#,##0.0",
  "EFLOP/s": "#,##0.0",
  GWh: "#,##0.0",
  "billion tokens": "#,##0.0",
  "tokens or FLOP": WORK_FORMAT,
  "tokens or FLOP/chip-hour": WORK_FORMAT,
  "tokens/MWh": WORK_FORMAT,
  chips: COUNT_FORMAT,
  H100e: COUNT_FORMAT,
  "chip-hours": COUNT_FORMAT,
  "EFLOP-hours": COUNT_FORMAT,
  months: COUNT_FORMAT,
  "months from start": COUNT_FORMAT,
  tokens: COUNT_FORMAT,
  sessions: COUNT_FORMAT,
};

/** How what has no unit and is no share is shown. */
const PLAIN_FORMATS = { times: '0.00"x"', number: "0.00", whole: "0" } as const;

/**
 * How numbers of a unit are shown.
 *
 * @param metric whose numbers they are, where they are of one
 *
 * Fails: never; an unknown unit has two decimals.
 */
export function formatOf(unit: string, metric = ""): string {
  const plain = NO_SHARES.get(metric);
  return (plain ? PLAIN_FORMATS[plain] : FORMATS[unit]) ?? "#,##0.00";
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
