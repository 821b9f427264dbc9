import type { DimensionName } from "../../units/dimension.ts";

/** Collections: maps from names the user chooses to entities with fields of their own. */
export const COLLECTIONS = [
  "sites",
  "fleets",
  "chips",
  "contracts",
  "financing",
  "debt",
  "models",
  "stacks",
  "workloads",
] as const;
/** A section whose keys are names that the user chooses. */
export type Collection = (typeof COLLECTIONS)[number];

/** The kind of value a field holds. */
export type FieldKind =
  /** a number with its unit, an expression, a distribution, or a table of them by month */
  | "quantity"
  /** a month `YYYY-MM`, or an expression that gives one */
  | "date"
  /** one of `choices` */
  | "choice"
  /** `true` or `false` */
  | "boolean"
  /** a whole number without unit, fixed (no expression) */
  | "integer"
  /** free text, not used in calculations */
  | "text"
  /** the name of an entity of the collection `refers` */
  | "reference"
  /** any quantity or date: its dimension is inferred (`let`) */
  | "any"
  /** the names of entities of the collection `refers`: one, or a list in order */
  | "references"
  /** a condition on the state and on dates */
  | "condition"
  /** a list of texts */
  | "texts"
  /** pairs of two numbers of which the second falls as the first rises, written out or in a CSV file: see `axes` */
  | "curve"
  /** the share of a mix member: a fraction or the word `rest` */
  | "share"
  /** a mapping that is kept as a tree and merged later (`overrides`) */
  | "tree";

/** One of the two numbers of a curve's pairs. */
export type CurveAxis = {
  /** Key that names its column of a CSV file. */
  readonly key: string;
  /** What it is, with its unit: `tokens/s a user`. */
  readonly unit: string;
};

/**
 * One row of the table of fields: the values allowed at a path, and their meaning. This one table drives the walker over the
 * YAML tree, the JSON Schema, the reference page, `show` and `explain`; a second description of a field anywhere is a defect.
 */
export type FieldSpec = {
  /** Dotted path; `*` stands for a name the user chooses. */
  readonly path: string;
  readonly kind: FieldKind;
  /** Dimensions allowed; the first is the usual one. Only for quantities. */
  readonly dimensions?: readonly DimensionName[];
  /** How the value may vary: not at all, by trial, or by month and trial. */
  readonly varies?: "nothing" | "trial" | "month";
  /** The value of a table before its first date: 0 for a schedule, the first value for a parameter. */
  readonly before?: "zero" | "hold";
  /** Admissible values, as texts with units; `undefined` leaves a side open. Inclusive. For curves: of the second number. */
  readonly range?: readonly [string | undefined, string | undefined];
  /** Values outside these are admissible, but hardly meant: a unit or a magnitude is often wrong by 1,000. 0 is no slip. */
  readonly usual?: readonly [string | undefined, string | undefined];
  readonly choices?: readonly string[];
  /** For curves: the two numbers of a pair, and the keys that name their columns in a CSV file. */
  readonly axes?: readonly [CurveAxis, CurveAxis];
  /** For references: the collection named. */
  readonly refers?: Collection;
  readonly required?: boolean;
  /** The literal used if neither the scenario nor `defaults` gives a value. */
  readonly default?: string;
  /** How a later layer combines with an earlier one: maps merge by key unless the field says `replace`. */
  readonly merge?: "replace";
  /** A value as a user would write it. */
  readonly example: string;
  /** Its meaning, in one or two sentences; the value carries its own unit. */
  readonly text: string;
  /** What it is called in a picture or a sentence, where the words of its path would not be understood: `price of a hall`. */
  readonly short?: string;
  readonly seeAlso?: readonly string[];
  /** Remedies for quantities of other dimensions that are easily mistaken for this one. */
  readonly mistaken?: Readonly<Partial<Record<DimensionName, string>>>;
};
