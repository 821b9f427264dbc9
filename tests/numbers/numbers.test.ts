import fs from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as exponential from "../../src/numbers/exponential.ts";
import * as normal from "../../src/numbers/normal.ts";
import {
  exp,
  log,
  log1p,
  log2,
  normalCdf,
  normalQuantile,
  power,
  powersOf,
} from "../../src/numbers/plain.ts";
import { plain } from "../../src/numbers/plain-arithmetic.ts";
import { writePlainFunctions } from "../../src/numbers/plain-writer.ts";
import { wasmFunctions } from "./readers.ts";

const functions = { exp, log, log2, power, normalQuantile } as const;

/** What lies between a double and the next one further from 0. */
function unitInLastPlace(x: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(x));
  bits.setBigUint64(0, bits.getBigUint64(0) + 1n);
  return bits.getFloat64(0) - Math.abs(x);
}

const rows = fs
  .readFileSync(new URL("correctly-rounded.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [name, ...numbers] = line.split(",");
    const [x, y, value, remainder] = numbers.map(Number);
    return { name: name as keyof typeof functions, x, y, value, remainder };
  });

const specials = [
  0,
  1,
  0.5,
  2,
  3,
  10,
  1 / 3,
  0.1,
  1e300,
  1e-300,
  5e-324,
  1e308,
  2 ** 53 - 1,
  2 ** 53 + 2,
  Number.POSITIVE_INFINITY,
].flatMap((x) => [x, -x]);

const anything = fc.oneof(
  fc.double(),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: -50, max: 50, noNaN: true }),
  fc.constantFrom(...specials),
);

describe("exponential, logarithms, powers and normal quantile", () => {
  test("are at most one unit in the last place from the exact value", () => {
    const worst = new Map<string, number>();
    for (const { name, x, y, value, remainder } of rows) {
      const units = Math.abs(functions[name](x, y) - value - remainder) / unitInLastPlace(value);
      worst.set(name, Math.max(units, worst.get(name) ?? 0));
    }
    expect(new Set(worst.keys())).toEqual(new Set(Object.keys(functions)));
    for (const [name, units] of worst) expect(units, name).toBeLessThan(1);
  });

  test("have the special values of the language's own", () => {
    for (const x of [...specials, Number.NaN]) {
      // The language's own powers and logarithms may be some units off, but not for these.
      const pairs: [string, number, number][] = [
        [`exp(${x})`, exp(x), Math.exp(x)],
        [`log(${x})`, log(x), Math.log(x)],
        [`log2(${x})`, log2(x), Math.log2(x)],
        ...[...specials, Number.NaN].map((y): [string, number, number] => [
          `${x} ** ${y}`,
          power(x, y),
          x ** y,
        ]),
      ];
      for (const [what, ours, theirs] of pairs) {
        if (Number.isFinite(theirs) && theirs !== 0)
          expect(Math.abs(ours / theirs - 1), what).toBeLessThan(1e-13);
        else expect(ours, what).toBe(theirs);
      }
    }
  });

  test("are exact where the exact value is a double", () => {
    for (let base = 2; base < 60; base++) {
      for (let exponent = 0; base ** exponent < 2 ** 53; exponent++)
        expect(BigInt(power(base, exponent)), `${base}^${exponent}`).toBe(BigInt(base) ** BigInt(exponent));
    }
    for (let exponent = -1074; exponent < 1024; exponent++) {
      expect(log2(power(2, exponent))).toBe(exponent);
      expect(power(2, exponent)).toBe(2 ** exponent);
    }
    expect(exp(0)).toBe(1);
    expect(log(1)).toBe(0);
  });

  test("reach the ends of the doubles", () => {
    expect(exp(709.78)).toBeLessThan(Number.MAX_VALUE);
    expect(exp(709.79)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(-745.13)).toBe(5e-324);
    expect(exp(-745.14)).toBe(0);
  });

  test("share the logarithm of a base among its powers", () => {
    fc.assert(
      fc.property(fc.double(), fc.double({ min: -400, max: 400 }), (x, y) => {
        expect(powersOf(x)(y)).toBe(power(x, y));
      }),
      { seed: 1 },
    );
  });
});

describe("the functions written for plain numbers", () => {
  test("are those that `npm run docs` writes", () => {
    const file = new URL("../../src/numbers/plain-functions.ts", import.meta.url);
    expect(fs.readFileSync(file, "utf8")).toBe(writePlainFunctions());
  });

  test("have the bits of the functions that they are written from", () => {
    const same = (x: number, y: number) => {
      expect(exp(x)).toBe(exponential.exp(plain, x));
      expect(log(x)).toBe(exponential.log(plain, x));
      expect(log1p(x)).toBe(exponential.log1p(plain, x));
      expect(log2(x)).toBe(exponential.log2(plain, x));
      expect(power(x, y)).toBe(exponential.power(plain, x, y));
      expect(normalQuantile(x)).toBe(normal.normalQuantile(plain, x));
      expect(normalCdf(x)).toBe(normal.normalCdf(plain, x));
    };
    fc.assert(fc.property(anything, anything, same), { seed: 1, numRuns: 3000 });
    // Each tail of the quantile has a formula of its own.
    for (let exponent = -320; exponent < 0; exponent++) same(Number(`3e${exponent}`), exponent / 7);
  });
});

describe("WebAssembly", () => {
  const wasm = wasmFunctions();
  test("gives the bits of plain numbers, whatever stands in the other lane", () => {
    fc.assert(
      fc.property(
        anything,
        anything,
        fc.tuple(anything, anything),
        fc.constantFrom(0 as const, 1 as const),
        (x, y, others, lane) => {
          for (const [name, ours] of Object.entries({ ...functions, normalCdf }))
            expect(wasm[name as keyof typeof functions](lane, x, y, others), name).toBe(ours(x, y));
        },
      ),
      { seed: 1, numRuns: 3000 },
    );
  });
});
