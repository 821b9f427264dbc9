import { describe, expect, test } from "vitest";
import {
  pairSamples,
  preparePairedSample,
  type SampledFigures,
  samplePaired,
} from "../../../src/analysis/compare/paired-sample.ts";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { prepareSample, runMonteCarlo } from "../../../src/analysis/sample/montecarlo.ts";
import { makeFigures } from "../../../src/analysis/tables/summary-table.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { tinyText } from "../../engine/tiny-scenario.ts";
import { loaded } from "../../scenario/load-files.ts";

const runner = createThreadRunner();
const names = ["cost_provider_pv_usd", "final_cumulative_effective_fp4_yflop"];
const options = { trials: 10_000, seed: "paired" };
const [lowest, highest] = [2000, 5000];

/** `size` chips, whose price is drawn; nothing else costs anything. */
function buy(size: number, price = `{ distribution: uniform, min: ${lowest} USD, max: ${highest} USD }`) {
  const text = tinyText({
    provider: "discount_rate: 0 %, sunk: true",
    fleet: `size: ${size} chips, maintenance: 0 %`,
  });
  return loaded(
    text
      .replace("defaults:\n", `let:\n  chip_price: ${price}\ndefaults:\n`)
      .replace("price: 0 USD", "price: chip_price"),
    { catalog: [] },
  );
}

async function sampleOf(
  scenario: ReturnType<typeof buy>,
  seed = options.seed,
  asked: readonly string[] = names,
): Promise<SampledFigures> {
  const { results } = await runPlain(scenario, runner);
  if (!results) throw new Error("no results");
  const prepared = preparePairedSample(scenario, results, asked, { ...options, seed });
  const { sampled } = await samplePaired(prepared, runner, () => {});
  if (!sampled) throw new Error("draws left a range");
  return sampled;
}

async function pair(...scenarios: ReturnType<typeof buy>[]) {
  const sampled: SampledFigures[] = [];
  for (const scenario of scenarios) sampled.push(await sampleOf(scenario));
  const { figures } = pairSamples(sampled, names, options, "provider");
  const cost = figures.get("cost_provider_pv_usd");
  if (!cost) throw new Error("no cost");
  return cost;
}

describe("a cost that is linear in one drawn price", () => {
  test("has the paired differences of its closed form", async () => {
    // cost = chips x price: the difference is 20 x price, uniform between 20 x 2000 and 20 x 5000.
    const [first, second] = await pair(buy(100), buy(120));
    const [low, width] = [20 * lowest, 20 * (highest - lowest)];
    const deviation = width / Math.sqrt(12);
    const error = deviation / Math.sqrt(options.trials);
    expect(Math.abs(second.difference.mean - (low + width / 2))).toBeLessThan(4 * error);
    // The standard deviation of a uniform is off by root(0.8 / n) / 2 of itself, 0.45 %: the bound of 5 % is ten of them.
    expect(second.difference.standardError / error).toBeCloseTo(1, 1);
    for (const [index, probability] of [0.05, 0.5, 0.95].entries()) {
      const quantileError = width * Math.sqrt((probability * (1 - probability)) / options.trials);
      const distance = second.difference.quantiles[index] - (low + probability * width);
      expect(Math.abs(distance), `P${probability * 100}`).toBeLessThan(4 * quantileError);
    }
    // Prices are the same draws, so the ratio does not spread, and the regret of the dearer is the mean difference.
    expect(second.ratio?.quantiles[0]).toBeCloseTo(1.2, 12);
    expect(second.ratio?.quantiles[2]).toBeCloseTo(1.2, 12);
    expect([first.rank?.probabilityBest, second.rank?.probabilityBest]).toEqual([1, 0]);
    expect(second.rank?.probabilityBeatsFirst).toBe(0);
    expect(second.rank?.expectedRegret).toBeCloseTo(second.difference.mean, 6);
  });

  test("is best as often as the closed form says where a fixed price stands beside it", async () => {
    // Dearer than 4,100 USD in 30 % of trials: the chips at a fixed price are best in so many, with a regret of
    // the mean of max(4100 - price, 0) = 2100^2 / 2 / 3000 a chip.
    const [, fixed] = await pair(buy(100), buy(100, "4100 USD"));
    const error = Math.sqrt((0.3 * 0.7) / options.trials);
    expect(Math.abs((fixed.rank?.probabilityBest ?? 0) - 0.3)).toBeLessThan(4 * error);
    expect(fixed.rank?.probabilityBeatsFirst).toBe(fixed.rank?.probabilityBest);
    const regret = (100 * (4100 - lowest) ** 2) / 2 / (highest - lowest);
    // max(4100 - price, 0) is between 0 and 2100, so its deviation is at most 1050.
    const bound = (4 * 100 * 1050) / Math.sqrt(options.trials);
    expect(Math.abs((fixed.rank?.expectedRegret ?? 0) - regret)).toBeLessThan(bound);
  });

  test("is exactly zero against itself", async () => {
    const [, self] = await pair(buy(100), buy(100));
    expect(self.difference).toEqual({
      share: 1,
      mean: 0,
      standardError: 0,
      least: 0,
      largest: 0,
      quantiles: [0, 0, 0],
    });
    expect(self.ratio?.quantiles).toEqual([1, 1, 1]);
    expect(self.rank).toMatchObject({ probabilityBest: 0.5, probabilityBeatsFirst: 0, expectedRegret: 0 });
  });
});

test("every figure's own statistics are those of a run with the same seed, bit for bit", async () => {
  // With little to pay some figures are one register, which a sample sums up once: they must not displace others.
  const scenario = buy(100);
  const { results } = await runPlain(scenario, runner);
  if (!results) throw new Error("no results");
  const run = await runMonteCarlo(prepareSample(scenario, results, options), results, runner);
  const figures = run.results ? makeFigures(run.results).filter(({ statistics }) => statistics) : [];
  const all = figures.map(({ metric }) => metric);
  expect(all.length).toBeGreaterThan(30);
  const paired = pairSamples([await sampleOf(scenario, options.seed, all)], all, options, "provider");
  for (const { metric, statistics } of figures)
    expect(paired.figures.get(metric)?.[0]?.value, metric).toEqual(statistics);
});

test("figures that are one and the same are each themselves, and shift no other", async () => {
  // At 0 % a year, without an opening, present value and cash are one number; chips are another.
  const same = ["cost_provider_pv_usd", "provider_cash_total_usd"];
  const figures = [...same, "peak_chips_energised"];
  const sampled = await Promise.all([100, 120].map((size) => sampleOf(buy(size), options.seed, figures)));
  const found = pairSamples(sampled, figures, options, "provider").figures;
  const ofSecond = (name: string) => found.get(name)?.[1];
  for (const name of same) expect(ofSecond(name)?.difference).toEqual(ofSecond(same[0])?.difference);
  expect(ofSecond(same[0])?.difference.least).toBeGreaterThanOrEqual(20 * lowest);
  expect(ofSecond("peak_chips_energised")?.value).toMatchObject({ share: 1, least: 120, largest: 120 });
});

test("other draws are other numbers", async () => {
  const { values } = await sampleOf(buy(100));
  expect((await sampleOf(buy(100))).values).toEqual(values);
  expect((await sampleOf(buy(100), "another")).values).not.toEqual(values);
});
