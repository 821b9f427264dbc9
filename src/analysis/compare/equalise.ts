import { compile } from "../../compile/compile.ts";
import type { Runner } from "../../run/runner.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** The quantities in which mixes can be made equal. */
export const BASES = {
  spend: {
    metric: "cost_provider_pv_usd",
    level: "run",
    words: "equal present value of the provider's cost",
  },
  effective_fp4: {
    metric: "cumulative_effective_fp4_yflop",
    level: "total",
    words: "equal effective FP4 over the horizon",
  },
} as const;
export type Basis = keyof typeof BASES;

/** Whether a basis, in its words, holds a figure equal at medians, so that it says nothing about the scenarios. */
export function holdsEqual(words: string, figure: string): boolean {
  return Object.values(BASES).some((basis) => basis.words === words && figure.endsWith(basis.metric));
}

/** Most steps of the search for a scale; figures are nearly linear in it, so few are needed. */
const MOST_STEPS = 60;

/** Relative accuracy of the equality. */
const TOLERANCE = 1e-10;

/**
 * The figure of a basis as a function of the `let` value that scales a mix.
 *
 * Fails: never, for a scenario whose `let.NAME` is a literal number.
 */
export function makeBasisFigure(
  scenario: Scenario,
  name: string,
  basis: Basis,
  runner: Runner,
): (scale: number) => Promise<number> {
  const { metric, level } = BASES[basis];
  const key = `let.${name}`;
  const plan = compile(scenario, { metrics: [metric], levels: [level], inputs: [key] });
  return async (scale) => {
    const inputs = Float64Array.from(plan.variables, (one) =>
      one.kind === "value" && one.key === key ? scale : one.plain,
    );
    const { columns } = await runner.run(plan, { inputs, trials: 1 });
    return columns[0]?.at(-1) ?? 0;
  };
}

/**
 * Finds the scale at which an increasing figure equals `target`, by the Illinois method (a secant between two scales that
 * enclose it).
 *
 * @return the scale, or undefined if none between 1/1000 and 1000 gives the target
 *
 * Fails: never. Cost: one run per step.
 */
export async function findScale(
  figure: (scale: number) => Promise<number>,
  target: number,
): Promise<number | undefined> {
  let [low, high] = [1, 1];
  let below = (await figure(1)) - target;
  let above = below;
  while (below > 0 && low > 1e-3) {
    low /= 2;
    below = (await figure(low)) - target;
  }
  while (above < 0 && high < 1e3) {
    high *= 2;
    above = (await figure(high)) - target;
  }
  if (below > 0 || above < 0) return undefined;
  let side = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (Math.abs(below) <= TOLERANCE * Math.abs(target)) return low;
    if (Math.abs(above) <= TOLERANCE * Math.abs(target)) return high;
    const middle = (low * above - high * below) / (above - below);
    const value = (await figure(middle)) - target;
    if (value < 0) {
      [low, below] = [middle, value];
      if (side === -1) above /= 2;
      side = -1;
    } else {
      [high, above] = [middle, value];
      if (side === 1) below /= 2;
      side = 1;
    }
  }
  return (low + high) / 2;
}
