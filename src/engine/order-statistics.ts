/**
 * The order statistic of a rank, with the values around it put in their place: after it, `values[from + rank - 1]` is the
 * result, nothing before it is larger and nothing behind it smaller.
 *
 * Memory: reorders `values[from .. end)`. Fails: never; values are numbers, no NaN.
 * Cost: proportional to the number of values, on average.
 *
 * @param rank 1 for the smallest
 * Source: C. A. R. Hoare, "Algorithm 65: Find", Communications of the ACM 4 (1961) 321; the middle of three as pivot.
 */
export function selectRank(values: Float64Array, from: number, end: number, rank: number): number {
  const at = from + rank - 1;
  let low = from;
  let high = end - 1;
  while (low < high) {
    const pivot = middleOf(values[low], values[(low + high) >> 1], values[high]);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left <= right) {
        const swapped = values[left];
        values[left++] = values[right];
        values[right--] = swapped;
      }
    }
    if (at <= right) high = right;
    else if (at >= left) low = left;
    else break;
  }
  return values[at];
}

function middleOf(a: number, b: number, c: number): number {
  if (a < b) return b < c ? b : a < c ? c : a;
  return a < c ? a : b < c ? c : b;
}

/** Rank of the quantile of a probability among n values: the order statistic ceil(pN), at least the first. */
export function rankOf(probability: number, count: number): number {
  // 0.95 x 100 is 94.99999999999999 or 95.00000000000001 as it falls; a rank is meant to be exact.
  const exact = probability * count;
  const near = Math.round(exact);
  return Math.min(count, Math.max(1, Math.abs(exact - near) < 1e-9 * count ? near : Math.ceil(exact)));
}
