import { WATTS_PER_MEGAWATT } from "../../../metrics/unit-factors.ts";
import { buildProgram } from "../build-program.ts";
import type { LinearProgram, OpenProgram, Solver, SolverOptions } from "../linear-program.ts";
import { objectiveUnit, type ShadowPrice } from "../optimize.ts";
import type { Coefficients } from "../read-coefficients.ts";
import type { Situation } from "../situation.ts";

/** What one more unit of a limit changes in the best plan, so that the objective changes by the limit's price. */
export type PlanChange = {
  /** Chips of one kind that land at one site in one month: more of them, or fewer where below 0. */
  readonly purchases: readonly (Pick<Coefficients, "candidate" | "landing"> & {
    readonly chips: number;
    /** What one of them adds to the objective [USD, or EFLOP-hours for most compute]. */
    readonly each: number;
  })[];
  /** What is charged for shortfalls of commitments, more or less [USD]. */
  readonly shortfalls: number;
};

/** Steps of a bound, from the largest on [units of the program]: the plan changes evenly only while it buys the same kinds. */
const STEPS = [1, 0.1, 0.01, 0.001].flatMap((step) => [step, -step]);

/** The change must come this near the price, as a share of it: the solver works to 1e-9, and a step is as little as 1e-3. */
const NEAR = 1e-5;

/** A smaller part of the price is the solver's rounding error. */
const DUST = 1e-6;

/**
 * Finds what one more unit of a limit changes, in one period or in several at once: the bounds are moved by a small step and the
 * program is solved again.
 *
 *     sum of the prices = sum over purchases of chips x what one adds to the objective  +  shortfalls
 *
 * @param prices of one limit, whose bounds are moved together
 * @return undefined where the best plan changes unevenly: more of a month alone is worth nothing where the months beside it bind too
 *
 * Fails: never. Cost: one solution, and up to eight from its basis.
 */
export function explainPrices(
  situation: Situation,
  prices: readonly ShadowPrice[],
  solver: Solver,
  options: SolverOptions = {},
): PlanChange | undefined {
  const { program } = buildProgram(situation);
  const open = solver.open(program, options);
  try {
    return explain(situation, program, prices, open);
  } finally {
    open.close();
  }
}

function explain(
  situation: Situation,
  { rowLower, rowUpper, costs }: LinearProgram,
  prices: readonly ShadowPrice[],
  open: OpenProgram,
): PlanChange | undefined {
  const base = open.solve().columns;
  const value = prices.reduce((sum, one) => sum + one.value, 0);
  const moveBy = (step: number) => {
    for (const { row } of prices) open.changeRow(row, rowLower[row] + step, rowUpper[row] + step);
  };
  for (const step of STEPS) {
    moveBy(step);
    const { status, columns } = open.solve();
    if (status !== "optimal") continue;
    // For one more unit of the limit, not for one more of the program's.
    const moved = columns.map((amount, column) => (amount - base[column]) / step / prices[0].scale);
    const change = readChange(situation, costs, moved, DUST * Math.abs(value));
    if (Math.abs(worthOf(change) - value) <= NEAR * Math.abs(value)) return change;
  }
  return undefined;
}

/** The change of the objective that a change of the plan makes. */
function worthOf({ purchases, shortfalls }: PlanChange): number {
  return purchases.reduce((sum, { chips, each }) => sum + chips * each, shortfalls);
}

function readChange(
  { choices, task }: Situation,
  costs: Float64Array,
  moved: Float64Array,
  dust: number,
): PlanChange {
  const unit = objectiveUnit(task);
  const worth = moved.map((amount, column) => amount * costs[column] * unit);
  const purchases = choices.flatMap(({ candidate, landing, size }, column) => {
    const chipsEach = WATTS_PER_MEGAWATT / size;
    const each = (costs[column] * unit) / chipsEach;
    const isSome = Math.abs(worth[column]) > dust;
    return isSome ? [{ candidate, landing, chips: moved[column] * chipsEach, each }] : [];
  });
  const shortfalls = worth.subarray(choices.length).reduce((sum, one) => sum + one, 0);
  return { purchases, shortfalls: Math.abs(shortfalls) > dust ? shortfalls : 0 };
}
