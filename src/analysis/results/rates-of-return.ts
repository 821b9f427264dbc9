import { compile } from "../../compile/compile.ts";
import { plainInputs, simulate } from "../../engine/index.ts";
import { powersOf } from "../../numbers/plain.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** Rates are looked for from 10 % outward, as the engine does: 1 + i = 1.1 to the power 1 +- k (k + 1) / 2. */
const CENTRE = 1.1;
const STEPS_OUTWARD = 10;

/** Halvings of what two neighbouring rates enclose: more than a number has bits. */
const HALVINGS = 60;

/** Net cash at the month ends of the window, and what is left at the horizon's end. */
type Flows = {
  readonly cash: Float64Array;
  readonly residual: number;
  readonly originMonth: number;
  readonly horizonMonths: number;
};

/**
 * All yearly rates at which the provider's net cash and the residual add to 0 in the run of medians, lowest first: the figure
 * `provider_irr` is the one nearest to 10 %, and says nothing of the others.
 *
 * Two rates between neighbouring steps of the search are not seen. Fails: never. Cost: a Plan of the provider's cash alone.
 * Source: docs/model.md section 10.4.
 */
export function listRatesOfReturn(scenario: Scenario): readonly number[] {
  const flows = simulateFlows(scenario);
  const power = powersOf(CENTRE);
  const exponents = Array.from({ length: 2 * STEPS_OUTWARD + 1 }, (_, index) => {
    const step = Math.abs(index - STEPS_OUTWARD);
    return 1 + (Math.sign(index - STEPS_OUTWARD) * step * (step + 1)) / 2;
  });
  const rates = exponents.map((exponent) => power(exponent) - 1);
  return rates.slice(1).flatMap((high, index) => {
    const low = rates[index];
    return isBelowZero(flows, low) === isBelowZero(flows, high) ? [] : [bisect(flows, low, high)];
  });
}

function simulateFlows(scenario: Scenario): Flows {
  const metrics = ["provider_net_cash_usd", "provider_residual_usd"];
  const plan = compile(scenario, { metrics, levels: ["total", "run"] });
  const cash = new Float64Array(plan.originMonth + plan.horizonMonths);
  let residual = 0;
  simulate(plan, plainInputs(plan), 1, (column, _first, _count, values, offset, monthStride) => {
    if (plan.columns[column].isScalar) residual = values[offset];
    else for (let month = 0; month < cash.length; month++) cash[month] = values[offset + month * monthStride];
  });
  return { cash, residual, originMonth: plan.originMonth, horizonMonths: plan.horizonMonths };
}

function isBelowZero({ cash, residual, originMonth, horizonMonths }: Flows, rate: number): boolean {
  const power = powersOf(1 + rate);
  let sum = residual * power(-horizonMonths / 12);
  for (const [month, net] of cash.entries()) sum += net * power((originMonth - month - 1) / 12);
  return sum < 0;
}

function bisect(flows: Flows, from: number, to: number): number {
  let [low, high] = [from, to];
  const isBelow = isBelowZero(flows, low);
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (isBelowZero(flows, middle) === isBelow) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
