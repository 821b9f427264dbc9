import { TOLERANCE } from "../../metrics/tolerance.ts";
import type { ItemOf, Kernel, Operations } from "../language/operations.ts";
import { repaid } from "./loan.ts";

/** Bisection steps for the solution: more than a number has bits. */
const HALVINGS = 64;

/** Doublings of the share of the cash that serves the loan, from all of it. */
const DOUBLINGS = 40;

const SCHEMA = {
  loans: {
    /** Of the plain run, as `loan` reads them. */
    spending: "slab",
    available: "slab",
    isInService: "slab",
    rate: "slab",
    fee: "trial",
    grace: "trial",
    /** The most that is drawn of the spending; the tenor as stated. */
    share: "trial",
    statedTenor: "trial",
    /** One over the least cover; absent where the amount alone decides. */
    leastCover: "trial",
    capitalises: "flag",
    /** First month in service, counted from the window's first; whole months to the last repayment; share drawn of the spending; share of the cash that serves. */
    start: "result",
    tenor: "result",
    drawn: "result",
    serviceShare: "result",
  },
} as const;

type Loan = ItemOf<typeof SCHEMA, "loans">;

/** A loan that might be: its share of the spending and of the cash. */
type Guess<N> = { readonly drawn: N; readonly serves: N };

/**
 * Sizes sculpted debt: what is drawn, and the share of the cash, the same in every month, that repays it exactly.
 *
 * Either the least cover decides and less than the most is drawn, or the most is drawn and covered better.
 *
 * Source: docs/model.md section 10.7.
 */
export const sculpt: Kernel<typeof SCHEMA> = {
  name: "sculpt",
  schema: SCHEMA,
  end(o, { loans }) {
    o.each(loans, (loan) => {
      const start = firstMonth(o, loan);
      o.set(loan.start, start);
      const left = o.subtract(o.horizonEnd(), start);
      const stated = o.now(loan.statedTenor);
      o.set(loan.tenor, o.select(o.equal(left, o.constant(0)), stated, o.min(stated, left)));
      const most = o.now(loan.share);
      const whole = () => {
        o.set(loan.drawn, most);
        o.set(loan.serviceShare, serviceOf(o, loan, most));
      };
      const byCover = () => {
        const serves = o.now(loan.leastCover);
        const isShort = o.less(o.constant(0), missing(o, loan, { drawn: most, serves }));
        o.where(isShort, () => {
          o.set(loan.drawn, drawnOf(o, loan, serves));
          o.set(loan.serviceShare, serves);
        });
        o.where(o.not(isShort), whole);
      };
      o.when(loan.leastCover, byCover, whole);
    });
  },
};

function firstMonth<N, T>(o: Operations<N, T>, { isInService }: Loan): N {
  const zero = o.constant(0);
  const { before } = o.overMonths({ before: zero }, ({ before }) => ({
    before: o.add(before, o.select(o.equal(o.now(isInService), zero), o.constant(1), zero)),
  }));
  return before;
}

/** The most that can be drawn where a share of the cash serves it: nothing, where that is no more than rounding. */
function drawnOf<N, T>(o: Operations<N, T>, loan: Loan, serves: N): N {
  const zero = o.constant(0);
  const high = o.now(loan.share);
  const drawn = halve(o, { low: zero, high }, (drawn) => o.less(zero, missing(o, loan, { drawn, serves })));
  return o.select(o.less(o.multiply(high, o.constant(TOLERANCE)), drawn), drawn, zero);
}

/** The least share of the cash that serves what is drawn. */
function serviceOf<N, T>(o: Operations<N, T>, loan: Loan, drawn: N): N {
  const [zero, two] = [o.constant(0), o.constant(2)];
  const isEnough = (serves: N): T => o.atMost(missing(o, loan, { drawn, serves }), zero);
  const { high } = o.repeat(DOUBLINGS, { high: o.constant(1) }, ({ high }) => {
    const goesOn = o.not(isEnough(high));
    return { state: { high: o.select(goesOn, o.multiply(high, two), high) }, goesOn };
  });
  return halve(o, { low: zero, high }, isEnough);
}

/** The place between two ends above which something holds. */
function halve<N, T>(
  o: Operations<N, T>,
  ends: { readonly low: N; readonly high: N },
  holds: (value: N) => T,
): N {
  const { high } = o.repeat(HALVINGS, ends, ({ low, high }) => {
    const middle = o.divide(o.add(low, high), o.constant(2));
    const isAbove = holds(middle);
    const state = { low: o.select(isAbove, low, middle), high: o.select(isAbove, middle, high) };
    return { state, goesOn: o.both(o.less(low, middle), o.less(middle, high)) };
  });
  return high;
}

/** What is due in the last month beyond the share of the cash that serves: below 0 where more could be repaid. */
function missing<N, T>(o: Operations<N, T>, loan: Loan, { drawn, serves }: Guess<N>): N {
  const { add, subtract, multiply } = o;
  const zero = o.constant(0);
  const [tenor, grace] = [o.now(loan.tenor), o.now(loan.grace)];
  const ended = o.overMonths({ balance: zero, age: zero, missing: zero }, (state) => {
    const age = add(state.age, o.now(loan.isInService));
    const interest = multiply(state.balance, o.divide(o.now(loan.rate), o.constant(12)));
    const draw = o.select(o.less(age, tenor), multiply(drawn, o.now(loan.spending)), zero);
    const service = o.max(zero, multiply(o.now(loan.available), serves));
    const isPaying = o.both(o.less(grace, age), o.both(o.less(zero, age), o.less(age, tenor)));
    const principal = repaid(o, state.balance, subtract(service, interest));
    const isBefore = o.equal(age, zero);
    const charged = add(interest, multiply(o.now(loan.fee), draw));
    const added = o.whenValue(
      loan.capitalises,
      () => o.select(isBefore, charged, zero),
      () => zero,
    );
    const left = subtract(add(state.balance, interest), service);
    const paid = o.select(isPaying, principal, zero);
    return {
      balance: add(add(subtract(state.balance, paid), draw), added),
      age,
      missing: o.select(o.both(o.equal(age, tenor), o.less(zero, age)), left, state.missing),
    };
  });
  return ended.missing;
}
