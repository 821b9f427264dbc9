import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { runPlain } from "../../src/analysis/results/plain-run.ts";
import type { Results } from "../../src/analysis/results/results.ts";
import { prepareSample, runMonteCarlo } from "../../src/analysis/sample/montecarlo.ts";
import { correlationOf, ranksOf } from "../../src/analysis/sample/rank-inputs.ts";
import { plainSentence } from "../../src/charts/kit/sentence.ts";
import { keyFigureHtml } from "../../src/report/page/key-figure.ts";
import { answerRun, leadingInput } from "../../src/report/run-answer.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { loadScenario } from "../../src/scenario/load.ts";
import { smallScenario, workingScenario } from "../cli/gigafleet.ts";
import { resultsOf, scenarioOf } from "../faults/run-scenario.ts";

async function answerOf(text: string, trials = 0): Promise<readonly string[]> {
  const { scenario, diagnostics } = loadScenario({
    path: "small.yaml",
    read: (name) => (name === "small.yaml" ? text : fs.readFileSync(name, "utf8")),
    catalog: [],
  });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const runner = createThreadRunner();
  const plain = (await runPlain(scenario!, runner)).results as Results;
  const sampled =
    trials === 0
      ? plain
      : (await runMonteCarlo(prepareSample(scenario!, plain, { trials, seed: "1" }), plain, runner)).results;
  return answerRun(scenario!, sampled as Results).map((one) =>
    plainSentence(one)
      .replace(/\u202f/g, " ")
      .replace(/\u2212/g, "-"),
  );
}

describe("the answer of a run", () => {
  test("without uncertain values tells the plain run, without ranges", async () => {
    const [reach, money, limit] = await answerOf(smallScenario);
    // 100 chips of 1 kW at a PUE of 1; eighty until May, for want of power.
    expect(reach).toBe("Chips wait for power reaches 100 kW in May 2027.");
    expect(money).toMatch(
      /^It costs the provider [\d.]+ (?:M|thousand) USD in present value at [\d.]+ % a year\.$/,
    );
    expect(limit).toBe("At medians power binds in 2 of 12 months, first in March 2027.");
  });

  test("with a sample gives medians with P5 to P95, and names the only input that there is", async () => {
    const uncertain = smallScenario.replace(/price: .*/, "price: 5 thousand USD to 15 thousand USD");
    expect(uncertain).not.toBe(smallScenario);
    const [reach, money, limit] = await answerOf(uncertain, 512);
    // What does not vary has no range, and the first range says what its ends are.
    expect(reach).toBe("Chips wait for power reaches 100 kW in May 2027 (month at medians).");
    expect(`${reach} ${money}`.match(/P5 to P95/g)).toHaveLength(1);
    expect(money).toMatch(/ \((?:P5 to P95: )?[\d.]+ to [\d.]+\) in present value/);
    expect(limit).toMatch(
      /The spread of cost follows the price of \w+ most, a value without a stated quality\.$/i,
    );
  });

  test("opens the chance of the month from which work more likely falls short, in which medians may serve all", async () => {
    const reference = scenarioOf("../../../scenarios/openai-aws");
    const parts = answerRun(reference, await resultsOf(reference, 400)).flat();
    const months = parts.filter((part) => JSON.stringify(part).includes('"demand_unserved_share"'));
    expect(months).toHaveLength(5);
    const words = plainSentence(parts).replace(/\u202f/g, " ");
    // The chance is that of the month named, and what is due later stands beside the NPV that leaves it out.
    expect(words).toMatch(
      /More than half of the trials leave work unserved .*throughout 2027 .*, most often in January 2027 \(100 %\); how much is open: [\d.]+ % \(<0\.1 to \d\d %\) of its value over the horizon\./,
    );
    expect(words).toMatch(
      /; its NPV over the horizon is [\d.]+ B USD \(.*?\), without the [\d.]+ B USD of payments that fall due later; to the end of its contracts it is [\d.]+ B USD\./,
    );
    expect(words).toMatch(
      /The spread of cost follows the .* most, (?:an? \w+ value|an estimate|an assumption)\.$/,
    );
    for (const part of months) expect(JSON.stringify(part)).toContain('"of":"chance"');
  });

  test("tells how much work goes unserved, in which months and how sure, however narrow its range", async () => {
    // Work is asked from January on and the chips land in March: 59 of 365 days of the same work a day, 16 %.
    const [, , plain] = await answerOf(workingScenario);
    expect(plain).toBe(
      "At medians 16 % of the work\u2019s value goes unserved over the horizon: work falls short in 2 of 12 months, first and most in January 2027 (100 % of that month\u2019s value). At medians the delivery of chips binds in 2 of 12 months, first in January 2027.",
    );
    const uncertain = (text: string) =>
      answerOf(text.replace("price: 10 thousand USD", "price: 8 thousand USD to 14 thousand USD"), 64);
    const [, , sampled] = await uncertain(workingScenario);
    expect(sampled).toContain(
      "Of the work\u2019s value 16 % (P5 and P95 the same) goes unserved over the horizon: work falls short in 2 of 12 months in more than half of the trials, first and most in January 2027 (in 100 % of trials; 100 % of that month\u2019s value). At medians the delivery of chips binds in",
    );
    // No chip is as fast as that: nothing is ever served.
    const never = workingScenario.replace("speed: 20 tokens/s", "speed: 1000000 tokens/s");
    expect((await answerOf(never))[2]).toMatch(
      /^At medians 100 % of the work\u2019s value goes unserved over the horizon: work falls short in every month, most in January 2027 \(100 % of that month\u2019s value\)\./,
    );
    const later = never.replace("1 requests/s", "{ 2027-04: 1 requests/s }");
    expect((await uncertain(later))[2]).toMatch(
      /^Of the work\u2019s value 100 % \(P5 and P95 the same\) goes unserved over the horizon: from April 2027 on work falls short in every month and every trial, most in April 2027 /,
    );
  });

  test("tells a month in which work goes unserved where it is little over the horizon, and nothing where it is little in each", async () => {
    // One of ten thousand requests is asked before the chips land.
    const asked = "requests: { 2027-01: 0.0001 requests/s, 2027-03: 1 requests/s }";
    const [, , limit] = await answerOf(workingScenario.replace("requests: 1 requests/s", asked));
    expect(limit).toMatch(
      /^At medians <0\.1 % of the work\u2019s value goes unserved over the horizon: work falls short in 2 of 12/,
    );
    const served = workingScenario.replace("requests: 1 requests/s", "requests: { 2027-03: 1 requests/s }");
    expect((await answerOf(served))[2]).toMatch(/^At medians power binds/);
  });

  test("has key figures with the ends of their range, or without where both are the same as shown", () => {
    const figure = (low: number, high: number) =>
      keyFigureHtml({ label: "Power", reading: { plain: 266, middle: 266, low, high, unit: "MW" } });
    expect(figure(250.2, 270.4)).toContain("<small>250 to 270</small>");
    expect(figure(265.9, 266.1)).toContain("<small>P5 and P95 the same</small>");
  });

  test("of a plan without chips says so", async () => {
    const none = smallScenario.replace("size: 100 chips", "size: 0 chips");
    expect(none).not.toBe(smallScenario);
    const [reach] = await answerOf(none);
    expect(reach).toBe("Chips wait for power energises no chip.");
    // Uncertain, but of no consequence: nothing explains a spread that is none.
    const [, , limit] = await answerOf(
      none.replace(/price: .*/, "price: 5 thousand USD to 15 thousand USD"),
      64,
    );
    expect(limit).toBe("At medians no limit binds in any month.");
  });
});

test("an input is named only where the figure follows it, and clearly more than the next", () => {
  const ranked = (...correlations: number[]) =>
    correlations.map((correlation, index) => ({
      key: `in${index}`,
      correlation,
      lowest: 0,
      highest: 0,
      mean: 0,
    }));
  expect(leadingInput(ranked(-0.68, 0.45))?.key).toBe("in0");
  expect(leadingInput(ranked(0.68, 0.6))).toBeUndefined();
  expect(leadingInput(ranked(0.3))).toBeUndefined();
  expect(leadingInput([])).toBeUndefined();
});

test("ranks share ties, and the correlation of ranks is Spearman's", () => {
  expect([...ranksOf([30, 10, 20, 10])]).toEqual([3, 0.5, 2, 0.5]);
  expect(ranksOf([Number.NaN, Number.NaN, 1])).toHaveLength(3);
  // Spearman's rho of (1,2,3,4,5) and (2,1,4,3,5): 1 - 6 x 4 / (5 x 24).
  const [a, b] = [
    [1, 2, 3, 4, 5],
    [2, 1, 4, 3, 5],
  ].map((list) => ranksOf(list));
  expect(correlationOf(a, b)).toBeCloseTo(0.8, 12);
  expect(correlationOf(Float64Array.of(1, 1), Float64Array.of(1, 2))).toBe(0);
});
