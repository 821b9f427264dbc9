import type { ItemOf, Kernel, Operations } from "../language/operations.ts";

/** One more than the rate from which the search goes outward, and what a step of it is a power of. */
const CENTRE = 1.1;

/** Steps outward, each wider by one power: from 0 % and 21 % to -99.4 % and 20,700 %. */
const STEPS_OUTWARD = 10;

/** Halvings of what a step encloses; behind them Newton's steps are quicker. */
const HALVINGS = 6;

/** Most of Newton's steps: halvings alone would reach the precision of a number with them. */
const STEPS = 54;

/** A step below this share of one more than the rate ends the search. */
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
 * Of several rates the one nearest to 10 % is given, as the search goes outward from there: the sum may have the same sign at
 * both ends of any wide range, as it does where the last months only cost. NaN where it has the same sign at all steps.
 *
 * Source: docs/model.md section 10.4.
 */
export const internalRate: Kernel<typeof SCHEMA> = {
  name: "internalRate",
  schema: SCHEMA,
  end(o, { flows }) {
    o.each(flows, (flow) => o.set(flow.rate, nearestRate(o, flow)));
  },
};

type Ends<N> = { readonly low: N; readonly high: N };

function nearestRate<N, T>(o: Operations<N, T>, flow: Flow): N {
  const [zero, one, never] = [o.constant(0), o.constant(1), o.constant(Number.NaN)];
  const found = goOutward(o, flow);
  const isBelowCentre = o.equal(found.isBelow, one);
  const above = () => searchRate(o, flow, isBelowCentre, { low: found.nearAbove, high: found.above });
  const below = () => searchRate(o, flow, o.not(isBelowCentre), { low: found.below, high: found.nearBelow });
  const upper = o.whereValue(o.less(zero, found.changesAbove), above, never);
  const lower = o.whereValue(o.less(zero, found.changesBelow), below, never);
  // Nearer by the ratio of one more than the rate: as far from 10 % are 21 % and 0 %.
  const centre = o.constant(CENTRE);
  const upperRatio = o.divide(o.add(one, upper), centre);
  const lowerRatio = o.divide(centre, o.add(one, lower));
  const isLower = o.either(o.equal(found.changesAbove, zero), o.less(lowerRatio, upperRatio));
  return o.select(isLower, lower, upper);
}

/**
 * Steps outward from 10 % until the sign of the value changes on either side.
 *
 * @return the rates of the last step and of the one before on both sides, whether the value changes sign between them (1 or
 *   0), and whether it is below 0 at 10 %
 */
function goOutward<N, T>(o: Operations<N, T>, flow: Flow) {
  const [zero, one] = [o.constant(0), o.constant(1)];
  const sign = (rate: N): N => o.select(o.less(valueAt(o, flow, rate), zero), one, zero);
  const power = o.powers(o.constant(CENTRE));
  const rateAt = (exponent: N): N => o.subtract(power(o.add(one, exponent)), one);
  const centre = rateAt(zero);
  const isBelow = sign(centre);
  const start = { step: zero, exponent: zero, nearAbove: centre, nearBelow: centre };
  const none = { above: centre, below: centre, changesAbove: zero, changesBelow: zero };
  const ended = o.repeat(STEPS_OUTWARD, { ...start, ...none }, (state) => {
    const step = o.add(state.step, one);
    const exponent = o.add(state.exponent, step);
    const [above, below] = [rateAt(exponent), rateAt(o.subtract(zero, exponent))];
    const changesAbove = o.abs(o.subtract(sign(above), isBelow));
    const changesBelow = o.abs(o.subtract(sign(below), isBelow));
    const changed = { nearAbove: state.above, nearBelow: state.below, changesAbove, changesBelow };
    const isFound = o.less(zero, o.add(changesAbove, changesBelow));
    return { state: { step, exponent, above, below, ...changed }, goesOn: o.not(isFound) };
  });
  return { ...ended, isBelow };
}

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
      const least = o.multiply(o.add(one, next), o.constant(PRECISION));
      const isNear = o.less(o.abs(o.subtract(next, state.rate)), least);
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
