import type { Span } from "../diagnostics/diagnostic.ts";
import type { Collection, FieldDimension, FieldSpec } from "./fields/field.ts";
import type { Layer, MapNode } from "./files/tree.ts";
import type { Expr } from "./language/expr.ts";

/** Where a value comes from, and how sure it is. */
export type Origin = {
  /** Which layer wrote it last. */
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

/** How a figure came about, best first. */
export type Quality = "official" | "reported" | "estimate" | "derived" | "assumed";

/** One field of a scenario with its value. */
export type FieldValue = {
  /** Concrete path, such as `sites.us_east.pue`. */
  readonly path: string;
  readonly spec: FieldSpec;
  readonly origin: Origin;
  /** The value as the user wrote it, for messages, `show` and the data package. */
  readonly text: string;
  /** For quantities, dates, shares and `let`. */
  readonly expr?: Expr;
  /** Dimension the expression has, where the field allows several. */
  readonly dimension?: FieldDimension;
  /** For choices, references, texts, booleans and integers. */
  readonly choice?: string;
  readonly integer?: number;
  readonly boolean?: boolean;
  readonly texts?: readonly string[];
  /** For a share: the word `rest`. */
  readonly rest?: boolean;
};

/**
 * A scenario whose every field was read, checked and given its origin. Fields that neither the files nor the
 * defaults give are absent. Fields of a mix member stand under `fleets.NAME.mix.CHIP` (its share) and
 * `fleets.NAME.mix.CHIP.deliver.…`.
 */
export type Scenario = {
  /** Name of the scenario: the file's name without extension, safe as a folder's name. */
  readonly slug: string;
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** Names in each collection, sorted by code unit. Chips are those of the catalog and of the scenario. */
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
  /** All layers as one tree, as written: for what is no field (`sweep`, `mixes`) and for files that are made of it. */
  readonly tree: MapNode;
  /** First reported month, absolute (year * 12 + month - 1), and the number of months reported. */
  readonly startMonth: number;
  readonly monthCount: number;
};
