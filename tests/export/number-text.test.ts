import { expect, test } from "vitest";
import { decimalsFor, screenNumber } from "../../src/export/number-text.ts";

test("a column of the screen shows four digits of its largest number", () => {
  expect(decimalsFor([0.5, 0.02])).toBe(3);
  expect(decimalsFor([1, 9.9])).toBe(3);
  expect(decimalsFor([0, -123.4])).toBe(1);
  expect(decimalsFor([12_345])).toBe(0);
  expect(decimalsFor([0, 0])).toBe(0);
  expect(decimalsFor([])).toBe(0);
});

test("numbers of the screen have commas and fixed decimals", () => {
  expect(screenNumber(1234567.891, 1)).toBe("1,234,567.9");
  expect(screenNumber(999, 0)).toBe("999");
  expect(screenNumber(-1234.5, 2)).toBe("-1,234.50");
});

test("what rounds to nothing has no sign", () => {
  expect(screenNumber(-0.0001, 2)).toBe("0.00");
  expect(screenNumber(-0, 0)).toBe("0");
});
