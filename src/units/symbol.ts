import { nearest } from "../diagnostics/nearest.ts";
import { UNIT_TABLE, type UnitRow } from "./unit-table.ts";
import { type DimensionVector, toVector } from "./vector.ts";

/**
 * A unit as numbers: 1 of it is `multiply / divide` in SI base units.
 *
 * The two are separate so that conversion is one product and one quotient of integers, and exact where doubles allow it.
 * `si` is their quotient.
 */
export type UnitFactor = {
  readonly si: number;
  readonly multiply: number;
  readonly divide: number;
  readonly vector: DimensionVector;
};

/** The names of mathjs units are letters and digits. */
const UNIT_NAME = /^[A-Za-z][A-Za-z0-9]*$/;

/** Longer than any unit with its prefix [characters]. */
const LONGEST_UNIT = 40;

const FACTORS = new Map<string, UnitFactor | undefined>();

/**
 * Finds a unit by name, with prefix, such as `MWh`, `chips` or `billion`.
 *
 * Leaves out units with an offset (`degC`) or without a real factor (`VAR`), which a product cannot convert.
 *
 * @return the factor to SI base units and the dimension, or `undefined` if no unit has the name
 *
 * Fails: never.
 */
export function unitOfSymbol(name: string): UnitFactor | undefined {
  if (name.length > LONGEST_UNIT || !UNIT_NAME.test(name)) return undefined;
  if (FACTORS.has(name)) return FACTORS.get(name);
  const factor = findFactor(name);
  // Names come from strangers, so only existing units are remembered, and there are finitely many of those.
  if (factor) FACTORS.set(name, factor);
  return factor;
}

function findFactor(name: string): UnitFactor | undefined {
  const found = findUnit(name);
  if (!found || found.value === null) return undefined;
  const value = toRatio(found.value);
  const prefix = toRatio(found.prefix);
  const multiply = value.multiply * prefix.multiply;
  const divide = value.divide * prefix.divide;
  return { si: multiply / divide, multiply, divide, vector: toVector(found.powers) };
}

/** A unit of the table behind a prefix. */
type FoundUnit = {
  readonly prefix: number;
  readonly value: number | null;
  readonly powers: readonly number[];
};

let rowsByName: ReadonlyMap<string, UnitRow> | undefined;

/** The unit of a name as mathjs reads it: the whole name, or else a unit behind one of its prefixes. */
function findUnit(name: string): FoundUnit | undefined {
  rowsByName ??= new Map(
    UNIT_TABLE.units.flatMap(([names, ...row]) => names.split(" ").map((one) => [one, row] as const)),
  );
  for (let length = 0; length < name.length; length++) {
    const row = rowsByName.get(name.slice(length));
    if (!row) continue;
    const [list, value, powers] = row;
    const prefixes = UNIT_TABLE.prefixes[list];
    const prefix = name.slice(0, length);
    if (Object.hasOwn(prefixes, prefix)) return { prefix: prefixes[prefix], value, powers };
  }
  return undefined;
}

/** Writes a factor such as 0.001 as 1 / 1000, both exact. */
function toRatio(value: number): { multiply: number; divide: number } {
  const inverse = Math.round(1 / value);
  const isInverse = value < 1 && 1 / inverse === value;
  return isInverse ? { multiply: 1, divide: inverse } : { multiply: value, divide: 1 };
}

/** Functions of mathjs and such as an expression may get, which a name would hide; those of the scenario language are refused there. */
const FUNCTION_NAMES: ReadonlySet<string> = new Set([
  "abs",
  "acos",
  "asin",
  "atan",
  "beta",
  "cbrt",
  "ceil",
  "clamp",
  "cos",
  "discrete",
  "exp",
  "fix",
  "floor",
  "if",
  "interpolate",
  "log",
  "log10",
  "log2",
  "max",
  "mean",
  "median",
  "min",
  "pow",
  "quantile",
  "ramp",
  "round",
  "sign",
  "sin",
  "sqrt",
  "step",
  "sum",
  "tan",
]);

/** Words of the expression language, and mathjs's grammar and constants. */
const LANGUAGE_WORDS: ReadonlySet<string> = new Set([
  "and",
  "e",
  "end",
  "false",
  "i",
  "in",
  "infinity",
  "mod",
  "nan",
  "not",
  "null",
  "or",
  "pi",
  "rest",
  "tau",
  "to",
  "true",
  "undefined",
  "xor",
]);

/**
 * True if a scenario must not use this name for a value.
 *
 * These are units with any prefix, functions, and words of the language; mathjs would let `h: 3` turn `10 h` into 30.
 *
 * Fails: never.
 */
export function isReservedName(name: string): boolean {
  return LANGUAGE_WORDS.has(name) || FUNCTION_NAMES.has(name) || name in Object.prototype || isUnitName(name);
}

/** True for every unit of mathjs, including those that we cannot convert. */
function isUnitName(name: string): boolean {
  return name.length <= LONGEST_UNIT && UNIT_NAME.test(name) && findUnit(name) !== undefined;
}

/** Units common in this field, in the order in which they are suggested. */
const COMMON_UNITS: readonly string[] = [
  ...["kW", "MW", "GW", "TW", "W"],
  ...["kWh", "MWh", "GWh", "TWh", "Wh"],
  ...["B", "kB", "MB", "GB", "TB", "PB", "EB", "KiB", "MiB", "GiB", "TiB", "PiB"],
  ...["kb", "Mb", "Gb", "Tb", "bit", "byte", "bytes", "bits"],
  ...["FLOPS", "kFLOPS", "MFLOPS", "GFLOPS", "TFLOPS", "PFLOPS", "EFLOPS", "ZFLOPS", "YFLOPS"],
  ...["FLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP", "ZFLOP", "YFLOP"],
  ...["USD", "chip", "chips", "token", "tokens", "session", "sessions", "request", "requests"],
  ...["thousand", "million", "billion", "trillion"],
  ...["s", "second", "seconds", "minute", "minutes", "hour", "hours", "h", "day", "days", "week", "weeks"],
  ...["month", "months", "year", "years"],
];

/** Common alternatives to a unit or magnitude, in lower case. */
const SYNONYMS_OF_UNIT: readonly (readonly [string, readonly string[]])[] = [
  ["thousand", ["k", "thousands"]],
  ["million", ["m", "mn", "mm", "mio", "mil", "mln", "millions", "millionen"]],
  ["billion", ["b", "bn", "bil", "bln", "billions", "mrd", "milliarden"]],
  ["trillion", ["t", "tn", "trn", "trillions"]],
  ["USD", ["dollar", "dollars"]],
  ["chips", ["gpu", "gpus", "accelerator", "accelerators", "xpu", "xpus", "tpu", "tpus"]],
  ["year", ["yr", "yrs", "y", "annum"]],
  ["month", ["mo", "mos", "mth", "mths"]],
  ["%", ["percent"]],
  ["FLOPS", ["ops"]],
];

const UNIT_OF_SYNONYM: ReadonlyMap<string, string> = new Map(
  SYNONYMS_OF_UNIT.flatMap(([unit, words]) => words.map((word) => [word, unit] as const)),
);

/** Common endings of units, and their meaning. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/hrs?$/i, "h"],
  [/flop\/?s$/i, "FLOPS"],
];

/**
 * Suggests units that a mistyped unit may have meant, likeliest first.
 *
 * `gw` gives `GW`, `KW` gives `kW`, `pflops` gives `PFLOPS` and `PFLOP`, `bn` gives `billion`, `Mbps` gives `Mb/s`.
 *
 * Fails: never.
 */
export function suggestUnit(name: string): string[] {
  const lower = name.toLowerCase();
  const perSecond = /^([kmgtpe]i?)(b)ps$/i.exec(name);
  if (perSecond)
    return [`${perSecond[1]}${perSecond[2]}/s`.replace(/^[mgtpe]/, (prefix) => prefix.toUpperCase())];
  const bits = /^([kmgtp])bits?$/.exec(lower);
  if (bits) return [`${WORD_OF_PREFIX[bits[1] ?? ""]}bit`];
  const counted = /^(k|m|b|bn|g|t)(usd|chips?|tokens?|sessions?|requests?)$/.exec(lower);
  if (counted) return [`${magnitudeOf(counted[1] ?? "")} ${counted[2] === "usd" ? "USD" : counted[2]}`];
  const found = new Set<string>();
  const synonym = UNIT_OF_SYNONYM.get(lower);
  if (synonym) found.add(synonym);
  const sameLetters = COMMON_UNITS.filter((unit) => unit.toLowerCase() === lower);
  // `KB` has its byte right, so the bit is not suggested; `mb` may mean either.
  const sameEnd = /[A-Z]$/.test(name) ? sameLetters.filter((unit) => unit.endsWith(name.slice(-1))) : [];
  for (const unit of sameEnd.length > 0 ? sameEnd : sameLetters) found.add(unit);
  for (const [ending, unit] of ENDINGS) {
    const other = lower.replace(ending, unit.toLowerCase());
    if (other !== lower)
      for (const known of COMMON_UNITS) if (known.toLowerCase() === other) found.add(known);
  }
  // `PFLOPs` means an amount as often as a rate.
  if (lower.endsWith("flops"))
    for (const known of COMMON_UNITS) if (known.toLowerCase() === lower.slice(0, -1)) found.add(known);
  if (found.size === 0) for (const unit of nearest(name, COMMON_UNITS, SUGGESTION_COUNT)) found.add(unit);
  return [...found].slice(0, SUGGESTION_COUNT);
}

/** Most names suggested for a mistyped unit. */
const SUGGESTION_COUNT = 5;

/** Prefixes in full, as a bit takes them: `Mb` is almost always meant as megabytes, and warned of. */
const WORD_OF_PREFIX: Readonly<Record<string, string>> = {
  k: "kilo",
  m: "mega",
  g: "giga",
  t: "tera",
  p: "peta",
};

/** The magnitude that a letter such as `B` or `k` means in prose; otherwise the letter itself. */
export function magnitudeOf(letter: string): string {
  const word = letter.toLowerCase();
  return word === "g" ? "billion" : (UNIT_OF_SYNONYM.get(word) ?? letter);
}
