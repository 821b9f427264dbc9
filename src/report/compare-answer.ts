import type { Comparison } from "../analysis/compare/comparison.ts";
import { leadersIn } from "../analysis/compare/paired-sample.ts";
import { findRentOrOwn, RENT_FIGURES } from "../analysis/compare/rent-or-own.ts";
import type { Book } from "../analysis/results/book.ts";
import type { FigureName } from "../charts/kit/figure-name.ts";
import { measureOf } from "../charts/kit/measure.ts";
import { NARROW_SPACE, percent } from "../charts/kit/numbers.ts";
import { type Sentence, sentence, strong, told } from "../charts/kit/sentence.ts";
import { decidingSentence, decisionIn } from "./break-even.ts";
import { basisText, comparedReading, pairedOf, runName } from "./compared.ts";
import { isSurelyAbove, SAME_ENDS } from "./readings.ts";
import { dueAfterHorizon } from "./run-answer.ts";

/** Cost less the residual value, by which renting and owning are compared, as the name of a figure. */
export const NET_COST = "cost_provider_pv_usd -provider_residual_pv_usd";

/** A figure by which plans are judged, in the words of a claim: `A costs the provider least`. */
type Headline = { readonly metric: string; readonly does: string; readonly unit: string };

const COMPUTE: Headline = {
  metric: "final_cumulative_effective_fp4_yflop",
  does: "computes most",
  unit: "YFLOP",
};
const COSTS: Readonly<Record<Book, Headline>> = {
  provider: { metric: "cost_provider_pv_usd", does: "costs the provider least", unit: "USD" },
  buyer: { metric: "buyer_cost_pv_usd", does: "costs the buyer least", unit: "USD" },
};
const UNSERVED: Headline = {
  metric: "horizon_demand_unserved_share",
  does: "leaves least work unserved",
  unit: "1",
};
const WORTH: Headline = { metric: "npv_provider_usd", does: "is worth most to the provider", unit: "USD" };

/** Plans whose medians of unserved work lie further apart than this do not serve the same work [share]. */
const SAME_WORK = 0.01;

/** How sure it is that a plan is best, from how often it is. */
export type Claim = "best" | "likelier" | "none";

/**
 * Whether a plan may be called best: in more than 80 % of the trials, even two standard errors less; likelier from 60 %.
 *
 * @param share  of the trials in which it is best
 * @param trials of the sample
 */
export function claimOf(share: number, trials: number): Claim {
  if (isSurelyAbove(share, 0.8, trials)) return "best";
  return share >= 0.6 ? "likelier" : "none";
}

/**
 * Whether one share of the trials is above another by more than chance: by two standard errors of their difference.
 *
 * @param isEither whether a trial counts for at most one of the two, as where only one scenario is best; else the shares are taken
 *                 as independent
 */
export function isAhead(share: number, next: number, trials: number, isEither: boolean): boolean {
  const apart = share * (1 - share) + next * (1 - next);
  const variance = isEither ? apart + 2 * share * next : apart;
  return share - next > 2 * Math.sqrt(variance / Math.max(1, trials));
}

/** Who leads in a figure, and who comes next. */
type Lead = Headline & {
  readonly run: number;
  readonly share: number;
  readonly next: number;
  readonly nextShare: number;
};

/**
 * What a comparison says, in up to three sentences: who is best on the first basis, what choosing otherwise loses, and what
 * happens on the other bases or in the other book.
 *
 * A winner is named only where it is best in all headline figures and plans serve the same work; else the leader of each figure.
 */
export function answerCompare(comparisons: readonly Comparison[], book: Book): readonly Sentence[] {
  const [first, ...others] = comparisons;
  const { sample } = first;
  const rent = rentSentence(first);
  // Rent buys in months what capital buys at once, so present values before the residual value say nothing.
  if (rent.length > 0) return [rent, ...owedSentence(first), ...bothBooks(first, book)];
  if (!sample) return [plainSentenceOf(first, book), ...bothBooks(first, book)];
  const leads = leadsOf(first, book);
  const [cost] = leads;
  if (!cost) return [];
  const isContested = isDisputed(first, leads);
  return [
    isContested ? disputeSentence(first, leads) : winnerSentence(first, cost, sample.trials),
    isContested
      ? [...steadySentence(first, book), ...spaced(worthDecided(first, book))]
      : [
          ...regretSentence(first, cost),
          ...spaced(decidingSentence(first, cost.metric)),
          ...spaced(worthDecided(first, book)),
        ],
    ...(others.length > 0 ? [scaledSentence(others, book)] : bothBooks(first, book)),
  ].filter((one) => one.length > 0);
}

/** Whether renting or owning is cheaper, and up to which rent. */
function rentSentence({ runs, sample }: Comparison): Sentence {
  const found = findRentOrOwn(runs, sample?.rentOrOwn);
  if (!found) return [];
  const { own, rent, ownCost, rentCost, rate, breakEven, sampled } = found;
  const [owner, renter] = [runName(runs[own]), runName(runs[rent])];
  const money = measureOf("USD", [ownCost, rentCost]);
  const cents = (value: number) => value.toFixed(2);
  const { quantiles = [] } = sampled?.breakEven ?? {};
  const range = sampled && quantiles.every(Number.isFinite) ? rangeOf(quantiles, cents) : [];
  const isOwn = ownCost <= rentCost;
  const share = isOwn ? sampled?.ownCheaper : sampled?.rentCheaper;
  const chance = share === undefined ? "" : ` in ${percent(share)} of trials`;
  const [cheap, dear] = isOwn ? ["Owning", "renting"] : ["Renting", "owning"];
  const net = (run: number, value: number) => told(money.full(value), { metric: NET_COST, run });
  const costs = [net(own, ownCost), net(rent, rentCost)];
  const [less, more] = isOwn ? costs : costs.reverse();
  const paid = strong(`${cents(rate)} USD`, { metric: RENT_FIGURES[0], run: rent, of: "rent" });
  const even = strong(`${cents(breakEven)} USD`, { metric: RENT_FIGURES[0], run: rent, of: "even-rent" });
  return sentence`${strong(cheap)} (${isOwn ? owner : renter}) costs less than ${dear} (${isOwn ? renter : owner})${chance}: ${less} against ${more} at medians, present values of cost less those of what is left. Rent of ${paid} per chip and hour would have to be ${even}${range} for both to cost the same.`;
}

/** What a comparison of rents does not count. */
function owedSentence({ runs, sample }: Comparison): readonly Sentence[] {
  const found = findRentOrOwn(runs, sample?.rentOrOwn);
  const owed = found?.owedLater ?? 0;
  if (!found || !(owed > 0)) return [];
  const amount = strong(measureOf("USD", [owed]).full(owed), {
    metric: "chip_hire_obligation_usd",
    run: found.rent,
  });
  return [
    sentence`Rent of ${amount} falls due after the horizon and is not counted, nor is the work it pays for.`,
  ];
}

function leadsOf(comparison: Comparison, book: Book): readonly Lead[] {
  return [COSTS[book], COMPUTE, UNSERVED, ...(book === "provider" ? [WORTH] : [])].flatMap(
    (headline) => leadIn(comparison, headline) ?? [],
  );
}

function leadIn({ sample }: Comparison, headline: Headline): Lead | undefined {
  const figures = sample?.figures.get(headline.metric) ?? [];
  // Where all tie, as in unserved work of plans that serve all, nobody leads.
  const leaders = leadersIn(figures);
  if (!leaders) return undefined;
  const { leader: run, next } = leaders;
  const [share, nextShare] = [run, next].map((one) => figures[one]?.rank?.probabilityBest ?? 0);
  return { ...headline, run, share, next, nextShare };
}

/** Whether the headline figures name different plans, or plans leave different amounts of work unserved. */
function isDisputed(comparison: Comparison, leads: readonly Lead[]): boolean {
  const unserved = comparison.runs.map(
    (_, run) => comparedReading(comparison, UNSERVED.metric, run)?.middle ?? 0,
  );
  const differs = Math.max(...unserved) - Math.min(...unserved) > SAME_WORK;
  return differs || new Set(leads.map(({ run }) => run)).size > 1;
}

/** Figures that are good where less work is served, so that what their leader leaves unserved is told. */
const HELPED_BY_LESS = [COSTS.provider.metric, COSTS.buyer.metric, WORTH.metric];

/** The leader of each figure, or the two that lead about as often. */
function disputeSentence(comparison: Comparison, leads: readonly Lead[]): Sentence {
  const trials = comparison.sample?.trials ?? 0;
  const warned = new Set<number>();
  const parts = leads.map((lead, index): Sentence => {
    const [name, next] = [lead.run, lead.next].map((run) => runName(comparison.runs[run]));
    const of = index === 0 ? " of trials" : "";
    if (!isAhead(lead.share, lead.nextShare, trials, true))
      return sentence`${name} or ${next} ${lead.does} (${strong(percent(lead.share), bestOf(lead))} and ${strong(percent(lead.nextShare), { ...bestOf(lead), run: lead.next })}${of})`;
    const unserved = comparedReading(comparison, UNSERVED.metric, lead.run)?.middle ?? 0;
    const isWarned = HELPED_BY_LESS.includes(lead.metric) && unserved > SAME_WORK && !warned.has(lead.run);
    if (isWarned) warned.add(lead.run);
    const short = told(percent(unserved), { metric: UNSERVED.metric, run: lead.run });
    const but = isWarned ? sentence` but leaves ${short} of the work\u2019s value unserved` : [];
    return sentence`${name} ${lead.does} in ${strong(percent(lead.share), bestOf(lead))}${of}${but}`;
  });
  const joined = parts.flatMap((part, index) => (index === 0 ? part : ["; ", ...part]));
  return [...sentence`${capitalBasis(comparison)} there is ${strong("no clear winner")}: `, ...joined, "."];
}

function winnerSentence(comparison: Comparison, lead: Lead, trials: number): Sentence {
  const { runs } = comparison;
  const [name, next] = [runName(runs[lead.run]), runName(runs[lead.next])];
  const basis = capitalBasis(comparison);
  const claim = claimOf(lead.share, trials);
  const chance = strong(percent(lead.share), bestOf(lead));
  const nextChance = told(percent(lead.nextShare), { ...bestOf(lead), run: lead.next });
  if (claim === "best")
    return sentence`${basis} ${name} ${lead.does} in ${chance} of trials${distance(comparison, lead)}.`;
  if (claim === "likelier")
    return sentence`${basis} ${name} likely ${lead.does} (${chance} of trials, ${next} in ${nextChance})${distance(comparison, lead)}.`;
  return sentence`${basis} ${strong("no scenario")} clearly ${lead.does}: ${name} in ${chance} of trials, ${next} in ${nextChance}.`;
}

/** The chance of a leader, as a figure that opens its trace. */
function bestOf({ metric, run }: Lead): FigureName {
  return { metric, run, of: "best" };
}

/** A sentence behind another one. */
function spaced(text: Sentence): Sentence {
  return text.length > 0 ? [" ", ...text] : [];
}

/** How far the leader is from the next; only differences from the first scenario are paired, so that others are not told. */
function distance(comparison: Comparison, { metric, run, next, unit }: Lead): Sentence {
  if (run !== 0 && next !== 0) return [];
  const other = run === 0 ? next : run;
  const quantiles = pairedOf(comparison, metric, other)?.difference.quantiles;
  if (!quantiles?.every(Number.isFinite)) return [];
  const [low, middle, high] = quantiles.map((value) => Math.abs(value)).sort((a, b) => a - b);
  const measure = measureOf(unit, [high]);
  const isCrossing = quantiles[0] < 0 && quantiles[2] > 0;
  const figure = { metric, run: other, minus: 0 };
  const range = isCrossing ? [] : rangeOf([low, middle, high], measure.text, figure);
  const shown = isCrossing ? Math.abs(quantiles[1]) : middle;
  return sentence`, ${told(measure.full(shown), figure)} from ${runName(comparison.runs[next])}${range}`;
}

/** P5 to P95 in brackets, which open the trace of a figure. */
function rangeOf(
  [low, , high]: readonly number[],
  text: (value: number) => string,
  figure?: FigureName,
): Sentence {
  const [from, to] = [text(low), text(high)];
  const mark = (ends: string) => (figure ? told(ends, figure) : ends);
  if (from === to) return sentence` (${mark(SAME_ENDS)})`;
  return sentence` (P5 to P95: ${mark(`${from} to ${to}`)})`;
}

function regretSentence(comparison: Comparison, { metric, next, unit }: Lead): Sentence {
  const regret = pairedOf(comparison, metric, next)?.rank?.expectedRegret;
  if (!regret) return [];
  const amount = strong(measureOf(unit, [regret]).full(regret), { metric, run: next, of: "regret" });
  return sentence`Choosing ${runName(comparison.runs[next])} instead loses ${amount} on average.`;
}

/** Of contested plans, the one or two that are least often beaten in both cost and compute, and what choosing the first gives up. */
function steadySentence(comparison: Comparison, book: Book): Sentence {
  const shares = comparison.sample?.paretoShares ?? [];
  const [run, next] = shares.map((_, one) => one).sort((a, b) => shares[b] - shares[a]);
  if (run === undefined || next === undefined || !comparison.sample) return [];
  const [name, other] = [run, next].map((one) => runName(comparison.runs[one]));
  const [chance, second] = [run, next].map((one) =>
    strong(percent(shares[one]), { metric: COSTS[book].metric, run: one, of: "unbeaten" }),
  );
  const isAlone = isAhead(shares[run], shares[next], comparison.sample.trials, false);
  const who = isAlone
    ? sentence`${name} is least often beaten on both cost and compute: no other does so in ${chance} of trials.`
    : sentence`${name} and ${other} are least often beaten on both cost and compute: no other does so in ${chance} and ${second} of trials.`;
  const costs = [COSTS[book], COMPUTE].flatMap(({ metric, unit }) => {
    const regret = pairedOf(comparison, metric, run)?.rank?.expectedRegret;
    const figure = { metric, run, of: "regret" } as const;
    return regret === undefined ? [] : [strong(measureOf(unit, [regret]).full(regret), figure)];
  });
  const gives =
    costs.length < 2
      ? []
      : sentence` Choosing ${isAlone ? "it" : name} gives up ${costs[0]} of cost and ${costs[1]} of compute on average against the best of each trial.`;
  return sentence`${who}${gives}`;
}

/** The other bases: who computes most for the same money, who costs least for the same compute. */
function scaledSentence(others: readonly Comparison[], book: Book): Sentence {
  const parts = others.flatMap((comparison, index): Sentence[] => {
    const isSpend = !isEqualCompute(comparison);
    const lead = leadIn(comparison, isSpend ? COMPUTE : COSTS[book]);
    if (!lead || !comparison.sample) return [];
    const name = runName(comparison.runs[lead.run]);
    const chance = strong(percent(lead.share));
    const claim = claimOf(lead.share, comparison.sample.trials);
    // The first letter of a sentence is a capital, and stands before it.
    const basis = `${index === 0 ? "" : "s"}caled to ${basisText(comparison)}`;
    if (claim === "best") return [sentence`${basis}, ${name} ${lead.does} in ${chance} of trials`];
    if (claim === "likelier") return [sentence`${basis}, ${name} likely ${lead.does} (${chance} of trials)`];
    return [sentence`${basis}, none clearly ${lead.does} (${name} in ${chance} of trials)`];
  });
  if (parts.length === 0) return [];
  const joined = parts.flatMap((part, index) => (index === 0 ? part : ["; ", ...part]));
  const equal = others.find(isEqualCompute);
  const deciding = equal ? decidingSentence(equal, COSTS[book].metric) : [];
  return ["S", ...joined, ".", ...spaced(deciding)];
}

/** What decides by the provider's NPV between two scenarios that serve the same work; nothing where no single input does. */
function worthDecided(comparison: Comparison, book: Book): Sentence {
  const decision = decidesByWorth(comparison, book) ? decisionIn(comparison, WORTH.metric) : undefined;
  if (!decision || decision.inputs.length === 0) return [];
  const [one, other] = [decision.leader, decision.next].map(
    (run) => comparedReading(comparison, UNSERVED.metric, run)?.middle ?? 0,
  );
  return Math.abs(one - other) > SAME_WORK ? [] : decidingSentence(comparison, WORTH.metric);
}

/** Whether the provider's NPV is a headline figure: in its book, where a contract pays it. */
function decidesByWorth({ runs }: Comparison, book: Book): boolean {
  return book === "provider" && runs.some(({ results }) => results.contracts.length > 0);
}

/**
 * The figures for which the answer names the deciding input: cost where the figures agree who leads, or where the basis holds the
 * compute equal, and the provider's NPV as the scenarios were written.
 */
export function decidedFigures(
  comparisons: readonly Comparison[],
  book: Book,
): readonly { readonly comparison: Comparison; readonly metric: string }[] {
  return comparisons.flatMap((comparison, index) => {
    const isCost =
      index === 0 ? !isDisputed(comparison, leadsOf(comparison, book)) : isEqualCompute(comparison);
    const isWorth = index === 0 && decidesByWorth(comparison, book);
    return [
      ...(isCost ? [{ comparison, metric: COSTS[book].metric }] : []),
      ...(isWorth ? [{ comparison, metric: WORTH.metric }] : []),
    ];
  });
}

/** Whether a basis holds the compute equal, so that cost is what differs. */
export function isEqualCompute({ basis }: Pick<Comparison, "basis">): boolean {
  return /effective FP4/.test(basis);
}

/** What a saving of one book does to the other, and what falls due after the horizon: of the cheapest scenario. */
function bothBooks(comparison: Comparison, book: Book): readonly Sentence[] {
  const { runs } = comparison;
  if (runs.length < 2 || runs.every(({ results }) => results.contracts.length === 0)) return [];
  const costs = runs.map((_, run) => comparedReading(comparison, COSTS[book].metric, run)?.middle ?? 0);
  const cheapest = costs.indexOf(Math.min(...costs.slice(1)), 1);
  const [own, other] = [runs[0], runs[cheapest]];
  const figures = (["npv_provider_usd", "buyer_cost_pv_usd"] as const).map((metric) =>
    [0, cheapest].map((run) => comparedReading(comparison, metric, run)?.middle ?? Number.NaN),
  );
  const due = [own, other].map(({ results }) => dueAfterHorizon(results).plain);
  const isContracted = ({ results }: typeof own) => results.contracts.length > 0;
  const later = (run: number, text: string) =>
    isContracted(runs[run]) ? told(text, { metric: "payments_after_horizon_usd", run }) : text;
  const measure = measureOf("USD", [...figures.flat(), ...due]);
  const withUnit = (value: number) => measure.text(value) + NARROW_SPACE + measure.unit;
  const [worth, paid] = (["npv_provider_usd", "buyer_cost_pv_usd"] as const).map((metric, index) => {
    const [from, to] = figures[index];
    const [first, last] = [
      told(measure.text(from), { metric, run: 0 }),
      told(withUnit(to), { metric, run: cheapest }),
    ];
    return sentence`${first} to ${last}`;
  });
  // All else here is of the trials.
  const basis = comparison.sample ? " (at medians)" : "";
  return [
    sentence`From ${runName(own)} to ${runName(other)} the provider\u2019s NPV goes from ${worth}, the buyer\u2019s payments from ${paid} in present value, and what falls due after the horizon${basis} from ${later(0, measure.text(due[0]))} to ${later(cheapest, withUnit(due[1]))}.`,
  ];
}

/** Without a sample: the plain figures, and that no chance is known. */
function plainSentenceOf(comparison: Comparison, book: Book): Sentence {
  const { metric, does, unit } = COSTS[book];
  const values = comparison.runs.map(
    (_, run) => comparedReading(comparison, metric, run)?.plain ?? Number.NaN,
  );
  const best = values.indexOf(Math.min(...values.filter(Number.isFinite)));
  if (best < 0) return [];
  const name = runName(comparison.runs[best]);
  const amount = strong(measureOf(unit, values).full(values[best]), { metric, run: best });
  return sentence`At medians ${name} ${does} (${amount}); no sample was taken, so nothing is said of how sure that is.`;
}

/** `At equal power`, or how the scenarios were written. */
function capitalBasis({ basis }: Comparison): string {
  return /^as written: equal/.test(basis)
    ? `At ${basis.replace(/^as written: /, "").replace(/ where.*$/, "")}`
    : "As written,";
}
