import { type Register, Shape } from "../engine/index.ts";
import type { Inputs } from "./inputs.ts";

/**
 * Checks that a price is not below 0 in any month in which something is bought at it, including orders before `start`.
 *
 * A price without uncertain values was checked when it was read, but only in the months of the horizon.
 */
export function checkPaidPrice(
  { context: { builder } }: Inputs,
  {
    stated,
    price = stated,
    amount,
    path,
  }: {
    /** The price by the month in which it is stated, and, where that is another, by the month of the amount. */
    readonly stated: Register;
    readonly price?: Register;
    readonly amount: Register;
    readonly path: string;
  },
): void {
  if (!builder.monthsOf(stated)?.some((value) => value < 0)) return;
  const isBought = builder.op("greater", amount, builder.constant(0));
  const paid = builder.op("select", isBought, price, builder.constant(0));
  builder.check(builder.spread(paid, Shape.slab), 0, Number.POSITIVE_INFINITY, path);
}
