import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ComparedRun,
  compareFigures,
  differingInputs,
  paretoOf,
} from "../../../src/analysis/compare/comparison.ts";
import { measureConcentration } from "../../../src/analysis/compare/concentration.ts";
import { type Condition, readCondition, testCondition } from "../../../src/analysis/compare/condition.ts";
import { findScale, makeBasisFigure } from "../../../src/analysis/compare/equalise.ts";
import { headlinesOf, maybeNegative, senseOf } from "../../../src/analysis/compare/headlines.ts";
import { unlikeYears, warnOfHorizons } from "../../../src/analysis/compare/horizons.ts";
import {
  type PairedValues,
  pairedDifferences,
  pairedRatios,
  paretoShares,
  rankScenarios,
} from "../../../src/analysis/compare/paired.ts";
import { paretoSet } from "../../../src/analysis/compare/pareto.ts";
import { SAMPLED_COLUMNS } from "../../../src/analysis/compare/sampled-columns.ts";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import type { Formula } from "../../../src/metrics/formula.ts";
import { findMetric, METRICS } from "../../../src/metrics/index.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { faultsOf, load, loaded, scenarioText } from "../../scenario/load-files.ts";

async function run(name: string, text: string, mix?: string): Promise<ComparedRun> {
  const scenario = loaded(text, mix === undefined ? {} : { mix });
  const { results } = await runPlain(scenario, createThreadRunner());
  if (!results) throw new Error("no results");
  return { name, scenario, results };
}

/** A figure of scenarios, a row of trials each. */
function paired(...rows: readonly (readonly number[])[]): PairedValues {
  return { values: Float64Array.from(rows.flat()), scenarios: rows.length, trials: rows[0]?.length ?? 0 };
}

describe("paired statistics", () => {
  test("a scenario against itself gives exactly zero", () => {
    const figure = paired([1.1, 2.7, 3.3], [1.1, 2.7, 3.3]);
    const [, difference] = pairedDifferences(figure);
    expect(difference).toMatchObject({ share: 1, mean: 0, standardError: 0, quantiles: [0, 0, 0] });
    expect(pairedRatios(figure)[1]).toMatchObject({ mean: 1, standardError: 0, quantiles: [1, 1, 1] });
    expect(rankScenarios(figure, "less")).toEqual({
      probabilityBest: [0.5, 0.5],
      sameAs: [0, 0],
      probabilityBeatsFirst: [0, 0],
      expectedRegret: [0, 0],
      trials: 3,
    });
  });

  test("differences of a linear model are its closed form, whatever the scenarios share", () => {
    // Value = 10 z + slope x u with u = k / n and z shared: the difference has slope 2, mean 2 x (n + 1) / 2n, P5 2 x 0.05, P95 2 x 0.95.
    const trials = 1000;
    const rowOf = (slope: number) =>
      Array.from({ length: trials }, (_, trial) => {
        const [u, z] = [(trial + 1) / trials, ((trial * 7919) % trials) / trials];
        return 1024 * z + slope * u;
      });
    const figure = paired(rowOf(3), rowOf(5));
    const [, { mean, standardError, quantiles }] = pairedDifferences(figure);
    expect(mean).toBeCloseTo(1.001, 10);
    expect(quantiles[0]).toBeCloseTo(0.1, 10);
    expect(quantiles[2]).toBeCloseTo(1.9, 10);
    // Variance of 2 u: 4 (n^2 - 1) / 12 n^2, times n / (n - 1) for the sample.
    const variance = ((4 * (trials ** 2 - 1)) / 12 / trials ** 2) * (trials / (trials - 1));
    expect(standardError).toBeCloseTo(Math.sqrt(variance / trials), 10);
    expect(rankScenarios(figure, "less").probabilityBest).toEqual([1, 0]);
    expect(rankScenarios(figure, "less").probabilityBeatsFirst).toEqual([0, 0]);
    expect(rankScenarios(figure, "more").probabilityBeatsFirst).toEqual([0, 1]);
    expect(rankScenarios(figure, "more").expectedRegret[0]).toBeCloseTo(1.001, 10);
  });

  test("rounding decides no trial: what is within 1e-9 of the best shares it", () => {
    const figure = paired([1, 2, 5], [1 + 1e-13, 3, 4], [7, 2 - 1e-12, 6]);
    expect(rankScenarios(figure, "less").probabilityBest).toEqual([1 / 3, 0.5, 0.5 / 3]);
    expect(rankScenarios(figure, "less").probabilityBeatsFirst).toEqual([0, 1 / 3, 0]);
  });

  test("a trial in which a figure does not exist somewhere compares nothing", () => {
    const never = Number.POSITIVE_INFINITY;
    const figure = paired([1, never, 3, 4], [2, 2, never, 3]);
    expect(pairedDifferences(figure)[1]).toMatchObject({ share: 0.5, mean: 0 });
    expect(rankScenarios(figure, "less").probabilityBest).toEqual([0.5, 0.5]);
    expect(pairedRatios(paired([0, -1, 2], [1, 1, 3]))[1]).toMatchObject({ share: 1 / 3, mean: 1.5 });
  });

  test("chances add to one, and no regret is negative", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 8, maxLength: 8 }), {
          minLength: 1,
          maxLength: 5,
        }),
        (rows) => {
          const { probabilityBest, expectedRegret } = rankScenarios(paired(...rows), "more");
          expect(probabilityBest.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
          for (const regret of expectedRegret) expect(regret).toBeGreaterThanOrEqual(0);
        },
      ),
      { seed: 7 },
    );
  });

  test("the share of trials in the Pareto set is that of each trial's set", () => {
    // Trial 1: the first is cheaper and the second computes more; trial 2: the second does both.
    expect(paretoShares(paired([1, 2], [2, 1]), paired([1, 1], [2, 2]))).toEqual([0.5, 1]);
  });

  test("the Pareto set leaves out what another beats, and no one for rounding", () => {
    expect(paretoSet([1, 2, 3, 2], [1, 3, 2, 3])).toEqual([true, true, false, true]);
    expect(paretoSet([1, 1 + 1e-13], [5, 6])).toEqual([false, true]);
  });
});

const text = scenarioText({
  lets: "let:\n  scale: 1\n",
  chips: "chips:\n  gb300: { mfu: { training: { bf16: 40 % } } }\n",
  fleets:
    "fleets:\n  first:\n    chip: gb300\n    site: east\n    size: 100 chips * scale\n    deliver: { at: 2026-03 }\n  kept:\n    chip: gb300\n    site: east\n    size: 50 chips\n    deliver: { at: 2026-03 }\n",
  mixes:
    "mixes:\n  all_trainium:\n    fleets.first: { chip: null, mix: { trainium4: 100 % } }\n  half:\n    fleets.first: { chip: null, mix: { trainium4: 50 %, gb300: rest } }\n",
});

describe("comparison", () => {
  test("of other months is warned of, and not of the same", async () => {
    const [a, b] = [await run("a", text), await run("b", text.replace("start: 2026-01", "start: 2026-07"))];
    const [warning, ...others] = warnOfHorizons([a, a, b]);
    expect(others).toEqual([]);
    expect(warning && headlineOf(warning)).toBe(
      "`b` covers 96 months from 2026-07, `a` covers 96 months from 2026-01",
    );
    const allowing = await run(
      "b",
      `allow: [different-horizons]\n${text.replace("start: 2026-01", "start: 2026-07")}`,
    );
    expect(warnOfHorizons([a, allowing])).toEqual([]);
    const fiscal = await run("b", `fiscal_year_start: 7\n${text}`);
    expect(unlikeYears([a, a])).toBeUndefined();
    expect(unlikeYears([a, fiscal])).toBe(
      "a has `fiscal_year_start: 1` and b has `fiscal_year_start: 7`, so their years cannot be compared; add `--set fiscal_year_start=1`",
    );
  });

  test("a scenario against itself gives differences of exactly 0 and ratios of exactly 1", async () => {
    const figures = compareFigures({ basis: "", runs: [await run("a", text), await run("b", text)] });
    const second = figures.filter((figure) => figure.run === 1);
    expect(new Set(second.map(({ difference }) => difference))).toEqual(new Set([0]));
    // A figure that is 0 in both has no ratio.
    expect(new Set(second.map(({ ratio }) => ratio))).toEqual(new Set([1, undefined]));
    expect(paretoOf(figures, 2, "provider")).toEqual([true, true]);
    expect(differingInputs([loaded(text), loaded(text)])).toEqual([]);
  });

  test("inputs that differ are listed with both texts", () => {
    const inputs = differingInputs([loaded(text), loaded(text, { mix: "half" })]);
    expect(inputs.find(({ path }) => path === "fleets.first.mix.trainium4")?.texts).toEqual(["", "50 %"]);
    expect(inputs.map(({ path }) => path)).toContain("fleets.first.chip");
  });

  test("shares by vendor and site add to one", async () => {
    const shares = measureConcentration(await run("half", text, "half"));
    for (const by of ["vendor", "site"] as const) {
      const own = shares.filter((one) => one.by === by);
      expect(own.reduce((sum, { powerShare }) => sum + powerShare, 0)).toBeCloseTo(1, 12);
    }
    // 50 + 50 kW of gb300 and 50 kW of trainium4: without a vendor of its own a chip is its own.
    const [gb300, trainium4] = shares.filter((one) => one.by === "vendor");
    expect(gb300.powerShare).toBeCloseTo(2 / 3, 12);
    expect(trainium4.powerHhi).toBeCloseTo(4 / 9 + 1 / 9, 12);
  });

  test("a scale brings a mix onto equal compute", async () => {
    const figure = makeBasisFigure(loaded(text), "scale", "effective_fp4", createThreadRunner());
    // 100 scale + 50 chips: twice the whole is 250 of the first.
    const target = 2 * (await figure(1));
    expect(await findScale(figure, target)).toBeCloseTo(2.5, 9);
    expect(await findScale(figure, 0)).toBeUndefined();
  });

  test("mixes that do not add up and mixes that are not there are faults", () => {
    const wrong = text.replace("trainium4: 50 %, gb300: rest", "trainium4: 50 %, gb300: 40 %");
    expect(faultsOf(load(wrong, { mix: "half" })).join()).toContain(
      "invalid mix for `fleets.first.mix`: the shares add to 90 %",
    );
    expect(faultsOf(load(text, { mix: "haif" })).join()).toContain("unknown override `haif`");
  });
});

describe("conditions", () => {
  const metrics = new Map([
    ["cost_provider_pv_usd", "USD"],
    ["npv_provider_usd", "USD"],
    ["peak_facility_power_mw", "MW"],
    ["horizon_inference_usd_per_million_output_tokens", "USD/million tokens"],
    ["buyer_cost_usd_per_chip_hour", "USD/chip-hour"],
    ["horizon_demand_unserved_share", "1"],
    ["peak_h100e_fp8", "H100e"],
  ]);
  const figures = [100, 110].map((value, index) => ({
    metric: "cost_provider_pv_usd",
    unit: "USD",
    text: "",
    run: index,
    value,
    difference: value - 100,
    ratio: value / 100,
  }));
  const outcome = (condition: string) =>
    testCondition(readCondition(condition, metrics) as Condition, figures, ["a", "b"]).map(
      ({ code }) => code,
    );

  test("hold or not for every scenario but the first", () => {
    expect(outcome("cost_provider_pv_usd.ratio > 1.05")).toEqual(["failed-condition"]);
    expect(outcome("cost_provider_pv_usd.ratio > 1.2")).toEqual([]);
    expect(outcome("cost_provider_pv_usd.difference >= 10")).toEqual(["failed-condition"]);
    expect(outcome("cost_provider_pv_usd.difference > 5 %")).toEqual(["failed-condition"]);
    expect(outcome("cost_provider_pv_usd.value < 105")).toEqual([]);
  });

  test("hold for a figure that falls to nothing: it is a hundred per cent less", () => {
    const gone = figures.map((figure) => (figure.run === 0 ? figure : { ...figure, value: 0 }));
    const told = (condition: string) =>
      testCondition(readCondition(condition, metrics) as Condition, gone, ["a", "b"]).map(headlineOf);
    expect(told("cost_provider_pv_usd.difference < -50 %")).toEqual([
      "the condition `cost_provider_pv_usd.difference < -50 %` holds for `b`: it is -100 %",
    ]);
    expect(told("cost_provider_pv_usd.difference > -50 %")).toEqual([]);
  });

  test("are told with what was got, in the unit of the figure", () => {
    const told = (condition: string) =>
      testCondition(readCondition(condition, metrics) as Condition, figures, ["a", "b"]).map(headlineOf);
    expect(told("cost_provider_pv_usd.value > 5")[0]).toContain("it is 110 USD");
    expect(told("cost_provider_pv_usd.difference > 5 USD")[0]).toContain("it is 10 USD");
    expect(told("cost_provider_pv_usd.ratio > 1.05")[0]).toMatch(/it is 1\.1$/);
  });

  test("may be on any column that a sample adds", () => {
    const statistics = {
      share: 1,
      mean: 8,
      standardError: 0.5,
      least: 1,
      largest: 20,
      quantiles: [2, 7, 15],
    };
    const rank = {
      sense: "less",
      trials: 4,
      probabilityBest: 0.25,
      probabilityBeatsFirst: 0.25,
      expectedRegret: 3,
      sameAs: 0,
    } as const;
    const sampled = figures.map((figure) => ({
      ...figure,
      paired: { value: statistics, difference: statistics, ratio: statistics, rank },
    }));
    const outcomeOf = (condition: string) =>
      testCondition(readCondition(condition, metrics) as Condition, sampled, ["a", "b"]).map(
        ({ code }) => code,
      );
    for (const { name } of SAMPLED_COLUMNS) {
      const limit = /^(probability|trials_share)/.test(name) ? "<= 1" : "< 1e9";
      expect(outcomeOf(`cost_provider_pv_usd.${name} ${limit}`), name).toEqual(["failed-condition"]);
    }
    expect(outcomeOf("cost_provider_pv_usd.difference_p95 > 15")).toEqual([]);
    expect(outcomeOf("cost_provider_pv_usd.difference_p95 >= 15")).toEqual(["failed-condition"]);
    expect(outcomeOf("cost_provider_pv_usd.probability_best < 30 %")).toEqual(["failed-condition"]);
    expect(outcomeOf("cost_provider_pv_usd.probability_best < 25 %")).toEqual([]);
    // Without a sample it cannot be decided, which is a fault and not a pass.
    expect(outcome("cost_provider_pv_usd.difference_p95 > 15")).toEqual(["invalid-condition"]);
  });

  test("are judged by what they are, not by how a contract is called", () => {
    expect(senseOf("low_cost.contract_term_mw_years")).toBeUndefined();
    expect(maybeNegative("planet_2.contract_commitment_usd")).toBe(false);
    expect(headlinesOf(["commitment_1.contract_term_mw_years"], "buyer")).toEqual([]);
  });

  test("say which way a figure is better, or that neither is", () => {
    expect(senseOf("npv_provider_usd")).toBe("more");
    expect(senseOf("final_cumulative_effective_fp4_yflop")).toBe("more");
    expect(senseOf("levelised_cost_usd_per_effective_fp4_eflop_hour")).toBe("less");
    expect(senseOf("feb_2026.implied_usd_per_chip_hour")).toBe("less");
    expect(senseOf("horizon_training_usd_per_run")).toBe("less");
    expect(senseOf("peak_facility_power_mw")).toBeUndefined();
    expect(senseOf("provider_revenue_total_usd")).toBeUndefined();
    expect(senseOf("months_bound_by_power")).toBe("less");
    expect(senseOf("final_chips_undelivered")).toBe("less");
    expect(senseOf("provider_lowest_cumulative_cash_usd")).toBe("more");
  });

  test("a sum is better as what it is a sum of", () => {
    // Through sums over entities and months and what is added up; of what is subtracted or divided nothing follows.
    const parts = (formula: Formula): readonly string[] | undefined => {
      if (formula.kind === "metric" || formula.kind === "sum") return [formula.name];
      if (formula.kind === "running" || formula.kind === "total") return parts(formula.of);
      if (formula.kind !== "operation") return undefined;
      const { operator, operands } = formula;
      // Discounted, or times hours, it is better the same way.
      const isFactor = ({ kind }: Formula) =>
        ["discount", "final_discount", "hours", "number"].includes(kind);
      const [factor, ...others] = operands.filter((one) => !isFactor(one));
      if (operator === "multiply" && factor && others.length === 0) return parts(factor);
      if (operator !== "add") return undefined;
      const each = operands.map(parts);
      return each.every((names) => names !== undefined) ? each.flat() : undefined;
    };
    const senses = METRICS.flatMap(({ name, better, formula }) => {
      const names = (formula && parts(formula)) ?? [];
      const own = new Set(names.map((each) => findMetric(each)?.better));
      return own.size === 1 ? [[name, better, [...own][0]] as const] : [];
    });
    expect(senses.length).toBeGreaterThan(25);
    const odd = senses.filter(([, better, own]) => better !== own).map(([name]) => name);
    // What contracts bill beyond the horizon is neither book's gain: one has it from the other.
    expect(odd).toEqual(["payments_after_horizon_usd"]);
  });

  test("are refused where they say nothing", () => {
    const fault = (condition: string) => {
      const read = readCondition(condition, metrics);
      return "code" in read ? `${headlineOf(read)} ${read.expected ?? ""}` : "none";
    };
    expect(fault("cost_provider_pv.ratio > 1")).toContain(
      "unknown metric `cost_provider_pv` `cost_provider_pv_usd`",
    );
    expect(fault("npv_provider_usd.ratio > 1.05")).toContain("may be negative");
    expect(fault("npv_provider_usd.difference > 5 %")).toContain("may be negative");
    expect(fault("cost_provider_pv_usd > 3")).toContain("not of the form");
    expect(fault("cost_provider_pv_usd.difference_p59 > 3")).toContain("`difference_p5`");
    expect(fault("cost_provider_pv_usd.difference_p95 > 3 %")).toContain("not with a percentage");
    expect(fault("npv_provider_usd.difference > 5")).toBe("none");
  });

  const limitOf = (condition: string) => {
    const read = readCondition(condition, metrics);
    return "code" in read ? `${headlineOf(read)}; ${read.help ?? ""}` : read.limit;
  };

  test("compare with an amount in any unit of its kind, or with a number in the unit that is shown", () => {
    expect(limitOf("npv_provider_usd.difference > 5 million USD")).toBe(5e6);
    expect(limitOf("npv_provider_usd.difference_p95 < -2.5 billion USD")).toBe(-2.5e9);
    expect(limitOf("peak_facility_power_mw.value > 1.4 GW")).toBe(1400);
    expect(limitOf("peak_facility_power_mw.difference > 3")).toBe(3);
    expect(
      limitOf("horizon_inference_usd_per_million_output_tokens.value > 0.002 USD/(thousand tokens)"),
    ).toBe(2);
    expect(limitOf("buyer_cost_usd_per_chip_hour.value_mean > 3 USD/(chip hour)")).toBe(3);
    expect(limitOf("horizon_demand_unserved_share.value > 5 %")).toBe(0.05);
    expect(limitOf("peak_facility_power_mw.value > 1.4 GWh")).toContain("needs MW, got an energy");
    expect(limitOf("peak_facility_power_mw.value > 14 gw")).toContain("unknown unit `gw`");
    expect(limitOf("npv_provider_usd.difference > 5 M USD")).toContain("write `5 million USD`");
    expect(limitOf("peak_h100e_fp8.value > 5 chips")).toContain("write `5` or `5 H100e`");
    expect(limitOf("peak_h100e_fp8.value > 5 H100e")).toBe(5);
    expect(limitOf("cost_provider_pv_usd.ratio > 5 USD")).toContain("`ratio` has no unit");
  });

  test("take every figure in the unit that compare.csv prints beside it", () => {
    const units = new Map(METRICS.map(({ name, unit }) => [name, unit]));
    const refused = [...units].filter(([name, unit]) => {
      const read = readCondition(`${name}.value > 5 ${unit === "1" ? "" : unit}`, units);
      return "code" in read || read.limit !== 5;
    });
    expect(refused).toEqual([]);
  });

  test("refuse a number that is read differently elsewhere", () => {
    expect(limitOf("cost_provider_pv_usd.value > 20.000")).toContain("write `20000` or `20`");
    expect(limitOf("cost_provider_pv_usd.value > 20,000 USD")).toContain("write `20000 USD` or `20 USD`");
    expect(limitOf("cost_provider_pv_usd.ratio > 1,05")).toContain("write `1.05`");
  });

  test("compare a difference of shares in points", () => {
    const share = "horizon_demand_unserved_share";
    expect(limitOf(`${share}.difference > 5 points`)).toBe(0.05);
    expect(limitOf(`${share}.difference_p95 > 5 percentage points`)).toBe(0.05);
    expect(limitOf(`${share}.difference_p95 > 5 %`)).toContain("write `5 points`");
    // Without the unit of a share, a per cent is one of the first scenario's figure.
    expect(readCondition(`${share}.difference > 5 %`, metrics)).toMatchObject({ limit: 5, isPercent: true });
    expect(limitOf("cost_provider_pv_usd.ratio > 5 points")).toContain("`ratio` has no unit");
    expect(limitOf("npv_provider_usd.difference > 5 points")).toContain("unknown unit");
  });

  test("drop the sign of an absolute value, so that one condition sees both ways", () => {
    expect(outcome("abs(cost_provider_pv_usd.difference) > 5 %")).toEqual(["failed-condition"]);
    expect(outcome("abs(cost_provider_pv_usd.difference) > 15 %")).toEqual([]);
    const less = figures.map((figure) =>
      figure.run === 0 ? figure : { ...figure, value: 90, difference: -10 },
    );
    const told = (condition: string) =>
      testCondition(readCondition(condition, metrics) as Condition, less, ["a", "b"]).map(headlineOf);
    expect(told("cost_provider_pv_usd.difference > 5 USD")).toEqual([]);
    expect(told("abs( cost_provider_pv_usd.difference ) > 5 USD")[0]).toContain(
      "holds for `b`: it is 10 USD",
    );
    expect(told("abs(cost_provider_pv_usd.difference) > 5 %")[0]).toContain("it is 10 %");
    expect(limitOf("abs(cost_provider_pv_usd.difference) > -5")).toContain("never negative");
    expect(limitOf("abs(npv_provider_usd.ratio) > 5")).toContain("may be negative");
    for (const text of [
      "abs(cost_provider_pv_usd.value > 5",
      "abs() > 5",
      "abs(abs(npv_provider_usd.value)) > 5",
    ])
      expect(limitOf(text)).toContain("not of the form");
  });

  test("compare a chance with one that may be, and anything with a finite number", () => {
    const chance = "cost_provider_pv_usd.probability_best";
    expect(limitOf(`${chance} < 50 %`)).toBe(0.5);
    expect(limitOf(`${chance} < 0.5`)).toBe(0.5);
    expect(limitOf(`${chance} < 50`)).toContain("between 0 and 1; write `50 %` or `0.5`");
    expect(limitOf(`${chance} < 150 %`)).toContain("between 0 and 1");
    expect(limitOf("cost_provider_pv_usd.trials_share < 2")).toContain("between 0 and 1");
    expect(limitOf("cost_provider_pv_usd.ratio > 1e400")).toContain("`1e400` is not a finite number");
    expect(limitOf("cost_provider_pv_usd.difference > 1e400 USD")).toContain("not a finite number");
    expect(limitOf("peak_facility_power_mw.probability_best > 0.5")).toContain("neither more nor less of");
  });
});
