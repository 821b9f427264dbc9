/** Currencies other than the dollar, by their ISO 4217 codes: units that differ, until a scenario states their rates. */
export const CURRENCIES: readonly string[] = [
  ...["EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD", "KRW", "SEK", "NOK", "DKK"],
  ...["SGD", "BRL", "AED", "SAR", "TWD"],
];
