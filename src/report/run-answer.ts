import type { Results } from "../analysis/results/results.ts";
import type { RankedInput } from "../analysis/results/spread.ts";
import { isoMonth, longMonth } from "../charts/kit/months.ts";
import { brief, NARROW_SPACE, percent } from "../charts/kit/numbers.ts";
import { joinPieces, type Sentence, sentence, strong, told } from "../charts/kit/sentence.ts";
import { limitSubject } from "../charts/kit/words.ts";
import { findMetric } from "../metrics/index.ts";
import { plainValue } from "../scenario/plain-value.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { leftSentences } from "./money/left-answer.ts";
import { inputName, inputQuality, qualityOfValue, scenarioName } from "./names.ts";
import {
  isSpread,
  measureReading,
  middleText,
  type Reading,
  rangePart,
  readFigure,
  readFigureMonth,
  readPlain,
} from "./readings.ts";
import { isUnservedOpen, UNSERVED_SHARE, unservedSentence } from "./unserved-answer.ts";

/** An input is named only if the figure follows it this closely, and the next one less by this much [rank correlation]. */
const LEAST_CORRELATION = 0.3;
const CLEAR_OF_NEXT = 0.1;

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
    limitSentence(scenario, results, labelled),
  ].filter((one) => one.length > 0);
}

/** What a plan reaches. */
const [POWER, COMPUTE] = ["peak_facility_power_mw", "peak_effective_fp4_eflops"];

/** Figures with a range, in the order of the sentences: the first range says what its ends are. */
const LABELLED = [POWER, COMPUTE, "cost_provider_pv_usd", UNSERVED_SHARE] as const;

function reachSentence(scenario: Scenario, results: Results, labelled: string | undefined): Sentence {
  const name = scenarioName(scenario);
  const [power, compute] = [POWER, COMPUTE].map((metric) => readFigure(results, metric));
  const [powerMonth, computeMonth] = [POWER, COMPUTE].map((metric) =>
    readFigureMonth(results, `${metric}_month`),
  );
  if (!power || powerMonth === undefined) return sentence`${name} energises no chip.`;
  const reached = (reading: Reading, metric: string): Sentence => {
    const measure = measureReading(reading);
    const amount = strong(middleText(reading, measure), { metric });
    const words = metric === COMPUTE ? sentence`${amount} of effective FP4` : [amount];
    // What does not vary has no range to tell; the month is another matter, and has none.
    return isSpread(reading, measure) ? [...words, ...rangePart(reading, metric, labelled)] : words;
  };
  const first = sentence`${name} reaches ${reached(power, POWER)} in ${longMonth(powerMonth)}`;
  const basis = (months: string) => (results.spread ? ` (${months} at medians)` : "");
  if (!compute || computeMonth === undefined) return sentence`${first}${basis("month")}.`;
  return sentence`${first} and ${reached(compute, COMPUTE)} in ${longMonth(computeMonth)}${basis("months")}.`;
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

/** What goes unserved, what binds unless that is open, and what the spread of cost follows. */
function limitSentence(scenario: Scenario, results: Results, labelled: string | undefined): Sentence {
  const sentences = [
    unservedSentence(results, labelled),
    isUnservedOpen(results) ? [] : bindingSentence(results),
    driverPart(scenario, results),
  ];
  return joinPieces(
    sentences.filter(({ length }) => length > 0),
    " ",
  );
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
