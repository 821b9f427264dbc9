import type { ItemOf, Kernel, Operations } from "../language/operations.ts";

/** Yearly rates between which an internal rate of return is sought. */
const LOWEST_RATE = -0.99;
const HIGHEST_RATE = 10;

/** Halvings of that interval, to a hundredth of a point; behind them Newton's steps are quicker. */
const HALVINGS = 16;

/** Most of Newton's steps: halvings alone would reach the precision of a number with them. */
const STEPS = 44;

/** A step below this ends the search. */
const PRECISION = 1e-14;

const SCHEMA = {
  flows: {
    /** Cash at month ends, and what is left at the end of the horizon. */
    netCash: "slab",
    residual: "trial",
    rate: "result",
  },
} as const;

type Flow = ItemOf<typeof SCHEMA, "flows">;

/**
 * Internal rate of return: the yearly rate at which net cash at month ends and the residual at the horizon's end add to 0.
 *
 * NaN where the value has the same sign at both ends of the range, so that no rate makes it 0. Of several rates the one
 * that bisection meets is given: Newton's steps stay between the ends that halving has come to.
 *
 * Source: docs/model.md section 10.4.
 */
export const internalRate: Kernel<typeof SCHEMA> = {
  name: "internalRate",
  schema: SCHEMA,
  end(o, { flows }) {
    const zero = o.constant(0);
    o.each(flows, (flow) => {
      const [low, high] = [o.constant(LOWEST_RATE), o.constant(HIGHEST_RATE)];
      const isRising = o.less(valueAt(o, flow, low), zero);
      const isNegativeAtEnd = o.less(valueAt(o, flow, high), zero);
      const hasRoot = o.either(
        o.both(isRising, o.not(isNegativeAtEnd)),
        o.both(o.not(isRising), isNegativeAtEnd),
      );
      const search = () => searchRate(o, flow, isRising, { low, high });
      o.set(flow.rate, o.whereValue(hasRoot, search, o.constant(Number.NaN)));
    });
  },
};

type Ends<N> = { readonly low: N; readonly high: N };

function searchRate<N, T>(o: Operations<N, T>, flow: Flow, isRising: T, ends: Ends<N>): N {
  const [zero, one] = [o.constant(0), o.constant(1)];
  const start = { ...ends, rate: middle(o, ends), isFound: zero };
  const halved = o.repeat(HALVINGS, start, (state) => {
    const value = valueAt(o, flow, state.rate);
    const isFound = o.equal(value, zero);
    const { low, high } = narrow(o, state, value, isRising);
    const rate = o.select(isFound, state.rate, middle(o, { low, high }));
    return { state: { low, high, rate, isFound: o.select(isFound, one, zero) }, goesOn: o.not(isFound) };
  });
  const near = { low: halved.low, high: halved.high, rate: halved.rate };
  const refine = () =>
    o.repeat(STEPS, near, (state) => {
      const { value, slope } = valueAndSlopeAt(o, flow, state.rate);
      const isFound = o.equal(value, zero);
      const { low, high } = narrow(o, state, value, isRising);
      const newton = o.subtract(state.rate, o.divide(value, slope));
      const isInside = o.both(o.less(low, newton), o.less(newton, high));
      const next = o.select(isInside, newton, middle(o, { low, high }));
      const isNear = o.less(o.abs(o.subtract(next, state.rate)), o.constant(PRECISION));
      const rate = o.select(isFound, state.rate, next);
      return { state: { low, high, rate }, goesOn: o.not(o.either(isFound, isNear)) };
    }).rate;
  return o.whereValue(o.equal(halved.isFound, zero), refine, halved.rate);
}

function middle<N, T>(o: Operations<N, T>, { low, high }: Ends<N>): N {
  return o.divide(o.add(low, high), o.constant(2));
}

/** The ends once the sign of the value at the rate is known. */
function narrow<N, T>(
  o: Operations<N, T>,
  { low, high, rate }: Ends<N> & { readonly rate: N },
  value: N,
  isRising: T,
): Ends<N> {
  const isNegative = o.less(value, o.constant(0));
  const isLow = o.either(o.both(isNegative, isRising), o.both(o.not(isNegative), o.not(isRising)));
  return { low: o.select(isLow, rate, low), high: o.select(isLow, high, rate) };
}

/** Years from `start`: of the window's first month end, and of the horizon's end. */
function yearsOf<N, T>(o: Operations<N, T>): { readonly first: N; readonly end: N } {
  const months = o.constant(12);
  const horizonMonths = o.subtract(o.horizonEnd(), o.originMonth());
  const first = o.divide(o.subtract(o.originMonth(), o.constant(1)), months);
  return { first, end: o.divide(horizonMonths, months) };
}

/** What cash and residual are worth at `start` at a yearly rate. */
function valueAt<N, T>(o: Operations<N, T>, { netCash, residual }: Flow, rate: N): N {
  const years = yearsOf(o);
  const power = o.powers(o.add(o.constant(1), rate));
  const monthly = power(o.constant(-1 / 12));
  const start = { sum: o.constant(0), factor: power(years.first) };
  const { sum } = o.overMonths(start, ({ sum, factor }) => ({
    sum: o.add(sum, o.multiply(o.now(netCash), factor)),
    factor: o.multiply(factor, monthly),
  }));
  const zero = o.constant(0);
  return o.add(sum, o.multiply(o.now(residual), power(o.subtract(zero, years.end))));
}

/** Present value and its derivative by the rate: two independent sums side by side. */
function valueAndSlopeAt<N, T>(o: Operations<N, T>, { netCash, residual }: Flow, rate: N) {
  const [zero, one, months] = [o.constant(0), o.constant(1), o.constant(12)];
  const years = yearsOf(o);
  const power = o.powers(o.add(one, rate));
  const monthly = power(o.constant(-1 / 12));
  const start = {
    sum: zero,
    factor: power(years.first),
    rise: zero,
    riseFactor: o.divide(power(o.subtract(years.first, one)), months),
    // The months by which cash is discounted are a factor of the derivative.
    weight: o.subtract(o.originMonth(), one),
  };
  const { sum, rise } = o.overMonths(start, ({ sum, factor, rise, riseFactor, weight }) => {
    const cash = o.now(netCash);
    return {
      sum: o.add(sum, o.multiply(cash, factor)),
      factor: o.multiply(factor, monthly),
      rise: o.add(rise, o.multiply(o.multiply(weight, cash), riseFactor)),
      riseFactor: o.multiply(riseFactor, monthly),
      weight: o.subtract(weight, one),
    };
  });
  const last = o.now(residual);
  const end = o.subtract(zero, years.end);
  const riseOfLast = o.multiply(o.multiply(last, years.end), power(o.subtract(end, one)));
  const value = o.add(sum, o.multiply(last, power(end)));
  return { value, slope: o.subtract(rise, riseOfLast) };
}
