import seedrandom from "seedrandom";
import { normalCdf, normalQuantile, type Plan, RANDOM_BLOCK } from "../engine/index.ts";
import type { CorrelatedGroup } from "../scenario/correlations.ts";

/** Fills the uniforms of `count` trials from `firstTrial` on; those of variable v are at `v * stride` and behind. */
export type FillInputs = (firstTrial: number, count: number, inputs: Float64Array, stride: number) => void;

/** The smallest and largest uniform: an inverse distribution is infinite at 0 and 1. */
const leastUniform = 2 ** -54;
const largestUniform = 1 - 2 ** -53;

/**
 * Makes the uniforms of a Plan's variables.
 *
 * Every variable and random block of 1,024 trials has a generator of its own, seeded with `seed|key|block`. So a trial's
 * draws depend on nothing else: not on other variables, threads, or how many trials there are; and a catalog value, whose key
 * is its catalog path, is drawn alike in every scenario: runs are paired.
 *
 * Correlated variables are joined by a Gaussian copula: their normal scores are mixed by the Cholesky factor of the
 * correlation matrix. The first of a group keeps its uniforms.
 *
 * @param seed any text
 *
 * Fails: never, for groups that were checked. Source: docs/model.md section 11.
 */
export function createSampler(plan: Plan, seed: string, groups: readonly CorrelatedGroup[]): FillInputs {
  const rowOf = new Map(plan.variables.map(({ key }, index) => [key, index]));
  return (firstTrial, count, inputs, stride) => {
    for (let first = 0; first < count; first += RANDOM_BLOCK) {
      const block = (firstTrial + first) / RANDOM_BLOCK;
      const size = Math.min(RANDOM_BLOCK, count - first);
      for (const [index, { key, kind, plain }] of plan.variables.entries()) {
        const row = index * stride + first;
        if (kind === "value") inputs.fill(plain, row, row + size);
        else fillUniforms(inputs, row, size, `${seed}|${key}|${block}`);
      }
      for (const group of groups) correlate(group, rowOf, seed, block, inputs, stride, first, size);
    }
  };
}

function fillUniforms(target: Float64Array, start: number, count: number, key: string): void {
  const generator = seedrandom.tychei(key);
  for (let i = 0; i < count; i++) target[start + i] = Math.max(leastUniform, generator.double());
}

/** Mixes the normal scores of one group; members that the Plan does not need are drawn all the same, so that the others do not change. */
function correlate(
  { keys, lower }: CorrelatedGroup,
  rowOf: ReadonlyMap<string, number>,
  seed: string,
  block: number,
  inputs: Float64Array,
  stride: number,
  first: number,
  count: number,
): void {
  const scores = keys.map((key) => {
    const uniforms = new Float64Array(count);
    const row = rowOf.get(key);
    if (row === undefined) fillUniforms(uniforms, 0, count, `${seed}|${key}|${block}`);
    else uniforms.set(inputs.subarray(row * stride + first, row * stride + first + count));
    return uniforms.map(normalQuantile);
  });
  for (const [member, key] of keys.entries()) {
    const row = rowOf.get(key);
    if (row === undefined || member === 0) continue;
    for (let trial = 0; trial < count; trial++) {
      let score = 0;
      for (let other = 0; other <= member; other++) {
        score += lower[member * keys.length + other] * scores[other][trial];
      }
      const uniform = normalCdf(score);
      inputs[row * stride + first + trial] = Math.min(largestUniform, Math.max(leastUniform, uniform));
    }
  }
}
