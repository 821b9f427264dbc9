import type { Comparison } from "../analysis/compare/comparison.ts";
import { unservedChances } from "../analysis/results/chances.ts";
import type { Results } from "../analysis/results/results.ts";
import { monthSpans } from "../charts/kit/month-spans.ts";
import { isoMonth, longMonth } from "../charts/kit/months.ts";
import { capital, largestOf, percent } from "../charts/kit/numbers.ts";
import { type Sentence, sentence, strong, told } from "../charts/kit/sentence.ts";
import { comparedReading, pairedOf } from "./compared.ts";
import { isSurelyAbove, type Reading, rangePart, readBands, readFigure } from "./readings.ts";

/** Figures of the work that goes unserved, by value: of the whole horizon, and by month. */
export const UNSERVED_SHARE = "horizon_demand_unserved_share";
const MONTHLY_SHARE = "demand_unserved_share";

/** From these shares on, at the median, the answer says that work goes unserved: of the horizon's value, or of a month's. */
const MATERIAL = 0.01;
const MATERIAL_IN_MONTH = 0.05;

/** From this spread between P5 and P95 on, how much work goes unserved is an open question, and is told instead of what binds. */
const OPEN_QUESTION = 0.2;

/** What is known of the work that goes unserved. */
type Unserved = {
  readonly results: Results;
  readonly horizon: Reading;
  /** By month: the share of value unserved, at the median of the trials or of the plain run. */
  readonly shares: readonly number[];
  /** By month: the share of trials in which any work goes unserved; absent without a sample. */
  readonly chances?: readonly number[] | undefined;
};

/** Whether it is open how much work goes unserved. */
export function isUnservedOpen(results: Results): boolean {
  const { low, high } = readFigure(results, UNSERVED_SHARE) ?? {};
  return low !== undefined && high !== undefined && high - low > OPEN_QUESTION;
}

/**
 * How much work goes unserved, from when on, and how sure that is; empty where it is little, both over the horizon and in each month.
 *
 * @param labelled the figure whose range says what its ends are
 */
export function unservedSentence(results: Results, labelled?: string): Sentence {
  // All are read at once: a sample makes those statistics that were asked for before it was taken.
  const horizon = readFigure(results, UNSERVED_SHARE);
  const bands = readBands(results, "total", MONTHLY_SHARE);
  const chances = unservedChances(results);
  if (!horizon || !bands) return [];
  const isSampled = chances !== undefined && horizon.low !== undefined;
  const unserved = {
    results,
    horizon,
    shares: bands.middle ?? bands.plain,
    chances: isSampled ? chances : undefined,
  };
  if (isSampled && isUnservedOpen(results)) return openSentence(unserved, chances, labelled);
  const isMaterial = horizon.middle >= MATERIAL || largestOf(unserved.shares) >= MATERIAL_IN_MONTH;
  return isMaterial ? closedSentence(unserved, labelled) : [];
}

/** Runs that are named one by one. */
const MOST_NAMED = 3;

/**
 * How much work each of several runs leaves unserved, where that is a material part in any: the cheapest plan may be the one that serves
 * least.
 *
 * @param names of the runs, as a sentence has them
 */
export function leftUnservedSentence(comparison: Comparison, names: readonly string[]): Sentence {
  const shares = names.map((_, run) => comparedReading(comparison, UNSERVED_SHARE, run)?.middle ?? 0);
  if (Math.max(...shares) < MATERIAL) return [];
  const text = (run: number) => told(percent(shares[run]), { metric: UNSERVED_SHARE, run });
  const basis = pairedOf(comparison, UNSERVED_SHARE, 0) ? "" : "At medians ";
  const ranked = shares.map((_, run) => run).sort((a, b) => shares[a] - shares[b]);
  if (names.length > MOST_NAMED) {
    const [least, most] = [ranked[0], ranked[ranked.length - 1]];
    return sentence`${basis}${text(least)} (${names[least]}) to ${text(most)} (${names[most]}) of the work\u2019s value goes unserved.`;
  }
  const [first, ...others] = names;
  const rest = others.map((name, index) => sentence`${name} ${text(index + 1)}`);
  return sentence`${basis}${basis ? first : capital(first)} leaves ${text(0)} of the work\u2019s value unserved${rest.flatMap((one) => [", ", ...one])}.`;
}

/** Where it is open how much work goes unserved: in which months it probably falls short, and in which most often. */
function openSentence(unserved: Unserved, chances: readonly number[], labelled?: string): Sentence {
  const { results, horizon } = unserved;
  const amount = told(percent(horizon.middle), { metric: UNSERVED_SHARE });
  const open = sentence`how much is open: ${amount}${rangePart(horizon, UNSERVED_SHARE, labelled)} of its value over the horizon`;
  const worst = chances.indexOf(Math.max(...chances));
  const month = strong(monthText(results, worst), chanceIn(results, worst));
  const chance = strong(percent(chances[worst]), chanceIn(results, worst));
  const months = likelyMonths(unserved);
  if (months.length === 0)
    return sentence`Work goes unserved most often in ${month}, in ${chance} of trials; ${open}.`;
  const spans = monthSpans(months, results, (first, text) => strong(text, chanceIn(results, first)));
  return sentence`More than half of the trials leave work unserved ${spans}, most often in ${month} (${chance}); ${open}.`;
}

/** Where it is known how much work goes unserved: that, in which months, and how sure. */
function closedSentence(unserved: Unserved, labelled?: string): Sentence {
  const { results, horizon, chances } = unserved;
  const amount = strong(percent(horizon.middle), { metric: UNSERVED_SHARE });
  const head = chances
    ? sentence`Of the work\u2019s value ${amount}${rangePart(horizon, UNSERVED_SHARE, labelled)} goes unserved over the horizon`
    : sentence`At medians ${amount} of the work\u2019s value goes unserved over the horizon`;
  const months = likelyMonths(unserved);
  const [first] = months;
  if (first !== undefined) return sentence`${head}: ${monthsPart(unserved, months)}.`;
  const worst = (chances ?? []).indexOf(Math.max(...(chances ?? [])));
  if (worst < 0) return sentence`${head}.`;
  const chance = told(percent(chances?.[worst] ?? 0), chanceIn(results, worst));
  return sentence`${head}, most often in ${monthText(results, worst)} (in ${chance} of trials).`;
}

/** Months in which work falls short in more than half of the trials, by more than chance, or in the plain run. */
function likelyMonths({ results, shares, chances }: Unserved): readonly number[] {
  const trials = results.spread?.trials ?? 0;
  const isLikely = (month: number) =>
    chances ? isSurelyAbove(chances[month], 0.5, trials) : shares[month] > 0;
  return shares.flatMap((_, month) => (isLikely(month) ? [month] : []));
}

/** `from July 2027 on work falls short in every month`, or in how many months, first when, and in which by most. */
function monthsPart({ results, shares, chances }: Unserved, months: readonly number[]): Sentence {
  const [first] = months;
  const share = (month: number) => told(percent(shares[month]), shareIn(results, month));
  const worst = shares.indexOf(Math.max(...shares));
  const figure = chances ? chanceIn(results, first) : shareIn(results, first);
  const month = strong(monthText(results, first), figure);
  const isToTheEnd = months.length > 1 && months.length === shares.length - first;
  if (isToTheEnd) {
    const most = sentence`most in ${monthText(results, worst)} (${share(worst)} of that month\u2019s value)`;
    const where =
      first === 0
        ? ["work falls short in every month"]
        : sentence`from ${month} on work falls short in every month`;
    return sentence`${where}${sureIn(results, months, chances)}, ${most}`;
  }
  const count = sentence`work falls short in ${strong(`${months.length} of ${shares.length} months`, figure)}`;
  const often = chances ? " in more than half of the trials" : "";
  const chance = chances
    ? sentence`in ${told(percent(chances[first]), chanceIn(results, first))} of trials`
    : [];
  if (worst === first) {
    const both = chances ? sentence`${chance}; ` : [];
    return sentence`${count}${often}, first and most in ${month} (${both}${share(worst)} of that month\u2019s value)`;
  }
  const sure = chances ? sentence` (${chance})` : [];
  return sentence`${count}${often}, first in ${month}${sure}, most in ${monthText(results, worst)} (${share(worst)} of that month\u2019s value)`;
}

/** In how many trials work falls short in each of the months at least; empty without a sample. */
function sureIn(results: Results, months: readonly number[], chances?: readonly number[]): Sentence {
  if (!chances) return [];
  const least = months.reduce((a, b) => (chances[b] < chances[a] ? b : a));
  const text = told(percent(chances[least]), chanceIn(results, least));
  return chances[least] === 1 ? [" and every trial"] : sentence`, in each in at least ${text} of trials`;
}

function monthText({ startMonth }: Results, month: number): string {
  return longMonth(startMonth + month);
}

/** The share of value unserved in a month, as what opens its trace. */
function shareIn({ startMonth }: Results, month: number) {
  return { metric: MONTHLY_SHARE, when: isoMonth(startMonth + month) };
}

/** The chance that work goes unserved in a month, as what opens its trace. */
function chanceIn(results: Results, month: number) {
  return { ...shareIn(results, month), of: "chance" as const };
}
