import { expect, test } from "vitest";
import {
  DIMENSIONS,
  describeVector,
  dimensionless,
  divideVectors,
  equalVectors,
  formatVector,
  isDimensionless,
  isDimensionName,
  multiplyVectors,
  powerVector,
  toCanonical,
} from "../../src/units/dimension.ts";
import { parseQuantity } from "../../src/units/quantity.ts";

const vectorOf = (unit: string) => parseQuantity(`1 ${unit}`).value?.vector ?? [];

test("power times time is energy, and a quotient of equals is a plain number", () => {
  const power = DIMENSIONS.power.vector;
  expect(multiplyVectors(power, DIMENSIONS.hours.vector)).toEqual(DIMENSIONS.energy.vector);
  expect(isDimensionless(divideVectors(power, power))).toBe(true);
  expect(powerVector(power, 0)).toEqual(dimensionless);
  expect(equalVectors(powerVector(powerVector(power, 1 / 3), 3), power)).toBe(true);
  expect(equalVectors(power, DIMENSIONS.energy.vector)).toBe(false);
});

test("money, chips, compute, tokens, sessions and requests do not mix", () => {
  const units = ["USD", "chip", "FLOP", "token", "session", "request", "B"];
  for (const a of units)
    for (const b of units) expect(equalVectors(vectorOf(a), vectorOf(b)), `${a} ${b}`).toBe(a === b);
});

test("canonical numbers follow from SI values only where the dimension fits", () => {
  expect(toCanonical(3600e6, vectorOf("Wh"), "energy")).toBe(1e6);
  expect(toCanonical(1400, vectorOf("W"), "power_per_chip")).toBe(1400);
  expect(toCanonical(1400, vectorOf("W/chip"), "power")).toBeUndefined();
  expect(DIMENSIONS.energy.factorFromSi).toBeCloseTo(1 / 3600, 18);
});

test.each([
  ["MWh", "an energy"],
  ["USD/chip", "a price per chip"],
  ["USD/MWh", "a price per energy"],
  ["year", "a duration"],
  ["PFLOPS", "a compute rate"],
  ["FLOP/s/W", "FLOP/(W·s)"],
  ["chip^2", "chip^2"],
  ["kg", "kg"],
  ["GB chip", "B·chip"],
  ["USD kW", "USD·W"],
])("%s measures %s", (unit, words) => {
  expect(describeVector(vectorOf(unit))).toBe(words);
});

test("a price per power and second is written with watts", () => {
  expect(formatVector(DIMENSIONS.price_per_energy.vector)).toBe("USD/(W·s)");
  expect(formatVector(dimensionless)).toBe("1");
});

test("names inherited from Object are no dimensions", () => {
  expect(isDimensionName("power")).toBe(true);
  for (const word of ["__proto__", "constructor", "toString"]) expect(isDimensionName(word)).toBe(false);
});
