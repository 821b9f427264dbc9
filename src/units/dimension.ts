import { InternalError } from "../diagnostics/diagnostic.ts";
import { byRate } from "./currencies.ts";
import { parseFormula, unitOne } from "./formula.ts";
import type { UnitFactor } from "./symbol.ts";
import { baseSymbols, type DimensionVector, equalVectors, isDimensionless } from "./vector.ts";

export {
  baseSymbols,
  type DimensionVector,
  dimensionless,
  divideVectors,
  equalVectors,
  isDimensionless,
  multiplyVectors,
  powerVector,
} from "./vector.ts";

/**
 * The dimension of a field or metric, with the one unit in which its numbers are held.
 *
 * The canonical number of an SI value is `si * multiply / divide`; one of the two is 1 wherever units allow, so that 12
 * months are exactly 12 and 2 GW are exactly 2e9 W. `factorFromSi` is the quotient, for uses that need no exactness.
 */
export type NamedDimension = {
  readonly name: DimensionName;
  /** The canonical unit as text, empty for plain numbers. */
  readonly canonical: string;
  readonly vector: DimensionVector;
  readonly multiply: number;
  readonly divide: number;
  readonly factorFromSi: number;
  /** Words for a message, with article: `a power`. */
  readonly label: string;
  /** A value as a user would write it. */
  readonly example: string;
  /** Other vectors accepted as this dimension: per-chip quantities may leave out `/chip`. */
  readonly accepts: readonly DimensionVector[];
};

/** A row before its unit is parsed; `accepts` names units. */
type DimensionRow = {
  readonly canonical: string;
  readonly label: string;
  readonly example: string;
  readonly accepts?: readonly string[];
};

/** Rates of currencies, each in dollars for one of it. */
const RATE_ROWS = byRate((unit) => ({
  canonical: unit,
  label: `a rate in ${unit}`,
  example: `1.08 ${unit}`,
}));

/** The table of dimensions: canonical unit, label and example of each. Messages name a vector by the first row that has it. */
const ROWS = {
  number: { canonical: "", label: "a plain number", example: "1.2" },
  fraction: { canonical: "", label: "a fraction", example: "40 %" },
  chips: { canonical: "chip", label: "a number of chips", example: "200 thousand chips" },
  chip_hours: { canonical: "chip hour", label: "a number of chip-hours", example: "2 billion chip hours" },
  power: { canonical: "W", label: "a power", example: "40 MW" },
  energy: { canonical: "Wh", label: "an energy", example: "40 MWh" },
  money: { canonical: "USD", label: "an amount of money", example: "38 billion USD" },
  price_per_chip: {
    canonical: "USD/chip",
    label: "a price per chip",
    example: "30 thousand USD/chip",
    accepts: ["USD"],
  },
  price_per_power: { canonical: "USD/W", label: "a price per power", example: "12 million USD/MW" },
  price_per_chip_hour: {
    canonical: "USD/(chip hour)",
    label: "a price per chip and hour",
    example: "3.1 USD/chip/hour",
    accepts: ["USD/hour"],
  },
  price_per_chip_month: {
    canonical: "USD/(chip month)",
    label: "a price per chip and month",
    example: "900 USD/chip/month",
    accepts: ["USD/month"],
  },
  money_per_month: {
    canonical: "USD/month",
    label: "an amount of money per month",
    example: "2 million USD/month",
  },
  price_per_energy: { canonical: "USD/Wh", label: "a price per energy", example: "58 USD/MWh" },
  price_per_power_month: {
    canonical: "USD/(W month)",
    label: "a price per power and month",
    example: "150 USD/(kW month)",
  },
  price_per_power_year: {
    canonical: "USD/(W year)",
    label: "a price per power and year",
    example: "25 USD/(kW year)",
  },
  price_per_token: { canonical: "USD/token", label: "a price per token", example: "2 USD/(million tokens)" },
  power_per_chip: { canonical: "W/chip", label: "a power per chip", example: "1.4 kW/chip", accepts: ["W"] },
  flop_rate_per_chip: {
    canonical: "FLOP/s/chip",
    label: "a compute rate per chip",
    example: "2.5 PFLOPS/chip",
    accepts: ["FLOP/s"],
  },
  flop_rate: { canonical: "FLOP/s", label: "a compute rate", example: "2.5 EFLOPS" },
  flop: { canonical: "FLOP", label: "an amount of compute", example: "4 YFLOP" },
  memory_per_chip: {
    canonical: "B/chip",
    label: "a memory per chip",
    example: "288 GB/chip",
    accepts: ["B"],
  },
  bandwidth_per_chip: {
    canonical: "B/s/chip",
    label: "a bandwidth per chip",
    example: "8 TB/s/chip",
    accepts: ["B/s"],
  },
  memory: { canonical: "B", label: "an amount of memory", example: "288 GB" },
  bandwidth: { canonical: "B/s", label: "a bandwidth", example: "8 TB/s" },
  duration: { canonical: "month", label: "a duration", example: "18 months" },
  hours: { canonical: "hour", label: "a duration", example: "6 hours" },
  rate_per_year: { canonical: "year^-1", label: "a rate per year", example: "9 %/year" },
  tokens: { canonical: "token", label: "a number of tokens", example: "15 trillion tokens" },
  token_rate: { canonical: "token/s", label: "a token rate", example: "2 million tokens/s" },
  sessions: { canonical: "session", label: "a number of sessions", example: "5 million sessions" },
  requests: { canonical: "request", label: "a number of requests", example: "2 billion requests" },
  session_rate: { canonical: "session/s", label: "a session rate", example: "2 million sessions/day" },
  seconds: { canonical: "s", label: "a duration", example: "30 s" },
  price_per_flop: { canonical: "USD/FLOP", label: "a price per FLOP", example: "2 USD/EFLOP" },
  price_per_memory_hour: {
    canonical: "USD/(B hour)",
    label: "a price per memory and hour",
    example: "0.002 USD/(GB hour)",
  },
  request_rate: { canonical: "request/s", label: "a request rate", example: "4 thousand requests/s" },
  ...RATE_ROWS,
} as const satisfies Readonly<Record<string, DimensionRow>>;

/** The name of a row of the table of dimensions. */
export type DimensionName = keyof typeof ROWS;

/** Every named dimension by name. */
export const DIMENSIONS: Readonly<Record<DimensionName, NamedDimension>> = readRows();

/** True if a word is the name of a dimension; false for `constructor` and the like. */
export function isDimensionName(word: string): word is DimensionName {
  return Object.hasOwn(ROWS, word);
}

/** True if a quantity with this vector is accepted as the dimension, such as `1.4 kW` as a power per chip. */
export function acceptsVector(name: DimensionName, vector: DimensionVector): boolean {
  const dimension = DIMENSIONS[name];
  return (
    equalVectors(dimension.vector, vector) ||
    dimension.accepts.some((accepted) => equalVectors(accepted, vector))
  );
}

/**
 * Converts an SI value to the canonical unit of a dimension.
 *
 * @param si     value in SI base units, as `parseQuantity` and `unitOfSymbol` give it
 * @param vector dimension of the value
 * @return the number in the canonical unit, or `undefined` if the vector does not fit the dimension
 *
 * Fails: never.
 */
export function toCanonical(si: number, vector: DimensionVector, name: DimensionName): number | undefined {
  if (!acceptsVector(name, vector)) return undefined;
  const { multiply, divide } = DIMENSIONS[name];
  return (si * multiply) / divide;
}

/**
 * Names the dimension of a vector for messages: `an energy`, `a price per chip`, else a unit formula such as `USD/(W·s)`.
 *
 * Fails: never.
 */
export function describeVector(vector: DimensionVector): string {
  const known = Object.values(DIMENSIONS).find((dimension) => equalVectors(dimension.vector, vector));
  return known ? known.label : formatVector(vector);
}

/**
 * Writes a vector as a unit formula, with watts and bytes in place of their base units; `1` for a plain number.
 *
 * Fails: never.
 */
export function formatVector(vector: DimensionVector): string {
  if (isDimensionless(vector)) return "1";
  const powers = new Map(
    baseSymbols.map((symbol, index) => [symbol === "bit" ? "B" : symbol, vector[index] ?? 0]),
  );
  const mass = powers.get("kg") ?? 0;
  if (mass !== 0 && powers.get("m") === 2 * mass) {
    powers
      .set("kg", 0)
      .set("m", 0)
      .set("s", (powers.get("s") ?? 0) + 3 * mass);
    powers.set("W", mass);
  }
  const entries = [...powers].sort(([a], [b]) => orderOf(a) - orderOf(b));
  const above = entries.filter(([, power]) => power > 0).map(([symbol, power]) => raise(symbol, power));
  const below = entries.filter(([, power]) => power < 0).map(([symbol, power]) => raise(symbol, -power));
  const divisor = below.length > 1 ? `(${below.join("·")})` : below.join("");
  return `${above.join("·") || "1"}${divisor ? `/${divisor}` : ""}`;
}

/** Our own units first, because they are the most informative; time last. */
function orderOf(symbol: string): number {
  const order = ["USD", "FLOP", "token", "session", "request", "B", "W", "chip"];
  const index = order.indexOf(symbol);
  return index >= 0 ? index : order.length + (symbol === "s" ? 1 : 0);
}

function raise(symbol: string, power: number): string {
  return power === 1 ? symbol : `${symbol}^${Number(power.toPrecision(4))}`;
}

function readRows(): Readonly<Record<DimensionName, NamedDimension>> {
  const entries = Object.entries(ROWS as Readonly<Record<DimensionName, DimensionRow>>).map(([name, row]) => {
    const unit = readUnit(row.canonical);
    const dimension: NamedDimension = {
      name: name as DimensionName,
      canonical: row.canonical,
      vector: unit.vector,
      multiply: unit.divide,
      divide: unit.multiply,
      factorFromSi: unit.divide / unit.multiply,
      label: row.label,
      example: row.example,
      accepts: (row.accepts ?? []).map((text) => readUnit(text).vector),
    };
    return [name, Object.freeze(dimension)] as const;
  });
  return Object.freeze(Object.fromEntries(entries)) as Readonly<Record<DimensionName, NamedDimension>>;
}

function readUnit(text: string): UnitFactor {
  if (text === "") return unitOne;
  const result = parseFormula(text);
  if ("fault" in result) throw new InternalError(`the table of dimensions has an unknown unit: ${text}`);
  return result.factor;
}
