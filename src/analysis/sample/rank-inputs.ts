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
export function rankInputsBy(
  plan: Pick<Plan, "variables">,
  fill: FillInputs,
  values: Float64Array,
): readonly RankedInput[] {
  const trials = values.length;
  const existing = Array.from({ length: trials }, (_, trial) => trial).filter((trial) =>
    Number.isFinite(values[trial]),
  );
  if (existing.length < 3) return [];
  const uniforms = new Float64Array(plan.variables.length * trials);
  fill(0, trials, uniforms, trials);
  const isComplete = existing.length === trials;
  const figure = isComplete ? values : Float64Array.from(existing, (trial) => values[trial]);
  const ranks = centred(ranksOf(figure));
  const ranked = plan.variables.flatMap(({ key, kind }, row): RankedInput[] => {
    if (kind === "value") return [];
    const all = uniforms.subarray(row * trials, (row + 1) * trials);
    const own = isComplete ? all : Float64Array.from(existing, (trial) => all[trial]);
    return [{ key, correlation: correlationWith(own, ranks), ...tenthsOf(own, figure) }];
  });
  return ranked.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation));
}

/** Ranks of values, those that tie at the mean of theirs. */
export function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, index) => index).sort((a, b) => values[a] - values[b]);
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
  return correlationWith(a, centred(b));
}

/** Values as distances from their mean, and the sum of the squares of these. */
type Centred = { readonly values: Float64Array; readonly squares: number };

function centred(values: Float64Array): Centred {
  const mean = meanOf(values);
  const distances = values.map((value) => value - mean);
  let squares = 0;
  for (let index = 0; index < distances.length; index++) squares += distances[index] * distances[index];
  return { values: distances, squares };
}

// Most runs end before this is optimised code, so it takes no array apart: that would make two objects a trial and input.
function correlationWith(a: Float64Array, { values, squares }: Centred): number {
  const mean = meanOf(a);
  let both = 0;
  let own = 0;
  for (let index = 0; index < a.length; index++) {
    const x = a[index] - mean;
    both += x * values[index];
    own += x * x;
  }
  return own === 0 || squares === 0 ? 0 : both / Math.sqrt(own * squares);
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index];
  return sum / values.length;
}

/** A tenth at either end of an input's distribution. */
const TENTH = 0.1;

function tenthsOf(
  uniforms: Float64Array,
  figure: Float64Array,
): Pick<RankedInput, "lowest" | "highest" | "mean"> {
  let all = 0;
  let lowest = 0;
  let highest = 0;
  let low = 0;
  let high = 0;
  for (let at = 0; at < uniforms.length; at++) {
    const uniform = uniforms[at];
    const value = figure[at];
    all += value;
    if (uniform < TENTH) {
      lowest += value;
      low++;
    }
    if (uniform >= 1 - TENTH) {
      highest += value;
      high++;
    }
  }
  const mean = all / uniforms.length;
  return { lowest: low > 0 ? lowest / low : mean, highest: high > 0 ? highest / high : mean, mean };
}
