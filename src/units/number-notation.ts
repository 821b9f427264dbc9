/** A number whose text is read differently in other countries, or that a country writes in another way. */
export type ForeignNumber = {
  /** The number as it is written, and its place in the text. */
  readonly text: string;
  readonly at: number;
  /** Plain numbers it may mean, the likelier first. */
  readonly readings: readonly string[];
  /** True if the first reading is so likely that it is taken, with a warning. */
  readonly isRead: boolean;
};

/** Digits with signs that separate thousands or decimals; a number with an exponent is never grouped. */
const NUMBER_TOKEN = /(?<![\w.,])\d+(?:[.,_'’\u00a0\u202f ]\d+)*(?!\d|[eE][+-]?\d|[.,_'’\u00a0\u202f]\d)/g;

/**
 * Finds the first number of a text that may mean something else than its digits say.
 *
 * `20.000` and `1,250` are thousands in one country and decimals in another; `1,15` is a decimal comma; `1,000,000`,
 * `20 000` and `1.250,5` are grouped. `1.250` is read, but a number that ends in 0 after three decimals is doubtful.
 *
 * A comma between brackets separates arguments, so that it is part of no number there.
 *
 * Fails: never. Cost: length of the text.
 */
export function findForeignNumber(text: string): ForeignNumber | undefined {
  for (const match of hideArgumentCommas(text).matchAll(NUMBER_TOKEN)) {
    const found = readingsOf(match[0]);
    if (found) return { ...found, text: match[0], at: match.index };
  }
  return undefined;
}

/** True if a number can only be written with a decimal point, which shows how its neighbours in a column are meant. */
export function hasDecimalPoint(text: string): boolean {
  return /\./.test(text) && !/^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text.trim());
}

function hideArgumentCommas(text: string): string {
  let depth = 0;
  let hidden = "";
  for (const character of text) {
    if (character === "(") depth++;
    else if (character === ")") depth--;
    hidden += character === "," && depth > 0 ? ";" : character;
  }
  return hidden;
}

function readingsOf(number: string): Pick<ForeignNumber, "readings" | "isRead"> | undefined {
  const refused = (...readings: string[]) => ({ readings, isRead: false });
  const [whole = "", fraction = ""] = number.split(/[.,]/);
  if (/^[1-9]\d{0,2},\d{3}$/.test(number)) return refused(whole + fraction, decimal(whole, fraction));
  if (/^[1-9]\d{0,2}\.000$/.test(number)) return refused(whole + fraction, whole);
  if (/^[1-9]\d{0,2}\.\d\d0$/.test(number))
    return { readings: [decimal(whole, fraction), whole + fraction], isRead: true };
  if (/^\d+,\d+$/.test(number)) return refused(decimal(whole, fraction));
  const grouped =
    /^(\d{1,3}(?:([,_'’\u00a0\u202f ])\d{3})(?:\2\d{3})*)(?:[.](\d+))?$/.exec(number) ??
    /^(\d{1,3}(?:\.\d{3})+),(\d+)$/.exec(number) ??
    /^(\d{1,3}(?:\.\d{3}){2,})$/.exec(number);
  if (!grouped) return undefined;
  const digits = (grouped[1] ?? "").replace(/\D/g, "");
  const decimals = /[.,](\d+)$/.exec(number.slice(grouped[1]?.length ?? 0))?.[1];
  return refused(decimals === undefined ? digits : decimal(digits, decimals));
}

function decimal(whole: string, fraction: string): string {
  const kept = fraction.replace(/0+$/, "");
  return kept === "" ? whole : `${whole}.${kept}`;
}
