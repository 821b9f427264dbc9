import type { ServedCheck } from "../../analysis/optimize/check-served.ts";
import type { EmptySite } from "../../analysis/optimize/empty-sites.ts";
import type { Optimum } from "../../analysis/optimize/optimize.ts";
import type { Task } from "../../analysis/optimize/read-task.ts";
import { type BookValues, costInBook, type Situation } from "../../analysis/optimize/situation.ts";
import { plainSentence, type Sentence } from "../../charts/kit/sentence.ts";
import { visibleText } from "../../diagnostics/visible.ts";
import { decimalsFor, screenNumber } from "../../export/number-text.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { spikeWords } from "../../report/optimize-answer.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { emphasise } from "../io/streams.ts";
import { drawAnswer } from "./answer.ts";
import { drawColumns, drawFacts, type Fact, SCREEN_WIDTH } from "./draw-columns.ts";

/** The simulated plan, and the error of the objective. */
export type PlanCheck = BookValues & {
  readonly flop: number;
  readonly difference: number;
  readonly served: readonly ServedCheck[];
};

/** What `optimize` shows besides its files. */
export type OptimizeScreen = {
  readonly situation: Situation;
  readonly optimum: Optimum;
  /** The answer in sentences, first on the screen. */
  readonly answer: readonly Sentence[];
  readonly check: PlanCheck;
  readonly rules: readonly string[];
  readonly emptySites: readonly EmptySite[];
  readonly frontier?: readonly Optimum[] | undefined;
  readonly written?: string | undefined;
  readonly command: string;
};

/** Draws the best plan, its comparison with the scenario's own, its binding limits, and the frontier. */
export function drawOptimizeScreen({
  situation,
  optimum,
  answer,
  check,
  rules,
  emptySites,
  frontier,
  written,
  command,
}: OptimizeScreen): string {
  const { scenario, task, own } = situation;
  const billions = (value: number) => `${screenNumber(value / 1e9, 2)} B USD`;
  const yotta = (value: number) => `${screenNumber(value / 1e24, 0)} YFLOP`;
  const isBuyers = task.book === "buyer";
  const residual = task.countsResidual ? "residual value deducted" : "residual value not deducted";
  const book = isBuyers ? "the buyer's book" : `the provider's book, ${residual}`;
  const required = situation.served.length > 0 ? "demand" : "supply";
  const missed = check.served.some(({ isMissed }) => isMissed) ? ", which its own run misses" : "";
  const sought =
    task.goal === "minimize_cost"
      ? `least cost for the required ${required}${missed}`
      : "most effective FP4 for the budget";
  const facts: Fact[] = [
    [
      "Cost",
      `${billions(optimum.costPv)} present value, ${percent(optimum.costPv, own.costPv)} against ${billions(own.costPv)} in the scenario itself; residual ${billions(optimum.residualPv)} against ${billions(own.residualPv)}`,
    ],
    [
      "Compute",
      `${yotta(optimum.flop)} effective FP4, ${percent(optimum.flop, own.flop)} against ${yotta(own.flop)}`,
    ],
    ...(situation.scenario.names.contracts.length > 0
      ? ([
          [
            "Buyer",
            `pays ${billions(optimum.paymentPv)} present value, ${percent(optimum.paymentPv, own.paymentPv)} against ${billions(own.paymentPv)}`,
          ],
        ] as const)
      : []),
    [
      "Checked",
      `simulated, the plan ${checkedText(situation, check, billions, yotta)}: ${check.difference < TOLERANCE ? "as optimised" : `the objective is off by ${check.difference.toExponential(1)} of it`}`,
    ],
    ...check.served.map((one) => ["Served", servedText(one)] as const),
    ...emptySites.map(
      ({ site, power, costPv }) =>
        [
          "Empty",
          `\`sites.${visibleText(site)}\` holds no chips; its ${screenNumber(power / 1e6, 0)} MW are paid for all the same, ${billions(costPv)} of the cost: the program decides on chips, not on a site's power; set its power to 0 to do without it`,
        ] as const,
    ),
    ...rules.map((rule) => ["Left out", rule] as const),
    ["Optimum", optimum.isOptimal ? "proved" : `not proved: the time limit was reached; ${gapText(optimum)}`],
    ...bindingFacts(optimum, situation),
    ...(written
      ? ([
          ["Written", visibleText(written)],
          ["Run it", visibleText(command)],
        ] as const)
      : []),
  ];
  const lines = [
    emphasise(`${visibleText(scenario.fields.get("name")?.text ?? scenario.slug)}: ${sought}`),
    `in ${book}`,
    "",
    ...drawAnswer(answer),
    "",
    ...drawPurchases(optimum),
    "",
    ...drawFacts(facts, SCREEN_WIDTH),
    ...(frontier ? ["", ...drawFrontier(frontier, situation)] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function servedText({ name, asked, served, worst, isMissed }: ServedCheck): string {
  const text = (share: number) => `${(share * 100).toFixed(1)} %`;
  const inMonth = worst === undefined ? "" : `, ${text(worst)} in the worst month`;
  return `${name}: simulated ${text(served)}${inMonth}; asked ${text(asked)}${isMissed ? ", missed" : ""}`;
}

function gapText({ gap }: Optimum): string {
  if (gap === undefined) return "the distance to the best plan is unknown";
  return `the best plan is at most ${screenNumber(gap * 100, decimalsFor([gap * 100]))} % better`;
}

/** The run's value of the objective. */
function checkedText(
  { task }: Situation,
  check: PlanCheck,
  billions: (value: number) => string,
  yotta: (value: number) => string,
): string {
  if (task.goal === "maximize_effective_fp4") return `gives ${yotta(check.flop)}`;
  const verb = task.book === "buyer" ? "has the buyer pay" : "costs";
  return `${verb} ${billions(costInBook(task, check))}${task.countsResidual ? " less its residual" : ""}`;
}

function percent(value: number, base: number): string {
  if (!(base > 0)) return "";
  const change = Math.round((value / base - 1) * 1000) / 10;
  return `${change >= 0 ? "+" : ""}${(change + 0).toFixed(1)} %`;
}

function drawPurchases({ purchases }: Optimum): string[] {
  if (purchases.length === 0) return ["nothing is bought"];
  const chips = purchases.map((purchase) => purchase.chips);
  return drawColumns([
    { side: "left", cells: ["chip", ...purchases.map(({ chip }) => chip)] },
    { side: "left", cells: ["site", ...purchases.map(({ site }) => visibleText(site))] },
    { side: "right", cells: ["chips", ...chips.map((count) => screenNumber(count, decimalsFor(chips)))] },
    { side: "left", cells: ["first", ...purchases.map(({ months }) => formatMonth(months[0].at))] },
    {
      side: "left",
      cells: ["last", ...purchases.map(({ months }) => formatMonth(months[months.length - 1].at))],
    },
    { side: "right", cells: ["months", ...purchases.map(({ months }) => String(months.length))] },
  ]);
}

/** The limit of each kind that is worth relaxing most: what one more unit of it saves, costs or adds. */
function bindingFacts(optimum: Optimum, situation: Situation): Fact[] {
  const { shadowPrices } = optimum;
  const { task } = situation;
  const kinds = [...new Set(shadowPrices.map(({ kind }) => kind))];
  return kinds.flatMap((kind): Fact[] => {
    const binding = shadowPrices.filter((price) => price.kind === kind && price.value !== 0);
    if (binding.length === 0) return [];
    const largest = binding.reduce((most, price) =>
      Math.abs(price.value) > Math.abs(most.value) ? price : most,
    );
    const count = binding.length === 1 ? "once" : `${binding.length} times`;
    return [
      [
        "Worth",
        `${kind.replaceAll("_", " ")} binds ${count}: ${worthText(largest, task)}${plainSentence(spikeWords(situation, optimum, largest))}`,
      ],
    ];
  });
}

/** A shadow price in a sentence: `one more MW for madrid in 2028-11 saves 12.8 M USD`. */
function worthText({ unit, name, period, value }: Optimum["shadowPrices"][number], task: Task): string {
  const isCost = task.goal === "minimize_cost";
  // Compute for one dollar is too small to read.
  const [more, change] =
    !isCost && unit === "USD" ? ["one million USD more", value * 1e6] : [`one more ${unit}`, value];
  const where = `${name === "" ? "" : ` for ${name}`}${period === "" ? "" : ` in ${period}`}`;
  const verb = isCost ? (change < 0 ? "saves" : "costs") : change < 0 ? "loses" : "adds";
  const size = Math.abs(change);
  const shown = (one: number) => screenNumber(one, decimalsFor([one]));
  const amount = !isCost
    ? `${shown(size)} EFLOP-hours`
    : size < 1e6
      ? `${shown(size)} USD`
      : `${shown(size / 1e6)} M USD`;
  return `${more}${where} ${verb} ${amount}`;
}

/** Width of the longest bar. */
const BAR_WIDTH = 40;

function drawFrontier(frontier: readonly Optimum[], { task, served }: Situation): string[] {
  const costs = frontier.map((point) => costInBook(task, point));
  const most = Math.max(...costs, 0);
  const compute = frontier.map(({ flop }) => flop / 1e24);
  const cost = costs.map((value) => value / 1e9);
  const shares = frontier.map(({ supplyShare }) => `${(supplyShare * 100).toFixed(0)} %`);
  const isOfDemand = served.length > 0 && task.goal === "minimize_cost";
  return drawColumns([
    ...(isOfDemand ? [{ side: "right" as const, cells: ["of what is asked", ...shares] }] : []),
    {
      side: "right",
      cells: ["FP4 YFLOP", ...compute.map((value) => screenNumber(value, decimalsFor(compute)))],
    },
    {
      side: "right",
      cells: [
        task.book === "buyer" ? "pays B USD" : "cost B USD",
        ...cost.map((value) => screenNumber(value, decimalsFor(cost))),
      ],
    },
    {
      side: "left",
      cells: [
        "",
        ...costs.map((value) => "#".repeat(Math.max(0, Math.round((BAR_WIDTH * value) / most)) || 0)),
      ],
    },
  ]);
}
