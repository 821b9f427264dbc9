import { type Plan, RANDOM_BLOCK } from "../../engine/index.ts";
import type { FillInputs } from "../sample/sampling.ts";

/** The draws of a scenario's sample. */
export type Draws = { readonly plan: Plan; readonly fill: FillInputs };

/** An uncertain input that decides between two scenarios: on one side of a break-even each of them is better. */
export type DecidingInput = {
  /** Path that declares it. */
  readonly key: string;
  /** Its quantile at which the mean of the difference changes sign. */
  readonly quantile: number;
  /** Whether the other scenario is better where the input is larger. */
  readonly isAbove: boolean;
  /** Share of trials on the side on which the other is better. */
  readonly beyond: number;
  /** Share of these trials in which the other is better, and of the rest in which the leader is. */
  readonly otherBetter: number;
  readonly leaderBetter: number;
  /** What choosing by this input alone gains on average over always choosing the leader, in units of the figure. */
  readonly gain: number;
};

/** Positions at which a break-even is looked for: every half per cent of an input's distribution. */
const BINS = 200;

/** Each side has at least this share of trials: nothing is said of the outer ends of a range. */
const LEAST_SIDE = 0.05;

/** Standard errors by which the mean difference of each side is away from 0, with opposite signs. */
const CLEAR = 4;

/** Share of the trials of each side in which the better of the two on average is better. */
const LIKELIER = 0.6;

/** Sums of the trials in a bin: their number, the difference, its square, and how often either scenario is better. */
const [COUNT, SUM, SQUARES, OTHER, LEADER] = [0, 1, 2, 3, 4];
const SUMS = 5;

/**
 * Finds inputs that alone tell which of two scenarios is better (docs/model.md section 11).
 *
 * Trials are put in order of an input, and cut where choosing the leader on one side and the other scenario on the other side
 * gains most: there the mean of the difference, given the input, changes sign. A cut counts only if both sides have 5 % of the
 * trials, their means are 4 standard errors from 0 with opposite signs, and in 60 % of the trials of each side its scenario is
 * better. An input that has nothing to do with the difference passes that about never.
 *
 * @param gains   how much better the other scenario is than the leader, by trial; trials that are not finite are left out
 * @param sources the draws of both scenarios; an input of both has the same draws in both
 * @return those that pass, the one with the largest gain first
 *
 * Memory: a thousand sums an input. Fails: never. Cost: inputs x trials.
 */
export function findDecidingInputs(gains: Float64Array, sources: readonly Draws[]): readonly DecidingInput[] {
  const known = new Set<string>();
  return sources
    .flatMap((source) => {
      const rows = source.plan.variables.flatMap(({ key, kind }, row) =>
        kind === "value" || known.has(key) ? [] : [{ key, row }],
      );
      for (const { key } of rows) known.add(key);
      const sums = sumByInput(
        gains,
        source,
        rows.map(({ row }) => row),
      );
      return rows.flatMap(({ key }, index) => decide(key, sums[index]) ?? []);
    })
    .sort((a, b) => b.gain - a.gain);
}

/** The sums of each bin of each input. */
function sumByInput(
  gains: Float64Array,
  { plan, fill }: Draws,
  rows: readonly number[],
): readonly Float64Array[] {
  const sums = rows.map(() => new Float64Array(BINS * SUMS));
  const block = new Float64Array(plan.variables.length * RANDOM_BLOCK);
  for (let first = 0; first < gains.length; first += RANDOM_BLOCK) {
    const count = Math.min(RANDOM_BLOCK, gains.length - first);
    fill(first, count, block, RANDOM_BLOCK);
    for (const [index, row] of rows.entries()) {
      const own = sums[index];
      for (let trial = 0; trial < count; trial++) {
        const gain = gains[first + trial];
        if (!Number.isFinite(gain)) continue;
        const bin = SUMS * Math.min(BINS - 1, Math.floor(BINS * block[row * RANDOM_BLOCK + trial]));
        own[bin + COUNT] += 1;
        own[bin + SUM] += gain;
        own[bin + SQUARES] += gain * gain;
        if (gain > 0) own[bin + OTHER] += 1;
        if (gain < 0) own[bin + LEADER] += 1;
      }
    }
  }
  return sums;
}

/** Whether an input decides, and where. */
function decide(key: string, bins: Float64Array): DecidingInput | undefined {
  const all = sumUp(bins, 0, BINS);
  let [cut, most, isAbove] = [0, 0, false];
  const below = new Float64Array(SUMS);
  for (let bin = 1; bin < BINS; bin++) {
    for (let sum = 0; sum < SUMS; sum++) below[sum] += bins[(bin - 1) * SUMS + sum];
    for (const side of [true, false]) {
      const gained = side ? all[SUM] - below[SUM] : below[SUM];
      if (gained > most) [cut, most, isAbove] = [bin, gained, side];
    }
  }
  if (cut === 0) return undefined;
  const sides = [sumUp(bins, 0, cut), sumUp(bins, cut, BINS)];
  const [leader, other] = isAbove ? sides : [sides[1], sides[0]];
  const least = LEAST_SIDE * all[COUNT];
  if (leader[COUNT] < least || other[COUNT] < least) return undefined;
  if (!(clearness(other) > CLEAR) || !(clearness(leader) < -CLEAR)) return undefined;
  const [otherBetter, leaderBetter] = [other[OTHER] / other[COUNT], leader[LEADER] / leader[COUNT]];
  if (otherBetter < LIKELIER || leaderBetter < LIKELIER) return undefined;
  const beyond = other[COUNT] / all[COUNT];
  return { key, quantile: cut / BINS, isAbove, beyond, otherBetter, leaderBetter, gain: most / all[COUNT] };
}

function sumUp(bins: Float64Array, first: number, end: number): Float64Array {
  const sums = new Float64Array(SUMS);
  for (let at = first * SUMS; at < end * SUMS; at++) sums[at % SUMS] += bins[at];
  return sums;
}

/** Standard errors between a side's mean and 0. */
function clearness(side: Float64Array): number {
  const mean = side[SUM] / side[COUNT];
  const variance = Math.max(0, side[SQUARES] / side[COUNT] - mean * mean);
  // Without any spread a mean is clear unless it is 0.
  if (variance === 0) return mean === 0 ? 0 : Math.sign(mean) * Number.POSITIVE_INFINITY;
  return mean / Math.sqrt(variance / side[COUNT]);
}
