/** The referee itself, against figures worked out by hand. */

import { describe, expect, it } from "vitest";
import { type ReferenceInput, simulateReference } from "./reference.ts";

const START = 2026 * 12; // January 2026

/** A fixed value, or a table by months from `start`. */
type Value = number | readonly (readonly [month: number, value: number])[];

const at = (t: number): number => START + t;

/** What a field is worth where a case does not say, by its path with names starred. */
const DEFAULTS: Readonly<Record<string, number>> = {
  "chips.*.it_power": 1000,
  "chips.*.price": 1000,
  "chips.*.network": 0,
  "chips.*.bf16": 1e15,
  "chips.*.hbm": 1e11,
  "chips.*.hbm_bandwidth": 4e12,
  "chips.*.lead": 0,
  "chips.*.available_from": START - 60,
  "chips.*.slip": 0,
  "chips.*.failure_rate": 0,
  "chips.*.interruption_rate": 0,
  "chips.*.availability": 1,
  "fleets.*.priority": 10,
  "fleets.*.commissioning": 0,
  "fleets.*.life": 72,
  "fleets.*.book_life": 60,
  "fleets.*.economic_life": 72,
  "fleets.*.residual_haircut": 0,
  "fleets.*.replacement.lead": 0,
  "fleets.*.load_factor": 0.8,
  "fleets.*.scheduling_goodput": 1,
  "fleets.*.job_chips": 10_000,
  "fleets.*.recovery": 0.3,
  "fleets.*.maintenance": 0,
  "fleets.*.pay_on_order": 0,
  "sites.*.power": 1e9,
  "sites.*.delay": 0,
  "sites.*.pue": 1,
  "sites.*.pue_design": 1,
  "sites.*.build_time": 18,
  "sites.*.book_life": 180,
  "sites.*.economic_life": 240,
  "sites.*.residual_haircut": 0,
  "sites.*.maintenance": 0,
  "sites.*.staff": 0,
  "provider.discount_rate": 0,
};

type Case = {
  readonly months: number;
  readonly values: Readonly<Record<string, Value>>;
  readonly words?: Readonly<Record<string, string>>;
  readonly fleets?: readonly string[];
  readonly mix?: readonly string[];
  readonly sizeIn?: "chips" | "power" | "money";
};

/** One site `s`; the fleet `f` of chip `a` unless the case says more. */
function run(given: Case) {
  const fleets = given.fleets ?? ["f"];
  const words: Record<string, string> = { ...given.words };
  for (const fleet of fleets) {
    words[`fleets.${fleet}.site`] = "s";
    if (given.mix === undefined) words[`fleets.${fleet}.chip`] ??= "a";
  }
  const input: ReferenceInput = {
    startMonth: START,
    monthCount: given.months,
    names: {
      sites: ["s"],
      fleets,
      chips: ["a", "b"],
      mixOf: () => given.mix ?? [],
      sizeIn: () => given.sizeIn ?? "chips",
    },
    number: (path, month) => {
      const starred = path
        .replace(/^(chips|fleets|sites)\.[^.]+/, "$1.*")
        .replace(/mix\.[^.]+\.deliver/, "deliver");
      const value = given.values[path] ?? (/\.deliver\.delay$/.test(path) ? 0 : DEFAULTS[starred]);
      return typeof value === "object" ? tableValue(value, month, /\.(power|schedule)$/.test(path)) : value;
    },
    word: (path) => words[path],
    undelayedDates: [START],
  };
  return simulateReference(input);
}

function tableValue(
  table: readonly (readonly [number, number])[],
  month: number,
  zeroBefore: boolean,
): number {
  let value = zeroBefore ? 0 : (table[0]?.[1] ?? 0);
  for (const [t, entry] of table) {
    if (month >= at(t)) value = entry;
  }
  return value;
}

function near(actual: readonly number[] | number | undefined, wanted: readonly number[] | number): void {
  const all = typeof wanted === "number" ? [wanted] : wanted;
  const got = typeof actual === "number" ? [actual] : (actual ?? []);
  expect(got).toHaveLength(all.length);
  const scale = Math.max(...all.map(Math.abs), 1e-300);
  all.forEach((value, index) => {
    expect(
      Math.abs((got[index] ?? Number.NaN) - value),
      `entry ${index}: ${got[index]}, not ${value}`,
    ).toBeLessThanOrEqual(1e-12 * scale);
  });
}

describe("deliveries and power", () => {
  it("lands evenly and strands what has no power", () => {
    const { part, site, words } = run({
      months: 6,
      values: {
        "fleets.f.size": 120,
        "fleets.f.deliver.from": at(0),
        "fleets.f.deliver.to": at(3),
        "chips.a.network": 200,
        "sites.s.pue_design": 1.25,
        "sites.s.pue": 1.2,
        "sites.s.electricity": 1e-4, // 100 USD/MWh
        "sites.s.power": [
          [0, 50_000],
          [4, 125_000],
        ],
        "provider.discount_rate": 0.1,
      },
    });
    // A chip takes 1 kW x 1.25 = 1.25 kW: 50 kW are 40 chips, 125 kW are 100. 30 chips land a month.
    const f = part.get("f/a");
    near(f?.get("chips_landed"), [30, 30, 30, 30, 0, 0]);
    near(f?.get("chips_energised"), [30, 40, 40, 40, 100, 100]);
    near(f?.get("chips_stranded"), [0, 20, 50, 80, 20, 20]);
    near(f?.get("facility_power_mw"), [37_500, 50_000, 50_000, 50_000, 125_000, 125_000]);
    expect(words.site.get("s")?.binding).toEqual(["none", "power", "power", "power", "power", "power"]);
    // February: 40 chips x 1,000 W x 0.8 x 1.2 x 672 h = 25,804,800 Wh, at 1e-4 USD 2,580.48 USD.
    near(f?.get("energy_gwh")?.[1], 25_804_800);
    near(site.get("s")?.get("energy_cost_usd")?.[1], 2580.48);
    // 20 stranded chips of 1,200 USD.
    near(f?.get("chip_construction_in_progress_usd"), [0, 24_000, 60_000, 96_000, 24_000, 24_000]);
    near(f?.get("stranded_idle_capital_usd")?.[1], 24_000 * (1.1 ** (1 / 12) - 1));
    near(f?.get("chips_undelivered"), [90, 60, 30, 0, 0, 0]);
  });

  it("defers what is due before the chip exists, on top of the delivery's own delay", () => {
    const { part, words } = run({
      months: 6,
      values: {
        "fleets.f.size": 40,
        "fleets.f.deliver.from": at(0),
        "fleets.f.deliver.to": at(3),
        "fleets.f.deliver.delay": 1,
        "chips.a.available_from": at(1),
        "chips.a.slip": 1.5, // rounds up to 2: available in t = 3
      },
    });
    // Planned 10, 20, 30, 40; a month later 0, 10, 20, 30, 40; nothing before t = 3.
    const f = part.get("f/a");
    near(f?.get("chips_planned"), [10, 20, 30, 40, 40, 40]);
    near(f?.get("chips_landed"), [0, 0, 0, 30, 10, 0]);
    near(f?.get("chips_deferred"), [0, 10, 20, 0, 0, 0]);
    expect(words.part.get("f/a")?.binding).toEqual(["chips", "chips", "chips", "chips", "none", "none"]);
  });

  it("holds chips back until power is near", () => {
    const { part } = run({
      months: 7,
      values: {
        "fleets.f.size": 300,
        "fleets.f.deliver.at": at(0),
        "fleets.f.deliver.wait_for_power": 2,
        "sites.s.power": [
          [0, 100_000],
          [5, 200_000],
        ],
      },
    });
    // 300 kW due. At t = 0 the limit of t = 2 is 100 kW: 100 land. At t = 3 that of t = 5 is 200 kW: 100 more land,
    // and are stranded until t = 5. The last 100 wait for ever.
    const f = part.get("f/a");
    near(f?.get("chips_landed"), [100, 0, 0, 100, 0, 0, 0]);
    near(f?.get("chips_held"), [200, 200, 200, 100, 100, 100, 100]);
    near(f?.get("chips_stranded"), [0, 0, 0, 100, 100, 0, 0]);
    near(f?.get("chips_energised"), [100, 100, 100, 100, 100, 200, 200]);
    near(f?.get("chips_undelivered"), [200, 200, 200, 100, 100, 100, 100]);
  });

  it("gives power by priority, cuts in the other order, and shares within a priority", () => {
    const { part } = run({
      months: 4,
      fleets: ["e", "f", "g"],
      values: {
        "fleets.e.priority": 1,
        "fleets.e.size": 60,
        "fleets.f.size": 30,
        "fleets.g.size": 90,
        "fleets.e.deliver.at": at(0),
        "fleets.f.deliver.at": at(0),
        "fleets.g.deliver.at": at(0),
        "sites.s.power": [
          [0, 100_000],
          [1, 80_000],
          [2, 50_000],
          [3, 190_000],
        ],
      },
    });
    // t = 0: e gets its 60 kW; f and g ask for 120 kW of 40 kW and get a third: 10 and 30.
    // t = 1: 20 kW too many: f and g draw 40 kW and lose half, 5 and 15 chips. t = 2: they lose all, e 10.
    // t = 3: 180 kW fit into 190 kW.
    near(part.get("e/a")?.get("chips_energised"), [60, 60, 60, 60]);
    near(part.get("f/a")?.get("chips_energised"), [10, 10, 10, 30]);
    near(part.get("g/a")?.get("chips_energised"), [30, 30, 30, 90]);
    near(part.get("e/a")?.get("chips_curtailed"), [0, 0, 10, 0]);
    near(part.get("f/a")?.get("chips_curtailed"), [0, 5, 10, 0]);
    near(part.get("g/a")?.get("chips_curtailed"), [0, 15, 30, 0]);
    near(part.get("g/a")?.get("chips_productive"), [30, 15, 0, 90]);
    near(part.get("g/a")?.get("it_power_mw"), [30_000, 15_000, 0, 90_000]);
  });
});

describe("life", () => {
  it("retires after the life and writes off what is left", () => {
    const { part } = run({
      months: 5,
      values: {
        "fleets.f.size": 100,
        "fleets.f.deliver.at": at(0),
        "fleets.f.life": 3,
        "fleets.f.book_life": 4,
        "fleets.f.commissioning": 1,
      },
    });
    // Energised in t = 0, productive from t = 1, gone at the start of t = 3. 100,000 USD in four parts of 25,000 from
    // t = 1; two are written down, 50,000 are written off.
    const f = part.get("f/a");
    near(f?.get("chips_energised"), [100, 100, 100, 0, 0]);
    near(f?.get("chips_productive"), [0, 100, 100, 0, 0]);
    near(f?.get("chips_productive_new"), [0, 100, 0, 0, 0]);
    near(f?.get("chips_retired"), [0, 0, 0, 100, 0]);
    near(f?.get("chip_depreciation_usd"), [0, 25_000, 25_000, 0, 0]);
    near(f?.get("chip_book_value_usd"), [100_000, 75_000, 50_000, 0, 0]);
    near(f?.get("chip_write_off_usd"), [0, 0, 0, 50_000, 0]);
  });

  const failing: Readonly<Record<string, Value>> = {
    "fleets.f.size": 1000,
    "fleets.f.deliver.at": at(0),
    "fleets.f.book_life": 10,
    "chips.a.failure_rate": 1 - 0.9 ** 12, // a tenth each month
  };

  it("loses chips that fail, and their book value, where there are no spares", () => {
    const { part } = run({ months: 3, values: failing, words: { "fleets.f.spares": "none" } });
    // 1,000,000 USD: 100,000 written down at once. February: a tenth of 900,000 is lost, 90,000 of the 900,000 that
    // remain of the cost are written down. March: a tenth of 720,000; 81,000.
    const f = part.get("f/a");
    near(f?.get("chips_energised"), [1000, 900, 810]);
    near(f?.get("chips_failed"), [0, 100, 90]);
    near(f?.get("chips_replaced"), [0, 0, 0]);
    near(f?.get("chip_depreciation_usd"), [100_000, 90_000, 81_000]);
    near(f?.get("chip_write_off_usd"), [0, 90_000, 72_000]);
    near(f?.get("chip_book_value_usd"), [900_000, 720_000, 567_000]);
    near(f?.get("spares_cost_usd"), [0, 0, 0]);
  });

  it("keeps the count and pays spares where they are replaced", () => {
    const f = run({ months: 3, values: failing }).part.get("f/a");
    near(f?.get("chips_energised"), [1000, 1000, 1000]);
    near(f?.get("chips_failed"), [0, 100, 100]);
    near(f?.get("spares_cost_usd"), [0, 100_000, 100_000]);
    near(f?.get("chip_book_value_usd"), [900_000, 800_000, 700_000]);
  });

  it("replaces what retires by as much power, ahead of time", () => {
    const { part } = run({
      months: 9,
      values: {
        "fleets.f.size": 100,
        "fleets.f.deliver.at": at(0),
        "fleets.f.life": 4,
        "fleets.f.replacement.lead": 1,
        "chips.a.it_power": 2000,
        "sites.s.power": 200_000,
      },
      words: { "fleets.f.replacement.with": "b" },
    });
    // 100 chips of 2 kW retire in t = 4, so 200 of 1 kW land in t = 3, a month stranded; they retire in t = 8 and
    // renew themselves from t = 7.
    near(part.get("f/a")?.get("chips_energised"), [100, 100, 100, 100, 0, 0, 0, 0, 0]);
    near(part.get("f/b")?.get("chips_landed"), [0, 0, 0, 200, 0, 0, 0, 200, 0]);
    near(part.get("f/b")?.get("chips_stranded"), [0, 0, 0, 200, 0, 0, 0, 200, 0]);
    near(part.get("f/b")?.get("chips_energised"), [0, 0, 0, 0, 200, 200, 200, 200, 200]);
    near(part.get("f/b")?.get("chips_retired"), [0, 0, 0, 0, 0, 0, 0, 0, 200]);
    near(part.get("f/b")?.get("chips_undelivered"), [0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("does not replace what fails before it retires", () => {
    const { part } = run({
      months: 5,
      values: {
        ...failing,
        "fleets.f.life": 4,
        "fleets.f.replacement.lead": 2,
      },
      words: { "fleets.f.spares": "none", "fleets.f.replacement.with": "a" },
    });
    // 1,000, 900, 810, 729 in t = 3, and those 729 retire at the start of t = 4: 729 land in t = 2. These are 656.1
    // in t = 3, 590.49 in t = 4 and 531.441 in t = 5, retire at the start of t = 6, and so 531.441 land in t = 4.
    const f = part.get("f/a");
    near(f?.get("chips_retired"), [0, 0, 0, 0, 729]);
    near(f?.get("chips_landed"), [1000, 0, 729, 0, 531.441]);
    near(f?.get("chips_energised"), [1000, 900, 810 + 729, 729 + 656.1, 590.49 + 531.441]);
    near(f?.get("chips_failed"), [0, 100, 90, 153.9, 65.61]);
  });
});

describe("sizes", () => {
  const bothAt: Readonly<Record<string, Value>> = {
    "fleets.f.deliver.at": at(0),
    "chips.a.it_power": 2000,
    "chips.a.price": 900,
    "chips.b.price": 400,
    "chips.a.network": 100,
    "chips.b.network": 100,
  };

  it("shares a budget by spend", () => {
    // 300,000 USD, a third to chips of 1,000 USD and two thirds to chips of 500 USD: 100 and 400.
    const { part } = run({
      months: 1,
      mix: ["a", "b"],
      sizeIn: "money",
      values: { ...bothAt, "fleets.f.size": 300_000, "fleets.f.mix.a": 1 / 3, "fleets.f.mix.b": 2 / 3 },
      words: { "fleets.f.by": "spend" },
    });
    near(part.get("f/a")?.get("chips_landed"), 100);
    near(part.get("f/b")?.get("chips_landed"), 400);
  });

  it("shares facility power by power, with a delivery of its own for one member", () => {
    // 250 kW at design PUE 1.25 are 200 kW of IT, half to chips of 2 kW and half to chips of 1 kW: 50 and 100.
    const { part } = run({
      months: 3,
      mix: ["a", "b"],
      sizeIn: "power",
      values: {
        ...bothAt,
        "fleets.f.size": 250_000,
        "fleets.f.mix.a": 0.5,
        "fleets.f.mix.b": 0.5,
        "fleets.f.mix.b.deliver.at": at(2),
        "sites.s.pue_design": 1.25,
      },
    });
    near(part.get("f/a")?.get("chips_landed"), [50, 0, 0]);
    near(part.get("f/b")?.get("chips_landed"), [0, 0, 100]);
  });
});

describe("money", () => {
  it("pays part with the order, at the order month's price, and writes one cohort down", () => {
    const { part, total } = run({
      months: 7,
      values: {
        "fleets.f.size": 100,
        "fleets.f.deliver.at": at(2),
        "fleets.f.commissioning": 1,
        "fleets.f.book_life": 3,
        "fleets.f.pay_on_order": 0.25,
        "fleets.f.maintenance": 0.12,
        "chips.a.lead": 2,
        "chips.a.price": [
          [0, 800],
          [1, 500],
        ],
        "chips.a.network": 100,
      },
    });
    // 100 x (800 + 100) = 90,000 USD; a quarter in t = 0, the rest in t = 2. Three parts of 30,000 from t = 3.
    const f = part.get("f/a");
    near(f?.get("chips_ordered"), [100, 0, 0, 0, 0, 0, 0]);
    near(f?.get("chip_cash_usd"), [20_000, 0, 60_000, 0, 0, 0, 0]);
    near(f?.get("network_cash_usd"), [2500, 0, 7500, 0, 0, 0, 0]);
    near(f?.get("chip_construction_in_progress_usd"), [22_500, 22_500, 0, 0, 0, 0, 0]);
    near(f?.get("chip_depreciation_usd"), [0, 0, 0, 30_000, 30_000, 30_000, 0]);
    near(f?.get("chip_book_value_usd"), [0, 0, 90_000, 60_000, 30_000, 0, 0]);
    near(f?.get("chip_maintenance_cost_usd"), [0, 0, 900, 900, 900, 900, 900]);
    near(total.get("provider_cash_usd"), [22_500, 0, 68_400, 900, 900, 900, 900]);
    near(total.get("provider_cost_usd"), [0, 0, 900, 30_900, 30_900, 30_900, 900]);
  });

  const building: Readonly<Record<string, Value>> = {
    "fleets.f.size": 0,
    "fleets.f.deliver.at": at(0),
    "sites.s.power": [[4, 100_000]],
    "sites.s.pue_design": 1.25,
    "sites.s.facility": 10,
    "sites.s.build_time": 8,
    "sites.s.book_life": 10,
    "sites.s.economic_life": 20,
    "sites.s.delay": 3,
    "sites.s.maintenance": 0.06,
    "sites.s.staff": 0.12,
    "provider.discount_rate": 0.1,
  };

  it("moves only the facility cash that is unspent at the start", () => {
    const { site, scalars } = run({ months: 12, values: building });
    // 100 kW / 1.25 x 10 USD/W = 800,000 USD over the 8 months t = -4 to 3. Four parts of 100,000 are spent before the
    // start, four move from t = 0..3 to t = 3..6. In service from t = 7, 80,000 a month written down.
    const s = site.get("s");
    const k = 1000;
    near(
      s?.get("facility_cash_usd"),
      [0, 0, 0, 100, 100, 100, 100, 0, 0, 0, 0, 0].map((x) => x * k),
    );
    near(
      s?.get("facility_construction_in_progress_usd"),
      [400, 400, 400, 500, 600, 700, 800, 0, 0, 0, 0, 0].map((x) => x * k),
    );
    near(
      s?.get("facility_depreciation_usd"),
      [0, 0, 0, 0, 0, 0, 0, 80, 80, 80, 80, 80].map((x) => x * k),
    );
    near(
      s?.get("facility_book_value_usd"),
      [0, 0, 0, 0, 0, 0, 0, 720, 640, 560, 480, 400].map((x) => x * k),
    );
    // 0.06 / 12 x 800,000 = 4,000; 0.12 / 12 x 80,000 W = 800.
    near(
      s?.get("facility_maintenance_cost_usd"),
      [0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4].map((x) => x * k),
    );
    near(s?.get("staff_cost_usd"), [0, 0, 0, 0, 0, 0, 0, 800, 800, 800, 800, 800]);
    near(
      s?.get("power_limit_mw"),
      [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1].map((x) => x * 100 * k),
    );
    // The opening: t = -1 counts as it is, t = -4 three months more. Five of twenty months are used up at the end.
    const month = 1.1 ** (1 / 12);
    const opening = 100 * k * (month ** 3 + month ** 2 + month + 1);
    near(scalars.get("provider_opening_cash_usd"), opening);
    near(scalars.get("provider_residual_usd"), 600 * k);
    const capital = 100 * k * (month ** -4 + month ** -5 + month ** -6 + month ** -7);
    const running = 4800 * (month ** -8 + month ** -9 + month ** -10 + month ** -11 + month ** -12);
    near(scalars.get("cost_provider_pv_usd"), opening + capital + running);
  });

  it("leases instead of building", () => {
    const { site } = run({
      months: 9,
      values: { ...building, "sites.s.lease": 0.2, "sites.s.lease_growth": 0.21 },
      words: { "sites.s.tenure": "leased" },
    });
    // 0.2 USD/(W month) x 80,000 W x 1.21^(7/12) in t = 7.
    const s = site.get("s");
    near(s?.get("facility_cash_usd"), new Array<number>(9).fill(0));
    near(s?.get("lease_cost_usd"), [
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      16_000 * 1.21 ** (7 / 12),
      16_000 * 1.21 ** (8 / 12),
    ]);
    near(s?.get("staff_cost_usd")?.[8], 800);
  });

  it("levels the cost over chip-hours and over effective compute", () => {
    const { part, total, scalars, words } = run({
      months: 12,
      values: {
        "fleets.f.size": 100,
        "fleets.f.deliver.at": at(0),
        "fleets.f.economic_life": 24,
        "fleets.f.residual_haircut": 0.2,
        "fleets.f.scheduling_goodput": 0.5,
        "fleets.f.job_chips": 8766,
        "fleets.f.recovery": 0.25,
        "chips.a.interruption_rate": 1,
        "chips.a.fp8": 2e15,
        "chips.a.mfu.training.fp8": 0.4,
        "chips.h100.fp8": 1e15,
        "chips.h100.bf16": 5e14,
        "chips.h100.hbm_bandwidth": 2e12,
      },
    });
    // Half of 100,000 USD is left, less a fifth: 40,000. 100 chips x 8,760 h = 876,000 chip-hours for 60,000 USD.
    near(scalars.get("provider_residual_usd"), 40_000);
    near(scalars.get("cost_provider_pv_usd"), 100_000);
    near(scalars.get("levelised_cost_usd_per_chip_hour"), 60_000 / 876_000);
    // One interruption an hour with a quarter of an hour lost: 0.8. FP4 work runs in FP8:
    // 100 x 2e15 x 0.5 x 0.8 x 0.4 = 3.2e16 FLOP/s = 0.032 EFLOP/s.
    near(part.get("f/a")?.get("effective_fp4_eflops")?.[0], 3.2e16);
    near(part.get("f/a")?.get("peak_fp4_eflops")?.[0], 2e17);
    near(total.get("cumulative_effective_fp4_yflop")?.[11], 3.2e16 * 3600 * 8760);
    near(scalars.get("levelised_cost_usd_per_effective_fp4_eflop_hour"), 60_000 / (0.032 * 8760));
    near(total.get("h100e_fp8")?.[0], 200);
    near(total.get("h100e_bf16")?.[0], 200);
    near(total.get("h100e_hbm_bandwidth")?.[0], 200);
    expect(words.part.get("f/a")).toMatchObject({ fp4_runs_as: "fp8", fp8_runs_as: "fp8" });
  });
});
