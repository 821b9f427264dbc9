import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildProgram } from "../../../src/analysis/optimize/build-program.ts";
import { type Optimum, optimize } from "../../../src/analysis/optimize/optimize.ts";
import { writePlanFile } from "../../../src/analysis/optimize/plan-file.ts";
import { readTask, type TaskOptions } from "../../../src/analysis/optimize/read-task.ts";
import { rulesLeftOut } from "../../../src/analysis/optimize/rules-left-out.ts";
import { readSituation, type Situation } from "../../../src/analysis/optimize/situation.ts";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { findColumn, type Results } from "../../../src/analysis/results/results.ts";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { formatMonth } from "../../../src/scenario/language/format-expr.ts";
import { loadSolver } from "../../../src/solver/highs-solver.ts";
import { loaded, scenarioText } from "../../scenario/load-files.ts";
import { solveWithGlpk } from "./second-solver.ts";

const solver = await loadSolver();

/** Hours under contract: from April 2026, when the chips land, to November, the last month of the term. */
const HOURS_IN_TERM = 244 * 24;

/** A thousand chips from April 2026 on, one year reported; both chips compute the same, trainium4 at half the price and rate. */
const text = scenarioText({
  head: "schema_version: 1\nstart: 2026-01\nyears: 1\nbuyer: { discount_rate: 0 % }\nprovider: { discount_rate: 0 % }\n",
  sites:
    "sites:\n  east:\n    power: 10 MW\n    pue: 1.25\n    pue_design: 1.25\n    electricity: 58 USD/MWh\n    facility: 12 USD/W\n",
  fleets:
    "fleets:\n  first:\n    chip: gb300\n    site: east\n    size: 1000 chips\n    life: 10 years\n    procurement: { contract: deal }\n    deliver: { at: 2026-04 }\n",
  chips:
    "chips:\n  gb300: { mfu: { training: { bf16: 40 % } } }\n  trainium4: { price: 12.5 thousand USD, mfu: { training: { bf16: 40 % } } }\n",
  contracts:
    "contracts:\n  deal:\n    commitment: 1 USD\n    start: 2026-01\n    term: 11 months\n    rates: { gb300: 4 USD/chip/hour, trainium4: 2 USD/chip/hour }\n",
  optimize: "optimize:\n  chips: [gb300, trainium4]\n",
});

type Found = { readonly situation: Situation; readonly optimum: Optimum };

function find(sets: readonly string[], options: Partial<TaskOptions> = {}, base = text): Found {
  const scenario = loaded(base, { sets });
  const { task } = readTask(scenario, { goal: "minimize_cost", ...options });
  if (!task) throw new Error("no task");
  const situation = readSituation(scenario, task);
  const { optimum, diagnostics } = optimize(situation, solver);
  if (!optimum) throw new Error(diagnostics.map(headlineOf).join("\n"));
  return { situation, optimum };
}

const onBuyer = (sets: readonly string[], base = text) => find(sets, { book: "buyer" }, base);

/** Runs the plan's file as `run` would. */
async function runOf({ situation, optimum }: Found, base = text): Promise<Results> {
  const plan = writePlanFile(situation.scenario, situation.task, optimum.purchases, "./base.yaml");
  const { results } = await runPlain(loaded({ "a.yaml": plan, "base.yaml": base }), createThreadRunner());
  if (!results) throw new Error("the plan does not run");
  return results;
}

const figure = (results: Results, metric: string) => findColumn(results, "run", metric)?.[0] ?? Number.NaN;

function largestShortfall(results: Results): number {
  const shortfall = findColumn(results, "contract", "contract_shortfall_usd", "deal");
  if (!shortfall) throw new Error("the contract has no shortfall");
  return Math.max(...shortfall);
}

const chipsOf = ({ optimum }: Found, name: string) =>
  optimum.purchases.reduce((sum, { chip, chips }) => sum + (chip === name ? chips : 0), 0);

describe("in the buyer's book", () => {
  test("the chip that bills less is bought, whatever it costs the provider", async () => {
    const sets = ["contracts.deal.rates.gb300=1 USD/chip/hour"];
    const found = onBuyer(sets);
    expect(chipsOf(found, "gb300")).toBeCloseTo(1000, 4);
    expect(chipsOf(found, "trainium4")).toBe(0);
    // 1,000 chips at 1 USD; December's hours are billed to nobody.
    const expected = HOURS_IN_TERM * 1000;
    expect(Math.abs(found.optimum.paymentPv / expected - 1)).toBeLessThan(1e-8);
    expect(Math.abs(figure(await runOf(found), "buyer_cost_pv_usd") / expected - 1)).toBeLessThan(1e-8);
  });

  test("a commitment that is not used up is paid all the same", async () => {
    // Use of trainium4 within the term, April to November, is 1,000 x 244 days x 24 h x 2 USD = 11.712 million USD.
    const sets = ["contracts.deal.commitment=20 million USD"];
    const found = onBuyer(sets);
    // Any mix that stays within the 20 million costs as much; GB300 alone, at 4 USD, would go over them by 3.424.
    const bill = HOURS_IN_TERM * (4 * chipsOf(found, "gb300") + 2 * chipsOf(found, "trainium4"));
    expect(bill).toBeLessThan(20e6 * (1 + 1e-9));
    expect(HOURS_IN_TERM * 2000).toBe(11.712e6);
    const expected = 20e6;
    expect(Math.abs(found.optimum.paymentPv / expected - 1)).toBeLessThan(1e-8);
    expect(Math.abs(figure(await runOf(found), "buyer_cost_pv_usd") / expected - 1)).toBeLessThan(1e-8);
  });

  test("one more dollar committed and not used costs one dollar", () => {
    const { optimum } = onBuyer(["contracts.deal.commitment=20 million USD"]);
    const price = optimum.shadowPrices.find(({ kind }) => kind === "commitment");
    expect(price).toMatchObject({ name: "deal", period: "2026-01 to 2026-11", unit: "USD" });
    expect(price?.value).toBeCloseTo(1, 9);
    const more = onBuyer(["contracts.deal.commitment=20.001 million USD"]).optimum;
    expect((more.paymentPv - optimum.paymentPv) / 1000).toBeCloseTo(1, 6);
  });

  test("pay as you go charges nothing for what is not used", () => {
    const sets = ["contracts.deal.commitment=20 million USD", "contracts.deal.terms=pay_as_you_go"];
    const { optimum } = onBuyer(sets);
    expect(Math.abs(optimum.paymentPv / (HOURS_IN_TERM * 2000) - 1)).toBeLessThan(1e-8);
  });

  test("a budget is of the buyer's payments, by year", () => {
    expect(() => onBuyer(["optimize.budget=11.6 million USD"])).toThrow(
      /no plan exists: .*required supply.*`optimize.budget` in 2026/,
    );
    const { optimum } = onBuyer(["optimize.budget=11.8 million USD"]);
    expect(optimum.paymentPv).toBeLessThan(11.8e6);
  });

  test("without contracts there is nothing to pay, which is said", () => {
    const bare = text.replace("    procurement: { contract: deal }\n", "");
    expect(() => onBuyer([], bare)).toThrow(
      /no contract of the replaced fleets bills any of `gb300`, `trainium4`/,
    );
  });

  test("a chip without a rate is not bought, and in the provider's book bills nothing", () => {
    const one = text.replace(", trainium4: 2 USD/chip/hour", "");
    expect(chipsOf(onBuyer([], one), "trainium4")).toBe(0);
    const { situation, optimum } = find([], {}, one);
    expect(optimum.purchases.map(({ chip, contracts }) => [chip, contracts])).toEqual([["trainium4", []]]);
    expect(rulesLeftOut(situation)).toContain(
      "`rates`: no contract of the replaced fleets has a rate for `trainium4`, so its hours are not billed",
    );
  });
});

describe("commitments that have to be used", () => {
  // No chip can land before April, and what lands then is within the term for 244 days.
  const late = "sites.east.power={ 2026-04: 10 MW }";
  const used = [late, "optimize.commitments=used"];

  test("make the plan bill them, at the least cost to the provider", async () => {
    const sets = [...used, "contracts.deal.commitment=15 million USD"];
    const found = find(sets);
    // 244 x 24 h x (4 x + 2 (1000 - x)) = 15 million: x GB300 take the place of Trainium4, which costs less than to add some.
    const x = (15e6 / (244 * 24) - 2000) / 2;
    expect(chipsOf(found, "gb300")).toBeCloseTo(x, 3);
    expect(chipsOf(found, "trainium4")).toBeCloseTo(1000 - x, 3);
    const results = await runOf(found);
    expect(largestShortfall(results)).toBeLessThan(0.01);
    expect(Math.abs(figure(results, "cost_provider_pv_usd") / found.optimum.costPv - 1)).toBeLessThan(1e-9);
  });

  test("cost more the larger they are, at the price that is told", () => {
    const at = (millions: number) =>
      find([...used, `contracts.deal.commitment=${millions} million USD`]).optimum;
    const [base, more] = [at(15), at(15.01)];
    const price = base.shadowPrices.find(({ kind }) => kind === "commitment")?.value ?? 0;
    expect(price).toBeGreaterThan(0);
    expect(Math.abs((more.costPv - base.costPv) / 1e4 / price - 1)).toBeLessThan(1e-6);
  });

  test("are named where the site has no room for the chips that would use them", () => {
    const sets = [
      ...used,
      "contracts.deal.commitment=30 million USD",
      "sites.east.power={ 2026-04: 1.25 MW }",
    ];
    expect(() => find(sets)).toThrow(
      /no plan exists: .*power of `sites.east`.* and the commitment of `contracts.deal` in 2026-01 to 2026-11 cannot hold together/,
    );
    expect(() => find(sets, { without: ["commitments"] })).not.toThrow();
  });

  test("each interval's amount is used in the interval", async () => {
    const sets = [
      ...used,
      "contracts.deal.commitment=15 million USD",
      "contracts.deal.schedule={ 2026-01: 0 %, 2026-04: 70 %, 2026-10: 30 % }",
    ];
    const found = find(sets);
    const columns = found.situation.commitments[0].intervals.map(({ from, to, amount }) => [
      from - 2026 * 12,
      to - 2026 * 12,
      Math.round(amount),
    ]);
    expect(columns).toEqual([
      [0, 2, 0],
      [3, 8, 10_500_000],
      [9, 10, 4_500_000],
    ]);
    // October and November, 61 days: x GB300 and the rest Trainium4, or more.
    const bill = 61 * 24 * (4 * chipsOf(found, "gb300") + 2 * chipsOf(found, "trainium4"));
    expect(bill).toBeGreaterThan(4.5e6 * (1 - 1e-9));
    expect(largestShortfall(await runOf(found))).toBeLessThan(0.01);
  });

  test("of usage count hours", () => {
    const sets = [...used, "contracts.deal.category=usage", "contracts.deal.commitment=7 million chip hours"];
    const found = find(sets);
    // More chips than the supply needs: 7 million hours in 244 days.
    expect(chipsOf(found, "trainium4")).toBeCloseTo(7e6 / (244 * 24), 3);
  });

  test("what stays uses its part of them", () => {
    const both = text.replace(
      "fleets:\n",
      "fleets:\n  stays:\n    chip: gb300\n    site: east\n    size: 500 chips\n    life: 10 years\n    procurement: { contract: deal }\n    deliver: { at: 2026-04 }\n",
    );
    const sets = [...used, "contracts.deal.commitment=25 million USD", "optimize.replace=[first]"];
    const { situation } = find(sets, {}, both);
    expect(situation.commitments[0].intervals[0].amount).toBeCloseTo(25e6 - 500 * 244 * 24 * 4, 2);
  });
});

describe("what is bought of a vendor", () => {
  const vendors = ["chips.gb300.vendor=NVIDIA", "chips.trainium4.vendor=Annapurna Labs"];

  test("is at least the amount of the year", () => {
    // Six million USD of chips at 30 thousand USD.
    expect(chipsOf(find([...vendors, "optimize.vendor_spend.nvidia=6 million USD"]), "gb300")).toBeCloseTo(
      200,
      3,
    );
    expect(chipsOf(find([...vendors, "optimize.vendor_spend.annapurna_labs=1 USD"]), "gb300")).toBeCloseTo(
      0,
      3,
    );
  });
});

describe("on random contracts", () => {
  const terms = fc.record({
    commitment: fc.integer({ min: 0, max: 40 }).map((millions) => `${millions} million USD`),
    start: fc.integer({ min: -4, max: 8 }).map((month) => formatMonth(2026 * 12 + month)),
    term: fc.integer({ min: 2, max: 15 }).map((months) => `${months} months`),
    escalation: fc.integer({ min: -20, max: 20 }).map((percent) => `${percent} %`),
    contracted_availability: fc.integer({ min: 80, max: 100 }).map((percent) => `${percent} %`),
    "rates.gb300": fc.integer({ min: 1, max: 40 }).map((tenths) => `${tenths / 10} USD/chip/hour`),
    "rates.trainium4": fc.integer({ min: 1, max: 40 }).map((tenths) => `${tenths / 10} USD/chip/hour`),
  });
  const rates = fc.integer({ min: 0, max: 20 });
  const early = ["fleets.first.deliver.at=2025-11", "sites.east.power={ 2025-01: 10 MW }"];

  test("the objective is the run's, no plan of the scenario's own is cheaper, and GLPK finds the same", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(terms, rates, fc.boolean(), async (drawn, rate, isEarly) => {
        const sets = [
          ...Object.entries(drawn).map(([field, value]) => `contracts.deal.${field}=${value}`),
          `buyer.discount_rate=${rate} %`,
          // With power before `start`: chips that wait for it would relieve the scenario's own plan, which no program has.
          ...(isEarly ? early : []),
        ];
        const found = onBuyer(sets);
        const { situation, optimum } = found;
        const simulated = figure(await runOf(found), "buyer_cost_pv_usd");
        const scale = Math.max(1, simulated);
        expect(Math.abs(optimum.paymentPv - simulated)).toBeLessThan(1e-6 * scale);
        expect(optimum.paymentPv).toBeLessThan(situation.own.paymentPv + 1e-6 * scale);
        const second = solveWithGlpk(buildProgram(situation).program);
        expect(second.status).toBe("optimal");
        expect(Math.abs(second.objective * 1e6 + situation.kept.paymentPv - optimum.paymentPv)).toBeLessThan(
          1e-6 * scale,
        );
      }),
      { seed: 5, numRuns: 25 },
    );
  });

  test("known history is paid once, and what it used is used", async () => {
    const consumed = fc.integer({ min: 0, max: 12 }).map((millions) => `${millions} million USD`);
    await fc.assert(
      fc.asyncProperty(terms, consumed, async (drawn, known) => {
        const sets = [
          ...Object.entries(drawn).map(([field, value]) => `contracts.deal.${field}=${value}`),
          "contracts.deal.start=2025-10",
          `contracts.deal.consumed_to_date=${known}`,
          ...early,
        ];
        const found = onBuyer(sets);
        const simulated = figure(await runOf(found), "buyer_cost_pv_usd");
        expect(Math.abs(found.optimum.paymentPv - simulated)).toBeLessThan(1e-6 * Math.max(1, simulated));
      }),
      { seed: 6, numRuns: 15 },
    );
  });

  test("intervals shorter than the term are never charged more than the program says, which says so", async () => {
    const word = fc.constantFrom("annual", "quarterly", "monthly");
    await fc.assert(
      fc.asyncProperty(terms, word, async (drawn, interval) => {
        const sets = [
          ...Object.entries(drawn).map(([field, value]) => `contracts.deal.${field}=${value}`),
          `contracts.deal.fulfillment_interval=${interval}`,
        ];
        const found = onBuyer(sets);
        const simulated = figure(await runOf(found), "buyer_cost_pv_usd");
        const difference = found.optimum.paymentPv - simulated;
        expect(difference).toBeGreaterThan(-1e-6 * Math.max(1, simulated));
        expect(rulesLeftOut(found.situation).join()).toMatch(
          /beyond an interval's amount does not lower later shortfalls/,
        );
      }),
      { seed: 7, numRuns: 15 },
    );
  });
});
