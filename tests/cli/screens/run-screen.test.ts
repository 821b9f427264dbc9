import { expect, test } from "vitest";
import { makeTables } from "../../../src/analysis/tables/index.ts";
import { drawRunScreen } from "../../../src/cli/screens/run-screen.ts";
import { run } from "../../money/plain-figures.ts";
import { loaded } from "../../scenario/load-files.ts";
import { workingScenario } from "../gigafleet.ts";

const text = `schema_version: 1
start: 2027-01
years: 1
provider: { equity_rate: 10 % }
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 1000 USD, network: 0 USD, lead: 0 months, available_from: 2020-01 }
sites:
  hall: { tenure: leased, power: 12 kW, pue: 1, pue_design: 1.2, electricity: 900 USD/MWh, lease: 0 USD/(kW month) }
fleets:
  first: { chip: tiny, site: hall, size: 10 chips, deliver: { at: 2027-03 }, procurement: { contract: use } }
contracts:
  use: { commitment: 9 USD, terms: pay_as_you_go, start: 2027-01, term: 1 year, rates: { tiny: 0.01 USD/chip/hour } }
debt:
  chips: { fleets: first, share: 70 %, rate: 8 %, tenor: 9 months, repayment: sculpted, dscr: 1.3 }
`;

test("a loan that no cash repays is not borrowed, and the screen says why", async () => {
  const results = await run(text);
  const screen = drawRunScreen(loaded(text, { catalog: [] }), results, makeTables(results), undefined);
  expect(screen.replace(/\s+/g, " ")).toContain(
    "chips nothing is borrowed: nothing is spent on what it pays for, or no cash is left to repay it",
  );
});

test("rates of a currency that change by date stand as words, without the braces of a scenario", async () => {
  const own = text.replace("price: 1000 USD", "price: 900 EUR").replace(
    "debt:",
    `money: { rates: { EUR: { 2027-01: 1.08 USD/EUR, 2027-06: 1.1 USD/EUR } } }
debt:`,
  );
  const results = await run(own);
  const screen = drawRunScreen(loaded(own, { catalog: [] }), results, makeTables(results), undefined);
  expect(screen.replace(/\s+/g, " ")).toContain(
    "Currencies 1.08 USD/EUR from 2027-01, 1.1 USD/EUR from 2027-06 Equity",
  );
});

test("what is served stands beside what is required, also where it is nothing", async () => {
  const never = workingScenario.replace("speed: 20 tokens/s", "speed: 1000000 tokens/s");
  const results = await run(never);
  const screen = drawRunScreen(loaded(never, { catalog: [] }), results, makeTables(results), undefined);
  expect(screen).toMatch(/required +served +USD per/);
  // 365 days of 8.64 million tokens are 0.003 trillion; none of them is served.
  expect(screen).toMatch(/^2027 +0\.003 +0 +100/m);
});
