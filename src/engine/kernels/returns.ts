import type { Extent } from "../months.ts";

/** Yearly rates between which an internal rate of return is sought. */
const LOWEST_RATE = -0.99;
const HIGHEST_RATE = 10;

/** Halvings of that interval: the rate is found to about 1e-15. */
const HALVINGS = 60;

/**
 * Internal rate of return: the yearly rate at which net cash at month ends and the residual at the horizon's end add to 0.
 *
 * NaN where the value has the same sign at both ends of the range, so that no rate makes it 0. Of several rates the one
 * that bisection meets is given.
 *
 * Shapes: `netCash` slab, `residual` and `target` [trial]. Fails: never. Cost: months x 60 a trial.
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
    const value = (rate: number) => {
      const monthly = (1 + rate) ** (-1 / 12);
      let factor = (1 + rate) ** ((originMonth - 1) / 12);
      let sum = memory[residual + trial] * (1 + rate) ** (-horizonMonths / 12);
      for (let month = 0; month < end; month++) {
        sum += memory[netCash + month * blockSize + trial] * factor;
        factor *= monthly;
      }
      return sum;
    };
    let [low, high] = [LOWEST_RATE, HIGHEST_RATE];
    const isRising = value(low) < 0;
    if (isRising === value(high) < 0) {
      memory[target + trial] = Number.NaN;
      continue;
    }
    for (let halving = 0; halving < HALVINGS; halving++) {
      const middle = (low + high) / 2;
      if (value(middle) < 0 === isRising) low = middle;
      else high = middle;
    }
    memory[target + trial] = (low + high) / 2;
  }
}

/** Months from `start` to the first month of the horizon from which a slab stays at or above 0 to its end; NaN where it does not. */
export function runMonthFromWhich(
  memory: Float64Array,
  source: number,
  target: number,
  { originMonth, horizonMonths, blockSize }: Extent,
): void {
  const end = originMonth + horizonMonths;
  for (let trial = 0; trial < blockSize; trial++) {
    let month = end;
    while (month > originMonth && memory[source + (month - 1) * blockSize + trial] >= 0) month--;
    memory[target + trial] = month === end ? Number.NaN : month - originMonth;
  }
}

/** Months from `start` to the first month in which a slab is above 0; NaN where there is none in the window. */
export function runMonthOfFirst(
  memory: Float64Array,
  source: number,
  target: number,
  { originMonth, monthCount, blockSize }: Extent,
): void {
  for (let trial = 0; trial < blockSize; trial++) {
    let month = 0;
    while (month < monthCount && !(memory[source + month * blockSize + trial] > 0)) month++;
    memory[target + trial] = month === monthCount ? Number.NaN : month - originMonth;
  }
}
