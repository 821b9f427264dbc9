import { TOLERANCE } from "../../metrics/tolerance.ts";

/**
 * Finds the choices that no other dominates, by costing no more and yielding no less, and strictly better in one of the
 * two.
 *
 * @param costs  less is better
 * @param yields more is better
 * @return whether each is on the frontier
 *
 * Fails: never. Cost: the square of the number of choices.
 */
export function paretoSet(costs: readonly number[], yields: readonly number[]): readonly boolean[] {
  return costs.map(
    (cost, choice) =>
      !costs.some((other, rival) => {
        const [more, less] = [yields[rival], yields[choice]];
        const isNoWorse = !isBelow(cost, other) && !isBelow(more, less);
        return isNoWorse && (isBelow(other, cost) || isBelow(less, more));
      }),
  );
}

/** Whether `x` is less than `y` by more than rounding. */
export function isBelow(x: number, y: number): boolean {
  return y - x > TOLERANCE * Math.max(Math.abs(x), Math.abs(y));
}
