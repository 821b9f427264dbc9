import type { ComparedRun, Comparison } from "../analysis/compare/comparison.ts";
import type { DecidingInput } from "../analysis/compare/deciding-input.ts";
import type { Decision } from "../analysis/compare/paired-sample.ts";
import { valueAtQuantile } from "../analysis/sample/variables.ts";
import { measureOf } from "../charts/kit/measure.ts";
import { longMonth } from "../charts/kit/months.ts";
import { NARROW_SPACE, percent } from "../charts/kit/numbers.ts";
import type { NumberTable } from "../charts/kit/picture.ts";
import { type Sentence, sentence, strong, told } from "../charts/kit/sentence.ts";
import { findMetric } from "../metrics/index.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { formatQuantity } from "../units/format.ts";
import { runName } from "./compared.ts";
import { inputName, inputQuality, qualityWord } from "./names.ts";

/** Digits of a break-even: a cut lies within half a per cent of an input's distribution. */
const DIGITS = 3;

/** Inputs that the table in the report names. */
const MOST_INPUTS = 10;

/** What the other of two leading scenarios does where it is the better one. */
const WINS: Readonly<Record<string, string>> = {
  cost_provider_pv_usd: "costs the provider less",
  buyer_cost_pv_usd: "costs the buyer less",
  npv_provider_usd: "is worth more to the provider",
  final_cumulative_effective_fp4_yflop: "computes more",
};

/** What decides between the two scenarios that lead in a figure; undefined where nobody leads. */
export function decisionIn({ sample }: Comparison, metric: string): Decision | undefined {
  return sample?.decisions.find((one) => one.metric === metric);
}

/**
 * `The price of GB300 passes 45 thousand USD in 20 % of trials; in 70 % of these B costs the provider less than A`; or that no
 * single input decides. Empty without a sample.
 */
export function decidingSentence(comparison: Comparison, metric: string): Sentence {
  const decision = decisionIn(comparison, metric);
  if (!decision) return [];
  const [input] = decision.inputs;
  const [leader, next] = [decision.leader, decision.next].map((run) => comparison.runs[run]);
  if (!input)
    return sentence`No single input decides whether ${runName(leader)} or ${runName(next)} ${WINS[metric] ?? "wins"}.`;
  const name = inputName(scenarioWith(input, [leader, next]).scenario, input.key);
  const figure = { metric, entity: input.key };
  const value = strong(breakEvenText(input, [leader, next]), { ...figure, of: "break-even" });
  const chance = told(percent(input.beyond), { ...figure, of: "beyond" });
  const holding = strong(percent(input.otherBetter), { ...figure, of: "holds" });
  return sentence`The ${name} ${passes(input)} ${value} in ${chance} of trials; in ${holding} of these ${runName(next)} ${WINS[metric] ?? "wins"} than ${runName(leader)}.`;
}

/** Every input that decides between the two leading scenarios, with its break-even; undefined where there is none. */
export function decidingTable(comparison: Comparison, metric: string): NumberTable | undefined {
  const decision = decisionIn(comparison, metric);
  if (!decision || decision.inputs.length === 0) return undefined;
  const runs = [decision.leader, decision.next].map((run) => comparison.runs[run]);
  const [leader, next] = runs.map(runName);
  const shown = decision.inputs.slice(0, MOST_INPUTS);
  const measure = measureOf(
    findMetric(metric)?.unit ?? "USD",
    shown.map(({ gain }) => gain),
  );
  return {
    caption: `Inputs beyond whose break-even ${next} ${WINS[metric] ?? "wins"} than ${leader}`,
    columns: [
      { name: "Input" },
      { name: "Path", isText: true },
      { name: "Quality", isText: true },
      { name: "Break-even", isText: true },
      { name: "Beyond it", unit: "of trials" },
      { name: `${next} better beyond` },
      { name: `${leader} better before` },
      { name: "Gain of knowing it", unit: measure.unit },
    ],
    rows: shown.map((input) => {
      const { scenario } = scenarioWith(input, runs);
      return [
        inputName(scenario, input.key),
        input.key,
        qualityWord(inputQuality(scenario, input.key)),
        `${passes(input)} ${breakEvenText(input, runs)}`,
        percent(input.beyond),
        percent(input.otherBetter),
        percent(input.leaderBetter),
        measure.text(input.gain),
      ];
    }),
  };
}

function passes({ isAbove }: DecidingInput): string {
  return isAbove ? "passes" : "falls below";
}

/** The value of an input at its break-even, or the quantile where no one value belongs to it. */
export function breakEvenText(input: DecidingInput, runs: readonly ComparedRun[]): string {
  const { scenario } = scenarioWith(input, runs);
  const drawn = valueAtQuantile(scenario, input.key, input.quantile);
  if (!drawn) return `its P${Number((input.quantile * 100).toFixed(1))}`;
  const { value, dimension } = drawn;
  if (dimension === "date") return longMonth(value);
  // Shown in per cent if the scenario writes it in per cent.
  const isShare = dimension === "number" && isInPercent(scenario, input.key);
  return formatQuantity(value, isShare ? "fraction" : dimension, DIGITS).replaceAll(" ", NARROW_SPACE);
}

function isInPercent({ fields, lets }: Scenario, key: string): boolean {
  const field = fields.get(key) ?? lets.find(({ path }) => path === key);
  return field?.dimension === "fraction" || field?.text.includes("%") === true;
}

/** The first of the two scenarios that has an input. */
export function scenarioWith({ key }: DecidingInput, runs: readonly ComparedRun[]): ComparedRun {
  const has = ({ scenario: { fields, lets } }: ComparedRun) =>
    fields.has(key) ||
    lets.some(({ path }) => path === key) ||
    [...fields.values()].some(({ origin }) => origin.declaredAt === key);
  return runs.find(has) ?? runs[0];
}
