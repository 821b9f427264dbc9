import seedrandom from "seedrandom";
import { type Plan, RANDOM_BLOCK } from "../../engine/index.ts";
import { normalCdf, normalQuantile } from "../../numbers/plain.ts";
import type { CorrelatedGroup } from "../../scenario/correlations.ts";

/** Fills the uniforms of `count` trials from `firstTrial` on; those of variable v start at `v * stride`. */
export type FillInputs = (firstTrial: number, count: number, inputs: Float64Array, stride: number) => void;

/** The smallest and largest uniform: an inverse distribution is infinite at 0 and 1. */
const leastUniform = 5.551115123125783e-17;
const largestUniform = 1 - 1.1102230246251565e-16;

/**
 * Makes the uniforms of a Plan's variables.
 *
 * Every variable and random block of 1,024 trials has its own generator, seeded with `seed|key|block`. So a trial's draws
 * do not depend on other variables, on threads or on the number of trials; and a catalog value, whose key is its catalog
 * path, has the same draws in every scenario, so that runs are paired.
 *
 * Correlated variables are joined by a Gaussian copula: their normal scores are mixed by the Cholesky factor of the
 * correlation matrix. The first of a group keeps its uniforms.
 *
 * @param seed any text
 *
 * Fails: never, for checked groups. Source: docs/model.md section 11.
 */
export function createSampler(plan: Plan, seed: string, groups: readonly CorrelatedGroup[]): FillInputs {
  const rowOf = new Map(plan.variables.map(({ key }, index) => [key, index]));
  return (firstTrial, count, inputs, stride) => {
    for (let first = 0; first < count; first += RANDOM_BLOCK) {
      const block = (firstTrial + first) / RANDOM_BLOCK;
      const size = Math.min(RANDOM_BLOCK, count - first);
      const draws: BlockDraws = {
        size,
        rowOf: (key) => {
          const row = rowOf.get(key);
          return row === undefined
            ? undefined
            : inputs.subarray(row * stride + first, row * stride + first + size);
        },
        draw: (key, target) => fillUniforms(target, `${seed}|${key}|${block}`),
      };
      for (const [index, { key, kind, plain }] of plan.variables.entries()) {
        const row = inputs.subarray(index * stride + first, index * stride + first + size);
        if (kind === "value") row.fill(plain);
        else draws.draw(key, row);
      }
      for (const group of groups) correlate(group, draws);
    }
  };
}

function fillUniforms(target: Float64Array, key: string): void {
  const generator = seedrandom.tychei(key);
  for (let trial = 0; trial < target.length; trial++)
    target[trial] = Math.max(leastUniform, generator.double());
}

/** The uniforms of a random block. */
type BlockDraws = {
  readonly size: number;
  /** Uniforms of a variable, in place; undefined for one that the Plan does not need. */
  readonly rowOf: (key: string) => Float64Array | undefined;
  /** Draws a variable's uniforms independently of all others. */
  readonly draw: (key: string, target: Float64Array) => void;
};

/**
 * Mixes the normal scores of one group; members that the Plan does not need are drawn too, so that the others do not
 * change.
 */
function correlate({ keys, lower }: CorrelatedGroup, { size, rowOf, draw }: BlockDraws): void {
  const rows = keys.map(rowOf);
  const scores = keys.map((key, member) => {
    const uniforms = rows[member]?.slice() ?? new Float64Array(size);
    if (!rows[member]) draw(key, uniforms);
    return uniforms.map(normalQuantile);
  });
  for (const [member, row] of rows.entries()) {
    if (!row || member === 0) continue;
    for (let trial = 0; trial < size; trial++) {
      let score = 0;
      for (let other = 0; other <= member; other++) {
        score += lower[member * keys.length + other] * scores[other][trial];
      }
      row[trial] = Math.min(largestUniform, Math.max(leastUniform, normalCdf(score)));
    }
  }
}
