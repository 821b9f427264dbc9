import fc from "fast-check";
import { expect, test } from "vitest";
import { makeUnits, makeUnitTable } from "../../src/units/mathjs-units.ts";
import { isReservedName, unitOfSymbol } from "../../src/units/symbol.ts";
import { UNIT_TABLE } from "../../src/units/unit-table.ts";
import { toVector } from "../../src/units/vector.ts";

/** A unit as mathjs parses it. */
type Parsed = {
  readonly units: readonly {
    readonly unit: { readonly value: unknown; readonly offset: number };
    readonly prefix: { readonly value: number };
  }[];
  readonly dimensions: readonly number[];
};

const Unit = makeUnits();
const names = UNIT_TABLE.units.flatMap(([list]) => list.split(" "));
const prefixes = [...new Set(Object.values(UNIT_TABLE.prefixes).flatMap((list) => Object.keys(list)))];

/** What mathjs says that one of a unit is; undefined for no unit, and for one that is not converted by a factor. */
function factorByMathjs(word: string) {
  if (!Unit.isValuelessUnit(word)) return undefined;
  const { units, dimensions } = Unit.parse(word) as unknown as Parsed;
  const [{ unit, prefix }] = units;
  const isFactor = typeof unit.value === "number" && unit.offset === 0;
  return isFactor ? { si: unit.value * prefix.value, vector: toVector(dimensions) } : undefined;
}

test("the table is what mathjs has together with our units: `npm run docs` writes it", () => {
  expect(UNIT_TABLE).toEqual(makeUnitTable());
  expect(names.length).toBeGreaterThan(250);
});

test("every name behind each of its prefixes is the unit that mathjs reads", () => {
  const isSame = (word: string): boolean => {
    const [ours, theirs] = [unitOfSymbol(word), factorByMathjs(word)];
    if (Unit.isValuelessUnit(word) && !isReservedName(word)) return false;
    if (!ours || !theirs) return ours === theirs;
    // A factor such as 0.001 is exact as 1 / 1000, and its product may differ from mathjs's in the last bit.
    return ours.vector.join() === theirs.vector.join() && Math.abs(ours.si / theirs.si - 1) < 1e-15;
  };
  const words = UNIT_TABLE.units.flatMap(([list, own]) =>
    list
      .split(" ")
      .flatMap((name) => Object.keys(UNIT_TABLE.prefixes[own]).map((prefix) => `${prefix}${name}`)),
  );
  expect(words.filter((word) => !isSame(word))).toEqual([]);
  expect(words.filter((word) => unitOfSymbol(word)).length).toBeGreaterThan(2500);
});

test("a word is a unit where mathjs has it as one", () => {
  const part = fc.oneof(fc.constantFrom(...names, ...prefixes), fc.string({ maxLength: 3 }));
  const word = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(word, (one) => {
      const isName = /^[A-Za-z][A-Za-z0-9]*$/.test(one);
      expect(unitOfSymbol(one)?.vector).toEqual(isName ? factorByMathjs(one)?.vector : undefined);
    }),
    { numRuns: 1000 },
  );
});
