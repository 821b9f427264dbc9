import { defaultPathOf } from "../fields/field-tree.ts";
import { FIELDS } from "../fields/index.ts";
import type { FieldValue } from "../scenario.ts";

/** Values that fields have where a scenario says nothing, by the path of the field in the table of fields. */
export type UsedDefaults = ReadonlyMap<string, string>;

/**
 * Gives the value that is used for each field that a scenario leaves out: that of the catalog, else the literal of the table
 * of fields.
 *
 * @param figures every figure of the catalog, defaults included
 *
 * Fails: never.
 */
export function usedDefaults(figures: readonly FieldValue[]): UsedDefaults {
  const texts = new Map(figures.map(({ path, text }) => [path, text]));
  return new Map(
    FIELDS.flatMap((spec) => {
      const text = texts.get(defaultPathOf(spec.path) ?? spec.path) ?? spec.default;
      return text === undefined ? [] : [[spec.path, text] as const];
    }),
  );
}
