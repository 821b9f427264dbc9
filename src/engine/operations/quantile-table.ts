/**
 * Quantiles of distributions that have no closed form, as a table over the normal score of the uniform.
 *
 * The grid is even in z = `normalQuantile(u)`, which spreads the points into both tails, where a grid even in u would
 * have none. At z = k / 64 for whole k from -n to n a table holds two numbers: the quantile there, and its rise
 * per step of the grid. Between points it is a cubic with these values and rises, and monotone where the table's
 * maker kept each rise at most three times the smaller neighbouring difference (`scenario/language/pert-table.ts`).
 */

/** Steps of the grid per unit of the normal score; a power of two, so that the points are exact. */
export const quantileStepsPerUnit = 64;

/** Numbers of one table per point: the quantile and its rise. */
export const quantileTableStride = 2;

/**
 * Reads a quantile off a table.
 *
 * At a point of the grid it is the table's value exactly, so the median is; beyond the ends it is the end's value.
 *
 * @param tables tables one after another, numbers [quantile, rise per step] of each point
 * @param start  index of the table's first number
 * @param length numbers in the table, twice an odd number of points
 * @param score  normal score of the uniform, `normalQuantile(u)`; infinities give the ends
 * @return the quantile; NaN for NaN
 *
 * Fails: never, for a Plan that was compiled. Cost: four reads, one cubic.
 * Source: cubic Hermite interpolation; model choice, docs/model.md#11-uncertainty.
 */
export function lookUpQuantile(tables: Float64Array, start: number, length: number, score: number): number {
  const lastPoint = length / quantileTableStride - 1;
  const position = score * quantileStepsPerUnit + lastPoint / 2;
  if (position <= 0) return tables[start];
  if (position >= lastPoint) return tables[start + length - quantileTableStride];
  const point = Math.floor(position);
  const share = position - point;
  const at = start + point * quantileTableStride;
  const value = tables[at];
  const rise = tables[at + 1];
  const difference = tables[at + 2] - value;
  const nextRise = tables[at + 3];
  const curve = 3 * difference - 2 * rise - nextRise + share * (rise + nextRise - 2 * difference);
  return value + share * (rise + share * curve);
}
