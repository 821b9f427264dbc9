/** What does not exist is empty, not 0, and a share of what is unserved stays a share (docs/model.md sections 15.4 and 15.8). */

import { describe, expect, test } from "vitest";
import { expectRefereeAgrees } from "../reference/compare.ts";
import { columnsOf, resultsOf, rowsOf, scenarioOf } from "./run-scenario.ts";

describe("hours without output", () => {
  test("have no cost of a chip-hour and no break-even, in the months without productive chips alone", async () => {
    const scenario = scenarioOf("hours-without-output");
    const results = await resultsOf(scenario);
    const fleets = rowsOf(results, "fleets");
    const demand = rowsOf(results, "demand");
    // Three months of commissioning, in which chips cost and give nothing.
    for (const month of [0, 1, 2]) {
      expect(fleets[month]?.chip_hour_cost_usd).toBeNull();
      expect(Number(fleets[month]?.part_cost_usd)).toBeGreaterThan(0);
      expect(fleets[month]?.idle_cost_usd).toBe(0);
      expect(demand[month]?.break_even_idle_s).toBeNull();
      expect(demand[month]?.assigned_cost_usd).toBe(0);
    }
    expect(Number(fleets[3]?.chip_hour_cost_usd)).toBeGreaterThan(0.1);
    expect(Number(demand[3]?.break_even_idle_s)).toBeGreaterThan(1);
    expectRefereeAgrees(scenario);
  });

  test("have no break-even in a tier that is free, nor one of a copy that does not fit", () => {
    const evenOf = (...sets: readonly string[]) => {
      const columns = columnsOf(scenarioOf("hours-without-output", ...sets));
      return columns.get("assignment w/f/c3 break_even_idle_s")?.[3];
    };
    expect(evenOf("workloads.w.tier_price=0 USD/(GB hour)")).toBeNaN();
    expect(evenOf("workloads.w.replica=16 chips", "chips.c3.scale_up_domain=8 chips")).toBeNaN();
    expect(evenOf()).toBeGreaterThan(1);
  });

  test("break even where prefill saved, less the way back, costs as much as the tier", () => {
    const columns = columnsOf(scenarioOf("hours-without-output", "chips.c3.serving.prefill=35 %"));
    const at = (key: string, month = 0) => columns.get(key)?.[month] ?? Number.NaN;
    // Bytes of a session's state, and the seconds of a chip that its prefill takes; goodput lengthens both ways alike.
    const bytes = at("workload w state_gb_per_session");
    const flop =
      at("workload w stateless_prefill_tflop_per_request") - at("workload w prefill_tflop_per_request");
    const goodput = at("assignment w/f/c3 service_goodput");
    const saved = (flop / (0.35 * 0.6 * 600e12) - bytes / 20e9) / goodput;
    const perSecond = at("part f/c3 chip_hour_cost_usd", 3) / 3600;
    const tier = (bytes * (0.001 / 1e9)) / 3600;
    expect(at("assignment w/f/c3 break_even_idle_s", 3)).toBeCloseTo((saved * perSecond) / tier, 6);
  });
});

describe("a training run that ends short", () => {
  test("has an unserved share of at most 1 in its last month, and its backlog beside it", () => {
    // Half of the run fits; what is behind builds up until the last month, which asks for a sixth and loses three times as much.
    const sets = [
      "start=2026-01",
      "fleets.f.commissioning=0 months",
      "workloads={ t: { kind: training, model: dense, flop: 5e24 FLOP, precision: bf16, from: 2026-02, to: 2026-07, value: 1 USD/EFLOP } }",
    ];
    const columns = columnsOf(scenarioOf("hours-without-output", ...sets));
    const of = (metric: string) => columns.get(`workload t ${metric}`) ?? new Float64Array();
    expect(of("demand_unserved_units")[6]).toBeGreaterThan(of("demand_required_units")[6] ?? 0);
    for (const share of of("workload_unserved_share")) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    const served = of("demand_served_units")[6] ?? 0;
    const unserved = of("demand_unserved_units")[6] ?? 0;
    expect(of("workload_unserved_share")[6]).toBeCloseTo(unserved / (served + unserved), 12);
    expect(of("demand_backlog_units")[5]).toBeGreaterThan(0);
    expect(of("demand_backlog_units")[6]).toBe(0);
    // Over the horizon all that was required is served or lost.
    const total = (metric: string) => of(metric).reduce((sum, value) => sum + value, 0);
    const settled = total("demand_served_units") + total("demand_unserved_units");
    expect(settled / total("demand_required_units")).toBeCloseTo(1, 12);
    const share = columns.get("run  horizon_demand_unserved_share")?.[0] ?? Number.NaN;
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThan(1);
  });
});
