import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { makeDraws } from "../../../src/analysis/sample/draws.ts";
import { estimateSample, prepareSample, runMonteCarlo } from "../../../src/analysis/sample/montecarlo.ts";
import { makeTables } from "../../../src/analysis/tables/index.ts";
import { compile } from "../../../src/compile/compile.ts";
import { simulate } from "../../../src/engine/index.ts";
import { toCsv } from "../../../src/export/csv.ts";
import type { Table } from "../../../src/metrics/table.ts";
import { createThreadRunner, type Runner } from "../../../src/run/runner.ts";
import { createWorkerRunner, type WorkerRunner } from "../../../src/run/worker-runner.ts";
import type { Scenario } from "../../../src/scenario/scenario.ts";
import { BASE, loaded, scenarioText } from "../../scenario/load-files.ts";

const workerFile = new URL("../../../dist/worker.js", import.meta.url);

/** A scenario with delays, lives, prices and failures that differ by trial, and power that may be short. */
const uncertain = scenarioText({
  head: `${BASE.head}years: 3\n`,
  let: "let:\n  late: { distribution: uniform, min: 0 months, max: 9 months }\n",
  events: "events:\n  stranded: total.chips_stranded > 0 chips\n",
  sites: BASE.sites
    .replace("power: 1 GW", "power: { 2026-01: 60 kW, 2027-01: 90 kW to 140 kW }")
    .replace("electricity: 58 USD/MWh", "electricity: 40 USD/MWh to 80 USD/MWh")
    .replace("    facility:", "    delay: late\n    facility:"),
  fleets: BASE.fleets
    .replace(
      "size: 100 chips",
      "size: 80 chips to 120 chips\n    life: 20 months to 40 months\n    spares: none",
    )
    .replace("{ at: 2026-03 }", "{ from: 2026-02, to: 2026-12, delay: 1 month to 8 months }"),
});

async function csvOf(scenario: Scenario, runner: Runner, trials: number, memory?: number): Promise<string[]> {
  const { results } = await runPlain(scenario, runner);
  if (!results) throw new Error("the plain run left a range");
  const prepared = prepareSample(scenario, results, { trials, seed: "7", ...(memory ? { memory } : {}) });
  const run = await runMonteCarlo(prepared, results, runner);
  if (!run.results) throw new Error(JSON.stringify(run.diagnostics));
  return makeTables(run.results).map((table) => toCsv(table));
}

describe("a sample", () => {
  const runners: WorkerRunner[] = [];
  let stored: string[] = [];
  beforeAll(async () => {
    stored = await csvOf(loaded(uncertain), createThreadRunner(), 1300);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(runners.map(({ close }) => close()));
  });

  test.each([1, 2, 3])("gives the same files with %i worker threads beside this one", async (threads) => {
    const runner = createWorkerRunner(threads, workerFile, async () => {});
    runners.push(runner);
    expect(await csvOf(loaded(uncertain), runner, 1300)).toEqual(stored);
  });

  test("gives the same files when its columns do not fit the memory", async () => {
    expect(await csvOf(loaded(uncertain), createThreadRunner(), 1300, 1e6)).toEqual(stored);
  });

  test("leaves the plain columns as they are, bit for bit", async () => {
    const scenario = loaded(uncertain);
    const { results } = await runPlain(scenario, createThreadRunner());
    if (!results) throw new Error("the plain run left a range");
    const plain = makeTables(results);
    const prepared = prepareSample(scenario, results, { trials: 100, seed: "x" });
    const run = await runMonteCarlo(prepared, results, createThreadRunner());
    const sampled = run.results ? makeTables(run.results) : [];
    for (const table of plain) {
      for (const column of table.columns.filter(() => table.name !== "summary" && table.name !== "events")) {
        const other = sampled
          .find(({ name }) => name === table.name)
          ?.columns.find(({ name }) => name === column.name);
        expect(Array.from(other?.values ?? []), column.name).toEqual(Array.from(column.values));
      }
    }
  });

  test("reports events, months that never come and probabilities of words", () => {
    const summary = stored[0];
    expect(summary).toMatch(/^event_stranded_first_month,/m);
    expect(stored.join("\n")).toMatch(/^2026-05,binding,power,1,,,,,,0\.\d+$/m);
    expect(stored.at(-1)?.split("\n")[0]).toBe("month,event,holds,probability,probability_by");
  });

  test("of a scenario against itself differs by exactly nothing", async () => {
    expect(await csvOf(loaded(uncertain), createThreadRunner(), 300)).toEqual(
      await csvOf(
        loaded(
          { "a.yaml": uncertain, "b.yaml": "schema_version: 1\nextends: ./a.yaml\n" },
          { path: "b.yaml" },
        ),
        createThreadRunner(),
        300,
      ),
    );
  });
});

test("without spread every statistic is the plain figure, bit for bit", async () => {
  const certain = uncertain
    .replace("min: 0 months, max: 9 months", "min: 4 months, max: 4 months")
    .replace(/(\d+ (?:kW|USD\/MWh|chips|months?)) to \d+ (?:kW|USD\/MWh|chips|months?)/g, "$1 to $1");
  const scenario = loaded(certain);
  const { results } = await runPlain(scenario, createThreadRunner());
  if (!results) throw new Error("the plain run left a range");
  const prepared = prepareSample(scenario, results, { trials: 1500, seed: "7" });
  const run = await runMonteCarlo(prepared, results, createThreadRunner());
  const tables = makeTables(run.results ?? results);
  let compared = 0;
  for (const period of ["annual", "monthly"]) {
    const [plain, ranges] = [period, `${period}_ranges`].map((name) =>
      tables.find((table) => table.name === name),
    );
    const cells = (table: Table | undefined, name: string) =>
      Array.from(table?.columns.find((column) => column.name === name)?.values ?? []);
    const metrics = cells(ranges, "metric");
    for (const { name, type } of plain?.columns ?? []) {
      if (type !== "number" || !metrics.includes(name)) continue;
      for (const statistic of ["mean", "p5", "p50", "p95", "se"]) {
        const got = cells(ranges, statistic).filter((_, row) => metrics[row] === name);
        const expected = cells(plain, name);
        expect(got, `${period} ${name} ${statistic}`).toEqual(
          statistic === "se" ? expected.map((value) => (value === null ? null : 0)) : expected,
        );
        compared += got.length;
      }
    }
  }
  expect(compared).toBeGreaterThan(1000);
});

test("what a sample takes is estimated by what a trial adds, not by what setting up takes", async () => {
  const scenario = loaded(uncertain);
  const inThread = createThreadRunner();
  const { results } = await runPlain(scenario, inThread);
  if (!results) throw new Error("the plain run left a range");
  // A clock that moves by 500 ms for each sample, and by 0.05 ms for each trial of it.
  let clock = 0;
  const runner: Runner = {
    ...inThread,
    sample: async (_, { trials }) => {
      clock += 500 + 0.05 * trials;
      return { statistics: [], kept: new Float64Array(), first: [], faults: [] };
    },
  };
  const estimateOf = async (trials: number, memory: number) => {
    const prepared = prepareSample(scenario, results, { trials, seed: "1", memory });
    return estimateSample(prepared, runner, () => clock, 2);
  };
  const plenty = await estimateOf(1e6, 2 ** 40);
  expect(plenty.isTwice).toBe(false);
  expect(plenty.seconds).toBeCloseTo(25, 6);
  const scarce = await estimateOf(1e6, 2 ** 20);
  expect(scarce).toMatchObject({ isTwice: true, bytes: 2 ** 20 });
  expect(scarce.seconds).toBeCloseTo(50, 6);
  // A sample as short as a probe is its own estimate.
  expect((await estimateOf(100, 2 ** 40)).seconds).toBeCloseTo((500 + 5) / 1000 / 2, 6);
});

test("the table of draws is made in pieces, between which it can be stopped", async () => {
  const scenario = loaded(uncertain);
  const draws = { name: "trials", trials: 10_000, seed: "1" };
  const whole = await makeDraws(scenario, createThreadRunner(), draws);
  let pieces = 0;
  const pause = async () => {
    pieces++;
  };
  expect(await makeDraws(scenario, createThreadRunner(), { ...draws, pause })).toEqual(whole);
  const drawn = whole.columns.filter(({ name }) => name.includes("."));
  expect(drawn.length).toBeGreaterThan(5);
  expect(pieces).toBe(2 * drawn.length);
  const stop = async () => {
    throw new Error("stopped");
  };
  await expect(makeDraws(scenario, createThreadRunner(), { ...draws, pause: stop })).rejects.toThrow(
    "stopped",
  );
});

test("draws between bounds in the money of another year are inflated by the trial's own rate", async () => {
  const scenario = loaded(
    scenarioText({
      let: "let:\n  dear: { value: 1000 USD, currency_year: 2020 }\n",
      money: "money: { inflation: { distribution: uniform, min: 20 %, max: 40 % } }\n",
      chips: "chips:\n  gb300: { price: { distribution: uniform, min: dear, max: dear + 1e-6 USD } }\n",
    }),
  );
  const { columns } = await makeDraws(scenario, createThreadRunner(), { name: "t", trials: 50, seed: "1" });
  const valuesOf = (name: string) => columns.find((column) => column.name === name)?.values as number[];
  const [rates, prices] = [valuesOf("money.inflation"), valuesOf("chips.gb300.price")];
  // 5.5 years from July 2020 to January 2026.
  for (const [trial, rate] of rates.entries()) expect(prices[trial]).toBeCloseTo(1000 * (1 + rate) ** 5.5, 5);
});

test("64 trials with different inputs, delays and lives equal 64 single runs, bit for bit", () => {
  const plan = compile(loaded(uncertain));
  const trials = 64;
  let state = 1;
  const inputs = Float64Array.from({ length: plan.variables.length * trials }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  });
  const collect = (matrix: Float64Array, count: number) => {
    const found: number[][] = Array.from({ length: count }, () => []);
    simulate(plan, matrix, count, (column, first, size, values, offset, monthStride, trialStride) => {
      const months = plan.columns[column].isScalar ? 1 : plan.horizonMonths;
      const start = offset + (months === 1 ? 0 : plan.originMonth * monthStride);
      for (let trial = 0; trial < size; trial++) {
        for (let month = 0; month < months; month++) {
          found[first + trial].push(values[start + month * monthStride + trial * trialStride]);
        }
      }
    });
    return found;
  };
  const together = collect(inputs, trials);
  for (let trial = 0; trial < trials; trial++) {
    const own = Float64Array.from(plan.variables, (_, variable) => inputs[variable * trials + trial]);
    expect(collect(own, 1)[0]).toEqual(together[trial]);
  }
});
