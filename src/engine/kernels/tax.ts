import type { ItemOf, Kernel, Operations } from "../language/operations.ts";

const TERMS = {
  /** Credits earned in the month [USD]; 1 in the last month of a fiscal year. */
  credit: "slab",
  endsYear: "slab",
  /** Share of income paid as tax; the most of a year's income that losses may offset, as a share. */
  rate: "trial",
  lossLimit: "trial",
  /** What the residual is worth beyond its basis at the horizon's end [USD]. */
  gain: "trial",
} as const;

const PAID = {
  payers: {
    ...TERMS,
    /** Taxable income of the month [USD]. */
    income: "slab",
    /** Income of the fiscal year up to the month. */
    soFar: "output",
    paid: "output",
    losses: "output",
    credits: "output",
    onResidual: "result",
  },
} as const;

const PRICED = {
  prices: {
    ...TERMS,
    /** Productive chip-hours; what is deducted from revenue, and cash out [USD]. */
    hours: "slab",
    deducted: "slab",
    cash: "slab",
    /** Discount factor of the month's end, 0 in months that do not count, and of the horizon's end. */
    discount: "slab",
    finalDiscount: "trial",
    residual: "trial",
    /** Where the search begins [USD/chip-hour]; NaN without hours. */
    start: "trial",
    price: "result",
  },
} as const;

/** Bisection steps for the price: more than a number has bits. */
const HALVINGS = 64;

/** Doublings of where the search begins. */
const DOUBLINGS = 40;

type Terms<N> = { readonly rate: N; readonly lossLimit: N };

/** What a payer brings into the end of a fiscal year, and what is left behind it. */
type Year<N> = { readonly income: N; readonly losses: N; readonly credits: N };

/**
 * Tax by fiscal year, paid in its last month, with losses and credits carried forward, and the tax that the residual adds to the
 * last year of the horizon.
 *
 *     losses behind a year = losses before it - used + loss of the year
 *     tax + credits used   = rate x (profit - losses used)
 *
 * Source: docs/model.md section 10.8.
 */
export const tax: Kernel<typeof PAID> = {
  name: "tax",
  schema: PAID,
  month(o, { payers }) {
    o.each(payers, (payer) => {
      const zero = o.constant(0);
      const wasEnd = o.equal(o.before(payer.endsYear), o.constant(1));
      const income = o.add(o.select(wasEnd, zero, o.before(payer.soFar)), o.now(payer.income));
      const credits = o.add(o.before(payer.credits), o.now(payer.credit));
      const losses = o.before(payer.losses);
      const isEnd = o.equal(o.now(payer.endsYear), o.constant(1));
      const year = assess(o, termsOf(o, payer), { income, losses, credits });
      o.set(payer.soFar, income);
      o.set(payer.paid, o.select(isEnd, year.paid, zero));
      o.set(payer.losses, o.select(isEnd, year.losses, losses));
      o.set(payer.credits, o.select(isEnd, year.credits, credits));
    });
  },
  end(o, { payers }) {
    o.each(payers, (payer) => {
      const income = o.now(payer.soFar);
      const credits = o.add(o.before(payer.credits), o.now(payer.credit));
      const year = { income, losses: o.before(payer.losses), credits };
      o.set(payer.onResidual, risenBy(o, termsOf(o, payer), year, o.now(payer.gain)));
    });
  },
};

/**
 * The flat price per productive chip-hour, as the only revenue, at which what cash and residual after tax are worth is 0; NaN
 * where no price does that, where they are worth more without revenue, and where there are no hours.
 *
 * Source: docs/model.md section 10.8.
 */
export const afterTaxPrice: Kernel<typeof PRICED> = {
  name: "afterTaxPrice",
  schema: PRICED,
  end(o, { prices }) {
    o.each(prices, (item) => o.set(item.price, priceOf(o, item)));
  },
};

type Price = ItemOf<typeof PRICED, "prices">;

type Payer = Pick<ItemOf<typeof PAID, "payers">, keyof typeof TERMS>;

function termsOf<N, T>(o: Operations<N, T>, { rate, lossLimit }: Payer): Terms<N> {
  return { rate: o.now(rate), lossLimit: o.now(lossLimit) };
}

/** Tax of a fiscal year, and what is carried into the next one. */
function assess<N, T>(o: Operations<N, T>, { rate, lossLimit }: Terms<N>, year: Year<N>) {
  const { add, subtract, multiply, max, min } = o;
  const zero = o.constant(0);
  const profit = max(zero, year.income);
  const used = min(year.losses, multiply(lossLimit, profit));
  const due = multiply(rate, subtract(profit, used));
  const paid = max(zero, subtract(due, year.credits));
  const loss = max(zero, subtract(zero, year.income));
  return {
    paid,
    losses: add(subtract(year.losses, used), loss),
    credits: subtract(year.credits, subtract(due, paid)),
  };
}

/** What a gain adds to the tax of a fiscal year. */
function risenBy<N, T>(o: Operations<N, T>, terms: Terms<N>, year: Year<N>, gain: N): N {
  const sold = assess(o, terms, { ...year, income: o.add(year.income, gain) });
  return o.subtract(sold.paid, assess(o, terms, year).paid);
}

/** Doubles a price until it is enough, and halves what encloses the least that is. */
function priceOf<N, T>(o: Operations<N, T>, item: Price): N {
  const [zero, two] = [o.constant(0), o.constant(2)];
  const isEnough = (price: N): T => o.atMost(zero, worthAt(o, item, price));
  const start = o.now(item.start);
  const first = o.select(o.less(zero, start), start, o.constant(1));
  const { high: most } = o.repeat(DOUBLINGS, { high: first }, ({ high }) => {
    const goesOn = o.not(isEnough(high));
    return { state: { high: o.select(goesOn, o.multiply(high, two), high) }, goesOn };
  });
  const free = worthAt(o, item, zero);
  // A rate per unit is NaN without output.
  const hasHours = o.equal(start, start);
  const isNone = o.either(o.not(o.both(hasHours, isEnough(most))), o.less(zero, free));
  const { high } = o.repeat(HALVINGS, { low: zero, high: most }, ({ low, high }) => {
    const middle = o.divide(o.add(low, high), two);
    const isAbove = isEnough(middle);
    const state = { low: o.select(isAbove, low, middle), high: o.select(isAbove, middle, high) };
    return { state, goesOn: o.both(o.less(low, middle), o.less(middle, high)) };
  });
  return o.select(isNone, o.constant(Number.NaN), o.select(o.equal(free, zero), zero, high));
}

/** What cash and residual after tax are worth at a price. */
function worthAt<N, T>(o: Operations<N, T>, item: Price, price: N): N {
  const { add, subtract, multiply } = o;
  const zero = o.constant(0);
  const terms = termsOf(o, item);
  const gain = o.now(item.gain);
  const start = { worth: zero, income: zero, losses: zero, credits: zero, onResidual: zero };
  const ended = o.overMonths(start, (state) => {
    const revenue = multiply(price, o.now(item.hours));
    const income = add(state.income, subtract(revenue, o.now(item.deducted)));
    const credits = add(state.credits, o.now(item.credit));
    const isEnd = o.equal(o.now(item.endsYear), o.constant(1));
    const open = { income, losses: state.losses, credits };
    const year = assess(o, terms, open);
    const net = subtract(subtract(revenue, o.now(item.cash)), o.select(isEnd, year.paid, zero));
    return {
      worth: add(state.worth, multiply(net, o.now(item.discount))),
      income: o.select(isEnd, zero, income),
      losses: o.select(isEnd, year.losses, state.losses),
      credits: o.select(isEnd, year.credits, credits),
      // That of the horizon's last month counts, and it ends a year.
      onResidual: risenBy(o, terms, open, gain),
    };
  });
  const left = subtract(o.now(item.residual), ended.onResidual);
  return add(ended.worth, multiply(left, o.now(item.finalDiscount)));
}
