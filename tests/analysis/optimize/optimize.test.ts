import { describe, expect, test } from "vitest";
import { buildProgram } from "../../../src/analysis/optimize/build-program.ts";
import { listEmptySites } from "../../../src/analysis/optimize/empty-sites.ts";
import { findFrontier, type Optimum, optimize } from "../../../src/analysis/optimize/optimize.ts";
import { writePlanFile } from "../../../src/analysis/optimize/plan-file.ts";
import { readTask, type TaskOptions } from "../../../src/analysis/optimize/read-task.ts";
import { readSituation } from "../../../src/analysis/optimize/situation.ts";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { findColumn } from "../../../src/analysis/results/results.ts";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { loadSolver } from "../../../src/solver/highs-solver.ts";
import { load, loaded, scenarioText } from "../../scenario/load-files.ts";

const solver = await loadSolver();

/** 10 MW at PUE 1.25 and 1 kW a chip: 8,000 chips; trainium4 costs half of gb300, and both compute the same. */
const text = scenarioText({
  sites:
    "sites:\n  east:\n    power: 10 MW\n    pue: 1.15\n    pue_design: 1.25\n    electricity: 58 USD/MWh\n    facility: 12 USD/W\n",
  fleets:
    "fleets:\n  first:\n    chip: gb300\n    site: east\n    size: 4000 chips\n    life: 10 years\n    deliver: { from: 2026-03, to: 2026-06 }\n  kept:\n    chip: gb300\n    site: east\n    size: 1000 chips\n    life: 10 years\n    deliver: { at: 2026-03 }\n",
  chips:
    "chips:\n  gb300: { mfu: { training: { bf16: 40 % } } }\n  trainium4: { price: 12.5 thousand USD, mfu: { training: { bf16: 40 % } } }\n",
  optimize: "optimize:\n  replace: [first]\n  chips: [gb300, trainium4]\n",
});

type Found = { readonly optimum: Optimum; readonly own: number };

function find(sets: readonly string[] = [], options: Partial<TaskOptions> = {}): Found {
  const scenario = loaded(text, { sets });
  const { task } = readTask(scenario, { goal: "minimize_cost", ...options });
  if (!task) throw new Error("no task");
  const situation = readSituation(scenario, task);
  const { optimum, diagnostics } = optimize(situation, solver);
  if (!optimum) throw new Error(diagnostics.map(headlineOf).join("\n"));
  return { optimum, own: situation.own.costPv };
}

async function costOf(
  scenarioText: string,
  sets: readonly string[] = [],
  read?: Readonly<Record<string, string>>,
): Promise<number> {
  const scenario = loaded(read ?? scenarioText, { sets });
  const { results } = await runPlain(scenario, createThreadRunner());
  return (results && findColumn(results, "run", "cost_provider_pv_usd")?.[0]) ?? 0;
}

describe("plans known by hand", () => {
  test("of two chips that compute the same, the cheaper one is bought, month by month as required", async () => {
    const { optimum } = find();
    expect(optimum.purchases.map(({ chip }) => chip)).toEqual(["trainium4"]);
    expect(optimum.purchases[0].chips).toBeCloseTo(4000, 4);
    expect(optimum.purchases[0].months.map(({ chips }) => Math.round(chips))).toEqual([
      1000, 1000, 1000, 1000,
    ]);
    const byHand = await costOf(text, ["fleets.first.chip=trainium4"]);
    expect(Math.abs(optimum.costPv / byHand - 1)).toBeLessThan(1e-8);
  });

  test("a share that must be kept is kept, and no more", () => {
    const { optimum } = find(["optimize.min_share.gb300=25 %"]);
    const gb300 = optimum.purchases.find(({ chip }) => chip === "gb300");
    expect(gb300?.chips).toBeCloseTo(1000, 3);
  });

  test("the most compute for a great budget fills the site from the first month on", () => {
    const { optimum } = find([], { goal: "maximize_effective_fp4", budgetPv: 1e12 });
    const chips = optimum.purchases.reduce((sum, purchase) => sum + purchase.chips, 0);
    // 8,000 chips less the 1,000 kept, which stand there from March 2026 on.
    expect(chips).toBeCloseTo(7000, 3);
  });

  test("the plan's file runs, and costs what the objective says", async () => {
    const scenario = loaded(text);
    const { task } = readTask(scenario, { goal: "minimize_cost" });
    if (!task) throw new Error("no task");
    const { optimum } = find();
    const plan = writePlanFile(scenario, task, optimum.purchases, "./base.yaml");
    const files = { "a.yaml": plan, "base.yaml": text };
    expect(load(files).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(Math.abs((await costOf("", [], files)) / optimum.costPv - 1)).toBeLessThan(1e-12);
  });
});

test("nothing is required before the first date of a supply, as before that of any schedule", () => {
  const { optimum } = find(["optimize.supply={ 2026-09: 2.5 EFLOPS }"]);
  const written = find(["optimize.supply={ 2026-01: 0 EFLOPS, 2026-09: 2.5 EFLOPS }"]).optimum;
  expect(optimum.purchases).toEqual(written.purchases);
  expect(optimum.purchases[0].months[0].at).toBeGreaterThan(2026 * 12 + 2);
  expect(optimum.costPv).toBeLessThan(find(["optimize.supply=2.5 EFLOPS"]).optimum.costPv);
});

test("a site that the plan leaves empty is named, with what it costs", async () => {
  const west =
    "sites.west={ power: 5 MW, pue: 1.15, pue_design: 1.25, electricity: 58 USD/MWh, facility: 12 USD/W, staff: 0 USD/(kW year) }";
  const scenario = loaded(text, { sets: [west] });
  const { task } = readTask(scenario, { goal: "minimize_cost" });
  if (!task) throw new Error("no task");
  const situation = readSituation(scenario, task);
  const { optimum } = optimize(situation, solver);
  const [empty, ...others] = listEmptySites(situation, optimum?.purchases ?? []);
  expect(others).toEqual([]);
  expect(empty).toMatchObject({ site: "west", power: 5e6 });
  // 5 MW at 12 USD/W of IT power that a design PUE of 1.25 leaves, and what runs without chips: nothing.
  const whole = await costOf(text, [west]);
  expect(Math.abs(empty.costPv / (whole - (await costOf(text))) - 1)).toBeLessThan(1e-9);
  expect(empty.costPv).toBeGreaterThan(5e7);
});

test("a condition that reads a fleet planned anew is refused with its place", () => {
  const scenario = loaded(text, {
    sets: ["events.full=fleets.first.facility_power >= 1 MW", "events.all=total.facility_power >= 1 MW"],
  });
  const { task, diagnostics } = readTask(scenario, { goal: "minimize_cost" });
  expect(task).toBeUndefined();
  expect(diagnostics.map(headlineOf)).toEqual([
    "nothing to optimise: `events.full` reads the fleet `first`, which is planned anew and has no successor of that name",
  ]);
  expect(diagnostics[0].span?.file).toBeDefined();
});

test("a fleet whose chips are the buyer's is not planned anew, and stays in the buyer's book", () => {
  const hosting =
    "{ commitment: 1 USD, terms: pay_as_you_go, start: 2026-01, term: 9 years, fee: 1 USD/month }";
  const sets = (fleet: string) => [
    `contracts.hosting=${hosting}`,
    `fleets.${fleet}.owner=buyer`,
    `fleets.${fleet}.procurement.contract=hosting`,
  ];
  const { task, diagnostics } = readTask(loaded(text, { sets: sets("first") }), { goal: "minimize_cost" });
  expect(task).toBeUndefined();
  expect(diagnostics.map(headlineOf)).toEqual([
    "nothing to optimise: the chips of `first` are the buyer's, and a plan buys chips for the provider",
  ]);
  expect(diagnostics[0].help).toContain("optimize.replace");
  const scenario = loaded(text, { sets: sets("kept") });
  const { task: others } = readTask(scenario, { goal: "minimize_cost", book: "buyer" });
  if (!others) throw new Error("no task");
  const { kept, own } = readSituation(scenario, others);
  // Nobody bills the fleet planned anew, so all that the buyer pays is for the one that stays: a thousand chips at 35,000 USD.
  expect(kept.paymentPv).toBeGreaterThan(3e7);
  expect(Math.abs(kept.paymentPv / own.paymentPv - 1)).toBeLessThan(1e-9);
});

test("the plan's file leaves out what its base or an option removed, and says what options set", () => {
  const second =
    "  second:\n    power: 1 MW\n    pue: 1.2\n    pue_design: 1.2\n    electricity: 58 USD/MWh\n    facility: 12 USD/W\n";
  const base = text.replace("fleets:\n", `${second}fleets:\n`);
  const own =
    "extends: ./base.yaml\nschema_version: 1\nsites: { second: null }\noverrides: { dear: { sites.east.electricity: 90 USD/MWh } }\n";
  const files = { "a.yaml": own, "base.yaml": base };
  const scenario = loaded(files, {
    overrides: ["dear"],
    sets: ["fleets.kept=null", "fleets.first.size=3000 chips", "fleets.first.deliver.to=2026-05"],
  });
  const { task } = readTask(scenario, { goal: "minimize_cost" });
  if (!task) throw new Error("no task");
  const { optimum } = optimize(readSituation(scenario, task), solver);
  const plan = writePlanFile(scenario, task, optimum?.purchases ?? [], "./own.yaml");
  const again = loaded({ "a.yaml": plan, "own.yaml": own, "base.yaml": base });
  expect(again.names.sites).toEqual(["east"]);
  expect(again.names.fleets).toEqual(["trainium4_at_east"]);
  expect(again.fields.get("sites.east.electricity")?.text).toBe("90 USD/MWh");
  expect(plan).not.toContain("second");
});

describe("limits", () => {
  test("in the money of another year are carried to each year by inflation", () => {
    const goal = { goal: "maximize_effective_fp4", budgetPv: 1e12 } as const;
    const ample = ["sites.east.power=1 GW", "sites.east.facility=0 USD/W"];
    const chipsWith = (budget: string) =>
      find([...ample, "money.inflation=30 %", `optimize.budget=${budget}`], goal).optimum.purchases.reduce(
        (sum, { chips }) => sum + chips,
        0,
      );
    // From July 2020 to January 2026 are 5.5 years: 1.3^5.5 = 4.2335.
    const byYear = Array.from(
      { length: 8 },
      (_, year) => `${2026 + year}-01: ${50 * 1.3 ** (5.5 + year)} million USD`,
    );
    const inflated = chipsWith("{ value: 50 million USD, currency_year: 2020 }");
    expect(inflated).toBeCloseTo(chipsWith(`{ ${byYear.join(", ")} }`), 6);
    expect(inflated).toBeGreaterThan(1.5 * chipsWith("50 million USD"));
  });

  test("a tighter one never helps", () => {
    const costs = [11, 9, 7, 6.3].map(
      (power) =>
        find([`sites.east.power=${power} MW`, "sites.east.facility=0 USD/W", "optimize.min_share.gb300=0 %"])
          .optimum.costPv,
    );
    for (let index = 1; index < costs.length; index++)
      expect(costs[index]).toBeGreaterThanOrEqual(costs[index - 1] * (1 - 1e-12));
    const shares = [0, 20, 60, 100].map(
      (share) => find([`optimize.min_share.gb300=${share} %`]).optimum.costPv,
    );
    for (let index = 1; index < shares.length; index++)
      expect(shares[index]).toBeGreaterThan(shares[index - 1]);
    const supplies = [2000, 1500, 1000, 400].map(
      (most) => find([`optimize.chip_supply.trainium4=${most} chips`]).optimum.costPv,
    );
    for (let index = 1; index < supplies.length; index++)
      expect(supplies[index]).toBeGreaterThanOrEqual(supplies[index - 1] * (1 - 1e-12));
  });

  test("shadow prices are what one more of the limit changes", () => {
    const most = (chips: number) =>
      find([`optimize.chip_supply.trainium4={ 2000-01: ${chips} chips, 2026-07: 0 chips }`]).optimum;
    const [base, more] = [most(700), most(701)];
    const price = base.shadowPrices
      .filter(({ kind }) => kind === "chip_supply")
      .filter(({ period }) => period <= "2026Q2")
      .reduce((sum, { value }) => sum + value, 0);
    expect(price).toBeLessThan(0);
    expect(Math.abs((more.costPv - base.costPv) / price - 1)).toBeLessThan(1e-6);
    const budget = (amount: number) => find([], { goal: "maximize_effective_fp4", budgetPv: amount }).optimum;
    const [poor, richer] = [budget(2.2e8), budget(2.2e8 + 1e5)];
    const worth = poor.shadowPrices.find(({ kind }) => kind === "cost")?.value ?? 0;
    expect(worth).toBeGreaterThan(0);
    expect(Math.abs((richer.flop - poor.flop) / 3.6e21 / 1e5 / worth - 1)).toBeLessThan(1e-6);
  });

  test("those in conflict are named, and no plan is given", () => {
    expect(() => find(["optimize.supply=900 EFLOPS"])).toThrow(
      /no plan exists: .*required supply in .*cannot hold together/,
    );
    expect(() => find(["optimize.supply={ 2027-01: 2.5 EFLOPS }", "sites.east.power=3 MW"])).toThrow(
      /power of `sites.east`/,
    );
    // 2,400 chips compute 0.96 EFLOPS at most. Of all months in which that is too little the first is told, and nothing else.
    expect(() => find(["optimize.supply={ 2027-01: 2.5 EFLOPS }", "sites.east.power=3 MW"])).toThrow(
      /^no plan exists: power of `sites.east` in 2027-01 and required supply in 2027-01 cannot hold together$/,
    );
    // Each of two shares can be met alone; nothing is bought where nothing has to be.
    expect(() =>
      find([
        "optimize.min_share.gb300=60 %",
        "optimize.min_share.trainium4=60 %",
        "optimize.supply=1 EFLOPS",
      ]),
    ).toThrow(/^no plan exists: (?=.*optimize.min_share.gb300)(?=.*optimize.min_share.trainium4)(?!.*power)/);
  });

  test("a budget that what stays exceeds is told with the least that is enough", () => {
    const scenario = loaded(text);
    const budgeted = (budgetPv: number) => {
      const { task } = readTask(scenario, { goal: "maximize_effective_fp4", budgetPv });
      if (!task) throw new Error("no task");
      return optimize(readSituation(scenario, task), solver);
    };
    const [fault] = budgeted(1).diagnostics;
    expect(fault && headlineOf(fault)).toBe(
      "no plan exists: no purchase of the allowed chips meets the budget of `--budget`",
    );
    const [, least] = /within the other limits costs ([\d.]+) million USD/.exec(fault?.help ?? "") ?? [];
    // What is offered is enough, and hardly more than that.
    expect(budgeted(Number(least) * 1e6).diagnostics).toEqual([]);
    expect(budgeted(Number(least) * 1e6 * 0.999).optimum).toBeUndefined();
  });

  test("a time that ends before any plan is said to have done so, with what helps", () => {
    const scenario = loaded(text);
    const { task } = readTask(scenario, { goal: "minimize_cost" });
    if (!task) throw new Error("no task");
    const [fault] = optimize(readSituation(scenario, task), solver, { timeLimitSeconds: 1e-9 }).diagnostics;
    expect(fault && headlineOf(fault)).toBe(
      "no plan was found: 1e-9 s were not enough to find one that meets all limits",
    );
    expect(fault?.help).toMatch(/allow more with `--time-limit`, land by quarter .*; a plan may exist/);
  });

  test("a program without end is refused", () => {
    expect(() => find([], { goal: "maximize_effective_fp4", without: ["power", "budget"] })).toThrow(
      /unbounded: `power` and `budget` are left out/,
    );
  });
});

test("the frontier rises, and its points are those of single programs", () => {
  const scenario = loaded(text);
  const { task } = readTask(scenario, { goal: "minimize_cost" });
  if (!task) throw new Error("no task");
  const situation = readSituation(scenario, task);
  const { frontier = [] } = findFrontier(situation, solver, 6);
  expect(frontier).toHaveLength(6);
  for (let index = 1; index < 6; index++) {
    expect(frontier[index].costPv).toBeGreaterThan(frontier[index - 1].costPv);
    expect(frontier[index].flop).toBeGreaterThan(frontier[index - 1].flop);
  }
  const built = buildProgram(situation);
  const share = frontier[3].supplyShare;
  const open = solver.open(built.program);
  open.changeColumn(built.supplyColumn, share, share);
  const single = open.solve();
  open.close();
  expect(Math.abs((single.objective * 1e6 + situation.kept.costPv) / frontier[3].costPv - 1)).toBeLessThan(
    1e-9,
  );
});

describe("every limit of a program", () => {
  /** A task with a row of each kind that binds somewhere. */
  const sets = [
    "optimize.chip_supply.trainium4=700 chips",
    "optimize.budget={ 2026-01: 330 million USD, 2027-01: 40 million USD }",
    "optimize.min_share.gb300=20 %",
    "optimize.vendor_spend.nvidia={ 2026-01: 45 million USD, 2027-01: 0 USD }",
    "chips.gb300.vendor=NVIDIA",
  ];
  const scenario = loaded(text, { sets });

  test("never worsens the objective when it is relaxed, and is priced as a finite difference says", () => {
    for (const goal of ["minimize_cost", "maximize_effective_fp4"] as const) {
      const { task } = readTask(scenario, { goal });
      if (!task) throw new Error("no task");
      const { program, limits } = buildProgram(readSituation(scenario, task));
      expect(new Set(limits.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(5);
      const open = solver.open(program);
      const { objective, rowDuals, status } = open.solve();
      expect(status).toBe("optimal");
      const prices = [...rowDuals];
      const gain = (value: number) => (program.sense === "minimize" ? objective - value : value - objective);
      for (const { row, kind } of limits) {
        const [lower, upper] = [program.rowLower[row], program.rowUpper[row]];
        const isUpper = Number.isFinite(upper);
        const side = isUpper ? upper : lower;
        for (const step of [1e-4, 0.3]) {
          const by = step * Math.max(1, Math.abs(side));
          if (isUpper) open.changeRow(row, lower, upper + by);
          else open.changeRow(row, lower - by, upper);
          const relaxed = open.solve();
          expect(relaxed.status, kind).toBe("optimal");
          expect(gain(relaxed.objective), kind).toBeGreaterThan(-1e-7);
          // Optima are concave in a limit: the first bit is worth the price at most, and a tiny bit just that, but at a kink.
          const promised = Math.abs(prices[row]) * by;
          expect(gain(relaxed.objective), kind).toBeLessThan(promised + 1e-6 * Math.max(1, promised));
        }
        open.changeRow(row, lower, upper);
      }
      open.close();
    }
  });
});
