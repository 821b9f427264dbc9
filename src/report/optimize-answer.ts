import type { Comparison } from "../analysis/compare/comparison.ts";
import { checkServed, SERVED_TOLERANCE, type ServedCheck } from "../analysis/optimize/check-served.ts";
import {
  bindingLimits,
  type Optimum,
  type PricedLimit,
  type ShadowPrice,
} from "../analysis/optimize/optimize.ts";
import { findPriceSpike } from "../analysis/optimize/prices/price-spike.ts";
import type { Situation } from "../analysis/optimize/situation.ts";
import type { FigureName } from "../charts/kit/figure-name.ts";
import { measureOf } from "../charts/kit/measure.ts";
import { longMonth, readMonth } from "../charts/kit/months.ts";
import { brief, fixed, listed, NARROW_SPACE, percent, significant } from "../charts/kit/numbers.ts";
import { joinPieces, type Sentence, sentence, spaced, strong, told } from "../charts/kit/sentence.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { comparedReading, pairedOf } from "./compared.ts";
import { landsTheSame } from "./landed.ts";
import { chipName, titleOf } from "./names.ts";
import { dueAfterHorizon } from "./run-answer.ts";
import { leftUnservedSentence } from "./unserved-answer.ts";

/** What a search found, as its answer and its pictures read it. */
export type OptimizeContent = {
  readonly situation: Situation;
  readonly optimum: Optimum;
  readonly frontier: readonly Optimum[] | undefined;
  /** The scenario first and the plan second: their runs, and a sample with the same draws where one was taken. */
  readonly comparison: Comparison;
};

/** A plan that differs by less of the cost is as dear as the scenario's: the least share that is shown. */
const LEAST_SAVING = 0.0005;

/** Names of numbers of the search in their traces: chips of a purchase, prices of limits, and how far the best may be. */
export const [BOUGHT, PRICE, GAP] = ["chips_bought", "limit_price", "search_gap"];

/** Most chips whose numbers the answer tells; it tells those of the largest purchases. */
const MOST_CHIPS = 3;

/** Most workloads whose missed shares the answer tells; it tells those with the highest priority. */
const MOST_MISSED = 3;

/** Costs that differ by less differ by the solver's rounding [share]. */
const ROUNDING = 1e-5;

/** The last year of the horizon, and the share of what is bought from which it is told what lands there [months, share of power]. */
const [LAST_MONTHS, LATE_SHARE] = [12, 0.1];

/** Below this number, chips are told exactly, not rounded. */
const COUNTED_BELOW = 1e4;

/**
 * What a search says, in up to three sentences: what the plan buys and saves, what it does to both books and after the horizon,
 * and which limit binds; one more where the plan's own run serves less than was asked, and one where much lands in the last year. `Cheaper in p % of trials` is said only where plan and scenario were sampled with the same draws.
 */
export function answerOptimize(content: OptimizeContent): readonly Sentence[] {
  const { situation, comparison } = content;
  const checks = checkServed(situation.served, comparison.runs[1].results);
  const isMissed = checks.some((one) => one.isMissed);
  // A plan may be cheaper because it serves less.
  const unserved = leftUnservedSentence(comparison, ["the scenario", "the plan"]);
  return [
    [...planSentence(content, isMissed), ...spaced(unserved)],
    missedSentence(situation.scenario, checks),
    booksSentence(content),
    limitSentence(content),
    horizonSentence(content),
  ].filter(({ length }) => length > 0);
}

/**
 * What of the work asked the plan's own run does not serve, why, and what to ask instead; empty where it serves all.
 *
 * @param checks all work asked, in order of priority
 */
function missedSentence(scenario: Scenario, checks: readonly ServedCheck[]): Sentence {
  const missed = checks.filter(({ isMissed }) => isMissed);
  const [first] = missed;
  if (!first) return [];
  const title = ({ name }: ServedCheck) => titleOf(scenario, "workloads", name);
  const share = (value: number) => `${brief(value * 100)}${NARROW_SPACE}%`;
  const parts = missed.slice(0, MOST_MISSED).map((one) => {
    const worst =
      one.worst === undefined ? "" : ` over the horizon and ${share(one.worst)} in the worst month`;
    return sentence`${strong(share(one.served))} of ${title(one)}${worst}, where ${share(one.asked)} was asked`;
  });
  const others =
    missed.length > parts.length ? `, and too little of ${missed.length - parts.length} others` : "";
  const head = sentence`Run at medians, this plan serves ${joinPieces(parts, "; ")}${others}`;
  const before = checks
    .slice(0, checks.indexOf(first))
    .filter((one) => one.served > one.asked + SERVED_TOLERANCE);
  if (before.length === 0)
    return sentence`${head}: the search counts with constant rates, the run by rules that the search leaves out. To close the gap, ask for larger shares in optimize.serve.`;
  const full = listed(before.map((one) => `${share(one.served)} of ${title(one)}`));
  const asked = before.map(({ name, served: part }) => `${name}: ${share(part)}`).join(", ");
  return sentence`${head}: the run serves what has priority as far as it can (${full}), the search only as much as was asked. To close the gap, ask for that too: ${asked} in optimize.serve.`;
}

function planSentence(content: OptimizeContent, isMissed: boolean): Sentence {
  const { situation, optimum } = content;
  const isCost = situation.task.goal === "minimize_cost";
  const { metric, unit, plan, own } = objectiveOf(content);
  const measure = measureOf(unit, [plan, own]);
  const found = optimum.isOptimal ? "" : " found";
  const subject = isCost
    ? `cheapest plan${found}`
    : `plan with most compute for the budget${found && ", of those found"}`;
  const bought = boughtWords(situation.scenario, optimum);
  const amount = strong(measure.full(plan), { metric, run: 1 });
  const but = isMissed ? "; its own run misses what was asked" : "";
  const head = sentence`The ${subject} (${proofWords(optimum)}${but})`;
  if (isOwnPlan(content)) {
    const of = isCost
      ? sentence`for ${amount} in present value`
      : sentence`which give ${amount} of effective FP4`;
    const ofTrials = isCost ? ownTrialsWords(content) : [];
    return sentence`${head} is ${strong("the scenario\u2019s own")}: ${bought}, ${of} at medians.${ofTrials}`;
  }
  const scenarios = told(measure.full(own), { metric, run: 0 });
  if (!isCost)
    return sentence`${head} buys ${bought}: it gives ${amount} of effective FP4 at medians, the scenario ${scenarios}.`;
  return sentence`${head} buys ${bought}: it costs ${amount} in present value at medians, ${againstWords(content)}.${trialsWords(content)}`;
}

/** What is sought in both plans, at medians, in the units of tables. */
function objectiveOf({ situation: { task, own }, optimum }: OptimizeContent) {
  if (task.goal !== "minimize_cost") {
    const metric = "final_cumulative_effective_fp4_yflop";
    return { metric, unit: "YFLOP", plan: optimum.flop / 1e24, own: own.flop / 1e24 };
  }
  return task.book === "buyer"
    ? { metric: PAID, unit: "USD", plan: optimum.paymentPv, own: own.paymentPv }
    : { metric: "cost_provider_pv_usd", unit: "USD", plan: optimum.costPv, own: own.costPv };
}

/** Whether two plans are as dear, or compute as much, as shown. */
function isAsMuch({ plan, own }: ReturnType<typeof objectiveOf>): boolean {
  return Math.abs(plan - own) <= LEAST_SAVING * Math.abs(own);
}

/** Whether the search found the plan that it began with: the same chips in the same months, for the same cost. */
function isOwnPlan(content: OptimizeContent): boolean {
  return isAsMuch(objectiveOf(content)) && landsTheSame(content.comparison);
}

function proofWords({ isOptimal, gap }: Optimum): Sentence {
  if (isOptimal) return ["proved"];
  if (gap === undefined) return ["not proved"];
  const share = told(`${significant(gap * 100)}${NARROW_SPACE}%`, { metric: GAP, of: "gap" });
  return sentence`at most ${share} from the best`;
}

function againstWords(content: OptimizeContent): Sentence {
  const objective = objectiveOf(content);
  const { metric, plan, own } = objective;
  if (isAsMuch(objective)) return ["as much as the scenario\u2019s"];
  const apart = Math.abs(own - plan);
  const amount = strong(measureOf("USD", [plan, own]).full(apart), { metric, run: 1, minus: 0 });
  const share = told(percent(apart / own), { metric, run: 1, minus: 0, of: "relative" });
  const or = own > 0 ? sentence` or ${share}` : [];
  return sentence`${amount}${or} ${plan <= own ? "below" : "above"} the scenario\u2019s`;
}

/** What both cost in the median of the trials, and in how many of them the plan costs less; empty without trials. */
function trialsWords(content: OptimizeContent): Sentence {
  const { metric } = objectiveOf(content);
  const rank = pairedOf(content.comparison, metric, 1)?.rank;
  if (!rank) return [];
  if (isSameInTrials(content)) return sentence` In every trial both cost the same.`;
  const chance = told(percent(rank.probabilityBeatsFirst), { metric, run: 1, of: "cheaper" });
  return sentence` ${mediansWords(content)}; it is cheaper in ${chance} of them.`;
}

/** Why trials may tell a plan from the scenario whose own it is at medians; empty where they do not. */
function ownTrialsWords(content: OptimizeContent): Sentence {
  const isSampled = content.comparison.sample !== undefined;
  if (!isSampled || isSameInTrials(content)) return [];
  return sentence` ${mediansWords(content)}: the plan states what lands and when, which the scenario draws.`;
}

/** Whether both cost the same in every trial, but for the solver's rounding. */
function isSameInTrials(content: OptimizeContent): boolean {
  const paired = pairedOf(content.comparison, objectiveOf(content).metric, 1);
  if (!paired) return false;
  const { value, difference } = paired;
  return (
    Math.max(Math.abs(difference.least), Math.abs(difference.largest)) <= ROUNDING * Math.abs(value.mean)
  );
}

/** What both cost in the median of the trials. */
function mediansWords(content: OptimizeContent): Sentence {
  const { comparison } = content;
  const { metric } = objectiveOf(content);
  const [own, plan] = [0, 1].map((run) => comparedReading(comparison, metric, run)?.middle ?? Number.NaN);
  const measure = measureOf("USD", [own, plan]);
  const trials = told(`${fixed(comparison.sample?.trials ?? 0)} trials`, { metric, run: 1, of: "cheaper" });
  return sentence`Its median over ${trials} is ${told(measure.full(plan), { metric, run: 1 })}, the scenario\u2019s ${told(measure.text(own), { metric, run: 0 })}`;
}

function boughtWords(scenario: Scenario, { purchases }: Optimum): Sentence {
  const byChip = new Map<string, { chips: number; first: number; last: number }>();
  for (const { chip, chips, months } of purchases) {
    const known = byChip.get(chip) ?? { chips: 0, first: Number.POSITIVE_INFINITY, last: 0 };
    const at = months.map((one) => one.at);
    byChip.set(chip, {
      chips: known.chips + chips,
      first: Math.min(known.first, ...at),
      last: Math.max(known.last, ...at),
    });
  }
  if (byChip.size === 0) return ["nothing"];
  const ranked = [...byChip].sort((a, b) => b[1].chips - a[1].chips);
  const texts = ranked.slice(0, MOST_CHIPS).map(([chip, { chips, first, last }]) => {
    const isCounted = chips < COUNTED_BELOW;
    const count = isCounted
      ? fixed(chips)
      : measureOf("chips", [chips])
          .full(chips)
          .replace(/\s?chips$/, "");
    const when = first === last ? `in ${longMonth(first)}` : `from ${longMonth(first)} to ${longMonth(last)}`;
    return sentence`${told(count, { metric: BOUGHT, entity: chip, of: "bought" })} ${chipName(scenario, chip)} ${when}`;
  });
  const others = ranked.slice(MOST_CHIPS).map(([chip]) => chipName(scenario, chip));
  if (others.length === 0) return joinPieces(texts, ", ", " and ");
  return sentence`${joinPieces(texts, ", ")} and, in smaller numbers, ${listed(others)}`;
}

/** Figures of both books. */
const [WORTH, PAID, DUE] = ["npv_provider_usd", "buyer_cost_pv_usd", "payments_after_horizon_usd"];

function booksSentence({ comparison }: OptimizeContent): Sentence {
  const { runs } = comparison;
  if (runs.every(({ results }) => results.contracts.length === 0)) return [];
  const [worth, paid] = [WORTH, PAID].map((metric) =>
    [0, 1].map((run) => comparedReading(comparison, metric, run)?.middle ?? Number.NaN),
  );
  const due = runs.map(({ results }) => dueAfterHorizon(results).plain);
  const measure = measureOf("USD", [...worth, ...paid, ...due]);
  const change = paid[1] - paid[0];
  const withUnit = (value: number) => measure.text(value) + NARROW_SPACE + measure.unit;
  const isSame = ([one, other]: readonly number[]) => measure.text(one) === measure.text(other);
  const goes = isSame(worth)
    ? sentence`stays ${strong(withUnit(worth[1]), { metric: WORTH, run: 1 })}`
    : sentence`goes from ${strong(measure.text(worth[0]), { metric: WORTH, run: 0 })} to ${strong(withUnit(worth[1]), { metric: WORTH, run: 1 })}`;
  const pays = isSame([Math.abs(change), 0])
    ? "as much"
    : sentence`${told(withUnit(Math.abs(change)), { metric: PAID, run: 1, minus: 0 })} ${change <= 0 ? "less" : "more"}`;
  const [basis, ofTrials] = comparison.sample ? [" (at medians)", " (medians of the trials)"] : ["", ""];
  const owed = strong(withUnit(due[1]), { metric: DUE, run: 1 });
  const paidUp = due.every((value) => isSame([value, 0]));
  const owes = paidUp
    ? sentence`nothing falls due later ${told("in either plan", { metric: DUE, run: 1 })}`
    : isSame(due)
      ? sentence`${owed} of its payments fall due later, as much as in the scenario`
      : sentence`${owed} of its payments fall due later, against ${told(measure.text(due[0]), { metric: DUE, run: 0 })} in the scenario`;
  return sentence`The provider\u2019s NPV over the horizon ${goes}${ofTrials}; the buyer pays ${pays} in present value until the horizon ends, and ${owes}${basis}.`;
}

function limitSentence({ situation, optimum }: OptimizeContent): Sentence {
  const [limit] = bindingLimits(optimum);
  if (!limit) return sentence`No limit binds.`;
  const { peak, prices } = limit;
  const isMonthly = prices.every(({ period }) => !Number.isNaN(readMonth(period)));
  const entity = `${limit.kind} ${limit.name}`;
  const periods =
    prices.length === 1
      ? ""
      : sentence` in ${told(String(prices.length), { metric: PRICE, entity, of: "binding" })} ${isMonthly ? "months" : "periods"}`;
  const month = readMonth(peak.period);
  const when = peak.period === "" ? "" : ` in ${Number.isNaN(month) ? peak.period : longMonth(month)}`;
  const words = limitWords(situation.scenario, limit);
  return sentence`${words} binds${periods}: one more ${peak.unit}${when} ${effectWords(situation, peak)}${spikeWords(situation, optimum, peak)}.`;
}

/**
 * How much of what is bought lands in the last year, and that the search looks no further; empty for little of it, and for a plan
 * that is the scenario's own.
 */
function horizonSentence(content: OptimizeContent): Sentence {
  const { scenario, task } = content.situation;
  const end = scenario.startMonth + scenario.monthCount;
  const bought = content.optimum.purchases.flatMap(({ months }) => months);
  const powerOf = (some: typeof bought) => some.reduce((sum, { megawatts }) => sum + megawatts, 0);
  const share = powerOf(bought.filter(({ at }) => at >= end - LAST_MONTHS)) / powerOf(bought);
  if (scenario.monthCount <= LAST_MONTHS || !(share >= LATE_SHARE) || isOwnPlan(content)) return [];
  const last = longMonth(end - 1);
  const counts = task.countsResidual
    ? `after ${last} only what these chips are then worth counts`
    : `neither what these chips do after ${last} nor what they are then worth counts`;
  const remedy = task.countsResidual ? "" : "; optimize.residual: counted credits their worth";
  return sentence`The horizon bounds the plan: ${strong(percent(share))} of the power that it buys lands in the last 12 months, and ${counts}. With more years the last purchases may differ${remedy}.`;
}

/** Why a price stands out from those of the months beside it; empty where it does not. */
export function spikeWords(situation: Situation, optimum: Optimum, price: ShadowPrice): Sentence {
  const spike = findPriceSpike(optimum, price);
  if (!spike) return [];
  const amount =
    situation.task.goal === "minimize_cost"
      ? measureOf("USD", [spike.typical]).full(spike.typical)
      : significant(spike.typical);
  const [from, to] = [spike.change?.from, spike.change?.to].map((chip) =>
    chip === undefined ? "" : chipName(situation.scenario, chip),
  );
  const why = spike.change ? `: it would be served by ${from}, as ${to} serves only later` : "";
  return sentence`, against ${told(amount, figureOf(price, "typical"))} in the months beside it${why}`;
}

/** What one more unit of a limit does: saves, costs, or gives compute. */
function effectWords({ task }: Situation, price: ShadowPrice): Sentence {
  const { value } = price;
  const figure = figureOf(price, "price");
  if (task.goal !== "minimize_cost")
    return sentence`gives ${told(`${significant(value)} EFLOP-hours`, figure)}`;
  const amount = measureOf("USD", [value]).full(Math.abs(value));
  return sentence`${value < 0 ? "saves" : "costs"} ${told(amount, figure)}`;
}

/** What is said of the price of a limit, as what opens its trace. */
function figureOf({ kind, name, period }: ShadowPrice, of: "price" | "typical"): FigureName {
  return { metric: PRICE, entity: `${kind} ${name}`, when: period, of };
}

/** A limit as the subject of a sentence. */
export function limitWords(scenario: Scenario, { kind, name }: Pick<PricedLimit, "kind" | "name">): string {
  switch (kind) {
    case "power":
      return `Power at ${titleOf(scenario, "sites", name)}`;
    case "supply":
      return "The supply required";
    case "chip_supply":
      return `The supply of ${chipName(scenario, name)}`;
    case "budget":
    case "cost":
      return "The budget";
    case "min_share":
    case "max_share":
      return `The share of ${name}`;
    case "vendor_spend":
      return `What may be spent with ${name}`;
    case "commitment":
      return `The commitment of ${titleOf(scenario, "contracts", name)}`;
    default:
      return `The demand of ${titleOf(scenario, "workloads", name)}`;
  }
}
