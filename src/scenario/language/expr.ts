import type { Span } from "../../diagnostics/diagnostic.ts";
import type { DimensionVector } from "../../units/dimension.ts";
import type { ExprFunction } from "./algebra.ts";
import type { FamilyName } from "./distributions/families.ts";

/**
 * A checked expression, with names, units and dimensions resolved. Numbers are in SI units of their dimension (mathjs's
 * base units and ours: s, W = kg m2/s3, bit, USD, chip, FLOP); the reader of a field converts to its canonical unit last.
 */
export type Expr = ExprNode & {
  /** Dimension of the value. A date is dimensionless: see `isDate`. */
  readonly vector: DimensionVector;
  /** True for a month on the calendar; its number is absolute, year * 12 + (month - 1). Differences of dates are durations. */
  readonly isDate: boolean;
  /** How finely the value varies, derived from the names and distributions it reads. */
  readonly binding: Binding;
  readonly span: Span;
};

/** Values that depend only on the calendar. `month` is a date, made by conditions; the others are names of the language. */
export type Clock = "calendar_year" | "month_of_year" | "elapsed_months" | "month";

/** Ordered: `constant` < `month`, `trial` < `month-trial`. */
export type Binding = "constant" | "month" | "trial" | "month-trial";

/** The kind of an expression, without its dimension and place. */
export type ExprNode =
  /** A number in SI units, or an absolute month where `isDate`. */
  | { readonly kind: "number"; readonly value: number }
  /** A `let` name, defined in `Scenario.lets`. */
  | { readonly kind: "name"; readonly name: string }
  /** A number that varies by month: 2026, 1..12, months since `start` (negative before it). */
  | { readonly kind: "clock"; readonly clock: Clock }
  /** A metric of the simulated state, only in conditions: `fleets.trainium.facility_power`. */
  | { readonly kind: "state"; readonly name: string }
  /** A function or operator of the allowlist. */
  | { readonly kind: "call"; readonly fn: ExprFunction; readonly args: readonly Expr[] }
  /** A distribution, drawn from the uniform of its own variable. */
  | Distribution
  /** A table by month; `points` are in order of date, and their values are not tables. */
  | {
      readonly kind: "table";
      readonly points: readonly { readonly month: number; readonly value: Expr }[];
      readonly interpolate: "step" | "linear";
      readonly before: "zero" | "hold";
    }
  /** An amount in the money of `currencyYear`, inflated by `money.inflation` to the month it is read in. */
  | { readonly kind: "inflated"; readonly currencyYear: number; readonly amount: Expr };

/** A distribution in the form the user gave; docs/model.md section 11 defines each. */
export type Distribution = {
  readonly kind: "distribution";
  /** Key of its uniform: the path of the line that declares it. All values of a table share one key. */
  readonly variable: string;
  readonly family: FamilyName;
  /** In the order of its row in `FAMILIES`. */
  readonly parameters: readonly Expr[];
  /** Weights of a discrete distribution, adding to 1. */
  readonly weights?: readonly number[];
  /** Admissible range if the distribution is the whole value of a field [SI units]; draws stay inside. */
  readonly admissible?: readonly [number, number];
  /** Draws below 0 are 0: `0 to B` of a value that cannot be negative. */
  readonly floorsAtZero?: boolean;
};
