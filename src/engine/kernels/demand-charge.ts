import type { Kernel } from "../language/operations.ts";

const SCHEMA = {
  sites: {
    /** Facility power taken in the month, and the site's limit [W]. */
    power: "slab",
    limit: "slab",
    /** Price of the power billed [USD per W and month], and the share of the limit that is billed at least. */
    price: "slab",
    minimum: "trial",
    charge: "output",
  },
} as const;

/**
 * What a utility bills for power, beside energy: the month's, but no less than a share of the limit.
 *
 *     charge = price x max(power, minimum x limit)
 *
 * Source: docs/model.md section 9.2.
 */
export const demandCharge: Kernel<typeof SCHEMA> = {
  name: "demandCharge",
  schema: SCHEMA,
  month(o, { sites }) {
    o.each(sites, ({ power, limit, price, minimum, charge }) => {
      const least = o.multiply(o.now(minimum), o.now(limit));
      o.set(charge, o.multiply(o.now(price), o.max(o.now(power), least)));
    });
  },
};
