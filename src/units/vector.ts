import { UNIT_TABLE } from "./unit-table.ts";

/**
 * The powers of the base dimensions of a quantity, in the order of `baseSymbols`.
 *
 * A power in watts is kg^1 m^2 s^-3, so its vector is (1, 2, -3, 0, ...).
 */
export type DimensionVector = readonly number[];

/** Symbols of the base units by index of a vector: mathjs's nine, then USD, chip, FLOP, token, session, request and currencies. */
export const baseSymbols: readonly string[] = UNIT_TABLE.bases;

/** The vector of a plain number. */
export const dimensionless: DimensionVector = Object.freeze(baseSymbols.map(() => 0));

/** Makes a vector from mathjs's powers, which omit dimensions that were defined after the unit. */
export function toVector(powers: readonly number[]): DimensionVector {
  return Object.freeze(baseSymbols.map((_, index) => powers[index] ?? 0));
}

/** The vector of a product of two quantities. */
export function multiplyVectors(a: DimensionVector, b: DimensionVector): DimensionVector {
  return Object.freeze(a.map((power, index) => power + (b[index] ?? 0)));
}

/** The vector of a quotient of two quantities. */
export function divideVectors(a: DimensionVector, b: DimensionVector): DimensionVector {
  return Object.freeze(a.map((power, index) => power - (b[index] ?? 0)));
}

/** The vector of a quantity raised to a constant power. */
export function powerVector(a: DimensionVector, exponent: number): DimensionVector {
  // Adding 0 turns the -0 of a product into 0.
  return Object.freeze(a.map((power) => power * exponent + 0));
}

/** Powers that differ by less are equal; roots and their inverses differ in the last bits. */
const powerTolerance = 1e-9;

/** True if two quantities have the same dimension, so that they may be added and compared. */
export function equalVectors(a: DimensionVector, b: DimensionVector): boolean {
  if (a === b) return true;
  for (let index = 0; index < a.length; index++) {
    if (!(Math.abs(a[index] - (b[index] ?? 0)) < powerTolerance)) return false;
  }
  return true;
}

/** True for a plain number. */
export function isDimensionless(vector: DimensionVector): boolean {
  return equalVectors(vector, dimensionless);
}
