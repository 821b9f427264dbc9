import type { FigureName } from "./figure-name.ts";
import type { Words } from "./sentence.ts";

/** What a drawing comes to: its height at the width it was drawn for, and the SVG inside. */
export type Drawing = { readonly height: number; readonly body: string };

/** A cell of the numbers behind a picture, as it is shown. */
export type NumberTable = {
  readonly caption: string;
  readonly columns: readonly {
    readonly name: string;
    readonly unit?: string;
    readonly isText?: boolean;
  }[];
  readonly rows: readonly (readonly string[])[];
  /** Which figure of the run a cell shows; undefined for one that is none. */
  readonly figureAt?: (row: number, column: number) => FigureName | undefined;
};

/** A picture: what it says in words, how it is drawn at a width, and the numbers behind it. */
export type Picture = {
  /** Of its own among the pictures of a page; letters, digits and dashes. */
  readonly id: string;
  /** Subject and unit. */
  readonly title: string;
  /** Medians or trials, which quantiles. */
  readonly subtitle: Words;
  readonly note?: Words | undefined;
  /** Whether it takes both columns of a page. */
  readonly isWide?: boolean;
  readonly draw: (width: number) => Drawing;
  readonly numbers: NumberTable;
};

/** Widths that pictures are drawn for, never scaled: a phone, a column, a page [px]. */
export const NARROW = 358;
export const HALF = 540;
export const FULL = 1104;

/** Whether a drawing is for a phone. */
export function isNarrow(width: number): boolean {
  return width < 480;
}
