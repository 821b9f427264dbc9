import type { Kernel } from "../language/operations.ts";

const SCHEMA = {
  parts: {
    /** Cost that lands in the month; chips energised in it, and those that wait behind it. */
    landedCost: "slab",
    energisedNew: "slab",
    stranded: "slab",
    energisedCost: "output",
    /** Cost of the chips that wait: exactly 0 where none does. */
    held: "output",
  },
} as const;

/**
 * Splits the cost of chips that wait for power between those energised in the month and those still waiting, at one average cost.
 *
 *     energisedCost = (held + landedCost) x energisedNew / (energisedNew + stranded)
 *
 * Source: docs/model.md section 9.1.
 */
export const pool: Kernel<typeof SCHEMA> = {
  name: "pool",
  schema: SCHEMA,
  month(o, { parts }) {
    const zero = o.constant(0);
    o.each(parts, ({ landedCost, energisedNew, stranded, energisedCost, held }) => {
      const energised = o.now(energisedNew);
      const waiting = o.now(stranded);
      const cost = o.add(o.before(held), o.now(landedCost));
      const isAll = o.equal(waiting, zero);
      const share = o.divide(energised, o.add(energised, waiting));
      const moved = o.select(isAll, cost, o.multiply(cost, share));
      o.set(energisedCost, moved);
      o.set(held, o.select(isAll, zero, o.subtract(cost, moved)));
    });
  },
};
