/** The identities of docs/model.md section 12 on random scenarios. */

import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { createWorkspace, type Plan, plainInputs, simulate, type Workspace } from "../../src/engine/index.ts";
import { findMetric } from "../../src/metrics/index.ts";
import { createFusedWorkspace } from "../../src/run/fused-workspace.ts";
import { type Simulated, simulateColumns } from "../reference/compare.ts";
import { loaded } from "../scenario/load-files.ts";
import {
  type Draft,
  draftText,
  loadDraft,
  makeUncertain,
  mapTexts,
  runs,
  scenarioOf,
  uniformsOf,
} from "./random-scenario.ts";

/** Simulates the plain run of a draft, every metric at every level in canonical units. */
function plain(draft: Draft): Simulated {
  const plan = compile(loadDraft(draft));
  return simulateColumns(plan, plainInputs(plan), 1)[0];
}

const runsOfDrawn = new Map<string, Simulated>();
afterAll(() => runsOfDrawn.clear());

/** The plain run of a draft as it is drawn, once: of one seed, several properties draw the same ones. */
function plainOfDrawn(draft: Draft): Simulated {
  const text = draftText(draft);
  const columns = runsOfDrawn.get(text) ?? plain(draft);
  runsOfDrawn.set(text, columns);
  return columns;
}

/** Bits, so that -0 is not 0 and NaN is itself. */
function bitsOf(values: Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

function expectSameBits(got: Simulated, wanted: Simulated): void {
  expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [key, values] of wanted) {
    const mine = got.get(key) ?? new Float64Array();
    if (!bitsOf(mine).equals(bitsOf(values))) expect([...mine], key).toEqual([...values]);
  }
}

/** Columns of each part and site: a function from metric to months. */
function entitiesOf(columns: Simulated, level: "part" | "site") {
  const names = new Set(
    [...columns.keys()].filter((key) => key.startsWith(`${level} `)).map((key) => key.split(" ")[1]),
  );
  if (names.size === 0) throw new Error(`there is no ${level}`);
  return [...names].map((entity) => {
    const column = (metric: string): Float64Array => {
      const values = columns.get(`${level} ${entity} ${metric}`);
      if (!values) throw new Error(`there is no ${level} ${entity} ${metric}`);
      return values;
    };
    return { entity, column };
  });
}

const largest = (...columns: readonly Float64Array[]): number =>
  columns.reduce((most, column) => column.reduce((x, y) => Math.max(x, Math.abs(y)), most), 0);

/** Asserts that two numbers differ by at most 1e-9 of the largest gross term they are made of. */
function expectClose(got: number, wanted: number, gross: number, what: string): void {
  if (!(Math.abs(got - wanted) <= 1e-9 * gross)) expect.fail(`${what}: ${got}, not ${wanted} (of ${gross})`);
}

/** Figures that not every plan has: a rate of return, a month in which it is paid back. */
const MAY_NOT_EXIST = /levelised_cost|buyer_cost_usd_per|provider_(irr|payback_month)$/;

describe("every random scenario", () => {
  test("makes nothing, loses nothing, and accounts for all capital spent", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(scenarioOf(), (draft) => {
        const columns = plainOfDrawn(draft);
        for (const [key, values] of columns)
          if (!values.every(Number.isFinite) && !MAY_NOT_EXIST.test(key))
            expect.fail(`${key} is not finite: ${values.join(" ")}`);
        for (const { entity, column } of entitiesOf(columns, "part")) {
          expectConservation(entity, column);
          expectCapital(entity, column, ["chip_cash_usd", "network_cash_usd"], "chip", [
            "chip_write_off_usd",
          ]);
        }
        for (const { entity, column } of entitiesOf(columns, "site")) {
          const [limit, power] = [column("power_limit_mw"), column("facility_power_mw")];
          limit.forEach((watts, month) => {
            if (!(power[month] <= watts * (1 + 1e-8)))
              expect.fail(`${entity} takes ${power[month]} of ${watts} W`);
          });
          expectCapital(entity, column, ["facility_cash_usd"], "facility", []);
        }
        expectSums(columns);
      }),
      runs(100),
    );
  });
});

function expectConservation(entity: string, column: (metric: string) => Float64Array): void {
  const of = (metric: string) => column(`chips_${metric}`);
  const [installed, energised, stranded] = [of("installed"), of("energised"), of("stranded")];
  const [landed, retired, failed, replaced] = [of("landed"), of("retired"), of("failed"), of("replaced")];
  const [powered, added, curtailed, productive] = [
    of("powered"),
    of("energised_new"),
    of("curtailed"),
    of("productive"),
  ];
  const gross = largest(installed, of("planned"), landed);
  for (const values of [energised, stranded, landed, retired, failed, curtailed, productive, of("held")])
    for (const value of values) if (value < -1e-9 * gross) expect.fail(`${entity} has ${value} chips`);
  installed.forEach((count, month) => {
    expectClose(count, energised[month] + stranded[month], gross, `${entity} installed ${month}`);
    expectClose(powered[month], energised[month] - curtailed[month], gross, `${entity} powered ${month}`);
    if (!(productive[month] <= powered[month] + 1e-9 * gross))
      expect.fail(`${entity} ${month}: more productive`);
    if (month === 0) return;
    const lost = retired[month] + failed[month] - replaced[month];
    expectClose(count - installed[month - 1], landed[month] - lost, gross, `${entity} change ${month}`);
    const gained = energised[month] - energised[month - 1];
    expectClose(gained, added[month] - lost, gross, `${entity} energised ${month}`);
    const waiting = stranded[month] - stranded[month - 1];
    expectClose(waiting, landed[month] - added[month], gross, `${entity} stranded ${month}`);
  });
}

/** Sites are the sums of their parts, and the whole of the sites. */
function expectSums(columns: Simulated): void {
  const sums = new Map<string, Float64Array[]>();
  for (const [key, values] of columns) {
    const [level, , metric] = key.split(" ");
    const found = findMetric(metric);
    if (!found?.adds || level !== found.level) continue;
    sums.set(metric, [...(sums.get(metric) ?? []), values]);
  }
  expect(sums.size).toBeGreaterThan(40);
  for (const [metric, parts] of sums) {
    const total = columns.get(`total  ${metric}`);
    if (!total) throw new Error(`there is no total of ${metric}`);
    total.forEach((value, month) => {
      const sum = parts.reduce((x, part) => x + part[month], 0);
      expectClose(value, sum, largest(...parts), `total ${metric} ${month}`);
    });
  }
}

/** Month by month: cash = change of construction in progress and book value, plus what was written down and off. */
function expectCapital(
  entity: string,
  column: (metric: string) => Float64Array,
  cash: readonly string[],
  what: string,
  written: readonly string[],
): void {
  const progress = column(`${what}_construction_in_progress_usd`);
  const book = column(`${what}_book_value_usd`);
  const costs = [column(`${what}_depreciation_usd`), ...written.map(column)];
  const paid = cash.map(column);
  const gross = largest(progress, book, column(`${what}_cost_in_service_usd`), ...paid, ...costs);
  for (let month = 1; month < book.length; month++) {
    const sum = (all: readonly Float64Array[]) => all.reduce((x, values) => x + values[month], 0);
    const change = progress[month] - progress[month - 1] + book[month] - book[month - 1];
    expectClose(sum(paid), change + sum(costs), gross, `${what} capital of ${entity} in month ${month}`);
  }
}

describe("metamorphic", () => {
  /** What grows with the plan. `job_chips` does not: a larger plan runs more jobs, not larger ones. */
  const extensive = /^(sites\.[^.]+\.power(\.[\d-]+)?|fleets\.[^.]+\.size)$/;

  test("doubling every extensive input doubles every extensive output", { timeout: 300_000 }, () => {
    const double = (text: string, path: string) =>
      extensive.test(path) ? text.replace(/^\d+/, (number) => String(2 * Number(number))) : text;
    fc.assert(
      fc.property(scenarioOf(), (draft) => {
        const once = plainOfDrawn(draft);
        const twice = plain(mapTexts(draft, double));
        for (const [key, values] of once) {
          if (MAY_NOT_EXIST.test(key)) continue;
          const isDoubled = isExtensive(key.split(" ").at(-1) ?? "");
          const doubled = twice.get(key) ?? new Float64Array();
          // Doubling is exact in binary, so no rounding differs.
          values.forEach((value, month) => {
            const wanted = isDoubled ? 2 * value : value;
            if (!Object.is(doubled[month], wanted))
              expect.fail(`${key} ${month}: ${value}, then ${doubled[month]}`);
          });
        }
      }),
      runs(30),
    );
  });

  /** Counts and amounts, but for the price of one chip; the others are ratios, shares and words. */
  function isExtensive(name: string): boolean {
    const units = ["chips", "H100e", "chip-hours", "MW", "GWh", "EFLOP/s", "YFLOP", "PB", "PB/s", "USD"];
    const unit = findMetric(name)?.unit ?? "";
    return units.includes(unit) && !/^(chip|network)_price_usd$/.test(name);
  }

  test("the order of a file changes no bit", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(scenarioOf(), fc.infiniteStream(fc.nat()), (draft, numbers) => {
        const shuffle = (tree: Draft): Draft => {
          const entries = Object.entries(tree).map(
            ([key, value]) =>
              [numbers.next().value ?? 0, key, typeof value === "string" ? value : shuffle(value)] as const,
          );
          return Object.fromEntries(entries.sort(([x], [y]) => x - y).map(([, key, value]) => [key, value]));
        };
        const other = shuffle(draft);
        fc.pre(draftText(draft) !== draftText(other));
        expectSameBits(plain(other), plainOfDrawn(draft));
      }),
      runs(25),
    );
  });

  test("where power is ample, fleets together are the sum of fleets apart", { timeout: 300_000 }, () => {
    // Power that is never short: there before the first delivery, without delay.
    const ample = (draft: Draft): Draft => ({
      ...draft,
      sites: Object.fromEntries(
        Object.entries(draft.sites as Draft).map(([name, site]) => {
          const { delay: _delay, interpolate: _interpolate, ...rest } = site as Draft;
          return [name, { ...rest, power: { "2024-01": "1 GW" } }];
        }),
      ),
    });
    fc.assert(
      fc.property(scenarioOf({ fleets: 4 }), (drawn) => {
        const draft = ample(drawn);
        const together = plain(draft);
        const fleets = Object.entries(draft.fleets as Draft);
        const apart = fleets.map(([name, fleet]) =>
          plain({ ...draft, allow: "unused-site", fleets: { [name]: fleet } }),
        );
        const parts = (columns: Simulated) => [...columns].filter(([key]) => key.startsWith("part "));
        expectSameBits(new Map(apart.flatMap(parts)), new Map(parts(together)));
        // Totals of what belongs to fleets; a site's own cost stands in each of the runs apart.
        for (const [key, values] of together) {
          const metric = findMetric(key.split(" ").at(-1) ?? "");
          if (!key.startsWith("total ") || metric?.level !== "part" || !metric.adds) continue;
          values.forEach((value, month) => {
            const each = apart.map((columns) => columns.get(key)?.[month] ?? Number.NaN);
            const sum = each.reduce((x, y) => x + y, 0);
            expectClose(value, sum, largest(values, Float64Array.from(each)), `${key} ${month}`);
          });
        }
      }),
      runs(15),
    );
  });

  test("more power strands no more, while nothing retires, fails or waits", { timeout: 300_000 }, () => {
    // Chips that leave or that wait may make it otherwise: see cases/more-power-strands-more.case.md.
    const scenarios = scenarioOf({ waits: false, replacement: false, losses: false });
    fc.assert(
      fc.property(scenarios, fc.integer({ min: 2, max: 5 }), (draft, factor) => {
        const more = mapTexts(draft, (text, path) =>
          /^sites\.[^.]+\.power(\.[\d-]+)?$/.test(path)
            ? text.replace(/^\d+/, (number) => String(factor * Number(number) + 7))
            : text,
        );
        const [less, ample] = [plain(draft), plain(more)];
        const found = entitiesOf(ample, "site");
        expect(found.length).toBeGreaterThan(0);
        for (const [index, { entity, column }] of entitiesOf(less, "site").entries()) {
          const [before, after] = [column, found[index].column].map((of) => of("stranded_facility_power_mw"));
          const gross = largest(before, after, column("facility_power_mw"));
          after.forEach((watts, month) => {
            if (!(watts <= before[month] + 1e-8 * gross))
              expect.fail(`${entity} ${month}: ${before[month]}, then ${watts} W`);
          });
        }
      }),
      runs(30),
    );
  });
});

describe("trials", () => {
  test("an interval from A to A is A, bit for bit", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(scenarioOf(), fc.integer(), (draft, seed) => {
        const fixed =
          /^\d+(\.\d+)? (months|kW|W|USD|%|chips|USD\/MWh|USD\/W|thousand USD|PFLOPS|TFLOPS|GB|TB\/s)$/;
        const zero = mapTexts(draft, (text, path) =>
          fixed.test(text) && !path.includes(".mix.") ? `${text} to ${text}` : text,
        );
        const plan = compile(loadDraft(zero));
        const inputs = uniformsOf(seed, plan.variables.length);
        expectSameBits(simulateColumns(plan, inputs, 1)[0], plainOfDrawn(draft));
      }),
      runs(20),
    );
  });

  test("trials are so many single runs, bit for bit, in blocks of any size", { timeout: 300_000 }, () => {
    // Three blocks of seven and a rest, one of sixteen and a rest.
    const trials = 23;
    fc.assert(
      fc.property(scenarioOf({ fleets: 3, sites: 2 }), fc.integer(), (draft, seed) => {
        const plan = compile(loadDraft(makeUncertain(draft)));
        const count = plan.variables.length;
        expect(count, "uncertain values").toBeGreaterThan(3);
        const inputs = uniformsOf(seed, count * trials);
        const singles = Array.from({ length: trials }, (_, trial) => {
          const own = Float64Array.from({ length: count }, (_, row) => inputs[row * trials + trial]);
          return digest(plan, own, 1, createWorkspace(plan, 1))[0];
        });
        for (const blockSize of [1, 7, 16, 32]) {
          const workspace = createWorkspace(plan, blockSize);
          expect(digest(plan, inputs, trials, workspace), `blocks of ${blockSize}`).toEqual(singles);
        }
        expect(digest(plan, inputs, trials), "blocks as they come").toEqual(singles);
        const fused = createFusedWorkspace(plan, 16);
        expect(fused.fused.size > 0, "runs compiled").toBe(typeof WebAssembly !== "undefined");
        expect(digest(plan, inputs, trials, fused), "runs in one pass").toEqual(singles);
        const horizon = compile(loadDraft(makeUncertain(draft)), { months: "horizon" });
        expect(horizon.variables).toEqual(plan.variables);
        expect(
          digest(horizon, inputs, trials, createFusedWorkspace(horizon, 16), true),
          "the horizon only",
        ).toEqual(digest(plan, inputs, trials, undefined, true));
        // The trials are not all the same, else this would show nothing.
        expect(new Set(singles).size).toBeGreaterThan(trials / 2);
      }),
      runs(12),
    );
  });
});

/** All bits of every column of each trial, in every month of the window or the horizon. */
function digest(
  plan: Plan,
  inputs: Float64Array,
  trials: number,
  workspace?: Workspace,
  isHorizon = false,
): string[] {
  // A hash for each column, since Plans may give their columns in another order.
  const hashes = Array.from({ length: trials * plan.columns.length }, () => [0x811c9dc5, 0]);
  const bits = new Int32Array(2);
  const value = new Float64Array(bits.buffer);
  const faults = simulate(
    plan,
    inputs,
    trials,
    (column, first, count, values, offset, monthStride, trialStride) => {
      const months = monthStride === 0 ? 1 : plan.monthCount;
      const [from, end] =
        isHorizon && months > 1 ? [plan.originMonth, plan.originMonth + plan.horizonMonths] : [0, months];
      for (let trial = 0; trial < count; trial++) {
        const hash = hashes[column * trials + first + trial];
        for (let month = from; month < end; month++) {
          value[0] = values[offset + month * monthStride + trial * trialStride];
          hash[0] = Math.imul(hash[0] ^ bits[0], 0x01000193) ^ (hash[0] >>> 15);
          hash[1] = Math.imul(hash[1] ^ bits[1], 0x85ebca6b) ^ (hash[1] >>> 13);
        }
      }
    },
    workspace,
  );
  expect(faults).toEqual([]);
  return Array.from({ length: trials }, (_, trial) =>
    plan.columns.map((_, column) => hashes[column * trials + trial].join(":")).join(" "),
  );
}

describe("faults", () => {
  const text = `
schema_version: 1
start: 2027-01
years: 1
let: { quality: "uniform(0.5, 1.5)" }
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 1000 USD, network: 0 USD, available_from: 2026-01, availability: quality * 0.9 }
sites: { hall: { power: 1 MW, pue: 1.1, pue_design: 1.2, electricity: 60 USD/MWh, facility: 12 USD/W } }
fleets: { first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-03 }, life: "uniform(1 month, 9 months)", replacement: { with: tiny, lead: 1 month } } }
`;

  test("come back as data: field, trials hit, first trial and value", () => {
    const plan = compile(loaded(text, { catalog: [] }));
    const row = (key: string) => plan.variables.findIndex((variable) => variable.key === key);
    expect(plan.variables.map(({ key }) => key).sort()).toEqual(["fleets.first.life", "let.quality"]);
    // Quality 0.5 + u, so that 90 % of it is above 100 % from u = 0.6111 on: trials 2 and 3, of 1.4 and 1.3 x 90 %.
    const trials = 5;
    const inputs = new Float64Array(2 * trials).fill(0.5);
    inputs.set([0.1, 0.5, 0.9, 0.8, 0.6], row("let.quality") * trials);
    const columns: number[] = [];
    const faults = simulate(plan, inputs, trials, (column) => columns.push(column));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({
      field: "chips.tiny.availability",
      trialsHit: 2,
      firstTrial: 2,
      low: 0,
      high: 1,
    });
    // (0.5 + 0.9) x 0.9, in three roundings.
    expect(faults[0].value).toBeCloseTo(1.26, 12);
    expect(columns, "every column is given all the same").toEqual(
      expect.arrayContaining([0, plan.columns.length - 1]),
    );
  });

  test("say where a life is drawn that is not longer than its replacement's lead", () => {
    const plan = compile(loaded(text, { catalog: [] }));
    const lifeFirst = plan.variables[0].key === "fleets.first.life";
    // 1 + 0.02 x 8 months, rounded to 1: as long as the lead.
    const inputs = Float64Array.from(lifeFirst ? [0.02, 0.5] : [0.5, 0.02]);
    const faults = simulate(plan, inputs, 1, () => {});
    expect(faults.map(({ field }) => field)).toContain("fleets.first.replacement.lead");
  });
});
