import type { Kernel } from "../language/operations.ts";

const SCHEMA = {
  parts: {
    /** K and M of the book, and survival S. */
    cumulative: "slab",
    moment: "slab",
    survival: "slab",
    /** Whole months. */
    life: "trial",
    economicLife: "trial",
    worth: "output",
  },
} as const;

/**
 * What the chips in service are worth at the end of each month: cost less a straight line over economic life by age.
 *
 * Source: docs/model.md section 9.3.
 */
export const chipResidual: Kernel<typeof SCHEMA> = {
  name: "chipResidual",
  schema: SCHEMA,
  month(o, { parts }) {
    o.each(parts, (part) => {
      const economicLife = o.now(part.economicLife);
      // What is as old as that is worth nothing; left out, it leaves no rounding behind.
      const oldest = o.min(o.now(part.life), o.subtract(economicLife, o.constant(1)));
      const cost = o.subtract(o.now(part.cumulative), o.lag(part.cumulative, oldest));
      const weighted = o.subtract(o.now(part.moment), o.lag(part.moment, oldest));
      const aged = o.divide(
        o.subtract(o.multiply(o.add(o.month(), o.constant(1)), cost), weighted),
        economicLife,
      );
      const left = o.multiply(o.now(part.survival), o.subtract(cost, aged));
      o.set(part.worth, o.max(o.constant(0), left));
    });
  },
};
