/** Currencies other than the dollar, by their ISO 4217 codes: units that differ, until a scenario states their rates. */
const CODES = [
  ...(["EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD", "KRW", "SEK", "NOK", "DKK"] as const),
  ...(["SGD", "BRL", "AED", "SAR", "TWD"] as const),
] as const;

/** The codes, as texts to compare with. */
export const CURRENCIES: readonly string[] = CODES;

/** The name of the dimension of a currency's rate. */
export type RateName = `usd_per_${Lowercase<(typeof CODES)[number]>}`;

/** A value for the rate of every currency, by the name of its dimension. */
export function byRate<Value>(make: (unit: string) => Value): Readonly<Record<RateName, Value>> {
  return Object.fromEntries(
    CODES.map((code) => [`usd_per_${code.toLowerCase()}`, make(`USD/${code}`)]),
  ) as Record<RateName, Value>;
}
