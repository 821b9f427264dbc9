import { describe, expect, test } from "vitest";
import { RANDOM_BLOCK, TILE } from "../../../src/engine/index.ts";
import { numbers, summariseAll } from "./summarise.ts";

const heldTrials = RANDOM_BLOCK;
const chunkTiles = 5;
const total = 24 * RANDOM_BLOCK + 37;
/** More than are sifted at once. */
const probabilities = [0.01, 0.05, 0.5, 0.95, 0.999];

const spread = numbers(total, 3, (u) => (u < 0.1 ? Number.NaN : Math.exp(9 * (u - 0.5))));

/** The same values up to a trial, and others from there on. */
function partingAt(trial: number, other: (value: number) => number = (value) => 2 * value + 1): Float64Array {
  return spread.map((value, at) => (at < trial ? value : other(value)));
}

/** With and without sharing: figures have the same statistics, bit for bit. */
function bothWays(rows: readonly Float64Array[], slotCount: number | "as many as one pass needs" = 200) {
  const options = { probabilities, heldTrials, chunkTiles, slotCount };
  const shared = summariseAll(rows, options);
  const alone = rows.map((row) => summariseAll([row], { ...options, isShared: false }).statistics[0]);
  expect(shared.statistics).toEqual(alone);
  return shared;
}

describe("figures that are equal in all trials share statistics:", () => {
  test("of the first of them", () => {
    const constant = new Float64Array(total).fill(7);
    const rows = [constant, spread, constant.slice(), spread.slice(), new Float64Array(total).fill(8)];
    expect(bothWays(rows).owners).toEqual([0, 1, 0, 1, 4]);
  });

  test("where a search needs another pass too", () => {
    // Large values come late, so that the first trials mislead the searches.
    const rising = spread.slice().sort();
    const { owners, passes } = bothWays([rising, rising.slice()], 8);
    expect(owners).toEqual([0, 0]);
    expect(passes).toBeGreaterThan(1);
  });

  test("0 and -0 are not equal", () => {
    const zero = new Float64Array(total);
    expect(bothWays([zero, zero.map(() => -0)]).owners).toEqual([0, 1]);
  });

  test("neither is what does not exist and what is infinite, though both rank last", () => {
    const infinite = spread.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value));
    expect(bothWays([spread, infinite]).owners).toEqual([0, 1]);
  });
});

describe("figures that part later have their own statistics from then on:", () => {
  const chunk = chunkTiles * TILE;
  test.each([
    ["with the first trial that is not held", heldTrials],
    ["within a tile in the middle of a chunk", heldTrials + 3 * chunk + 2 * TILE + 17],
    ["with a chunk", heldTrials + 5 * chunk],
    ["with the last trial", total - 1],
  ])("%s", (_, trial) => {
    const { owners } = bothWays([spread, partingAt(trial), spread.slice()]);
    expect(owners).toEqual([0, 1, 0]);
  });

  test("in one trial alone, and two of them in the same chunk and in others", () => {
    const once = spread.slice();
    once[heldTrials + 2 * chunk + TILE] = -1e9;
    const rows = [spread, once, partingAt(heldTrials + 2 * chunk + 9), partingAt(heldTrials + 7 * chunk)];
    // The last two are equal to each other from then on, but not in all trials.
    expect(bothWays(rows, "as many as one pass needs").owners).toEqual([0, 1, 2, 3]);
  });

  test("what never varied at first varies later", () => {
    const constant = new Float64Array(total).fill(3);
    const late = constant.map((value, at) => (at < 3000 ? value : spread[at]));
    expect(bothWays([constant, late, constant.slice()]).owners).toEqual([0, 1, 0]);
  });
});
