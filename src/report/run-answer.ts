import { unservedChances } from "../analysis/results/chances.ts";
import type { Results } from "../analysis/results/results.ts";
import type { RankedInput } from "../analysis/results/spread.ts";
import { isoMonth, longMonth } from "../charts/kit/months.ts";
import { brief, NARROW_SPACE, percent } from "../charts/kit/numbers.ts";
import { type Sentence, sentence, strong, told } from "../charts/kit/sentence.ts";
import { limitSubject } from "../charts/kit/words.ts";
import { findMetric } from "../metrics/index.ts";
import { plainValue } from "../scenario/plain-value.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { leftSentences } from "./money/left-answer.ts";
import { inputName, inputQuality, qualityOfValue, scenarioName } from "./names.ts";
import {
  isSpread,
  isSurelyAbove,
  measureReading,
  middleText,
  type Reading,
  rangePart,
  readFigure,
  readFigureMonth,
  readPlain,
} from "./readings.ts";

/** An input is named only if the figure follows it this closely, and the next one less by this much [rank correlation]. */
const LEAST_CORRELATION = 0.3;
const CLEAR_OF_NEXT = 0.1;

/** From this spread between P5 and P95 on, how much work goes unserved is an open question, and is told instead of what binds. */
const OPEN_QUESTION = 0.2;

/**
 * What a run says, in up to three sentences: what it reaches and when, what it costs and brings, what holds it back. Tax, loans and
 * chips of the buyer's own add more.
 *
 * Medians of the trials where a sample was taken, with P5 to P95 in brackets; the plain run otherwise. Nothing is claimed that
 * the figures do not bear out: see docs/pictures.md, "The answer in three sentences".
 */
export function answerRun(scenario: Scenario, results: Results): readonly Sentence[] {
  const labelled = LABELLED.find((metric) => {
    const reading = readFigure(results, metric);
    return reading && isSpread(reading, measureReading(reading));
  });
  return [
    reachSentence(scenario, results, labelled),
    ...moneySentences(scenario, results, labelled),
    limitSentence(scenario, results),
  ].filter((one) => one.length > 0);
}

/** Figures with a range, in the order of the sentences: the first range says what its ends are. */
const LABELLED = ["peak_facility_power_mw", "peak_effective_fp4_eflops", "cost_provider_pv_usd"] as const;

function reachSentence(scenario: Scenario, results: Results, labelled: string | undefined): Sentence {
  const name = scenarioName(scenario);
  const power = readFigure(results, "peak_facility_power_mw");
  const compute = readFigure(results, "peak_effective_fp4_eflops");
  const [powerMonth, computeMonth] = ["facility_power_mw", "effective_fp4_eflops"].map((metric) =>
    readFigureMonth(results, `peak_${metric}_month`),
  );
  if (!power || powerMonth === undefined) return sentence`${name} energises no chip.`;
  const powerMeasure = measureReading(power);
  const powerText = strong(middleText(power, powerMeasure), { metric: "peak_facility_power_mw" });
  const powerPart = sentence`in ${longMonth(powerMonth)}${rangePart(power, "peak_facility_power_mw", labelled)}`;
  if (!compute || computeMonth === undefined) return sentence`${name} reaches ${powerText} ${powerPart}.`;
  const measure = measureReading(compute);
  const computeText = strong(middleText(compute, measure), { metric: "peak_effective_fp4_eflops" });
  const computePart = sentence`in ${longMonth(computeMonth)}${rangePart(compute, "peak_effective_fp4_eflops", labelled)}`;
  return sentence`${name} reaches ${powerText} ${powerPart} and ${computeText} of effective FP4 ${computePart}.`;
}

function moneySentences(
  scenario: Scenario,
  results: Results,
  labelled: string | undefined,
): readonly Sentence[] {
  const cost = readFigure(results, "cost_provider_pv_usd");
  if (!cost) return [];
  const measure = measureReading(cost);
  const rate = plainValue(scenario, "provider.discount_rate") ?? 0;
  const costText = strong(middleText(cost, measure), { metric: "cost_provider_pv_usd" });
  const rateText = told(`${brief(rate * 100)}${NARROW_SPACE}%`, { metric: "provider.discount_rate" });
  const head = sentence` in present value at ${rateText} a year`;
  return [
    sentence`It costs the provider ${costText}${rangePart(cost, "cost_provider_pv_usd", labelled)}${head}${npvPart(results)}.`,
    ...buyersSentences(scenario, results),
    ...leftSentences(scenario, results),
  ];
}

/** What the buyer pays, where chips of its own are a part of that. */
function buyersSentences(scenario: Scenario, results: Results): readonly Sentence[] {
  const [own, all] = ["buyer_chip_pv_usd", "buyer_cost_pv_usd"].map((metric) => readFigure(results, metric));
  if (!own || !all) return [];
  const measure = measureReading(all);
  const allText = strong(middleText(all, measure), { metric: "buyer_cost_pv_usd" });
  const rate = told(percent(plainValue(scenario, "buyer.discount_rate") ?? 0), {
    metric: "buyer.discount_rate",
  });
  const ownText = told(middleText(own, measureReading(own)), { metric: "buyer_chip_pv_usd" });
  return [
    sentence`The buyer pays ${allText}${rangePart(all, "buyer_cost_pv_usd")} in present value at ${rate} a year; chips of its own, with their upkeep, are ${ownText} of that.`,
  ];
}

/** What the plan brings its provider, where a contract pays it. */
function npvPart(results: Results): Sentence {
  const npv = readFigure(results, "npv_provider_usd");
  if (!npv || results.contracts.length === 0) return [];
  const number = (reading: Reading, metric: string) =>
    told(middleText(reading, measureReading(reading)), { metric });
  const contracted = readFigure(results, "npv_provider_contracted_usd");
  const due = dueAfterHorizon(results);
  const own = sentence`; its NPV over the horizon is ${number(npv, "npv_provider_usd")}${rangePart(npv, "npv_provider_usd")}`;
  const later =
    due.middle > 0
      ? sentence`, without the ${number(due, "payments_after_horizon_usd")} of payments that fall due later`
      : [];
  const other = contracted
    ? sentence`; to the end of its contracts it is ${number(contracted, "npv_provider_contracted_usd")}`
    : [];
  return [...own, ...later, ...other];
}

/** What all contracts leave to be paid after the horizon, not discounted: the sum of the contracts' medians. */
export function dueAfterHorizon(results: Results): Reading {
  const all = results.contracts.flatMap(
    (name) => readFigure(results, `${name}.contract_unsettled_usd`) ?? [],
  );
  const sum = (of: (one: Reading) => number) => all.reduce((total, one) => total + of(one), 0);
  return { middle: sum(({ middle }) => middle), plain: sum(({ plain }) => plain), unit: "USD" };
}

function limitSentence(scenario: Scenario, results: Results): Sentence {
  const first = unservedSentence(results) ?? bindingSentence(results);
  const driver = driverPart(scenario, results);
  return driver.length === 0 ? first : [...first, " ", ...driver];
}

/** Where it is open how much work goes unserved: from when on it probably falls short. */
function unservedSentence(results: Results): Sentence | undefined {
  const unserved = readFigure(results, "horizon_demand_unserved_share");
  const chances = unservedChances(results);
  const { low, high } = unserved ?? {};
  if (!chances || low === undefined || high === undefined || high - low <= OPEN_QUESTION) return undefined;
  const unservedIn = (month: number) => ({
    metric: "demand_unserved_share",
    when: isoMonth(results.startMonth + month),
  });
  const first = firstLikely(chances, results.spread?.trials ?? 0);
  const figure = { metric: "horizon_demand_unserved_share" };
  const range = sentence`${told(`from ${percent(low)} to ${percent(high)}`, figure)} of its value over the horizon`;
  if (first === undefined) {
    const worst = chances.indexOf(Math.max(...chances));
    const chance = strong(percent(chances[worst]), { ...unservedIn(worst), of: "chance" });
    return sentence`Work goes unserved most often in ${longMonth(results.startMonth + worst)}, in ${chance} of trials; how much is open, ${range}.`;
  }
  // The month is that of the chance: at medians nothing may go unserved in it.
  const figureOfChance = { ...unservedIn(first), of: "chance" as const };
  const month = strong(longMonth(results.startMonth + first), figureOfChance);
  const chance = strong(percent(chances[first]), figureOfChance);
  const later = first === chances.length - 1 ? "" : ", and in every later month in more than half of them";
  return sentence`In ${month} work falls short in ${chance} of trials${later}; how much goes unserved is open, ${range}.`;
}

/**
 * The first month from which on work goes unserved in more than half of the trials until the end, by more than chance; undefined where
 * there is none.
 */
export function firstLikely(chances: readonly number[], trials: number): number | undefined {
  let first = chances.length;
  while (first > 0 && isSurelyAbove(chances[first - 1], 0.5, trials)) first--;
  return first < chances.length ? first : undefined;
}

/** What binds in the plain run, in most months. */
function bindingSentence(results: Results): Sentence {
  const words = findMetric("binding")?.words ?? [];
  const limits = readPlain(results, "total", "binding").map((code) => words[code] ?? "none");
  const counts = new Map<string, number>();
  for (const limit of limits) if (limit !== "none") counts.set(limit, (counts.get(limit) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!most) return sentence`At medians no limit binds in any month.`;
  const [limit, months] = most;
  const first = results.startMonth + limits.indexOf(limit);
  const count = strong(`${months} of ${limits.length} months`, { metric: "binding", when: isoMonth(first) });
  return sentence`At medians ${limitSubject(limit)} binds in ${count}, first in ${longMonth(first)}.`;
}

/** The input that the cost follows most, where one stands out. */
function driverPart(scenario: Scenario, results: Results): Sentence {
  const ranked = results.spread?.rankInputs?.("cost_provider_pv_usd") ?? [];
  const cost = readFigure(results, "cost_provider_pv_usd");
  // A cost that does not vary has no spread to explain.
  if (ranked.length === 0 || !cost || cost.low === cost.high) return [];
  const lead = leadingInput(ranked);
  if (!lead) return ["No single input explains the spread of cost."];
  const name = told(inputName(scenario, lead.key), { metric: lead.key });
  return sentence`The spread of cost follows the ${name} most, ${qualityOfValue(inputQuality(scenario, lead.key))}.`;
}

/** The input whose rank correlation is high, and clearly above the next; undefined where none stands out. */
export function leadingInput(ranked: readonly RankedInput[]): RankedInput | undefined {
  const [lead, next] = ranked;
  if (!lead || Math.abs(lead.correlation) <= LEAST_CORRELATION) return undefined;
  return Math.abs(lead.correlation) - Math.abs(next?.correlation ?? 0) > CLEAR_OF_NEXT ? lead : undefined;
}
