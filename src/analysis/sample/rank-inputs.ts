import type { Plan } from "../../engine/index.ts";
import type { RankedInput } from "../results/spread.ts";
import type { FillInputs } from "./sampling.ts";

/**
 * Says what each uncertain input of a Plan has to do with a figure: their rank correlation, and the figure's mean where the input
 * is in its lowest and highest tenth.
 *
 * A draw is a quantile of its distribution, and its uniform is its rank; so the rank correlation is that of the uniform with the
 * rank of the figure, and inputs need not be evaluated. Trials in which the figure does not exist are left out.
 *
 * @param fill   draws of the sample
 * @param values the figure, one for each of the sample's first trials
 * @return the closest first, those with equal correlation in the order of the Plan; empty where fewer than three trials exist
 *
 * Fails: never. Cost: inputs x trials.
 */
export function rankInputsBy(plan: Plan, fill: FillInputs, values: Float64Array): readonly RankedInput[] {
  const trials = values.length;
  const existing = Array.from({ length: trials }, (_, trial) => trial).filter((trial) =>
    Number.isFinite(values[trial]),
  );
  if (existing.length < 3) return [];
  const uniforms = new Float64Array(plan.variables.length * trials);
  fill(0, trials, uniforms, trials);
  const ranks = ranksOf(existing.map((trial) => values[trial]));
  const ranked = plan.variables.flatMap(({ key, kind }, row): RankedInput[] => {
    if (kind === "value") return [];
    const own = Float64Array.from(existing, (trial) => uniforms[row * trials + trial]);
    const figure = (at: number) => values[existing[at]];
    return [{ key, correlation: correlationOf(own, ranks), ...tenthsOf(own, figure) }];
  });
  return ranked.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation));
}

/** Ranks of values, those that tie at the mean of theirs. */
export function ranksOf(values: readonly number[]): Float64Array {
  const order = values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    for (let place = first; place < end; place++) ranks[order[place]] = (first + end - 1) / 2;
    first = end;
  }
  return ranks;
}

/** Pearson's correlation; 0 where either does not vary. */
export function correlationOf(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index] - meanA, b[index] - meanB];
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return squaresA === 0 || squaresB === 0 ? 0 : both / Math.sqrt(squaresA * squaresB);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A tenth at either end of an input's distribution. */
const TENTH = 0.1;

function tenthsOf(
  uniforms: Float64Array,
  figure: (at: number) => number,
): Pick<RankedInput, "lowest" | "highest" | "mean"> {
  const sums = { lowest: 0, highest: 0, all: 0 };
  let [low, high] = [0, 0];
  for (const [at, uniform] of uniforms.entries()) {
    const value = figure(at);
    sums.all += value;
    if (uniform < TENTH) [sums.lowest, low] = [sums.lowest + value, low + 1];
    if (uniform >= 1 - TENTH) [sums.highest, high] = [sums.highest + value, high + 1];
  }
  const mean = sums.all / uniforms.length;
  return { lowest: low > 0 ? sums.lowest / low : mean, highest: high > 0 ? sums.highest / high : mean, mean };
}
