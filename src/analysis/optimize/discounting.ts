import type { Plan } from "../../engine/index.ts";
import { power } from "../../numbers/plain.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Book } from "../results/book.ts";

/** A book's yearly discount rate at the medians. */
export function discountRateOf(scenario: Scenario, book: Book): number {
  return plainValue(scenario, `${book}.discount_rate`) ?? 0;
}

/**
 * Discount factors of a book by month of a Plan's window: 0 for months without cost, which are those after the horizon and,
 * if the opening is sunk, those before it (docs/model.md section 9).
 *
 * Fails: never.
 */
export function discountFactors(
  scenario: Scenario,
  { monthCount, originMonth, horizonMonths }: Plan,
  book: Book,
): Float64Array {
  const rate = discountRateOf(scenario, book);
  const first = scenario.fields.get("provider.sunk")?.boolean === true ? originMonth : 0;
  return Float64Array.from({ length: monthCount }, (_, month) =>
    month < first || month >= originMonth + horizonMonths
      ? 0
      : power(1 + rate, -(month - originMonth + 1) / 12),
  );
}

/** Present value of amounts by month of a window. */
export function presentValue(amounts: Float64Array, factors: Float64Array): number {
  let sum = 0;
  for (let month = 0; month < factors.length; month++) sum += amounts[month] * factors[month];
  return sum;
}
