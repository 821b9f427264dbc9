import { CURRENCIES } from "./currencies.ts";
import { findForeignNumber } from "./number-notation.ts";
import { magnitudeOf, unitOfSymbol } from "./symbol.ts";

/** Why a text that looks like a quantity is not one, and what may have been meant. */
export type Misreading = {
  readonly code: "invalid-value" | "not-finite";
  readonly reason: string;
  readonly help?: string;
};

/** One notation: it gives the texts that may be meant, the likelier first, or `undefined` where it does not apply. */
type Notation = {
  readonly pattern: RegExp;
  readonly reason: (match: RegExpExecArray) => string;
  readonly meant: (match: RegExpExecArray, text: string) => readonly string[];
};

const number = "[+-]?(?:\\d[\\d.,_'’]*|\\.\\d+)";
const magnitude = "thousand|million|billion|trillion|k|mio|mn|mm|m|bn|b|g|tn|t";
const money = "USD|US\\$|\\$";

/** Notations that are rewritten, in the order in which they are looked for. */
const NOTATIONS: readonly Notation[] = [
  {
    pattern: /[−﹣－]/,
    reason: ([sign]) => `\`${sign}\` is not the minus sign of a keyboard`,
    meant: (_match, text) => [text.replace(/[−﹣－]/g, "-")],
  },
  {
    pattern:
      /^(~|≈|ca\.?\s|circa\s|about\s|around\s|roughly\s|approx(?:\.|imately)?\s)\s*((?:USD\s*|US\$\s*|[$€£]\s*)?[\d.].*)$/i,
    reason: ([, word = ""]) =>
      `\`${word.trim()}\` says nothing of how uncertain it is; that is an interval \`A to B\``,
    meant: ([, , rest = ""]) => [rest],
  },
  {
    pattern: new RegExp(`^(${number})\\s?[-–—]\\s?(${number})(\\s*[A-Za-z%].*)$`, "u"),
    reason: () => "an interval is written `A to B`",
    meant: ([, low, high, unit]) => [`${low}${unit} to ${high}${unit}`],
  },
  {
    pattern: new RegExp(
      `^([+-]?)(?:US|USD)?\\s*(?:${money})\\s*(${number})\\s*(?:(${magnitude})\\b)?\\s*((?:/|per\\s).*)?$`,
      "iu",
    ),
    reason: () => "the unit stands after the number; money is in `USD`, with magnitudes as words",
    meant: ([, sign = "", amount = "", size, rest = ""]) => [
      `${sign}${[amount, ...wordOf(size), "USD"].join(" ")}${rest}`,
    ],
  },
  {
    pattern: new RegExp(`^(${number})\\s*(?:(${magnitude}))?\\s*(?:US)?\\$\\s*((?:/|per\\s).*)?$`, "iu"),
    reason: () => "money is in `USD`, with magnitudes as words",
    meant: ([, amount = "", size, rest = ""]) => [`${[amount, ...wordOf(size), "USD"].join(" ")}${rest}`],
  },
  {
    pattern: new RegExp(`^(${number}[A-Za-z%\\s/]*?)\\s+per\\s+(.+)$`, "iu"),
    reason: () => "`per` is written `/`",
    meant: ([, amount, divisor = ""]) => [`${amount}/${divisor.replace(/\s+(?:per|and)\s+/gi, "/")}`],
  },
  {
    pattern: /\/\s*([A-Za-z]+)-(h|hours?|hrs?|months?|mos?|years?|yrs?)$/i,
    reason: ([, one, time]) => `\`${one}-${time}\` is a product, and \`-\` subtracts`,
    meant: (match, text) => [`${text.slice(0, match.index)}/(${counted(match[1])} ${wordOfTime(match[2])})`],
  },
  {
    pattern: new RegExp(`^(${number})\\s*(?:(?:pct|per cent)\\b|%(?=\\s*p))\\s*(?:p\\.?\\s?a\\.?)?$`, "iu"),
    reason: () => "a share, or a rate a year, is written `%`",
    meant: ([, amount = ""]) => [`${amount} %`],
  },
  {
    pattern: new RegExp(`^(${number})\\s*(?:bps?|basis points?)$`, "iu"),
    reason: () => "a basis point is a hundredth of a per cent",
    meant: ([, amount = ""]) => [`${hundredth(amount)} %`],
  },
  {
    pattern: new RegExp(`^(${number})\\s*(?:US[ -]?)?(cts?|cents?|¢)(\\s*/.*)?$`, "iu"),
    reason: ([, , word]) => `\`${word}\` is not a unit; money is in \`USD\``,
    meant: ([, amount = "", , rest = ""]) => [`${hundredth(amount)} USD${rest}`],
  },
  {
    pattern: new RegExp(`^(${number})\\s*[x×]$`, "iu"),
    reason: () => "a factor has no unit",
    meant: ([, amount = ""]) => [amount],
  },
  {
    pattern: new RegExp(`^(${number}\\s*[kMGT]?)VA\\b(.*)$`, "u"),
    reason: () => "`VA` measures apparent power; all power here is real power, in watts",
    meant: ([, amount, rest]) => [`${amount}W${rest}`],
  },
  {
    pattern: new RegExp(
      `^(${number})\\s*(k|m|mn|mm|mio|mrd|b|bn|g|t|tn)\\.?\\s+((?:USD|${CURRENCIES.join("|")}|chips?|tokens?|sessions?|requests?)\\b.*)$`,
      "iu",
    ),
    reason: ([, , letter]) =>
      letter === "B" ? "`B` is a byte, not a billion" : `\`${letter}\` is not a magnitude`,
    meant: ([, amount, letter = "", rest]) => [`${amount} ${magnitudeOf(letter)} ${rest}`],
  },
];

/** Currencies by what is not their unit. */
const CURRENCY_SIGN = /[€£¥₹]|\bRMB\b/;
const UNIT_OF_SIGN: Readonly<Record<string, string>> = {
  "€": "EUR",
  "£": "GBP",
  "¥": "JPY",
  "₹": "INR",
  RMB: "CNY",
};

/**
 * Recognises quantities in notations of other places (`$8B`, `1,15`, `USD 3 billion`, `3 USD per hour`, `6.5 ct/kWh`,
 * `~1000 chips`, `100 MVA`, `0x1F`, `.inf`) and says what to write.
 *
 * A text may have several of them (`~USD 3,000`): the help rewrites all, so that it is right when it is typed back in.
 *
 * Fails: never. Cost: length of the text.
 */
export function explainMisreading(text: string): Misreading | undefined {
  const trimmed = text.trim();
  const rest = restOfPlainNumber(trimmed);
  if (rest === undefined) return findMisreading(trimmed);
  if (isUsual(rest) || plainRests.has(rest)) return undefined;
  const found = findMisreading(trimmed);
  // Behind an exponent less is a notation.
  const isShared = !found && !/e\d/.test(trimmed) && rest.length <= LONGEST_REST;
  if (isShared && plainRests.size < MOST_RESTS) plainRests.add(rest);
  return found;
}

/**
 * What stands behind a plain number where no notation was found in it: a scenario writes thousands of quantities in a few
 * dozen units, and trying all notations on each takes as long as reading it. Bounded, since texts come from strangers.
 */
const plainRests = new Set<string>();
const [LONGEST_REST, MOST_RESTS] = [40, 1000];

/**
 * The text behind a number that no notation reads in another way: not three decimals, which may be thousands, no leading 0 that may
 * begin another base, and no further digit. What such a text means does not depend on the number's digits.
 */
function restOfPlainNumber(text: string): string | undefined {
  const plain =
    /^[+-]?(?:[1-9]\d*|0(?![xobXOB])|[1-9]e\d+|\d+\.(?:\d\d?|\d{4,})|0\.\d{3})(?![eE])([^\d.,_'’]\D*)?$/u;
  const match = plain.exec(text);
  return match ? (match[1] ?? "") : undefined;
}

/** Words of units that no notation takes for something else, so that usual quantities need no look at the notations. */
export const USUAL_WORDS: ReadonlySet<string> = new Set([
  ...["W", "kW", "MW", "GW", "TW", "Wh", "kWh", "MWh", "GWh", "MB", "GB", "TB", "PB"],
  ...["FLOP", "TFLOP", "PFLOP", "EFLOP", "YFLOP", "FLOPS", "GFLOPS", "TFLOPS", "PFLOPS", "EFLOPS"],
  ...["USD", "chip", "chips", "token", "tokens"],
  ...["session", "sessions", "request", "requests", "thousand", "million", "billion", "trillion"],
  ...["second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks"],
  ...["month", "months", "year", "years", "s", "h"],
]);

function isUsual(rest: string): boolean {
  if (!/^[\sA-Za-z/()%]*$/.test(rest)) return false;
  return (rest.match(/[A-Za-z]+/g) ?? []).every((word) => USUAL_WORDS.has(word));
}

/** As `explainMisreading`, with a look at every notation. */
export function findMisreading(trimmed: string): Misreading | undefined {
  if (/^[+-]?\.?(?:nan|inf|infinity)$/i.test(trimmed)) return { code: "not-finite", reason: "" };
  if (/^[+-]?0[xob][\da-f]/i.test(trimmed)) return { code: "invalid-value", reason: "numbers are decimal" };
  const { reasons, texts } = rewrite(trimmed);
  const sign = CURRENCY_SIGN.exec(trimmed)?.[0];
  if (sign) {
    const unit = UNIT_OF_SIGN[sign];
    const help = `write \`${unit}\` after the number, and its rate in \`USD/${unit}\` under \`money.rates\``;
    return { code: "invalid-value", reason: `\`${sign}\` is not a unit`, help };
  }
  const [reason] = reasons;
  if (reason === undefined) {
    if (!trimmed.includes("$")) return undefined;
    return { code: "invalid-value", reason: "`$` is not a unit", help: "write `USD` after the number" };
  }
  return { code: "invalid-value", reason, help: helpOf(texts) };
}

/**
 * Like `explainMisreading`, of the numbers of an expression alone: its words are names of the scenario.
 *
 * Fails: never.
 */
export function explainNumbers(text: string): Misreading | undefined {
  const { reasons, texts } = rewriteNumbers(text.trim());
  return reasons.length === 0
    ? undefined
    : { code: "invalid-value", reason: reasons[0] ?? "", help: helpOf(texts) };
}

function helpOf(texts: readonly string[]): string {
  return `write ${texts.map((one) => `\`${one}\``).join(" or ")}`;
}

/** Why a text is rewritten, and what it becomes. */
type Rewriting = { readonly reasons: readonly string[]; readonly texts: readonly string[] };

/** Applies every notation in turn. */
function rewrite(text: string): Rewriting {
  const reasons: string[] = [];
  let texts: readonly string[] = [text];
  for (const { pattern, reason, meant } of NOTATIONS) {
    texts = texts.flatMap((one) => {
      const match = pattern.exec(one);
      if (!match) return [one];
      reasons.push(reason(match));
      return meant(match, one);
    });
  }
  const [first = text, ...others] = texts;
  const numbers = rewriteNumbers(first);
  return { reasons: [...reasons, ...numbers.reasons], texts: [...numbers.texts, ...others] };
}

/** Gives each number its readings; one with two of them doubles the texts. */
function rewriteNumbers(text: string): Rewriting {
  const reasons: string[] = [];
  let texts: readonly string[] = [text];
  for (let found = refusedNumber(texts[0]); found; found = refusedNumber(texts[0])) {
    reasons.push(reasonOf(found.readings.length, found.text));
    texts = texts.flatMap((one) => readingsWith(one));
  }
  return { reasons, texts };
}

function refusedNumber(text = ""): ReturnType<typeof findForeignNumber> {
  const found = findForeignNumber(text);
  return found?.isRead ? undefined : found;
}

function readingsWith(text: string): readonly string[] {
  const found = refusedNumber(text);
  if (!found) return [text];
  const { at, readings } = found;
  return readings.map((one) => text.slice(0, at) + one + text.slice(at + found.text.length));
}

function reasonOf(readingCount: number, text: string): string {
  if (readingCount > 1) return `\`${text}\` is thousands in some countries and a decimal number in others`;
  return /^\d+,\d+$/.test(text) ? "decimals follow a point" : "digits must not be grouped";
}

function wordOf(size: string | undefined): readonly string[] {
  const word = size === undefined ? "" : magnitudeOf(size);
  return unitOfSymbol(word) ? [word] : [];
}

/** What is counted per hour or month: an accelerator is a chip here. */
function counted(word = ""): string {
  return /^(?:gpu|tpu|xpu|accelerator)s?$/i.test(word) ? "chip" : word;
}

function wordOfTime(word = ""): string {
  const letter = word.slice(0, 1).toLowerCase();
  return letter === "h" ? "hour" : letter === "m" ? "month" : "year";
}

/** A hundredth of a decimal number, in its digits: 6.5 is 0.065. */
function hundredth(text: string): string {
  const value = Number(`${text}e-2`);
  return Number.isFinite(value) ? String(value) : text;
}
