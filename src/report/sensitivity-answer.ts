import type { FactorEffect, Sensitivity } from "../analysis/sensitivity/sensitivity.ts";
import { qualityOf, sharesByQuality } from "../analysis/sensitivity/sensitivity-table.ts";
import { figureName } from "../analysis/sensitivity/target.ts";
import { differenceMeasure, measureOf } from "../charts/kit/measure.ts";
import { capital, percent } from "../charts/kit/numbers.ts";
import { type Sentence, sentence, strong } from "../charts/kit/sentence.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { figureWords, inputName, qualityOfValue } from "./names.ts";

/** Assumptions that make less of the spread are not worth a sentence. */
const LEAST_SHARE = 0.005;

/** The figure in words; a column of the tables by its name. */
export function figureText(target: Sensitivity["target"]): string {
  const name = figureName(target);
  const [metric = "", ...rest] = name.split(" ");
  return [figureWords(metric), ...rest].join(" ");
}

/** An input, or the first of those drawn together, by the name a reader knows. */
export function effectName(scenario: Scenario, { keys }: FactorEffect): string {
  const [first = "", ...others] = keys;
  return capital(inputName(scenario, first)) + (others.length > 0 ? ` and ${others.length} correlated` : "");
}

/**
 * What a sensitivity says, in up to three sentences: the input with the largest share, named alone only where its interval lies above
 * that of the next; what the figure is at both ends of that input; and how much of the spread rests on assumptions.
 */
export function answerSensitivity(scenario: Scenario, sensitivity: Sensitivity): readonly Sentence[] {
  const { target, effects, mean, deviation } = sensitivity;
  const measure = measureOf(target.unit, [mean, deviation]);
  const figure = figureText(target);
  const [lead, next] = effects;
  if (!lead || deviation === 0)
    return [sentence`Nothing that is uncertain changes ${figure}: ${measure.full(mean)}.`];
  const isClear = !next || lead.total.low > next.total.high;
  const name = effectName(scenario, lead);
  const { value, low, high } = lead.total;
  // The interval of the estimate, which few rows leave wide.
  const share = sentence`${strong(shareText(value))} (${shareText(low)} to ${shareText(high)})`;
  const spread = `the mean is ${measure.full(mean)}, the standard deviation ${differenceMeasure(target.unit, [deviation]).full(deviation)}`;
  const first = isClear
    ? sentence`${name}, ${qualityOfValue(qualityOf(lead))}, accounts for ${share} of the variance of ${figure}, interactions included; ${spread}.`
    : sentence`No single input stands out: ${name} accounts for ${share} of the variance of ${figure}, ${effectName(scenario, next)} for ${shareText(next.total.value)}; ${spread}.`;
  return [first, ...(isClear ? swing(sensitivity, lead) : []), ...assumedShare(sensitivity)];
}

/** Estimates of few rows pass 0 and 1, which no share does. */
function shareText(estimate: number): string {
  return percent(Math.min(1, Math.max(0, estimate)));
}

/** The figure with the leading input at either end; an event has no size that could swing. */
function swing({ target, plain }: Sensitivity, { atP10, atP90 }: FactorEffect): readonly Sentence[] {
  const measure = measureOf(target.unit, [plain, atP10, atP90]);
  const [low, high] = [measure.full(atP10), measure.full(atP90)];
  if (target.isEvent || low === high) return [];
  return [
    sentence`With this input at its P10 the figure is ${strong(low)}, at its P90 ${strong(high)}, all others at medians.`,
  ];
}

function assumedShare(sensitivity: Sensitivity): readonly Sentence[] {
  const assumed = sharesByQuality(sensitivity).shares.find(({ quality }) => quality === "assumed");
  return assumed && assumed.share >= LEAST_SHARE
    ? [
        sentence`Inputs that were assumed, not published, account for ${strong(percent(assumed.share))} of the variance by themselves.`,
      ]
    : [];
}
