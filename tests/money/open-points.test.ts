/**
 * Where the engine is known to differ from docs/model.md section 10. A test here fails today; once it passes, drop
 * `.fails`, move it to where it belongs, and take its metrics out of `openPoints` in referee.property.test.ts.
 */

import { describe, expect, test } from "vitest";
import { plainInputs } from "../../src/engine/index.ts";
import { compile } from "../../src/scenario/compile/compile.ts";
import { simulateWindow, type WindowColumns } from "../reference/agreement.ts";
import { loaded } from "../scenario/load-files.ts";

function run(text: string): WindowColumns {
  const plan = compile(loaded(text, { catalog: [] }));
  return simulateWindow(plan, plainInputs(plan));
}

const WORLD = `
schema_version: 1
start: 2027-01
years: 1
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 1000 USD, network: 10 USD, lead: 3 months, available_from: 2020-01 }
sites:
  hall: { power: 1 MW, pue: 1, pue_design: 1, electricity: 0 USD/MWh, facility: 0 USD/W, build_time: 1 month }
`;

describe("the window (src/scenario/compile/window.ts)", () => {
  test.fails("holds the successors that land in the last months of a term", () => {
    const columns = run(`${WORLD}
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-01 }, life: 12 months, replacement: { with: tiny, lead: 3 months }, procurement: { contract: long } }
contracts:
  long: { commitment: 1 million USD, start: 2027-01, term: 20 months, rates: { tiny: 1 USD/chip/hour } }
`);
    // A hundred chips all through 2027 (8,760 h) and to August 2028 (5,856 h). Successors land three months ahead of what
    // retires: a hundred more from October to December 2027 (2,208 h), and from July 2028 on (1,488 h).
    const productive = 100 * (8760 + 5856 + 2208 + 1488);
    expect(columns.get("contract long contract_term_chip_hours")?.[0]).toBeCloseTo(productive, 3);
  });
});

describe("what is unsettled at the end (src/scenario/compile/contract-registers.ts)", () => {
  test.fails("does not depend on what else the window holds", () => {
    // The year's contract is used in full; what falls due after it is nobody's shortfall but overage without end.
    const unsettled = (buildTime: string) =>
      run(`${WORLD.replace("1 month }", `${buildTime} }`)}
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-01 }, procurement: { contract: year } }
contracts:
  year: { commitment: 876 thousand USD, start: 2027-01, term: 12 months, rates: { tiny: 1 USD/chip/hour } }
`).get("contract year contract_unsettled_usd")?.[0];
    expect(unsettled("1 month")).toBeDefined();
    expect(unsettled("30 months")).toBe(unsettled("1 month"));
  });
});

describe("returns (src/scenario/compile/kernel-registers.ts)", () => {
  test.fails("never have less than nothing out", () => {
    const columns = run(`${WORLD}
fleets:
  first: { chip: tiny, site: hall, size: 1 chip, deliver: { at: 2027-06 }, procurement: { contract: rich } }
contracts:
  rich: { commitment: 1 million USD, start: 2026-12, term: 24 months, upfront: 100 %, rates: { tiny: 1 USD/chip/hour } }
`);
    // Paid in full before anything is bought. What is out at most is nothing, however early the window begins.
    expect(columns.get("run  provider_lowest_cumulative_cash_usd")?.[0]).toBe(0);
  });
});

describe("conditions that deliveries wait for (src/engine/execute.ts)", () => {
  const blind = [
    ...["chips_ordered", "chip_cash", "network_cash", "chip_construction_in_progress"],
    ...["chip_maintenance_cost", "chip_cost_in_service", "chip_energised_cost", "chip_depreciation"],
    ...["chip_write_off", "chip_book_value", "stranded_cost", "stranded_idle_capital"],
  ];
  test.fails.each(blind)("may read %s, or are refused", (metric) => {
    const unit = metric.startsWith("chips") ? "chips" : "USD";
    run(`${WORLD}
fleets:
  first: { chip: tiny, site: hall, size: 100 chips, deliver: { at: 2027-03 }, pay_on_order: 50 %, maintenance: 10 % }
  second: { chip: tiny, site: hall, size: 10 chips, deliver: { at: 2027-04 }, funded_by: equity }
financing:
  equity: { amount: 5 million USD, when: fleets.first.${metric} >= 1 ${unit} }
`);
  });
});
