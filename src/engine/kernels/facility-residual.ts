import type { Kernel } from "../language/operations.ts";

const SCHEMA = {
  sites: {
    /** Cumulative cost of the undelayed steps, and the running sum of month x step cost. */
    cost: "slab",
    moment: "slab",
    /** Whole months. */
    delay: "trial",
    economicLife: "trial",
    worth: "output",
  },
} as const;

/** What a site's facility is worth at the end of each month, by the age of each step. Source: docs/model.md section 9.3. */
export const facilityResidual: Kernel<typeof SCHEMA> = {
  name: "facilityResidual",
  schema: SCHEMA,
  month(o, { sites }) {
    o.each(sites, (site) => {
      const delay = o.now(site.delay);
      const economicLife = o.now(site.economicLife);
      // What is as old as that is worth nothing; left out, it leaves no rounding behind.
      const oldest = o.subtract(o.add(delay, economicLife), o.constant(1));
      const alive = o.subtract(o.lag(site.cost, delay), o.lag(site.cost, oldest));
      const weighted = o.subtract(o.lag(site.moment, delay), o.lag(site.moment, oldest));
      const shifted = o.subtract(o.add(o.month(), o.constant(1)), delay);
      const aged = o.divide(o.subtract(o.multiply(shifted, alive), weighted), economicLife);
      o.set(site.worth, o.max(o.constant(0), o.subtract(alive, aged)));
    });
  },
};
