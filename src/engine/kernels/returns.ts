import type { Extent } from "../operations/months.ts";

/** Yearly rates between which an internal rate of return is sought. */
const LOWEST_RATE = -0.99;
const HIGHEST_RATE = 10;

/** Halvings of that interval, to a hundredth of a point; behind them Newton's steps are quicker. */
const HALVINGS = 16;

/** Most steps in all: halvings alone would reach the precision of a number with them. */
const STEPS = 60;

/** A step below this ends the search. */
const PRECISION = 1e-14;

/**
 * Internal rate of return: the yearly rate at which net cash at month ends and the residual at the horizon's end add to 0.
 *
 * NaN where the value has the same sign at both ends of the range, so that no rate makes it 0. Of several rates the one
 * that bisection meets is given: Newton's steps stay between the ends that halving has come to.
 *
 * Shapes: `netCash` slab, `residual` and `target` [trial]. Fails: never. Cost: months x 25 a trial.
 * Source: docs/model.md section 10.4.
 */
export function runInternalRate(
  memory: Float64Array,
  netCash: number,
  residual: number,
  target: number,
  { originMonth, horizonMonths, blockSize }: Extent,
): void {
  const end = originMonth + horizonMonths;
  for (let trial = 0; trial < blockSize; trial++) {
    const cash: CashFlows = { memory, start: netCash + trial, stride: blockSize, end };
    const last = memory[residual + trial];
    const value = (rate: number) =>
      sumDiscounted(cash, rate, (1 + rate) ** ((originMonth - 1) / 12), 1, 0) +
      last * (1 + rate) ** (-horizonMonths / 12);
    const slope = (rate: number) =>
      // The months by which cash is discounted are a factor of the derivative.
      sumDiscounted(cash, rate, (1 + rate) ** ((originMonth - 1) / 12 - 1) / 12, originMonth - 1, -1) -
      ((last * horizonMonths) / 12) * (1 + rate) ** (-horizonMonths / 12 - 1);
    memory[target + trial] = findRate(value, slope);
  }
}

/** The rate between the ends at which the value is 0, NaN where it has the same sign at both. */
function findRate(value: (rate: number) => number, slope: (rate: number) => number): number {
  let [low, high] = [LOWEST_RATE, HIGHEST_RATE];
  const isRising = value(low) < 0;
  if (isRising === value(high) < 0) return Number.NaN;
  let rate = (low + high) / 2;
  for (let step = 0; step < STEPS; step++) {
    const difference = value(rate);
    if (difference === 0) return rate;
    if (difference < 0 === isRising) low = rate;
    else high = rate;
    const newton = step < HALVINGS ? low : rate - difference / slope(rate);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - rate) < PRECISION) return next;
    rate = next;
  }
  return rate;
}

/** Cash at month ends of one trial: `end` months, a stride apart. */
type CashFlows = {
  readonly memory: Float64Array;
  readonly start: number;
  readonly stride: number;
  readonly end: number;
};

/**
 * Sum over months of weight x cash x factor; the factor falls by a month at a yearly rate, from that of the first month on, and
 * the weight grows by a step.
 */
function sumDiscounted(
  { memory, start, stride, end }: CashFlows,
  rate: number,
  firstFactor: number,
  firstWeight: number,
  step: number,
): number {
  const monthly = (1 + rate) ** (-1 / 12);
  let factor = firstFactor;
  let weight = firstWeight;
  let sum = 0;
  for (let at = start; at < start + end * stride; at += stride) {
    sum += weight * memory[at] * factor;
    factor *= monthly;
    weight += step;
  }
  return sum;
}
