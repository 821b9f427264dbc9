import { describe, expect, test } from "vitest";
import type { Backtest, Reading } from "../../src/analysis/backtest/backtest.ts";
import type { Case, Subject } from "../../src/analysis/backtest/case.ts";
import { bridgeByCategory, bridgeByInput } from "../../src/analysis/compare/bridge.ts";
import type { ComparedRun, Comparison } from "../../src/analysis/compare/comparison.ts";
import {
  type PairedFigure,
  pairSamples,
  preparePairedSample,
  type SampledFigures,
  samplePaired,
} from "../../src/analysis/compare/paired-sample.ts";
import type { Optimum, ShadowPrice } from "../../src/analysis/optimize/optimize.ts";
import { bindingLimits } from "../../src/analysis/optimize/optimize.ts";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import { findColumn, type Results } from "../../src/analysis/results/results.ts";
import { COLOURS } from "../../src/charts/kit/palette.ts";
import { plainSentence } from "../../src/charts/kit/sentence.ts";
import { drawBacktestScreen } from "../../src/cli/screens/backtest-screen.ts";
import { drawCompareScreen } from "../../src/cli/screens/compare-screen.ts";
import { drawSweepScreen } from "../../src/cli/screens/sweep-screen.ts";
import { CASH_CATEGORIES } from "../../src/metrics/provider-costs.ts";
import type { Column, Table } from "../../src/metrics/table.ts";
import { answerBacktest, partsOf } from "../../src/report/backtest/backtest-answer.ts";
import { decidingSentence } from "../../src/report/break-even.ts";
import { answerCompare, claimOf, decidedFigures, isAhead } from "../../src/report/compare-answer.ts";
import { reportCompare } from "../../src/report/compare-report.ts";
import { runName } from "../../src/report/compared.ts";
import { CATEGORY_COLOURS } from "../../src/report/money/money-pictures.ts";
import { pictureHtml } from "../../src/report/page/html.ts";
import { answerSweep } from "../../src/report/sweep-answer.ts";
import { reportSweep } from "../../src/report/sweep-report.ts";
import { pointNames, sweptFigures } from "../../src/report/swept.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { loadScenario } from "../../src/scenario/load.ts";
import { smallScenario, workingScenario } from "../cli/gigafleet.ts";
import { loadWith, plainPlan, resultsOf, scenarioOf } from "../demand/demand-files.ts";

/** A comparison with the same draws for all. */
async function compared(runs: Comparison["runs"]): Promise<Comparison> {
  const comparison: Comparison = { basis: "as written", runs };
  const options = { trials: 100, seed: "1" };
  const names = ["cost_provider_pv_usd", "final_cumulative_effective_fp4_yflop"];
  const sampled: SampledFigures[] = [];
  for (const { scenario, results } of runs) {
    const prepared = preparePairedSample(scenario, results, names, options);
    const one = await samplePaired(prepared, createThreadRunner(), () => {});
    sampled.push(one.sampled!);
  }
  return { ...comparison, sample: pairSamples(sampled, names, options, "provider") };
}

async function runOf(name: string, text: string): Promise<ComparedRun> {
  const read = (file: string) => (file === "small.yaml" ? text : undefined);
  const { scenario, diagnostics } = loadScenario({ path: "small.yaml", read, catalog: [] });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const { results } = await runPlain(scenario!, createThreadRunner());
  return { name, scenario: scenario!, results: results as Results };
}

test("scenarios are named after their files, in words", async () => {
  const { scenario, results } = await runOf("x", smallScenario);
  const nameOf = (name: string) => runName({ name, scenario, results });
  expect(["own-1gw-site", "rent_250MW", "half_mw", "power-two-years-late"].map(nameOf)).toEqual([
    "Own 1 GW site",
    "Rent 250 MW",
    "Half mw",
    "Power two years late",
  ]);
  // As the scenario spells itself, but not as a sentence begins.
  const spelled = await runOf(
    "x",
    smallScenario.replace("name: Chips wait for power", "name: OpenAI on AWS"),
  );
  const spelledName = (name: string) => runName({ ...spelled, name });
  expect(["openai-aws", "rent-on-aws"].map(spelledName)).toEqual(["OpenAI AWS", "Rent on AWS"]);
  expect(nameOf("many-chips")).toBe("Many chips");
});

test("a backtest says what lies inside what: predictions in a published band, or published figures in the prediction's range", () => {
  const reading = (subject: Subject, id: string, feeds = ""): Reading => ({
    // Only what the answer and its table read of a case.
    of: {
      id,
      title: id,
      subject,
      predict: "power",
      feeds,
      published: 3,
      low: 2,
      high: 4,
      chips: [],
    } as unknown as Case,
    predicted: 3,
    p5: 2,
    p95: 4,
    ratio: 1,
    isInside: true,
  });
  const summary = { points: 1, independentPoints: 22, meanAbsoluteError: 0.1, shareInside: 0.91 };
  const backtest = (readings: readonly Reading[], points: number): Backtest => ({
    readings,
    others: [],
    summaries: { deployments: { ...summary, points }, demand: { ...summary, points } },
    inputs: [],
    diagnostics: [],
    sources: new Map(),
  });
  const answerTo = (readings: readonly Reading[], points: number) =>
    answerBacktest(partsOf(backtest(readings, points))).map((one) =>
      plainSentence(one).replace(/\u202f/g, " "),
    );
  const both = [reading("deployments", "a"), reading("demand", "b")];
  const sentences = [
    "Deployments: over 22 independent figures the mean absolute error is 10 %, and 91 % of the predictions lie in the published band.",
    "Serving and training: over 22 independent figures the mean absolute error is 10 %, and 91 % of the published figures lie between P5 and P95 of the prediction.",
  ];
  expect(answerTo(both, 22)).toEqual(sentences);
  expect(answerTo(both, 25)).toEqual([
    ...sentences,
    "Of 50 published figures 6 do not count: the catalog is fitted to them, or they test nothing.",
  ]);
  // A subject without cases is not told of, and the screen says first what the report does.
  expect(answerTo(both.slice(1), 23)).toEqual([
    sentences[1],
    "Of 23 published figures 1 does not count: the catalog is fitted to it, or it tests nothing.",
  ]);
  const screen = drawBacktestScreen(backtest(both, 22), "out").replace(/\s+/g, " ");
  expect(screen.startsWith(sentences.join(" "))).toBe(true);
});

test("a printed page shows a drawing of its own width of a picture that is high, where that one is much lower or too high for a page", () => {
  const numbers = { caption: "", columns: [], rows: [] };
  const classOf = (half: number, full: number) => {
    const draw = (width: number) => ({ height: width > 600 ? full : half, body: "" });
    const html = pictureHtml({ id: "a", title: "", subtitle: "", isWide: true, draw, numbers });
    return /<figure id="a" class="([^"]*)"/.exec(html)?.[1];
  };
  expect([classOf(500, 100), classOf(600, 300), classOf(600, 590), classOf(900, 890)]).toEqual([
    "full",
    "full tall",
    "full",
    "full tall",
  ]);
});

const costOf = ({ results }: ComparedRun) => findColumn(results, "run", "cost_provider_pv_usd")?.[0] ?? 0;
const dear = smallScenario.replace("price: 10 thousand USD", "price: 12 thousand USD");
const dearLater = dear.replace("discount_rate: 0 %", "discount_rate: 10 %");

test("a plan is best above 80 % less two standard errors, likelier from 60 %", () => {
  // Two standard errors of 0.82 over 100 trials are 0.077, over 10,000 trials 0.0077.
  expect(claimOf(0.82, 100)).toBe("likelier");
  expect(claimOf(0.82, 10_000)).toBe("best");
  expect(claimOf(0.8, 1e9)).toBe("likelier");
  expect(claimOf(0.6, 10)).toBe("likelier");
  expect(claimOf(0.599, 1e9)).toBe("none");
  expect(claimOf(1, 1)).toBe("best");
});

test("one share is ahead of another only by two standard errors of their difference", () => {
  // Of 100 trials 46 for one and 39 for the other: a standard error of the difference of 9.2 points.
  expect(isAhead(0.46, 0.39, 100, true)).toBe(false);
  expect(isAhead(0.46, 0.39, 1000, true)).toBe(true);
  // sqrt((0.6 + 0.4 - 0.04) / n) is a tenth, half the difference, at n = 96.
  expect([95, 97].map((trials) => isAhead(0.6, 0.4, trials, true))).toEqual([false, true]);
  // 99 and 97 %, each by itself: a standard error of 1.97 points.
  expect(isAhead(0.99, 0.97, 100, false)).toBe(false);
  expect(isAhead(0.99, 0.8, 100, false)).toBe(true);
  expect(isAhead(0.5, 0.5, 1e9, true)).toBe(false);
});

test("two scenarios that lead about as often are told together, and what serves less says so in each figure that this helps", async () => {
  const work =
    "  t: { kind: training, model: m, flop: 0.5 YFLOP, precision: bf16, from: 2026-02, to: 2026-07, value: 1 USD/EFLOP }\n";
  const scenario = scenarioOf(loadWith("work.yaml", plainPlan(work)));
  const results = await resultsOf(scenario);
  const runs = ["a", "b", "c"].map((name): ComparedRun => ({ name, scenario, results }));
  const statistics = (value: number) => ({ mean: value, error: 0, quantiles: [value, value, value] });
  const figure = (sameAs: number, value: number, probabilityBest: number) =>
    ({
      value: statistics(value),
      difference: statistics(0),
      rank: {
        sense: "less",
        probabilityBest,
        probabilityBeatsFirst: 0,
        expectedRegret: 1e9,
        sameAs,
        trials: 100,
      },
    }) as unknown as PairedFigure;
  const figures = new Map([
    ["cost_provider_pv_usd", [figure(0, 1e9, 0.9), figure(1, 2e9, 0.1), figure(2, 3e9, 0)]],
    ["final_cumulative_effective_fp4_yflop", [figure(0, 1, 0), figure(1, 2, 0.52), figure(2, 3, 0.48)]],
    ["horizon_demand_unserved_share", [figure(0, 0.2, 0), figure(1, 0.1, 0.1), figure(2, 0, 0.9)]],
    ["npv_provider_usd", [figure(0, 1e9, 0.1), figure(1, 2e9, 0.9), figure(2, 3e9, 0)]],
  ]);
  const sample = { trials: 100, seed: "1", figures, events: [[], [], []], decisions: [] };
  const answerTo = (...paretoShares: readonly number[]) =>
    answerCompare(
      [{ basis: "as written: equal power", runs, sample: { ...sample, paretoShares } }],
      "provider",
    ).map((one) => plainSentence(one).replace(/\u202f/g, " "));
  const [first, second] = answerTo(0.97, 0.5, 0.99);
  expect(first).toBe(
    "At equal power there is no clear winner: A costs the provider least in 90 % of trials but leaves 20 % of the work\u2019s value unserved; B or C computes most (52 % and 48 %); C leaves least work unserved in 90 %; B is worth most to the provider in 90 % but leaves 10 % of the work\u2019s value unserved.",
  );
  // Each figure has its own best: what costs most of the three may compute most.
  expect(second).toBe(
    "Least often beaten in both cost and compute are C and A: in 99 % and 97 % of trials no other scenario costs less and computes more. On average C costs 1.00 B USD and A costs 1.00 B USD more than the cheapest of each trial; C computes 1 000 million YFLOP and A computes 1 000 million YFLOP less than the one that computes most.",
  );
  // The same share is told once, and nobody is left out who has it too.
  expect(answerTo(0.99, 0.5, 0.99)[1]).toMatch(
    /^Least often beaten in both cost and compute are A and C: in 99 % of trials no/,
  );
  expect(answerTo(1, 1, 1)[1]).toMatch(
    /^In 100 % of trials none of them costs more and computes less than another\. On average A costs 1\.00 B USD, B costs /,
  );
  expect(answerTo(0.7, 0.5, 0.99)[1]).toMatch(
    /^Least often beaten in both cost and compute is C: in 99 % of trials no other scenario costs less and computes more\. On average C costs 1\.00 B USD more than the cheapest of each trial; C computes/,
  );
});

test("a lead says what each plan leaves unserved, where that is more than a little, with trials and without", async () => {
  const dear = workingScenario.replace("price: 10 thousand USD", "price: 12 thousand USD to 14 thousand USD");
  const runs = [await runOf("a", workingScenario), await runOf("b", dear)];
  const answerTo = (comparison: Comparison) =>
    plainSentence(answerCompare([comparison], "provider")[0]!).replace(/\u202f/g, " ");
  // The chips land after two of twelve months in both: 59 of 365 days.
  expect(answerTo({ basis: "as written", runs })).toMatch(
    /^At medians A costs the provider least .* At medians A leaves 16 % of the work\u2019s value unserved, B 16 %\.$/,
  );
  expect(answerTo(await compared(runs))).toMatch(
    /^As written, A costs the provider least in 100 % of trials\. .* A leaves 16 % of the work\u2019s value unserved, B 16 %\./,
  );
  const served = [
    await runOf("a", smallScenario),
    await runOf("b", smallScenario.replace("10 thou", "12 thou")),
  ];
  expect(answerTo({ basis: "as written", runs: served })).not.toContain("unserved");
});

test("a lead states the range of its difference, or one text where both ends look the same, and no loss that is the same number", async () => {
  const runs = [await runOf("a", smallScenario), await runOf("b", smallScenario)];
  const answerTo = (metric: string, [low, middle, high]: readonly number[], expectedRegret = 1) => {
    const statistics = (quantiles: readonly number[]) => ({ mean: quantiles[1], error: 0, quantiles });
    const figure = (sameAs: number, difference: readonly number[], probabilityBest: number) =>
      ({
        value: statistics([1, 1, 1]),
        difference: statistics(difference),
        rank: {
          sense: "less",
          probabilityBest,
          probabilityBeatsFirst: 0,
          expectedRegret,
          sameAs,
          trials: 100,
        },
      }) as unknown as PairedFigure;
    const figures = new Map([[metric, [figure(0, [0, 0, 0], 0.99), figure(1, [low, middle, high], 0.01)]]]);
    const sample = { trials: 100, seed: "1", figures, paretoShares: [], events: [[], []], decisions: [] };
    return answerCompare([{ basis: "as written", runs, sample }], "provider")
      .map((one) => plainSentence(one).replace(/\u202f/g, " "))
      .join(" ");
  };
  const cost = "cost_provider_pv_usd";
  expect(answerTo(cost, [250e6, 266e6, 280e6], 262e6)).toBe(
    "As written, A costs the provider least in 99 % of trials. It costs 266 M USD less than B (P5 to P95: 250 to 280). Choosing B instead loses 262 M USD on average.",
  );
  expect(answerTo(cost, [265.9e6, 266e6, 266.1e6], 266.2e6)).toBe(
    "As written, A costs the provider least in 99 % of trials. It costs 266 M USD less than B (P5 and P95 the same).",
  );
  expect(answerTo("final_cumulative_effective_fp4_yflop", [-9, -8, -7])).toContain(
    "A computes most in 99 % of trials. It computes 8.00 YFLOP more than B",
  );
  expect(answerTo("horizon_demand_unserved_share", [0.01, 0.05, 0.2])).toContain(
    "A leaves least work unserved in 99 % of trials. It leaves 5.00 points less unserved than B",
  );
});

test("plans with the same figure in every trial are told as the same, not as a draw, and count as one beside a third", async () => {
  const text = smallScenario.replace("price: 10 thousand USD", "price: 8 thousand USD to 12 thousand USD");
  const cheap = text.replace("8 thousand USD to 12", "4 thousand USD to 5");
  const [a, b, c] = [await runOf("a", text), await runOf("b", text), await runOf("c", cheap)];
  const told = async (...runs: readonly ComparedRun[]) => {
    const comparison = await compared(runs as unknown as Comparison["runs"]);
    const words = answerCompare([comparison], "provider").map((one) =>
      plainSentence(one).replace(/\u202f/g, " "),
    );
    const origin = { version: "", command: "", files: [], changes: [] };
    const content = {
      first: a.scenario,
      comparisons: [comparison] as const,
      book: "provider",
      inputs: [],
    } as const;
    const report = reportCompare(content, origin);
    const best = report.sections.flatMap(({ pictures = [] }) => pictures).find(({ id }) => id === "best");
    return {
      words,
      best: best?.numbers.rows.map((row) => row.map((cell) => cell.replace(/\u202f/g, " "))),
      drawn: best?.draw(600).body.replace(/\u202f/g, " "),
      keys: report.keys.map(({ label }) => label.replace(/\u202f/g, " ")),
      screen: drawCompareScreen({ comparisons: [comparison], inputs: [], book: "provider", files: [] }),
    };
  };
  const same = await told(a, b);
  expect(same.words).toEqual([
    "A and B are the same plan: no input differs, and every figure is the same in every trial.",
  ]);
  expect(same.best).toEqual([
    ["A", "same", "0", "same", "0"],
    ["B", "same", "0", "same", "0"],
  ]);
  expect(same.drawn).not.toContain("50 %");
  expect(same.keys.slice(0, 2)).toEqual([
    "Provider\u2019s cost: the same in all",
    "Effective FP4: the same in all",
  ]);
  expect(same.screen).toMatch(/cost_provider_pv_usd +less +0 +0 +0 +same/);
  // More power than the chips draw changes nothing.
  const again = await runOf("a", text.replace("2027-05: 120 kW", "2027-05: 130 kW"));
  expect((await told(again, b)).words).toEqual([
    "A and B cost the provider the same and compute the same in every trial.",
  ]);
  const three = await told(a, b, c);
  expect(three.words[0]).toMatch(/^As written, C costs the provider least in 100 % of trials/);
  expect(three.words.join(" ")).toContain("A, B and C compute the same in every trial.");
  expect(three.screen).toMatch(/\bsame\b/);
  const dearThird = await told(c, a, { ...c, name: "d" });
  expect(dearThird.words[0]).toMatch(
    /^As written, C \(D is the same\) costs the provider least in 100 % of trials/,
  );
  expect(dearThird.best?.map(([name, chance]) => [name, chance])).toEqual([
    ["C", "100 %"],
    ["A", "0 %"],
    ["D", "100 %"],
  ]);
});

test("what decides is told of the provider's NPV too, where a contract pays it and the provider's book is asked", async () => {
  const input = { key: "chips.tiny.price", quantile: 0.9, isAbove: true, beyond: 0.1 };
  const inputs = [{ ...input, otherBetter: 0.8, leaderBetter: 0.7, gain: 1e6 }];
  const decisions = [{ metric: "npv_provider_usd", leader: 0, next: 1, inputs }];
  const sample = {
    trials: 100,
    seed: "1",
    figures: new Map(),
    paretoShares: [],
    events: [[], []],
    decisions,
  };
  const paid = (run: ComparedRun): ComparedRun => ({
    ...run,
    results: { ...run.results, contracts: ["use"] },
  });
  const runs = [await runOf("a", smallScenario), await runOf("b", smallScenario)];
  const comparison: Comparison = { basis: "as written", runs: runs.map(paid), sample };
  const told = (book: "provider" | "buyer", of = comparison) =>
    decidedFigures([of], book).map(({ metric }) => metric);
  expect(told("provider")).toEqual(["cost_provider_pv_usd", "npv_provider_usd"]);
  expect(told("buyer")).toEqual(["buyer_cost_pv_usd"]);
  expect(told("provider", { ...comparison, runs })).toEqual(["cost_provider_pv_usd"]);
  const words = plainSentence(decidingSentence(comparison, "npv_provider_usd")).replace(/\u202f/g, " ");
  expect(words).toMatch(
    /^The price of Tiny passes .* in 10 % of trials; in 80 % of these B is worth more to the provider than A\.$/,
  );
});

test("without a sample the cheapest is named at medians, and nothing is said of how sure that is", async () => {
  const runs = [await runOf("dear", dear), await runOf("small_cheap", smallScenario)];
  const [first] = answerCompare([{ basis: "as written", runs }], "provider").map(plainSentence);
  expect(first).toMatch(
    /^At medians Small cheap costs the provider least \(1\.00\u202fM USD\); no sample was taken/,
  );
  const again = [...runs, await runOf("again", smallScenario)];
  const [tied] = answerCompare([{ basis: "as written", runs: again }], "provider").map(plainSentence);
  expect(tied).toMatch(/^At medians Small cheap \(Again is the same\) costs the provider least/);
  const [all] = answerCompare([{ basis: "as written", runs: again.slice(1) }], "provider").map(plainSentence);
  expect(all).toMatch(
    /^At medians Small cheap and Again cost the provider the same \(1\.00\u202fM USD\); no/,
  );
});

test("the categories of cash together are all of the provider's cash", async () => {
  const { results } = await runOf(
    "a",
    dearLater.replace("electricity: 0 USD/MWh", "electricity: 90 USD/MWh"),
  );
  const months = (metric: string) => [...(findColumn(results, "total", metric) ?? [])];
  const sum = CASH_CATEGORIES.flatMap(({ metrics }) => metrics.flatMap(months)).reduce(
    (all, one) => all + one,
    0,
  );
  const cash = months("provider_cash_usd").reduce((all, one) => all + one, 0);
  expect(cash).toBeGreaterThan(1_200_000);
  expect(sum).toBeCloseTo(cash, 4);
});

test("every category of cash has a colour of its own", () => {
  const colours = CASH_CATEGORIES.map(({ name }) => CATEGORY_COLOURS[name] ?? `none for ${name}`);
  expect(new Set(colours).size).toBe(colours.length);
  expect(colours.filter((colour) => !COLOURS.includes(colour))).toEqual([]);
});

describe("a bridge", () => {
  test("by category adds up to the difference, discounted as the present value is", async () => {
    const runs = [
      await runOf("a", dearLater),
      await runOf("b", dearLater.replace("12 thousand", "15 thousand")),
    ];
    const { steps, from, to } = bridgeByCategory(runs, 1);
    // 100 chips, 3,000 USD each, landed in the third month: 300,000 / 1.1^(3 / 12).
    expect(steps.map(({ name }) => name)).toEqual(["chips"]);
    expect(steps[0].change).toBeCloseTo(300_000 / 1.1 ** 0.25, 3);
    expect(from.value + steps[0].change).toBeCloseTo(to.value, 3);
  });

  test("by input changes one group after the other, and joins those that make no plan alone", async () => {
    const runs = [await runOf("a", smallScenario), await runOf("b", dearLater)];
    const inputs = [
      { path: "chips.tiny.price", texts: ["10 thousand USD", "12 thousand USD"] },
      { path: "fleets.f.gone", texts: ["1", "2"] },
      { path: "provider.discount_rate", texts: ["0 %", "10 %"] },
      { path: "sites.a.only_here", texts: ["1", ""] },
    ];
    const asked: string[][] = [];
    const costWith = async (settings: readonly string[]) => {
      asked.push([...settings]);
      if (settings.length === 1) return 1_200_000;
      return settings.length === 2 ? undefined : costOf(runs[1]);
    };
    const { steps, from, to } = await bridgeByInput(runs, 1, inputs, costWith);
    expect(asked.at(-1)).toEqual([
      "chips.tiny.price=12 thousand USD",
      "fleets.f.gone=2",
      "provider.discount_rate=10 %",
    ]);
    expect(steps.map(({ name }) => name)).toEqual(["chips.tiny", "fleets.f, provider.discount_rate"]);
    expect(steps.reduce((sum, { change }) => sum + change, from.value)).toBeCloseTo(to.value, 6);
  });
});

test("the limit that binds in most periods comes first, and dust is none", () => {
  const price = (kind: ShadowPrice["kind"], name: string, period: string, value: number): ShadowPrice => ({
    kind,
    name,
    period,
    value,
    row: 0,
    unit: "MW",
    scale: 1,
  });
  const shadowPrices = [
    price("power", "north", "2027-01", -9e6),
    price("supply", "", "2027-01", 2e6),
    price("supply", "", "2027-02", 5e6),
    price("supply", "", "2027-03", 1e-3),
  ];
  const found = bindingLimits({ shadowPrices } as unknown as Optimum);
  expect(found.map(({ kind, prices, peak }) => [kind, prices.length, peak.value])).toEqual([
    ["supply", 2, 5e6],
    ["power", 1, -9e6],
  ]);
});

test("a sweep's points are named by what was set, and its figures are the medians where points were sampled", async () => {
  const column = (name: string, values: readonly (string | number | null)[], unit?: string): Column => ({
    name,
    type: typeof values[0] === "number" ? ("number" as const) : ("string" as const),
    ...(unit ? { unit } : {}),
    text: name,
    values,
  });
  const table: Table = {
    name: "sweep",
    text: "",
    columns: [
      column("point", [1, 2]),
      column("a.b", ["1 MW", "2 MW"]),
      column("c", ["x", "y"]),
      column("cost_provider_pv_usd", [1e9, 2e9], "USD"),
      column("cost_provider_pv_usd_p5", [0.5e9, 1e9], "USD"),
      column("cost_provider_pv_usd_p50", [1.5e9, 2.5e9], "USD"),
      column("cost_provider_pv_usd_p95", [3e9, 4e9], "USD"),
    ],
    rowCount: 2,
    primaryKey: ["point"],
  };
  expect(pointNames({ table, kind: "grid", paths: ["a.b", "c"] })).toEqual(["1 MW, x", "2 MW, y"]);
  // What the sweep moves comes first; what stays is told in one sentence.
  const { scenario } = await runOf("a", smallScenario);
  const level = column("npv_provider_usd", [5e9, 5e9], "USD");
  const swept = { ...table, columns: [level, ...table.columns] };
  const held = { scenario, table: swept, kind: "grid", paths: ["a.b"], trials: 9, startMonth: 0 } as const;
  const content = { ...held, isPaid: false };
  const origin = { version: "", command: "", files: [], changes: [] };
  const { answer, keysNote } = reportSweep(content, origin);
  // Nobody pays this plan, so that an NPV below zero says nothing of its worth.
  expect(keysNote).toMatch(/^No contract or merchant revenue pays/);
  expect(reportSweep({ ...content, isPaid: true }, origin).keysNote).toBe("");
  const sentences = answer.map((one) => plainSentence(one).replace(/\u202f/g, " "));
  expect(sentences).toEqual([
    "Over 2 points of a\u2019s b, the provider\u2019s cost in present value lies between 1.50 B USD (at 1 MW) and 2.50 B USD (at 2 MW), in medians of 9 trials.",
    "The same at every point: the provider\u2019s NPV over the horizon (5.00 B USD).",
  ]);
  const screen = drawSweepScreen(content).replace(/\s+/g, " ");
  expect(screen.startsWith(sentences.join(" "))).toBe(true);
  // Figures that read alike in three digits are not the same: the table below shows a fourth.
  const near = column("npv_provider_usd", [5e9, 5.002e9], "USD");
  const nearly = { ...content, table: { ...table, columns: [near, ...table.columns] } };
  expect(drawSweepScreen(nearly).replace(/\s+/g, " ")).toContain(" About the same at every point: ");
  expect(screen).toContain("No contract or merchant revenue pays the provider");
  const answerTo = (...columns: readonly Column[]) =>
    answerSweep({ ...content, table: { ...table, columns: [...table.columns.slice(0, 3), ...columns] } }).map(
      (one) => plainSentence(one).replace(/\u202f/g, " "),
    );
  // Of a second figure that moves, of a point at fault, of figures that nothing moves, and of none.
  const compute = column("final_cumulative_effective_fp4_yflop", [200, 100], "YFLOP");
  expect(answerTo(column("cost_provider_pv_usd", [1e9, 2e9], "USD"), compute)[1]).toBe(
    "Effective FP4 over the horizon lies between 100 YFLOP (at 2 MW) and 200 YFLOP (at 1 MW).",
  );
  expect(answerTo(column("cost_provider_pv_usd", [1e9, null], "USD"))).toEqual([
    "None of these figures differs over 1 of 2 points, in medians of 9 trials: the provider\u2019s cost in present value (1.00 B USD).",
  ]);
  expect(answerTo()).toEqual([]);
  const [cost, ...others] = sweptFigures(table);
  expect(others).toEqual([]);
  expect([cost.values, cost.low, cost.high]).toEqual([
    [1.5e9, 2.5e9],
    [0.5e9, 1e9],
    [3e9, 4e9],
  ]);
});
