/**
 * The lower triangle L with L L' = `matrix`, or `undefined` where the matrix is not positive definite.
 *
 * Shapes: `matrix` and the result are [row][column] of `size`, without gaps. Memory: allocates the result.
 * Fails: never. Cost: size^3 / 6.
 */
export function factorise(matrix: Float64Array, size: number): Float64Array | undefined {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * size + column];
      for (let k = 0; k < column; k++) rest -= lower[row * size + k] * lower[column * size + k];
      if (row > column) lower[row * size + column] = rest / lower[column * size + column];
      else if (rest > leastPivot) lower[row * size + row] = Math.sqrt(rest);
      else return undefined;
    }
  }
  return lower;
}

/** A correlation matrix with a smaller pivot is singular but for rounding. */
const leastPivot = 1e-12;
