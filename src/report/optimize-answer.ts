import type { Comparison } from "../analysis/compare/comparison.ts";
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
import { NARROW_SPACE, percent, significant } from "../charts/kit/numbers.ts";
import { joinPieces, type Sentence, sentence, strong, told } from "../charts/kit/sentence.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { comparedReading, pairedOf } from "./compared.ts";
import { chipName, titleOf } from "./names.ts";
import { dueAfterHorizon } from "./run-answer.ts";

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

/** Names of numbers of the search in their traces: chips of a purchase, and prices of limits. */
export const [BOUGHT, PRICE] = ["chips_bought", "limit_price"];

/** Chips named in the answer; of more the largest purchases. */
const MOST_CHIPS = 3;

/**
 * What a search says, in up to three sentences: what the plan buys and saves, what it does to both books and after the horizon,
 * and which limit binds. `Cheaper in p % of trials` is said only where plan and scenario were sampled with the same draws.
 */
export function answerOptimize(content: OptimizeContent): readonly Sentence[] {
  return [planSentence(content), booksSentence(content), limitSentence(content)].filter(
    ({ length }) => length > 0,
  );
}

function planSentence({ situation, optimum, comparison }: OptimizeContent): Sentence {
  const { scenario, task, own } = situation;
  const isCost = task.goal === "minimize_cost";
  const isBuyers = task.book === "buyer";
  const proof = optimum.isOptimal
    ? "proved"
    : optimum.gap === undefined
      ? "not proved"
      : `within ${significant(optimum.gap * 100)}${NARROW_SPACE}%`;
  const bought = boughtWords(scenario, optimum);
  if (!isCost) {
    const measure = measureOf("YFLOP", [optimum.flop / 1e24, own.flop / 1e24]);
    const metric = "final_cumulative_effective_fp4_yflop";
    const text = strong(measure.full(optimum.flop / 1e24), { metric, run: 1 });
    const scenarios = told(measure.full(own.flop / 1e24), { metric, run: 0 });
    return sentence`The plan with most compute for the budget (${proof}, at medians) buys ${bought}: ${text} of effective FP4, ${scenarios} as the scenario has it.`;
  }
  const [plan, scenarios] = isBuyers ? [optimum.paymentPv, own.paymentPv] : [optimum.costPv, own.costPv];
  const measure = measureOf("USD", [plan, scenarios]);
  const saved = scenarios - plan;
  const share = scenarios > 0 ? Math.abs(saved) / scenarios : Number.POSITIVE_INFINITY;
  const side = saved >= 0 ? "below" : "above";
  const metric = isBuyers ? "buyer_cost_pv_usd" : "cost_provider_pv_usd";
  const against =
    share < LEAST_SAVING
      ? "as much as the scenario\u2019s"
      : sentence`${strong(measure.full(Math.abs(saved)), { metric, run: 1, minus: 0 })}${Number.isFinite(share) ? sentence` or ${told(percent(share), { metric, run: 1, minus: 0, of: "relative" })}` : ""} ${side} the scenario\u2019s`;
  const cheaper = pairedOf(comparison, metric, 1)?.rank?.probabilityBeatsFirst;
  const chance =
    cheaper === undefined
      ? ""
      : sentence`, and cheaper in ${told(percent(cheaper), { metric, run: 1, of: "cheaper" })} of trials`;
  return sentence`The cheapest plan (${proof}, at medians) buys ${bought}: ${strong(measure.full(plan), { metric, run: 1 })} in present value, ${against}${chance}.`;
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
    const count = measureOf("chips", [chips])
      .full(chips)
      .replace(/\s?chips$/, "");
    const when = first === last ? `in ${longMonth(first)}` : `from ${longMonth(first)} to ${longMonth(last)}`;
    return sentence`${told(count, { metric: BOUGHT, entity: chip, of: "bought" })} ${chipName(scenario, chip)} ${when}`;
  });
  const more = ranked.length > MOST_CHIPS ? [[`${ranked.length - MOST_CHIPS} other chips`]] : [];
  return joinPieces([...texts, ...more], ", ", " and ");
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
  // All else here is of the trials.
  const basis = comparison.sample ? " (at medians)" : "";
  const owed = strong(withUnit(due[1]), { metric: DUE, run: 1 });
  const instead = isSame(due)
    ? "as before"
    : sentence`instead of ${told(measure.text(due[0]), { metric: DUE, run: 0 })}`;
  return sentence`The provider\u2019s NPV over the horizon ${goes}; the buyer pays ${pays} in present value until the horizon ends, and then still owes ${owed} ${instead}${basis}.`;
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
