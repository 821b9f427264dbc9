import type { Entity } from "../../compile/entities.ts";
import type { LevelSheet } from "../layout.ts";
import type { Term } from "./terms.ts";

/** The cell that a formula is written for. */
export type Spot = { readonly entity: Entity; readonly month: number; readonly sheet: string };

/** A column of a sheet that a formula reads in some months, of one entity. */
export type Read = {
  readonly sheet: LevelSheet;
  readonly column: number;
  readonly entity: Entity;
  readonly first: number;
  readonly last: number;
};

/** Stands on both sides of a row that moves with the month; no text of a formula holds it. */
export const MOVING = "\u0001";

/** A formula's text with the rows that it has in its own month. */
export function pinText(text: string): string {
  return text.replaceAll(MOVING, "");
}

/** An expression that stays with its own month, wherever it is written. */
export function pinTerm(term: Term): Term {
  return { ...term, text: pinText(term.text) };
}
