import { powerOfTen } from "../numbers/decimal.ts";
import { byRate } from "./currencies.ts";
import type { DimensionName } from "./dimension.ts";

/** A unit that a value may be shown in: its text, its size in the canonical unit, and the smallest value shown in it. */
type DisplayUnit = { readonly text: string; readonly size: number; readonly from: number };

/** Significant digits shown. */
const SHOWN_DIGITS = 4;

/** Digits beyond which two doubles cannot differ. */
const MOST_DIGITS = 17;

/**
 * Writes a canonical number as short readable text with a fitting prefix and at most four digits, such as `1.4 GW`.
 *
 * `parseQuantity` reads the text back to the same value, up to rounding.
 *
 * @param value number in the canonical unit of the dimension
 *
 * Fails: never; a number that is not finite is written as such.
 */
export function formatQuantity(value: number, name: DimensionName, digits = SHOWN_DIGITS): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = roundShown(value, digits);
  const units = DISPLAY_UNITS[name];
  const smallest = units[0];
  let chosen = smallest;
  for (const unit of units) if (Math.abs(rounded) >= unit.from) chosen = unit;
  if (!chosen) return String(rounded);
  const shown = roundShown(rounded / chosen.size, digits);
  const text =
    shown === 1 ? chosen.text.replace(/^(chip|month|hour|year|token|session|request)s\b/, "$1") : chosen.text;
  return text === "" ? String(shown) : `${shown} ${text}`;
}

/**
 * Writes two numbers that differ, with as many digits as show it: 131073 and 131072 tokens, not twice `131.1 thousand tokens`.
 *
 * Fails: never.
 */
export function formatApart(a: number, b: number, name: DimensionName): readonly [string, string] {
  for (let digits = SHOWN_DIGITS; digits < MOST_DIGITS; digits++) {
    const texts = [formatQuantity(a, name, digits), formatQuantity(b, name, digits)] as const;
    if (texts[0] !== texts[1]) return texts;
  }
  return [formatQuantity(a, name, MOST_DIGITS), formatQuantity(b, name, MOST_DIGITS)];
}

function roundShown(value: number, digits = SHOWN_DIGITS): number {
  // Adding 0 turns -0 into 0.
  return Number(value.toPrecision(digits)) + 0;
}

/** Counts below this are written out, without a magnitude word. */
const PLAIN_BELOW = 10_000;

const perMillion = 1e-6;
const perThousand = 1e-3;
const PERCENT = 0.01;

/** Display units of each dimension, smallest first. */
const DISPLAY_UNITS: Readonly<Record<DimensionName, readonly DisplayUnit[]>> = {
  ...byRate((text) => [unit(text, 1)]),
  number: [unit("", 1)],
  fraction: [unit("%", PERCENT)],
  chips: magnitudes("chips"),
  chip_hours: magnitudes("chip hours"),
  power: prefixes("W", ["", "k", "M", "G", "T"]),
  energy: prefixes("Wh", ["", "k", "M", "G", "T"]),
  money: magnitudes("USD"),
  price_per_chip: magnitudes("USD/chip"),
  price_per_power: [unit("USD/kW", perThousand), unit("million USD/MW", 1)],
  price_per_chip_hour: magnitudes("USD/chip/hour"),
  price_per_chip_month: magnitudes("USD/chip/month"),
  money_per_month: magnitudes("USD/month"),
  price_per_energy: [unit("USD/MWh", perMillion)],
  price_per_power_month: [unit("USD/(kW month)", perThousand)],
  price_per_power_year: [unit("USD/(kW year)", perThousand)],
  price_per_token: [unit("USD/(million tokens)", perMillion)],
  power_per_chip: prefixes("W/chip", ["", "k"]),
  flop_rate_per_chip: prefixes("FLOP/s/chip", ["", "k", "M", "G", "T", "P", "E"]),
  flop_rate: prefixes("FLOP/s", ["", "k", "M", "G", "T", "P", "E", "Z", "Y"]),
  flop: prefixes("FLOP", ["", "k", "M", "G", "T", "P", "E", "Z", "Y"]),
  memory_per_chip: prefixes("B/chip", ["", "k", "M", "G", "T"]),
  bandwidth_per_chip: prefixes("B/s/chip", ["", "k", "M", "G", "T"]),
  memory: prefixes("B", ["", "k", "M", "G", "T", "P", "E"]),
  bandwidth: prefixes("B/s", ["", "k", "M", "G", "T", "P", "E"]),
  duration: [unit("months", 1)],
  hours: [unit("hours", 1)],
  rate_per_year: [unit("%/year", PERCENT), unit("/year", 1)],
  tokens: magnitudes("tokens"),
  token_rate: magnitudes("tokens/s"),
  sessions: magnitudes("sessions"),
  requests: magnitudes("requests"),
  request_rate: magnitudes("requests/s"),
  session_rate: magnitudes("sessions/s"),
  seconds: [unit("ms", perThousand), unit("s", 1)],
  price_per_flop: [unit("USD/EFLOP", 1e-18)],
  price_per_memory_hour: [unit("USD/(GB hour)", 1e-9)],
};

function unit(text: string, size: number, from = size): DisplayUnit {
  return { text, size, from };
}

function magnitudes(text: string): readonly DisplayUnit[] {
  return [
    unit(text, 1),
    unit(`thousand ${text}`, 1e3, PLAIN_BELOW),
    unit(`million ${text}`, 1e6),
    unit(`billion ${text}`, 1e9),
    unit(`trillion ${text}`, 1e12),
  ];
}

/** A unit with each prefix, in steps of a thousand. */
function prefixes(text: string, letters: readonly string[]): readonly DisplayUnit[] {
  return letters.map((letter, step) => unit(letter + text, powerOfTen(3 * step)));
}
