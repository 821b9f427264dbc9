import type { DimensionName } from "../../units/dimension.ts";
import { parseQuantityAs } from "../../units/quantity.ts";
import type { FieldSpec } from "./field.ts";

/**
 * Admissible range of a field in canonical units, inclusive; infinite if the table leaves a side open.
 *
 * Bounds without a unit apply to any of several dimensions.
 */
export function rangeOf(spec: FieldSpec, dimension: DimensionName): readonly [number, number] {
  const [low, high] = spec.range ?? [undefined, undefined];
  return [sideOf(low, dimension, -1), sideOf(high, dimension, 1)];
}

/**
 * Usual values of a field in canonical units, infinite on a side that is open; `undefined` where the field states none in
 * this dimension.
 */
export function usualRangeOf(
  { usual }: FieldSpec,
  dimension: DimensionName,
): readonly [number, number] | undefined {
  if (!usual) return undefined;
  const [low, high] = usual.map((text) => (text === undefined ? undefined : usualSideOf(text, dimension)));
  if (low === undefined && high === undefined) return undefined;
  return [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY];
}

/** A usual value in another dimension says nothing. */
const knownUsual = new Map<string, number | undefined>();

function usualSideOf(text: string, dimension: DimensionName): number | undefined {
  const key = `${dimension} ${text}`;
  if (!knownUsual.has(key)) knownUsual.set(key, parseQuantityAs(text, dimension).value);
  return knownUsual.get(key);
}

/** Sides already read, by dimension and text: the table of fields has few, and every value of a scenario meets its own. */
const knownSides = new Map<string, number>();

function sideOf(text: string | undefined, dimension: DimensionName, sign: number): number {
  if (text === undefined) return sign * Number.POSITIVE_INFINITY;
  const key = `${dimension} ${text}`;
  const known = knownSides.get(key);
  if (known !== undefined) return known;
  const side = readSide(text, dimension);
  knownSides.set(key, side);
  return side;
}

function readSide(text: string, dimension: DimensionName): number {
  const plain = Number(text);
  if (Number.isFinite(plain)) return plain;
  const { value } = parseQuantityAs(text, dimension);
  if (value === undefined) throw new Error(`table of fields: \`${text}\` is not a value of ${dimension}`);
  return value;
}
