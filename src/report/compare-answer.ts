import { type Comparison, differingInputs } from "../analysis/compare/comparison.ts";
import { areSame, leadersIn, type PairedFigure, shareBest } from "../analysis/compare/paired-sample.ts";
import { isBelow } from "../analysis/compare/pareto.ts";
import { findRentOrOwn, RENT_FIGURES } from "../analysis/compare/rent-or-own.ts";
import type { Book } from "../analysis/results/book.ts";
import type { FigureName } from "../charts/kit/figure-name.ts";
import { differenceMeasure, measureOf } from "../charts/kit/measure.ts";
import { listed, NARROW_SPACE, percent } from "../charts/kit/numbers.ts";
import { joinPieces, type Sentence, sentence, spaced, strong, told } from "../charts/kit/sentence.ts";
import { decidingSentence, decisionIn } from "./break-even.ts";
import { basisText, comparedReading, pairedOf, runName } from "./compared.ts";
import { isSurelyAbove, SAME_ENDS } from "./readings.ts";
import { dueAfterHorizon } from "./run-answer.ts";
import { leftUnservedSentence, UNSERVED_SHARE } from "./unserved-answer.ts";

/** Cost less the residual value, by which renting and owning are compared, as the name of a figure. */
export const NET_COST = "cost_provider_pv_usd -provider_residual_pv_usd";

/** A figure by which plans are judged, with the words of claims about it. */
type Headline = {
  readonly metric: string;
  readonly unit: string;
  /** `A costs the provider least`. */
  readonly does: string;
  /** Words before and behind an amount: `it costs 2 B USD less than B`. */
  readonly apart: readonly [verb: string, more: string];
  /** `A and B cost the provider the same`. */
  readonly same: string;
};

const COMPUTE: Headline = {
  metric: "final_cumulative_effective_fp4_yflop",
  unit: "YFLOP",
  does: "computes most",
  apart: ["computes", "more"],
  same: "compute the same",
};
const COSTS: Readonly<Record<Book, Headline>> = {
  provider: {
    metric: "cost_provider_pv_usd",
    unit: "USD",
    does: "costs the provider least",
    apart: ["costs", "less"],
    same: "cost the provider the same",
  },
  buyer: {
    metric: "buyer_cost_pv_usd",
    unit: "USD",
    does: "costs the buyer least",
    apart: ["costs", "less"],
    same: "cost the buyer the same",
  },
};
const UNSERVED: Headline = {
  metric: UNSERVED_SHARE,
  unit: "1",
  does: "leaves least work unserved",
  apart: ["leaves", "less unserved"],
  same: "leave the same work unserved",
};
const WORTH: Headline = {
  metric: "npv_provider_usd",
  unit: "USD",
  does: "is worth most to the provider",
  apart: ["is worth", "more"],
  same: "are worth the same to the provider",
};

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
  const unserved = leftUnservedSentence(first, first.runs.map(runName));
  if (rent.length > 0)
    return [[...rent, ...spaced(unserved)], ...owedSentence(first), ...bothBooks(first, book)];
  if (!sample) return [[...plainSentenceOf(first, book), ...spaced(unserved)], ...bothBooks(first, book)];
  const leads = leadsOf(first, book);
  const [cost] = leads;
  const same = sameSentence(first, headlinesIn(book));
  if (!cost) return [joinPieces([same, unserved].filter(isSaid), " ")].filter(isSaid);
  const isContested = isDisputed(first, leads);
  const lead = isContested
    ? disputeSentence(first, leads, unserved)
    : [...winnerSentence(first, cost, sample.trials), ...spaced(unserved)];
  return [
    [...lead, ...spaced(same)],
    isContested
      ? [...steadySentence(first, book), ...spaced(worthDecided(first, book))]
      : [
          ...regretSentence(first, cost),
          ...spaced(decidingSentence(first, cost.metric)),
          ...spaced(worthDecided(first, book)),
        ],
    ...(others.length > 0 ? [scaledSentence(others, book)] : bothBooks(first, book)),
  ].filter(isSaid);
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

function headlinesIn(book: Book): readonly Headline[] {
  return [COSTS[book], COMPUTE, UNSERVED, ...(book === "provider" ? [WORTH] : [])];
}

function leadsOf(comparison: Comparison, book: Book): readonly Lead[] {
  return headlinesIn(book).flatMap((headline) => leadIn(comparison, headline) ?? []);
}

function leadIn(comparison: Comparison, headline: Headline): Lead | undefined {
  const figures = figuresOf(comparison, headline);
  // No plan leads where all have the same figure, as where all of them serve all work.
  const leaders = leadersIn(figures);
  if (!leaders) return undefined;
  const { leader: run, next } = leaders;
  const [share, nextShare] = [run, next].map((one) => shareBest(figures, one));
  return { ...headline, run, share, next, nextShare };
}

function figuresOf({ sample }: Comparison, { metric }: Headline): readonly PairedFigure[] {
  return sample?.figures.get(metric) ?? [];
}

/** Names the figures that are the same for all plans in every trial, but not unserved work where every plan serves everything. */
function sameSentence(comparison: Comparison, headlines: readonly Headline[]): Sentence {
  const { runs } = comparison;
  const compared = headlines.filter((one) => figuresOf(comparison, one).length > 0);
  const same = compared.filter((one) => areSame(figuresOf(comparison, one)));
  const names = runs.length <= MOST_NAMED ? listed(runs.map(runName)) : "All scenarios";
  const scenarios = runs.map(({ scenario }) => scenario);
  if (same.length === compared.length && differingInputs(scenarios).length === 0)
    return sentence`${names} are ${strong("the same plan")}: no input differs, and every figure is the same in every trial.`;
  const named = same.filter((one) => {
    const isUnserved = figuresOf(comparison, one).some(({ value }) => value.largest > 0);
    return one !== UNSERVED || isUnserved;
  });
  if (named.length === 0) return [];
  return sentence`${names} ${listed(named.map((one) => one.same))} in every trial.`;
}

/** Scenarios that are named one by one. */
const MOST_NAMED = 3;

/** A scenario and those that have the same figure in every trial: `A (B is the same)`. */
function nameWithSame(comparison: Comparison, headline: Headline, run: number): string {
  const figures = figuresOf(comparison, headline);
  const own = figures[run]?.rank?.sameAs;
  const others = comparison.runs.filter((_, one) => one !== run && figures[one]?.rank?.sameAs === own);
  return withSame(runName(comparison.runs[run]), others.map(runName));
}

function withSame(name: string, others: readonly string[]): string {
  if (others.length === 0) return name;
  const all = others.length <= MOST_NAMED ? listed(others) : `${others.length} others`;
  return `${name} (${all} ${others.length === 1 ? "is" : "are"} the same)`;
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

/**
 * The leader of each figure, or the two that lead about as often.
 *
 * @param left what each leaves unserved, told where it does not stand beside a leader
 */
function disputeSentence(comparison: Comparison, leads: readonly Lead[], left: Sentence): Sentence {
  const trials = comparison.sample?.trials ?? 0;
  const warned = new Set<number>();
  const parts = leads.map((lead, index): Sentence => {
    const [name, next] = [lead.run, lead.next].map((run) => nameWithSame(comparison, lead, run));
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
  const rest = warned.size > 0 ? [] : spaced(left);
  return [
    ...sentence`${capitalBasis(comparison)} there is ${strong("no clear winner")}: `,
    ...joined,
    ".",
    ...rest,
  ];
}

function winnerSentence(comparison: Comparison, lead: Lead, trials: number): Sentence {
  const [name, next] = [lead.run, lead.next].map((run) => nameWithSame(comparison, lead, run));
  const basis = capitalBasis(comparison);
  const claim = claimOf(lead.share, trials);
  const chance = strong(percent(lead.share), bestOf(lead));
  const nextChance = told(percent(lead.nextShare), { ...bestOf(lead), run: lead.next });
  if (claim === "best")
    return sentence`${basis} ${name} ${lead.does} in ${chance} of trials.${spaced(distanceSentence(comparison, lead))}`;
  if (claim === "likelier")
    return sentence`${basis} ${name} likely ${lead.does} (${chance} of trials, ${next} in ${nextChance}).${spaced(distanceSentence(comparison, lead))}`;
  return sentence`${basis} ${strong("no scenario")} clearly ${lead.does}: ${name} in ${chance} of trials, ${next} in ${nextChance}.`;
}

/** The chance of a leader, as a figure that opens its trace. */
function bestOf({ metric, run }: Lead): FigureName {
  return { metric, run, of: "best" };
}

/** Whether there is anything in a sentence. */
function isSaid({ length }: Sentence): boolean {
  return length > 0;
}

/** How far the leader is from the next, in the median; undefined where neither is the first, since no others are paired. */
function distanceOf(comparison: Comparison, { metric, run, next, unit }: Lead) {
  if (run !== 0 && next !== 0) return undefined;
  const other = run === 0 ? next : run;
  const quantiles = pairedOf(comparison, metric, other)?.difference.quantiles;
  if (!quantiles?.every(Number.isFinite)) return undefined;
  const [low, middle, high] = quantiles.map((value) => Math.abs(value)).sort((a, b) => a - b);
  const measure = differenceMeasure(unit, [high]);
  const isCrossing = quantiles[0] < 0 && quantiles[2] > 0;
  const figure: FigureName = { metric, run: other, minus: 0 };
  const range = isCrossing ? [] : rangeOf([low, middle, high], measure.text, figure);
  return { text: measure.full(isCrossing ? Math.abs(quantiles[1]) : middle), figure, range };
}

function distanceSentence(comparison: Comparison, lead: Lead): Sentence {
  const apart = distanceOf(comparison, lead);
  if (!apart) return [];
  const [verb, more] = lead.apart;
  return sentence`It ${verb} ${told(apart.text, apart.figure)} ${more} than ${runName(comparison.runs[lead.next])}${apart.range}.`;
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

/** What choosing the next instead loses, unless the distance just told is that number. */
function regretSentence(comparison: Comparison, lead: Lead): Sentence {
  const { metric, next, unit, share } = lead;
  const regret = pairedOf(comparison, metric, next)?.rank?.expectedRegret;
  if (!regret) return [];
  const text = differenceMeasure(unit, [regret]).full(regret);
  const apart = distanceOf(comparison, lead);
  // Best in every trial, the mean loss is the mean of the difference.
  if (apart && (apart.text === text || share > 1 - 1e-9)) return [];
  const amount = strong(text, { metric, run: next, of: "regret" });
  return sentence`Choosing ${runName(comparison.runs[next])} instead loses ${amount} on average.`;
}

/**
 * Of contested plans those that are least often beaten in both cost and compute, and how far each is on average from the best of each
 * trial in either.
 */
function steadySentence(comparison: Comparison, book: Book): Sentence {
  const { runs, sample } = comparison;
  const shares = sample?.paretoShares ?? [];
  const ranked = shares.map((_, one) => one).sort((a, b) => shares[b] - shares[a]);
  if (ranked.length < 2 || !sample) return [];
  const most = shares[ranked[0]];
  const least = ranked.filter((run) => !isAhead(most, shares[run], sample.trials, false));
  const named = least.slice(0, MOST_NAMED);
  const chances = named.map((run) => [
    strong(percent(shares[run]), { metric: COSTS[book].metric, run, of: "unbeaten" }),
  ]);
  const names = named.map((run) => runName(runs[run]));
  const isSame = named.every((run) => percent(shares[run]) === percent(most));
  const chance = isSame ? chances[0] : joinPieces(chances, ", ", " and ");
  const others = least.length > named.length ? ` (and as seldom ${least.length - named.length} others)` : "";
  const who =
    least.length === shares.length && isSame && least.length > 1
      ? sentence`In ${chance} of trials ${least.length === 2 ? "neither costs more and computes less than the other" : "none of them costs more and computes less than another"}`
      : sentence`Least often beaten in both cost and compute ${named.length > 1 ? "are" : "is"} ${listed(names)}${others}: in ${chance} of trials no other scenario costs less and computes more`;
  return sentence`${who}.${spaced(fromBestSentence(comparison, book, named))}`;
}

/** How far plans are on average from the cheapest of each trial, and from the one that computes most in it. */
function fromBestSentence(comparison: Comparison, book: Book, runs: readonly number[]): Sentence {
  const parts = (
    [
      [COSTS[book], "costs", "more than the cheapest of each trial"],
      [COMPUTE, "computes", "less than the one that computes most"],
    ] as const
  ).flatMap(([{ metric, unit }, verb, than]) => {
    const regrets = runs.map((run) => pairedOf(comparison, metric, run)?.rank?.expectedRegret ?? 0);
    const measure = measureOf(unit, regrets);
    const amounts = runs.flatMap((run, index) => {
      if (regrets[index] === 0) return [];
      const amount = strong(measure.full(regrets[index]), { metric, run, of: "regret" });
      return [sentence`${runName(comparison.runs[run])} ${verb} ${amount}`];
    });
    return amounts.length === 0 ? [] : [sentence`${joinPieces(amounts, ", ", " and ")} ${than}`];
  });
  return parts.length === 0 ? [] : sentence`On average ${joinPieces(parts, "; ")}.`;
}

/** The other bases: who computes most for the same money, who costs least for the same compute. */
function scaledSentence(others: readonly Comparison[], book: Book): Sentence {
  const parts = others.flatMap((comparison, index): Sentence[] => {
    const isSpend = !isEqualCompute(comparison);
    const headline = isSpend ? COMPUTE : COSTS[book];
    const lead = leadIn(comparison, headline);
    // The first letter of a sentence is a capital, and stands before it.
    const basis = `${index === 0 ? "" : "s"}caled to ${basisText(comparison)}`;
    if (!comparison.sample) return [];
    if (!lead)
      return areSame(figuresOf(comparison, headline))
        ? [sentence`${basis}, all ${headline.same} in every trial`]
        : [];
    const name = nameWithSame(comparison, headline, lead.run);
    const chance = strong(percent(lead.share));
    const claim = claimOf(lead.share, comparison.sample.trials);
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
  const { metric, does, same, unit } = COSTS[book];
  const { runs } = comparison;
  const values = runs.map((_, run) => comparedReading(comparison, metric, run)?.plain ?? Number.NaN);
  const best = values.indexOf(Math.min(...values.filter(Number.isFinite)));
  if (best < 0) return [];
  const amount = strong(measureOf(unit, values).full(values[best]), { metric, run: best });
  const others = runs.filter((_, run) => run !== best && !isBelow(values[best], values[run]));
  const name = runName(runs[best]);
  const claim =
    runs.length > 1 && others.length === runs.length - 1
      ? `${listed([name, ...others.map(runName)])} ${same}`
      : `${withSame(name, others.map(runName))} ${does}`;
  return sentence`At medians ${claim} (${amount}); no sample was taken, so nothing is said of how sure that is.`;
}

/** `At equal power`, or how the scenarios were written. */
function capitalBasis({ basis }: Comparison): string {
  return /^as written: equal/.test(basis)
    ? `At ${basis.replace(/^as written: /, "").replace(/ where.*$/, "")}`
    : "As written,";
}
