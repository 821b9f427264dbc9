import type { Span } from "../diagnostics/diagnostic.ts";
import type { DimensionName } from "../units/dimension.ts";
import type { Collection, FieldSpec } from "./fields/field.ts";
import type { Layer, MapNode } from "./files/tree.ts";
import type { Expr } from "./language/expr.ts";

/** Where a value comes from, and how sure it is. */
export type Origin = {
  /** The last layer that wrote it. */
  readonly layer: Layer["kind"];
  /** File of the layer, or the name of the override, or the text of the `--set`. */
  readonly from: string;
  /** Path of the line that declares it: the field's own, or `defaults.…` where a default was used. */
  readonly declaredAt: string;
  readonly span?: Span;
  readonly source?: string;
  readonly url?: string;
  readonly asOf?: string;
  readonly quality?: Quality;
  readonly note?: string;
  /** Earlier values that later layers replaced, oldest first, as the user wrote them. */
  readonly overrode: readonly { readonly from: string; readonly text: string }[];
};

/** The quality of a figure, best first. */
export type Quality = "official" | "reported" | "estimate" | "derived" | "assumed";

/** A point of a curve, in the order of the field's axes: such as tokens per second of a user, and of a chip. */
export type CurvePoint = { readonly x: number; readonly y: number };

/** One field of a scenario with its value. */
export type FieldValue = {
  /** Concrete path, such as `sites.us_east.pue`. */
  readonly path: string;
  readonly spec: FieldSpec;
  readonly origin: Origin;
  /** The value as the user wrote it, for messages, `show` and the data package. */
  readonly text: string;
  /** Where it was taken from, for a field that a member has because it is `like` another one. */
  readonly takenFrom?: string;
  /** For quantities, dates, shares and `let`. */
  readonly expr?: Expr;
  /** Dimension of the expression, for a field that allows several. */
  readonly dimension?: DimensionName;
  /** For choices, references, texts, booleans and integers. */
  readonly choice?: string;
  readonly integer?: number;
  readonly boolean?: boolean;
  readonly texts?: readonly string[];
  /** For a curve: its points, x rising and y falling. */
  readonly curve?: readonly CurvePoint[];
  /** For a share: the word `rest`. */
  readonly rest?: boolean;
};

/**
 * A scenario whose fields have all been read, checked and given an origin. A field given neither by the files nor by
 * a default is absent. Fields of a mix member have paths `fleets.NAME.mix.CHIP` (its share) and
 * `fleets.NAME.mix.CHIP.deliver.…`.
 */
export type Scenario = {
  /** Name of the scenario: the file's name without extension, safe as a folder name. */
  readonly slug: string;
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** Names in each collection, sorted by code unit. Chips are those of the catalog and the scenario. */
  readonly names: Readonly<Record<Collection | "let", readonly string[]>>;
  /** `let` definitions in an order in which each reads only earlier ones. */
  readonly lets: readonly FieldValue[];
  /** Overrides applied, old -> new, for the data package. */
  readonly changes: readonly {
    readonly path: string;
    readonly from: string;
    readonly old: string;
    readonly new: string;
  }[];
  /** Texts of all files read, by path, in reading order. */
  readonly files: ReadonlyMap<string, string>;
  /**
   * All layers as one tree as written, for sections that are not fields (`sweep`, `mixes`) and for files derived from
   * it.
   */
  readonly tree: MapNode;
  /** First reported month, absolute (year * 12 + month - 1), and the number of months reported. */
  readonly startMonth: number;
  readonly monthCount: number;
};
