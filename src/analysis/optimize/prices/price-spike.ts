import { readMonth } from "../../../scenario/language/month-text.ts";
import type { Optimum, ShadowPrice } from "../optimize.ts";

/** A price this many times those beside it stands out. */
const SPIKE = 5;

/** Months beside a price that it is compared with, and purchases that its explanation may name. */
const NEAR = 6;

/** A shadow price that stands out from those of the months beside it, and why. */
export type PriceSpike = {
  /** The middle one of the prices of the same limit in the half years before and after. */
  readonly typical: number;
  /** Where the plan goes from one chip to another about then: which it buys no more, and which from then on. */
  readonly change?: { readonly from: string; readonly to: string };
};

/**
 * Says whether the price of a month stands out, and which change of chips explains it (docs/decisions.md).
 *
 * A month's price is what serving one more unit in it costs beyond what serving it a month later costs: with one chip little more
 * than interest and the fall of its price. Where the next chip is cheaper and serves from the following month on, it is the whole
 * difference between the two chips.
 *
 * @return undefined for a price that does not stand out, or is not one of months
 *
 * Fails: never.
 */
export function findPriceSpike(
  { shadowPrices, purchases }: Pick<Optimum, "shadowPrices" | "purchases">,
  price: ShadowPrice,
): PriceSpike | undefined {
  const month = readMonth(price.period);
  if (month === undefined) return undefined;
  const beside = pricesBeside({ shadowPrices }, price)
    .map(({ value }) => Math.abs(value))
    .sort((a, b) => a - b);
  if (beside.length < NEAR) return undefined;
  const typical = beside[Math.floor(beside.length / 2)];
  if (Math.abs(price.value) < SPIKE * typical) return undefined;
  const change = changeAbout(purchases, month);
  return { typical, ...(change ? { change } : {}) };
}

/** The prices of the same limit in the half years before and after, which are not 0. */
export function pricesBeside(
  { shadowPrices }: Pick<Optimum, "shadowPrices">,
  price: ShadowPrice,
): readonly ShadowPrice[] {
  const own = shadowPrices.filter(({ kind, name }) => kind === price.kind && name === price.name);
  const at = own.indexOf(price);
  return own.slice(Math.max(0, at - NEAR), at + NEAR + 1).filter((one) => one !== price && one.value !== 0);
}

/** The chip whose purchases end in the half year up to a month, and the one whose purchases begin then. */
function changeAbout(purchases: Optimum["purchases"], month: number): PriceSpike["change"] {
  const months = new Map<string, number[]>();
  for (const { chip, months: bought } of purchases)
    months.set(chip, [...(months.get(chip) ?? []), ...bought.map(({ at }) => at)]);
  const isAbout = (at: number) => at > month - NEAR && at <= month + 1;
  const spans = [...months].map(([chip, all]) => ({ chip, first: Math.min(...all), last: Math.max(...all) }));
  const ended = spans.filter(({ last }) => isAbout(last)).sort((a, b) => b.last - a.last);
  const begun = spans.filter(({ first }) => isAbout(first)).sort((a, b) => b.first - a.first);
  for (const { chip: from, last } of ended)
    for (const { chip: to, first } of begun) if (from !== to && first > last) return { from, to };
  return undefined;
}
