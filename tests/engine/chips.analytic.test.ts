/** Failures, retirement and replacement against geometric series, Little's law and steady states. */

import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { simulate } from "../../src/engine/index.ts";
import { loaded } from "../scenario/load-files.ts";
import { runTiny, tinyText } from "./tiny-scenario.ts";

/** Relative difference that sums of some hundred terms may show on one machine. */
const ROUNDING = 1e-12;

function expectEqual(got: number, wanted: number, gross = Math.abs(wanted)): void {
  expect(Math.abs(got - wanted), `${got}, not ${wanted}`).toBeLessThanOrEqual(ROUNDING * gross);
}

describe("permanent failure", () => {
  test.each([0, 0.02, 0.3, 0.99])("of %d a year leaves a geometric series", (rate) => {
    const of = runTiny({ years: 3, chip: `failure_rate: ${rate * 100} %`, fleet: "spares: none" });
    for (let month = 0; month < 36; month++)
      expectEqual(of("chips_energised")[month], 1000 * (1 - rate) ** (month / 12), 1000);
    // A year after the landing the yearly rate has gone, and no more.
    const lost = of("chips_failed")
      .slice(0, 13)
      .reduce((x, y) => x + y, 0);
    expectEqual(lost, 1000 * rate, 1000);
  });

  test("costs as many spares as would have failed of a full fleet", () => {
    const rate = 0.3;
    const hazard = 1 - (1 - rate) ** (1 / 12);
    const of = runTiny({ years: 2, chip: `failure_rate: ${rate * 100} %, price: 500 USD` });
    expectEqual(of("chips_energised")[23], 1000);
    const paid = of("spares_cost_usd").reduce((x, y) => x + y, 0);
    expectEqual(paid, 23 * 1000 * hazard * 500);
  });
});

describe("an even delivery over ten years", () => {
  // 10 chips a month from 2027 to 2036.
  const fleet = "size: 1200 chips, deliver: { from: 2027-01, to: 2036-12 }";

  test.each([1, 7, 30, 60])("with a life of %i months holds rate x life (Little's law)", (life) => {
    const of = runTiny({ years: 15, fleet: `${fleet}, life: ${life} months` });
    for (let month = 0; month < 180; month++) {
      const alive = Math.min(month + 1, 120) - Math.min(Math.max(0, month + 1 - life), 120);
      expectEqual(of("chips_energised")[month], 10 * alive, 1200);
    }
    expectEqual(of("chips_energised")[100], 10 * life, 1200);
    expectEqual(
      of("chips_retired").reduce((x, y) => x + y, 0),
      1200,
    );
  });

  test("with failures too holds the partial sum of a geometric series", () => {
    const [rate, life] = [0.25, 36];
    const stay = (1 - rate) ** (1 / 12);
    const of = runTiny({
      years: 10,
      chip: `failure_rate: ${rate * 100} %`,
      fleet: `${fleet}, life: ${life} months, spares: none`,
    });
    for (let month = life - 1; month < 120; month++)
      expectEqual(of("chips_energised")[month], (10 * (1 - stay ** life)) / (1 - stay), 1200);
  });
});

describe("a fleet that renews itself", () => {
  const life = 24;
  const renewal = `life: ${life} months, book_life: ${life} months, replacement: { with: tiny }`;

  test("holds its number, and buys it anew every life", () => {
    const of = runTiny({ years: 10, chip: "price: 100 USD", fleet: renewal });
    for (let month = 0; month < 120; month++) {
      expectEqual(of("chips_energised")[month], 1000);
      expectEqual(of("chip_cash_usd")[month], month % life === 0 ? 100_000 : 0, 100_000);
      expectEqual(of("chip_depreciation_usd")[month], 100_000 / life);
      expectEqual(of("chip_write_off_usd")[month], 0, 100_000);
      expectEqual(of("chip_book_value_usd")[month], 100_000 * (1 - ((month % life) + 1) / life), 100_000);
    }
  });

  test("of evenly mixed ages is steady: purchases = depreciation, and the book stands near half the cost", () => {
    const of = runTiny({
      years: 10,
      chip: "price: 100 USD",
      fleet: `${renewal}, deliver: { from: 2027-01, to: 2028-12 }`,
    });
    for (let month = life; month < 120; month++) {
      expectEqual(of("chips_energised")[month], 1000);
      expectEqual(of("chip_cash_usd")[month], 100_000 / life);
      expectEqual(of("chip_depreciation_usd")[month], 100_000 / life);
      // The mean of 1 - (age + 1) / life over the ages 0 .. life - 1.
      expectEqual(of("chip_book_value_usd")[month], (100_000 * (life - 1)) / (2 * life), 100_000);
    }
  });
});

describe("a size in power with uncertain watts", () => {
  const size = (sized: string) =>
    tinyText({
      chip: 'it_power: "uniform(0.5 kW, 1.5 kW)"',
      fleet: `size: 900 kW, basis: it, sized: ${sized}`,
    });

  /** Chips and IT watts of the first month at the 10 %, 50 % and 90 % quantile: 0.6, 1 and 1.4 kW. */
  function trialsOf(sized: string): number[][] {
    const plan = compile(loaded(size(sized), { catalog: [] }));
    expect(plan.variables.map(({ key }) => key)).toEqual(["chips.tiny.it_power"]);
    const found = [[], [], []] as number[][];
    const faults = simulate(
      plan,
      Float64Array.of(0.1, 0.5, 0.9),
      3,
      (index, first, count, values, offset, months, trials) => {
        const { metric, level } = plan.columns[index];
        if (level !== "total" || !["chips_energised", "it_power_mw"].includes(metric)) return;
        for (let trial = 0; trial < count; trial++)
          found[first + trial].push(values[offset + plan.originMonth * months + trial * trials]);
      },
    );
    expect(faults).toEqual([]);
    return found;
  }

  test("gives other chips in each trial, so that the power is the size", () => {
    for (const [trial, watts] of [600, 1000, 1400].entries()) {
      const [chips, power] = trialsOf("each_trial")[trial];
      expectEqual(chips, 900_000 / watts);
      expectEqual(power, 900_000);
    }
  });

  test("once gives the chips of the medians, and power as it comes", () => {
    for (const [trial, watts] of [600, 1000, 1400].entries()) {
      const [chips, power] = trialsOf("once")[trial];
      expectEqual(chips, 900);
      expectEqual(power, 900 * watts);
    }
  });
});
