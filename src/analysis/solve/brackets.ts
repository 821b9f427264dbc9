import { TOLERANCE } from "../../metrics/tolerance.ts";

/** A value of the input, and the figure it gives; NaN where there is none. */
export type Point = { readonly value: number; readonly figure: number };

/** Two values with a target between their figures: the target sought, or one that differs from it only by rounding. */
export type Ends = {
  readonly low: Point;
  readonly high: Point;
  readonly target: number;
  /** The end whose figure is the target but for rounding, where the search is for the value at which it gets there. */
  readonly reached?: Point;
};

/** First step away from the value of the scenario, as a share of it; each further one is twice as long. */
const FIRST_STEP = 1 / 8;

/** Steps to either side: the last is 2^39 times the first. */
const MOST_STEPS = 40;

/** From a value of 0, the first step is this share of a bounded range. */
const SHARE_OF_RANGE = 1 / 1_048_576;

/** Steps of equal length that a bounded range is tried at too, so that a figure that turns is seen to. */
const EVEN_STEPS = 16;

/** Values to try: around that of the scenario in growing steps, and evenly over a range that has ends. In order, each once. */
export function stepsFrom(now: number, [low, high]: readonly [number, number]): readonly number[] {
  const span = high - low;
  const first = now === 0 ? (Number.isFinite(span) ? span * SHARE_OF_RANGE : 1) : Math.abs(now) * FIRST_STEP;
  const values = new Set([now]);
  for (const sign of [-1, 1]) {
    for (let step = 0, length = first; step < MOST_STEPS; step++, length *= 2) {
      const value = now + sign * length;
      const inside = Math.max(low, Math.min(high, value));
      values.add(inside);
      if (inside !== value) break;
    }
  }
  for (let step = 0; Number.isFinite(span) && step <= EVEN_STEPS; step++)
    values.add(Math.min(high, low + (span * step) / EVEN_STEPS));
  return [...values].sort((x, y) => x - y);
}

/** Whether a target lies between two figures, or is one of them; never beside a figure that does not exist. */
export function isAcross(one: number, other: number, target: number): boolean {
  return (one <= target && other >= target) || (one >= target && other <= target);
}

/** Figures of values tried, [value][trial]. */
type Tried = { readonly values: Float64Array; readonly figures: Float64Array; readonly trials: number };

/** A figure has reached the target within this share of it: half the tolerance beyond which two figures differ. */
const SLACK = TOLERANCE / 2;

/** Rounding of a figure whose parts nearly cancel, as a share of its size nearby: some thousand terms of 2^-53 each. */
const ROUNDING = 1e-12;

/** Within what of a target a figure is that target, by its own size on both sides too: beside 0, no share of the target is left. */
export function roundingAt(target: number, share: number, ...sides: readonly number[]): number {
  return Math.max(share * Math.abs(target), ROUNDING * Math.max(...sides.map(Math.abs)));
}

/**
 * For each trial the two neighbouring values nearest to `now` that have the target between them. A figure that stays at the target,
 * as power does at a site's limit, misses it by rounding on either side; the search is then for the value at which it gets there.
 */
export function findBrackets(
  { values, figures, trials }: Tried,
  target: number,
  now: number,
): readonly (Ends | undefined)[] {
  return Array.from({ length: trials }, (_, trial) => {
    let best: Ends | undefined;
    let nearest = Number.POSITIVE_INFINITY;
    for (let index = 1; index < values.length; index++) {
      const [low, high] = [index - 1, index].map((at) => ({
        value: values[at],
        figure: figures[at * trials + trial],
      }));
      const ends = endsBetween(low, high, target, now);
      const away = ends ? awayFrom(now, ends.low.value, ends.high.value) : Number.POSITIVE_INFINITY;
      if (away >= nearest) continue;
      nearest = away;
      best = ends;
    }
    return best;
  });
}

function endsBetween(low: Point, high: Point, target: number, now: number): Ends | undefined {
  const slack = roundingAt(target, SLACK, low.figure, high.figure);
  const isReached = ({ figure }: Point): boolean => Math.abs(figure - target) <= slack;
  const [near, far] = Math.abs(low.value - now) <= Math.abs(high.value - now) ? [low, high] : [high, low];
  if (isReached(near)) return { low: near, high: near, target };
  if (!isReached(far)) return isAcross(low.figure, high.figure, target) ? { low, high, target } : undefined;
  const side = Math.sign(near.figure - target);
  return Number.isNaN(side) ? undefined : { low, high, target: target + side * slack, reached: far };
}

function awayFrom(now: number, low: number, high: number): number {
  return Math.max(0, low - now, now - high);
}
