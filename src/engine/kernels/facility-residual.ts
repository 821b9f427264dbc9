import type { Kernel } from "../language/operations.ts";

const SCHEMA = {
  sites: {
    /** Cumulative cost of the undelayed steps, and the running sum of month x step cost. */
    cost: "slab",
    moment: "slab",
    /** Whole months. */
    delay: "trial",
    economicLife: "trial",
    worth: "result",
  },
} as const;

/** Residual value of a site's facility at the end of the horizon, by the age of each step. Source: docs/model.md section 9.3. */
export const facilityResidual: Kernel<typeof SCHEMA> = {
  name: "facilityResidual",
  schema: SCHEMA,
  end(o, { sites }) {
    o.each(sites, (site) => {
      const delay = o.now(site.delay);
      const economicLife = o.now(site.economicLife);
      const oldest = o.add(delay, economicLife);
      const alive = o.subtract(o.lag(site.cost, delay), o.lag(site.cost, oldest));
      const weighted = o.subtract(o.lag(site.moment, delay), o.lag(site.moment, oldest));
      const shifted = o.subtract(o.horizonEnd(), delay);
      const aged = o.divide(o.subtract(o.multiply(shifted, alive), weighted), economicLife);
      o.set(site.worth, o.max(o.constant(0), o.subtract(alive, aged)));
    });
  },
};
