import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holdPlainly, seekNumber, selectHeld } from "../../../src/engine/index.ts";
import { numbers } from "./summarise.ts";

const value = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, -1, 5e-324) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1e308, -1e308, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  },
);
const values = fc.array(value, { minLength: 1, maxLength: 300 });

// 0 and -0 are one value, and stand as they fall.
test("the value of a rank is that of a plain sort", () => {
  fc.assert(
    fc.property(values, fc.nat(), (given, chosen) => {
      const sorted = Float64Array.from(given).sort();
      const place = chosen % given.length;
      const ends = [sorted[0], sorted[sorted.length - 1]] as const;
      const held = holdPlainly(Float64Array.from(given));
      expect(selectHeld(held, given.length, place + 1, ends) + 0).toBe(sorted[place] + 0);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("a number that is found has as many values below as asked for", () => {
  fc.assert(
    fc.property(values, fc.nat(), fc.nat(20), (given, chosen, more) => {
      const sorted = Float64Array.from(given).sort();
      const ends = [sorted[0], sorted[sorted.length - 1]] as const;
      const least = 1 + (chosen % given.length);
      const number = seekNumber(holdPlainly(Float64Array.from(given)), given.length, ends, [
        least,
        least + more,
      ]);
      if (Number.isNaN(number)) return;
      const below = given.filter((one) => one < number).length;
      expect(below).toBeGreaterThanOrEqual(least);
      expect(below).toBeLessThanOrEqual(least + more);
    }),
    { seed: 1, numRuns: 500 },
  );
});

describe("among values that differ a number is found, and few passes find it:", () => {
  const shapes: Readonly<Record<string, (u: number) => number>> = {
    "evenly spread": (u) => u,
    "in a long tail": (u) => Math.exp(9 * u),
    "with a gap": (u) => (u < 0.4 ? u : u + 3),
  };
  test.each(Object.entries(shapes))("%s", (_, shape) => {
    const given = numbers(1000, 3, shape);
    const sorted = given.slice().sort();
    for (const least of [10, 330, 500, 970]) {
      let passes = 0;
      const plain = holdPlainly(given.slice());
      const counted = {
        ...plain,
        countBelow: (count: number, number: number) => {
          passes++;
          return plain.countBelow(count, number);
        },
      };
      const number = seekNumber(counted, 1000, [sorted[0], sorted[999]], [least, least + 10]);
      expect(given.filter((one) => one < number).length - least).toBeGreaterThanOrEqual(0);
      expect(passes).toBeLessThan(20);
    }
  });
});
