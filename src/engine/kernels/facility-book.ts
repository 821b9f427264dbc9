import type { ItemOf, Kernel, Operations } from "../language/operations.ts";

const SCHEMA = {
  sites: {
    /** Cumulative cost of the undelayed steps, C. */
    cost: "slab",
    /** Whole months. */
    buildTime: "trial",
    delay: "trial",
    bookLife: "trial",
    /** Running sum of month x step cost, undelayed. */
    moment: "output",
    cash: "output",
    /** Running sum of the cash. */
    spent: "output",
    inService: "output",
    inProgress: "output",
    depreciation: "output",
    bookValue: "output",
  },
} as const;

type Site = ItemOf<typeof SCHEMA, "sites">;

/**
 * The cash, service and book of one site's facility.
 *
 * A step is paid for evenly over the build time before its undelayed month; a delay moves what is unspent at the start
 * of the horizon, and moves when the step enters service. Cash so far = construction in progress + cost in service.
 *
 * Source: docs/model.md section 9.2.
 */
export const facilityBook: Kernel<typeof SCHEMA> = {
  name: "facilityBook",
  schema: SCHEMA,
  month(o, { sites }) {
    o.each(sites, (site) => {
      const step = o.subtract(o.now(site.cost), o.before(site.cost));
      o.set(site.moment, o.add(o.before(site.moment), o.multiply(o.month(), step)));
      pay(o, site);
      serve(o, site);
      build(o, site);
    });
  },
};

function pay<N, T>(o: Operations<N, T>, { cost, buildTime, delay, cash }: Site): void {
  const zero = o.constant(0);
  const build = o.now(buildTime);
  const isEarly = o.less(o.month(), o.originMonth());
  const late = o.select(isEarly, zero, o.now(delay));
  const undelayed = o.subtract(o.month(), late);
  const isPaid = o.either(isEarly, o.both(o.atMost(o.originMonth(), undelayed), o.atMost(zero, undelayed)));
  const started = o.subtract(o.ahead(cost, o.subtract(build, late)), o.lag(cost, late));
  o.set(cash, o.select(isPaid, o.divide(started, build), zero));
}

/** What is spent on steps not in service: exactly 0 where every step begun is in service. */
function build<N, T>(
  o: Operations<N, T>,
  { cost, buildTime, delay, spent, inService, inProgress, cash }: Site,
): void {
  const total = o.add(o.before(spent), o.now(cash));
  o.set(spent, total);
  const isEarly = o.less(o.month(), o.originMonth());
  const unspent = o.max(o.subtract(o.originMonth(), o.constant(1)), o.subtract(o.month(), o.now(delay)));
  const paidIn = o.select(isEarly, o.month(), unspent);
  const begun = o.ahead(cost, o.subtract(o.add(paidIn, o.now(buildTime)), o.month()));
  const open = o.subtract(total, o.now(inService));
  o.set(inProgress, o.select(o.equal(begun, o.now(inService)), o.constant(0), open));
}

function serve<N, T>(o: Operations<N, T>, site: Site): void {
  const { add, subtract } = o;
  const one = o.constant(1);
  const delay = o.now(site.delay);
  const life = o.now(site.bookLife);
  const inService = o.lag(site.cost, delay);
  o.set(site.inService, inService);
  const ended = o.lag(site.cost, add(delay, life));
  o.set(site.depreciation, o.divide(subtract(inService, ended), life));
  const oldest = subtract(add(delay, life), one);
  const alive = subtract(inService, o.lag(site.cost, oldest));
  const weighted = subtract(o.lag(site.moment, delay), o.lag(site.moment, oldest));
  const age = add(subtract(o.month(), delay), one);
  const aged = o.divide(subtract(o.multiply(age, alive), weighted), life);
  o.set(site.bookValue, o.max(o.constant(0), subtract(alive, aged)));
}
