import type { Sweep } from "./axes.ts";

/**
 * Indices of a point's values on the axes: the last axis of a grid varies fastest.
 *
 * Fails: never, for a point of the sweep.
 */
export function indicesOf({ kind, axes }: Sweep, point: number): readonly number[] {
  if (kind !== "grid") return axes.map(() => point);
  const indices = new Array<number>(axes.length).fill(0);
  let left = point;
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    indices[axis] = left % axes[axis].count;
    left = Math.floor(left / axes[axis].count);
  }
  return indices;
}

/** The `--set` texts of a point. */
export function setsOf({ axes }: Pick<Sweep, "axes">, indices: readonly number[]): readonly string[] {
  return axes.map(({ path, valueAt }, axis) => `${path}=${valueAt(indices[axis])}`);
}
