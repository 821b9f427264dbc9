import {
  add,
  ahead,
  divide,
  type Formula,
  type FormulaLike,
  input,
  multiply,
  running,
  subtract,
} from "./formula.ts";
import { MONTHS_PER_YEAR } from "./unit-factors.ts";

/** Cash of an amount due on landing, with a share paid with the order. */
export function paid(landed: string): Formula {
  return add(
    multiply(subtract(1, input("fleet.pay_on_order")), landed),
    multiply(input("fleet.pay_on_order"), ahead(landed, "chip.lead")),
  );
}

/**
 * Cost of stranded chips, and what has been paid for chips on order.
 *
 * Not cash less cost energised: sums of all that was ever paid would leave their rounding when nothing is in progress.
 */
export function inProgress(stranded: string, landed: FormulaLike): Formula {
  // Cost of all chips that have landed, and of those ordered with them: exactly the same when no more are on order.
  const soFar = running(landed, "window");
  return add(
    stranded,
    multiply(input("fleet.pay_on_order"), subtract(ahead(soFar, "chip.lead", true), soFar)),
  );
}

/** A month of maintenance at a yearly share of what the energised chips cost. */
export function maintained(share: "fleet.maintenance" | "buyer.maintenance"): Formula {
  return multiply(divide(input(share), MONTHS_PER_YEAR), "chip_cost_in_service_usd");
}
