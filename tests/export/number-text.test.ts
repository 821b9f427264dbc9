import fc from "fast-check";
import { expect, test } from "vitest";
import { countText, decimalsFor, numberText, screenNumber } from "../../src/export/number-text.ts";

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

test("counts have commas as English has them", () => {
  expect([0, 999, 1000, 1234567, 1234.5].map(countText)).toEqual([
    "0",
    "999",
    "1,000",
    "1,234,567",
    "1,234.5",
  ]);
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (count) => {
      expect(countText(count)).toBe(count.toLocaleString("en"));
    }),
  );
});

test("what rounds to nothing has no sign", () => {
  expect(screenNumber(-0.0001, 2)).toBe("0.00");
  expect(screenNumber(-0, 0)).toBe("0");
});

test("a number of a file has fifteen digits and no zeros at its end", () => {
  expect(numberText(1 / 3)).toBe("0.333333333333333");
  expect(numberText(0.1 + 0.2)).toBe("0.3");
  expect(numberText(1 - 2 ** -53)).toBe("1");
  expect(numberText(-2.5)).toBe("-2.5");
  expect(numberText(123456789012340.4)).toBe("123456789012340");
  expect(numberText(0.000001234)).toBe("0.000001234");
  expect(numberText(1.5e-7)).toBe("1.5e-7");
  expect(numberText(-0)).toBe("0");
});

test("a number of a file reads back as the number with fifteen digits, as short as it can be", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e20, max: 1e20 }), (value) => {
      const rounded = Number(value.toPrecision(15));
      expect(numberText(value)).toBe(String(Object.is(rounded, -0) ? 0 : rounded));
    }),
  );
});
