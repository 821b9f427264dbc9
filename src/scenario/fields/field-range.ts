import { parseQuantityAs } from "../../units/quantity.ts";
import type { FieldDimension, FieldSpec } from "./field.ts";

/**
 * Admissible range of a field in canonical units, inclusive; infinite if the table leaves a side open.
 *
 * Bounds without a unit apply to any of several dimensions.
 */
export function rangeOf(spec: FieldSpec, dimension: FieldDimension): readonly [number, number] {
  const [low, high] = spec.range ?? [undefined, undefined];
  return [sideOf(low, dimension, -1), sideOf(high, dimension, 1)];
}

/**
 * Usual values of a field in canonical units, infinite on a side that is open; `undefined` where the field states none in
 * this dimension.
 */
export function usualRangeOf(
  { usual }: FieldSpec,
  dimension: FieldDimension,
): readonly [number, number] | undefined {
  if (!usual) return undefined;
  const [low, high] = usual.map((text) =>
    text === undefined ? undefined : parseQuantityAs(text, dimension).value,
  );
  if (low === undefined && high === undefined) return undefined;
  return [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY];
}

function sideOf(text: string | undefined, dimension: FieldDimension, sign: number): number {
  if (text === undefined) return sign * Number.POSITIVE_INFINITY;
  const plain = Number(text);
  if (Number.isFinite(plain)) return plain;
  const { value } = parseQuantityAs(text, dimension);
  if (value === undefined) throw new Error(`table of fields: \`${text}\` is no ${dimension}`);
  return value;
}
