import type { Kernel } from "../language/operations.ts";

const FROM_WHICH = { series: { values: "slab", month: "result" } } as const;
const OF_FIRST = { series: { values: "slab", month: "result", isFound: "state" } } as const;

/** Months from `start` to the first month of the horizon from which a slab stays at or above 0 to its end; NaN where it does not. */
export const monthFromWhich: Kernel<typeof FROM_WHICH> = {
  name: "monthFromWhich",
  schema: FROM_WHICH,
  end(o, { series }) {
    o.each(series, ({ values, month }) => {
      const { first } = o.overMonths({ first: o.originMonth() }, ({ first }) => {
        const next = o.max(o.originMonth(), o.add(o.month(), o.constant(1)));
        return { first: o.select(o.atMost(o.constant(0), o.now(values)), first, next) };
      });
      const isNever = o.equal(first, o.horizonEnd());
      o.set(month, o.select(isNever, o.constant(Number.NaN), o.subtract(first, o.originMonth())));
    });
  },
};

/** Months from `start` to the first month in which a slab is above 0; NaN if there is no such month in the window. */
export const monthOfFirst: Kernel<typeof OF_FIRST> = {
  name: "monthOfFirst",
  schema: OF_FIRST,
  begin(o, { series }) {
    o.each(series, ({ month }) => o.set(month, o.constant(Number.NaN)));
  },
  month(o, { series }) {
    const [zero, one] = [o.constant(0), o.constant(1)];
    o.each(series, ({ values, month, isFound }) =>
      o.where(o.both(o.equal(o.now(isFound), zero), o.less(zero, o.now(values))), () => {
        o.set(isFound, one);
        o.set(month, o.subtract(o.month(), o.originMonth()));
      }),
    );
  },
};
