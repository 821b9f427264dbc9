import type { Plan } from "../../engine/index.ts";

/**
 * Spreads trials evenly over the uniforms of a Plan, for the range of a prediction: trial t of variable v is at the
 * fractional part of t times the square root of the v-th prime, and the first trial is at the medians.
 *
 * It needs no seed and no generator, so the ranges are the same everywhere and stable with few trials.
 *
 * Shapes: returns [variable][trial]. Fails: never. Source: Kronecker sequence (Richtmyer).
 */
export function evenInputs({ variables }: Plan, trials: number): Float64Array {
  const inputs = new Float64Array(variables.length * trials);
  const steps = primes(variables.length).map((prime) => Math.sqrt(prime) % 1);
  for (const [index, { kind, plain }] of variables.entries()) {
    for (let trial = 0; trial < trials; trial++)
      inputs[index * trials + trial] =
        kind === "value" || trial === 0 ? plain : (0.5 + trial * steps[index]) % 1 || 0.5;
  }
  return inputs;
}

function primes(count: number): readonly number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number++)
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  return found;
}
