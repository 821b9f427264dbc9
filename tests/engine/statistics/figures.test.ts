/** Figures that are no sums, by their definitions, one trial at a time. */
import { expect, test } from "vitest";
import { countRows, Reduction, reduceRows, STRIP, TILE } from "../../../src/engine/statistics/figures.ts";

const MONTHS = 7;

/** Months of a trial: few values, so that they are often equally frequent; one trial has values that are no codes. */
const monthsOf = (trial: number): number[] =>
  Array.from({ length: MONTHS }, (_, month) => {
    if (trial === 5) return Number.NaN;
    if (trial === 6) return -1 / (month + 1);
    return trial % 8 === 0 ? 0 : ((trial + 3) * (month + 1) * 7) % (2 + (trial % 3));
  });

function reduce(reduction: Reduction, code = 0): number[] {
  const figure = { column: 0, first: 0, end: MONTHS, reduction, code, ranked: true };
  const target = MONTHS * STRIP;
  const found: number[] = [];
  for (let first = 0; first < TILE; first += STRIP) {
    const values = new Float64Array(target + STRIP);
    for (let trial = 0; trial < STRIP; trial++)
      for (const [month, value] of monthsOf(first + trial).entries()) values[month * STRIP + trial] = value;
    if (reduction === Reduction.count || reduction === Reduction.isMostFrequent)
      countRows(values, 0, MONTHS, target, code);
    if (reduction !== Reduction.count) reduceRows(values, figure, 0, target);
    found.push(...values.subarray(target));
  }
  return found;
}

const expected = (of: (months: number[]) => number): number[] =>
  Array.from({ length: TILE }, (_, trial) => of(monthsOf(trial)));

test("the peak is the largest month, at least 0", () => {
  expect(reduce(Reduction.peak)).toEqual(
    expected((months) => months.reduce((most, value) => (value > most ? value : most), 0)),
  );
});

test("the first month is that of the first value that is not 0", () => {
  const first = (months: number[]) => months.findIndex((value) => value !== 0);
  expect(reduce(Reduction.firstMonth)).toEqual(
    expected((months) => (first(months) < 0 ? Number.POSITIVE_INFINITY : first(months))),
  );
  expect(reduce(Reduction.any)).toEqual(expected((months) => (first(months) < 0 ? 0 : 1)));
});

test.each([0, 1, 2, 3, 9])(
  "months of code %s are counted, and most frequent where none has more or comes before",
  (code) => {
    const count = (months: number[], one: number) => months.filter((value) => value === one).length;
    expect(reduce(Reduction.count, code)).toEqual(expected((months) => count(months, code)));
    const winner = (months: number[]) =>
      months.reduce((best, value) => (count(months, value) > count(months, best) ? value : best), months[0]);
    expect(reduce(Reduction.isMostFrequent, code)).toEqual(
      expected((months) => (winner(months) === code ? 1 : 0)),
    );
  },
);
