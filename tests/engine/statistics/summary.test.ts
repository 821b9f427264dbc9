import { describe, expect, test } from "vitest";
import {
  createRankScratch,
  RANDOM_BLOCK,
  rankOf,
  type Statistics,
  selectRank,
  selectRanks,
  TILE,
} from "../../../src/engine/index.ts";
import { numbers, type SummaryOptions, summariseAll } from "./summarise.ts";

/** The statistics of one figure, and the number of passes over its trials. */
function summarise(
  values: Float64Array,
  probabilities: readonly number[],
  heldTrials: number,
  slotCount: SummaryOptions["slotCount"],
) {
  const { statistics, passes } = summariseAll([values], { probabilities, heldTrials, slotCount });
  return { statistics: statistics[0], passes };
}

const probabilities = [0.01, 0.05, 0.5, 0.95, 0.999];

const shapes: Readonly<Record<string, (u: number) => number>> = {
  "an even spread": (u) => u,
  "a long tail": (u) => Math.exp(20 * (u - 0.5)),
  "mostly nothing": (u) => (u < 0.93 ? 0 : u),
  "a lump in the middle": (u) => (u < 0.3 ? -u : u < 0.6 ? 0 : u),
  "few values": (u) => Math.floor(u * 4),
  "one value": () => 0.1,
  "values that often do not exist": (u) => (u < 0.4 ? u : Number.NaN),
  "values that cease to exist near a rank": (u) => (u < 0.055 ? u : Number.NaN),
  "noise of rounding below a rank": (u) => (u < 0.945 ? 1e-7 * (1 + u * 1e-9) : 1e3 * u),
  "many lumps": (u) => (u < 0.5 ? Math.floor(u * 60) : u * 60),
};

describe("order statistics in chunks are those of all values at once:", () => {
  test.each(Object.entries(shapes))("%s", (_, shape) => {
    for (const [seed, slotCount] of [
      [1, 64],
      [2, 1000],
    ]) {
      const values = numbers(20 * RANDOM_BLOCK + 37, seed, shape);
      const sorted = values.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value)).sort();
      const stored = summarise(values, probabilities, values.length, 0);
      const chunked = summarise(values, probabilities, 2 * RANDOM_BLOCK, slotCount);
      expect(chunked.statistics).toEqual(stored.statistics);
      expect(stored.statistics.quantiles).toEqual(
        probabilities.map((probability) => sorted[rankOf(probability, sorted.length) - 1]),
      );
      expect(chunked.passes).toBeLessThan(3);
    }
  });
});

test("in whatever order values come, order statistics are found", () => {
  const values = numbers(8 * RANDOM_BLOCK, 5, shapes["a long tail"]).sort();
  for (const ordered of [values, values.slice().reverse()]) {
    const stored = summarise(ordered, probabilities, ordered.length, 0);
    expect(summarise(ordered, probabilities, RANDOM_BLOCK, 64).statistics).toEqual(stored.statistics);
  }
});

test("with the slots that one pass needs there is one pass", () => {
  for (const [name, shape] of Object.entries(shapes)) {
    for (const [chunkTrials, seed] of [
      [RANDOM_BLOCK, 1],
      [2 * RANDOM_BLOCK, 2],
      [7 * RANDOM_BLOCK, 3],
    ] as const) {
      const values = numbers(10_000, seed, shape);
      const chunked = summarise(values, [0.05, 0.5, 0.95], chunkTrials, "as many as one pass needs");
      expect(chunked.passes, `${name}, chunks of ${chunkTrials}`).toBe(1);
      expect(chunked.statistics).toEqual(summarise(values, [0.05, 0.5, 0.95], values.length, 0).statistics);
    }
  }
});

test("where values near find no room, another pass finds the ranks", () => {
  const rows = Array.from({ length: 300 }, (_, row) => numbers(4 * RANDOM_BLOCK, row, (u) => u - 0.5));
  const near = [0.4, 0.5, 0.6];
  const options = { probabilities: near, heldTrials: 2 * TILE, slotCount: 5000 };
  const { statistics, passes } = summariseAll(rows, options);
  expect(passes).toBe(2);
  for (const [row, values] of rows.entries()) {
    const sorted = values.slice().sort();
    expect(statistics[row].quantiles).toEqual(near.map((share) => sorted[rankOf(share, sorted.length) - 1]));
  }
});

test("a sample without spread has its value as mean, bit for bit, and no error", () => {
  const { statistics } = summarise(new Float64Array(5000).fill(0.1), [0.05, 0.95], 5000, 0);
  const expected: Statistics = {
    share: 1,
    mean: 0.1,
    standardError: 0,
    least: 0.1,
    largest: 0.1,
    quantiles: [0.1, 0.1],
  };
  expect(statistics).toEqual(expected);
});

test("mean and standard error are those of the textbook", () => {
  const { statistics } = summarise(Float64Array.of(1, 2, 3, 4), [0.5], 4, 0);
  expect(statistics.mean).toBe(2.5);
  expect(statistics.standardError).toBeCloseTo(Math.sqrt(5 / 3 / 4), 14);
});

test("what does not exist counts in the share and behind every quantile, not in the mean", () => {
  const { statistics } = summarise(Float64Array.of(3, Number.NaN, 1, Number.NaN), [0.25, 0.5, 0.75], 4, 0);
  expect(statistics).toMatchObject({ share: 0.5, mean: 2, quantiles: [1, 3, Number.POSITIVE_INFINITY] });
});

test("what exists in no trial has neither mean nor error", () => {
  const { statistics } = summarise(new Float64Array(2000).fill(Number.NaN), [0.5], 2000, 0);
  expect(statistics).toMatchObject({ share: 0, mean: Number.NaN, standardError: Number.NaN });
  expect(statistics.quantiles).toEqual([Number.POSITIVE_INFINITY]);
});

test("a rank is ceil(pN), as if probabilities were exact", () => {
  expect(rankOf(0.95, 100)).toBe(95);
  expect(rankOf(0.05, 100)).toBe(5);
  expect(rankOf(0.07, 100)).toBe(7);
  expect(rankOf(0.951, 100)).toBe(96);
  expect(rankOf(0.001, 10)).toBe(1);
});

test("selection finds every rank", () => {
  for (let seed = 1; seed < 20; seed++) {
    const values = numbers(50, seed, (u) => Math.floor(u * 20));
    const sorted = values.slice().sort();
    for (let rank = 1; rank <= 50; rank++)
      expect(selectRank(values.slice(), 0, 50, rank)).toBe(sorted[rank - 1]);
  }
});

describe("selection of several ranks at once agrees with a plain sort:", () => {
  const cases: Readonly<Record<string, (u: number) => number>> = {
    ...shapes,
    "one value far away": (u) => (u > 0.9995 ? 1e300 : u),
    "beyond the span of numbers": (u) => (u < 0.5 ? -1e308 - u : 1e308 + u),
    "less than a normal number apart": (u) => Math.floor(u * 100) * 5e-324,
    "below and above zero": (u) => u - 0.5,
    "never there": () => Number.NaN,
  };
  test.each(Object.entries(cases))("%s", (_, shape) => {
    for (const count of [1, 2, 3, 50, 3001]) {
      const values = numbers(count, count, shape).map((value) =>
        Number.isNaN(value) ? Number.POSITIVE_INFINITY : value,
      );
      const sorted = values.slice().sort();
      const ranks = [1, Math.ceil(count / 2), Math.ceil(count * 0.95), count, Math.ceil(count / 2)];
      const finite = sorted.filter((value) => value < Number.POSITIVE_INFINITY);
      const [least, largest] = [finite[0] ?? 0, finite.at(-1) ?? 0];
      const found = selectRanks(values, count, ranks, least, largest, createRankScratch(count));
      expect(found).toEqual(ranks.map((rank) => sorted[rank - 1]));
    }
  });
});
