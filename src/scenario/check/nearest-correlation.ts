/**
 * The correlation matrix nearest to a symmetric matrix with a unit diagonal, in the sum of squared differences, with
 * eigenvalues of at least `leastEigenvalue`.
 *
 * Shapes: [row][column] of `size`. Memory: allocates. Fails: never; after a fixed number of rounds it returns its
 * best matrix.
 * Source: N. J. Higham, "Computing the Nearest Correlation Matrix", IMA Journal of Numerical Analysis 22 (2002) 329-343,
 * algorithm 3.3: alternating projections with Dykstra's correction.
 */
export function nearestCorrelation(matrix: Float64Array, size: number): Float64Array {
  let correlation = Float64Array.from(matrix);
  let correction = new Float64Array(matrix.length);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const shifted = correlation.map((value, index) => value - correction[index]);
    const projected = projectToPositive(shifted, size);
    correction = projected.map((value, index) => value - shifted[index]);
    const next = projected.map((value, index) => (index % (size + 1) === 0 ? 1 : value));
    const change = next.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - correlation[index])),
      0,
    );
    correlation = next;
    if (change < smallestChange) break;
  }
  return correlation;
}

const MOST_ROUNDS = 1000;
const smallestChange = 1e-10;

/** Keeps the offered matrix usable rather than barely positive definite. */
const leastEigenvalue = 1e-4;

/** The matrix with the same eigenvectors and eigenvalues of at least `leastEigenvalue`. */
function projectToPositive(matrix: Float64Array, size: number): Float64Array {
  const { values, vectors } = decompose(matrix, size);
  const projected = new Float64Array(matrix.length);
  for (let k = 0; k < size; k++) {
    const value = Math.max(values[k], leastEigenvalue);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        projected[row * size + column] += value * vectors[row * size + k] * vectors[column * size + k];
      }
    }
  }
  return projected;
}

/** Eigenvalues and eigenvectors (columns) of a symmetric matrix by Jacobi rotations. */
function decompose(matrix: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  const vectors = new Float64Array(size * size);
  for (let k = 0; k < size; k++) vectors[k * (size + 1)] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        off += Math.abs(a[p * size + q]);
        rotate(a, vectors, size, p, q);
      }
    }
    if (off < 1e-15) break;
  }
  return { values: Float64Array.from({ length: size }, (_, k) => a[k * (size + 1)]), vectors };
}

const MOST_SWEEPS = 60;

/** The rotation of rows and columns p and q that makes the element at (p, q) 0. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const off = a[p * size + q];
  if (off === 0) return;
  const theta = (a[q * (size + 1)] - a[p * (size + 1)]) / (2 * off);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(t * t + 1);
  const sine = t * cosine;
  const turn = (target: Float64Array, i: number, j: number): void => {
    const [x, y] = [target[i], target[j]];
    target[i] = cosine * x - sine * y;
    target[j] = sine * x + cosine * y;
  };
  for (let k = 0; k < size; k++) turn(a, k * size + p, k * size + q);
  for (let k = 0; k < size; k++) turn(a, p * size + k, q * size + k);
  for (let k = 0; k < size; k++) turn(vectors, k * size + p, k * size + q);
}
