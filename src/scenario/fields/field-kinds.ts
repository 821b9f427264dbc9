import type { DimensionName } from "../../units/dimension.ts";

/** What rows of the table of fields have in common: the kind of value, and how it may vary. */

/** A quantity of one of some dimensions, the usual one first, with one value a trial. */
export function perTrial<const Dimensions extends readonly DimensionName[]>(...dimensions: Dimensions) {
  return { kind: "quantity", dimensions, varies: "trial" } as const;
}

/** A quantity that may differ by month: a table holds its first value before its first date. */
export function byMonth<const Dimensions extends readonly DimensionName[]>(...dimensions: Dimensions) {
  return { kind: "quantity", dimensions, varies: "month", before: "hold" } as const;
}

/** A quantity that begins at a date: a table is 0 before its first one. */
export function schedule<const Dimensions extends readonly DimensionName[]>(...dimensions: Dimensions) {
  return { kind: "quantity", dimensions, varies: "month", before: "zero" } as const;
}

/** A quantity that is the same in every trial and month. */
export function fixed<const Dimensions extends readonly DimensionName[]>(...dimensions: Dimensions) {
  return { kind: "quantity", dimensions, varies: "nothing" } as const;
}

/** A share between nothing and all, with one value a trial. */
export const portion = { ...perTrial("fraction"), range: ["0 %", "100 %"] } as const;

/** One of some words. */
export function choice<const Choices extends readonly string[]>(...choices: Choices) {
  return { kind: "choice", choices } as const;
}
