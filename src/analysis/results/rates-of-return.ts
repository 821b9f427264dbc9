import { power, powersOf } from "../../numbers/plain.ts";

/**
 * Rates of return of a run: the cash by month that each makes 0, what is left at the end of the horizon, and what is deducted from
 * that, in the order in which the engine does.
 */
export const RETURNS = [
  { rate: "provider_irr", cash: "provider_net_cash_usd", left: "provider_residual_usd", owed: [] },
  { rate: "equity_irr", cash: "equity_cash_usd", left: "provider_residual_usd", owed: ["debt_at_end_usd"] },
  {
    rate: "equity_irr_after_tax",
    cash: "equity_after_tax_cash_usd",
    left: "provider_residual_usd",
    owed: ["levered_tax_on_residual_usd", "debt_at_end_usd"],
  },
] as const;

/** Rates are looked for from 10 % outward, as the engine does: 1 + i = 1.1 to the power 1 +- k (k + 1) / 2. */
const CENTRE = 1.1;
const STEPS_OUTWARD = 10;

/** Halvings of what two neighbouring rates enclose: more than a number has bits. */
const HALVINGS = 60;

/**
 * All yearly rates at which the provider's net cash and the residual add to 0 in the run of medians, lowest first: the figure
 * `provider_irr` is the one nearest to 10 %, and says nothing of the others.
 *
 * @param flows net cash at the month ends of the window, the residual value added to the last [USD]
 *
 * Two rates between neighbouring steps of the search are not seen. Fails: never. Cost: the months, some twenty times for the
 * search and sixty for each rate. Source: docs/model.md section 10.4.
 */
export function listRatesOfReturn(flows: Float64Array): readonly number[] {
  const growth = powersOf(CENTRE);
  const exponents = Array.from({ length: 2 * STEPS_OUTWARD + 1 }, (_, index) => {
    const step = Math.abs(index - STEPS_OUTWARD);
    return 1 + (Math.sign(index - STEPS_OUTWARD) * step * (step + 1)) / 2;
  });
  const rates = exponents.map((exponent) => growth(exponent) - 1);
  const areBelow = rates.map((rate) => isBelowZero(flows, rate));
  return rates.slice(1).flatMap((high, index) => {
    return areBelow[index] === areBelow[index + 1] ? [] : [bisect(flows, rates[index], high)];
  });
}

/** Whether the present value is below zero, seen from the window's beginning: from any month its sign is the same. */
function isBelowZero(flows: Float64Array, rate: number): boolean {
  const monthly = power(1 + rate, -1 / 12);
  let sum = 0;
  for (let month = flows.length - 1; month >= 0; month--) sum = (sum + flows[month]) * monthly;
  return sum < 0;
}

function bisect(flows: Float64Array, from: number, to: number): number {
  let [low, high] = [from, to];
  const isBelow = isBelowZero(flows, low);
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (isBelowZero(flows, middle) === isBelow) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
