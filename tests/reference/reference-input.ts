/** What goes into and comes out of the referee. It knows docs/model.md and the names of the inputs, nothing of src/. */

import type { DebtWorld } from "./reference-debt.ts";

export type ReferenceInput = {
  /** Absolute month (year * 12 + month - 1) of the first month reported. */
  readonly startMonth: number;
  readonly monthCount: number;
  readonly names: {
    readonly sites: readonly string[];
    readonly fleets: readonly string[];
    readonly chips: readonly string[];
    readonly contracts?: readonly string[];
    readonly tranches?: readonly string[];
    readonly debt?: readonly string[];
    readonly stacks?: readonly string[];
    /** Chips of a fleet's mix; empty if it has `chip`. */
    readonly mixOf: (fleet: string) => readonly string[];
    /** Dimension of `fleets.*.size`: its number alone does not tell. */
    readonly sizeIn: (fleet: string) => "chips" | "power" | "money";
  };
  /**
   * Canonical value of a field at an absolute month; a date is an absolute month. Inflation and the clock are inside,
   * `electricity_growth` and `lease_growth` are not (they are fields of their own). `sites.*.power` and
   * `deliver.schedule` are 0 before their first date, every other table holds its first value.
   */
  readonly number: (path: string, month: number) => number | undefined;
  /** Whether a field that may be an amount is a share. */
  readonly isShare?: (path: string) => boolean;
  /** Choices and references; booleans as "true" and "false"; of a condition its text. */
  readonly word: (path: string) => string | undefined;
  /** Pairs of a curve, such as tokens/s a user and tokens/s a chip. */
  readonly curve?: (path: string) => readonly (readonly [number, number])[] | undefined;
  /** Names in order: the contracts of a fleet. */
  readonly list?: (path: string) => readonly string[];
  /** Absolute months of the dates of a table; empty where the field is none. */
  readonly tableMonths?: (path: string) => readonly number[];
  /**
   * Whether the condition of a field holds at the end of a month. `state` gives a metric of `fleets.NAME`, `sites.NAME` or
   * `total` in canonical units, under the metric's full name.
   */
  readonly condition?: (
    path: string,
    month: number,
    state: (owner: string, metric: string) => number,
  ) => boolean;
  /** The same scenario with every uncertain value at its median; absent where it is this one. */
  readonly plain?: () => ReferenceInput;
  /** Absolute months at which anything happens, before any delay. */
  readonly undelayedDates: readonly number[];
};

/** Monthly values by metric. */
export type Columns = Map<string, number[]>;

export type ReferenceOutput = {
  /** By `${fleet}/${chip}`. */
  readonly part: Map<string, Columns>;
  readonly site: Map<string, Columns>;
  readonly total: Columns;
  /** By name; scalars have one value. */
  readonly contract: Map<string, Columns>;
  readonly tranche: Map<string, Columns>;
  readonly loan: Map<string, Columns>;
  readonly scalars: Map<string, number>;
  /** What loans were run on. */
  readonly world: DebtWorld;
  readonly words: {
    readonly part: Map<
      string,
      { readonly binding: string[]; readonly fp4_runs_as: string; readonly fp8_runs_as: string }
    >;
    readonly site: Map<string, { readonly binding: string[] }>;
    readonly total: { readonly binding: string[] };
  };
};

/** The window simulated, as absolute months: `first` is inside, `end` is not. */
export type Window = { readonly first: number; readonly end: number };

export function required(input: ReferenceInput, path: string, month: number = input.startMonth): number {
  const value = input.number(path, month);
  if (value === undefined) throw new Error(`The referee needs ${path}.`);
  return value;
}

/** A field that may be left out and has no default: 0 then. */
export function orZero(input: ReferenceInput, path: string, month: number = input.startMonth): number {
  return input.number(path, month) ?? 0;
}

/** r(x) = floor(x + 0.5), never negative. */
export function wholeMonths(months: number): number {
  return Math.max(0, Math.floor(months + 0.5));
}

export function duration(input: ReferenceInput, path: string): number {
  return wholeMonths(required(input, path));
}

export function date(input: ReferenceInput, path: string): number | undefined {
  const month = input.number(path, input.startMonth);
  return month === undefined ? undefined : Math.floor(month + 0.5);
}

/** Hours of an absolute month. */
export function hoursOf(month: number): number {
  return 24 * new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).getUTCDate();
}

/** `a` fits into `b`, within 1e-9 of the larger. */
export function fits(a: number, b: number): boolean {
  return a <= b + 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

export function column(columns: Columns, name: string, length: number): number[] {
  let values = columns.get(name);
  if (values === undefined) {
    values = new Array<number>(length).fill(0);
    columns.set(name, values);
  }
  return values;
}

export function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum += value(item);
  return sum;
}

export function sorted(names: readonly string[]): string[] {
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

export function ratio(above: number, below: number): number {
  return below === 0 ? 0 : above / below;
}

/** A rate per unit of output; there is none where nothing is made. */
export function perUnit(amount: number, units: number): number {
  return units === 0 ? Number.NaN : amount / units;
}
