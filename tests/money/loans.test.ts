/** Loans against closed forms and identities. */

import { expect, test } from "vitest";
import { findColumn, type Results } from "../../src/analysis/results/results.ts";
import { compile } from "../../src/compile/compile.ts";
import { simulateWindow } from "../reference/agreement.ts";
import { loaded } from "../scenario/load-files.ts";
import { figure, run } from "./plain-figures.ts";

/** A fleet and its hall, contracted for years, with one loan or none; all chips land at once unless `lands` says otherwise. */
function scenario(loan: string, lands = "from: 2027-03, to: 2027-10"): string {
  const debt = loan === "" ? "" : `debt:\n  loan: { fleets: first, sites: hall, ${loan} }\n`;
  return `schema_version: 1
start: 2027-01
years: 8
provider: { discount_rate: 10 %, equity_rate: 10 % }
buyer: { discount_rate: 9 % }
chips:
  tiny: { bf16: 1 PFLOPS, hbm: 100 GB, hbm_bandwidth: 1 TB/s, it_power: 1 kW, price: 30 thousand USD, network: 3 thousand USD, lead: 3 months, available_from: 2020-01 }
sites:
  hall: { power: 240 kW, pue: 1.1, pue_design: 1.2, electricity: 60 USD/MWh, facility: 12 USD/W, staff: 0.05 USD/(W year) }
fleets:
  first: { chip: tiny, site: hall, size: 200 chips, deliver: { ${lands} }, pay_on_order: 20 %, procurement: { contract: use } }
contracts:
  use: { commitment: 20 million USD, start: 2027-01, term: 7 years, rates: { tiny: 2 USD/chip/hour } }
${debt}`;
}

function ofLoan(results: Results, name: string): Float64Array {
  return findColumn(results, "loan", name, "loan") ?? new Float64Array();
}

function expectNear(value: number, wanted: number, scale = Math.abs(wanted)): void {
  expect(Math.abs(value - wanted), `${value}, not ${wanted}`).toBeLessThanOrEqual(1e-9 * scale);
}

/** A fleet like the first, and a contract for both that pays by the month for power. */
const TWIN = `  second: { chip: tiny, site: hall, size: 200 chips, deliver: { at: 2027-03 }, pay_on_order: 20 %, procurement: { contract: use } }
contracts:
  use: { commitment: 100 million USD, terms: pay_as_you_go, start: 2027-01, term: 7 years, capacity_price: { price: 150 USD/(kW month) } }
`;

/** Nominal rate a year whose twelfth is what 10 % a year are a month. */
const NEUTRAL = 12 * (1.1 ** (1 / 12) - 1);

test.each(["annuity", "linear", "bullet", "sculpted, dscr: 1.4"])(
  "money that costs what it earns elsewhere adds nothing: %s",
  async (repayment) => {
    const loan = `share: 70 %, rate: ${NEUTRAL}, tenor: 5 years, grace: 8 months, repayment: ${repayment}`;
    const results = await run(scenario(loan));
    expect(figure(results, "debt_drawn_total_usd")).toBeGreaterThan(1e6);
    expect(figure(results, "debt_at_end_usd")).toBe(0);
    const scale = figure(results, "cost_provider_pv_usd");
    expectNear(figure(results, "equity_npv_usd"), figure(results, "npv_provider_usd"), scale);
  },
);

test("unlevered figures do not move, and no figure of a loan exists without one", async () => {
  const without = await run(scenario(""));
  const levered = await run(scenario("share: 70 %, rate: 8 %, tenor: 5 years"));
  for (const [key, values] of without.columns) expect(levered.columns.get(key), key).toEqual(values);
  expect([...without.columns.keys()].filter((key) => /loan|equity|debt/.test(key))).toEqual([]);
});

test("dear debt lowers the return of equity, cheap debt lifts it", async () => {
  const plain = figure(await run(scenario("")), "provider_irr");
  const nominal = 12 * ((1 + plain) ** (1 / 12) - 1);
  const levered = async (rate: number) =>
    figure(await run(scenario(`share: 70 %, rate: ${rate}, tenor: 5 years`)), "equity_irr");
  expect(await levered(nominal - 0.03)).toBeGreaterThan(plain);
  expect(await levered(nominal + 0.03)).toBeLessThan(plain);
});

test("sources and uses of cash balance to the cent in every month", async () => {
  const loan = "amount: 4 million USD, rate: 9 %, fee: 1.5 %, tenor: 4 years, sweep: 40 %, capitalised: true";
  const results = await run(scenario(loan));
  const of = (name: string) => findColumn(results, "total", name) ?? new Float64Array();
  const sources = ["buyer_cost_usd", "loan_draw_usd", "loan_capitalised_usd", "equity_paid_in_usd"].map(of);
  const uses = [
    "provider_capex_usd",
    "provider_opex_usd",
    "loan_interest_usd",
    "loan_fee_usd",
    "loan_principal_usd",
    "equity_distributed_usd",
  ].map(of);
  const [balance, draw, added, principal] = [
    "loan_balance_usd",
    "loan_draw_usd",
    "loan_capitalised_usd",
    "loan_principal_usd",
  ].map(of);
  const add = (columns: readonly Float64Array[], month: number) =>
    columns.reduce((sum, column) => sum + column[month], 0);
  for (let month = 0; month < results.monthCount; month++) {
    expect(Math.abs(add(sources, month) - add(uses, month))).toBeLessThan(0.01);
    const before = month > 0 ? balance[month - 1] : undefined;
    if (before === undefined) continue;
    const owed = before + draw[month] + added[month] - principal[month];
    expect(Math.abs(balance[month] - owed)).toBeLessThan(0.01);
  }
  expect(principal.reduce((sum, value) => sum + value)).toBeGreaterThan(1e6);
});

test.each([
  ["annuity", (balance: number) => (balance * 0.005) / (1 - 1.005 ** -60), 0],
  ["linear", (balance: number) => balance / 60, 1],
] as const)("without later draws the repayment is the textbook's: %s", async (repayment, level, what) => {
  const loan = `amount: 1 million USD, rate: 6 %, tenor: 61 months, repayment: ${repayment}`;
  const results = await run(scenario(loan, "at: 2027-03"));
  // What is drawn in the first month in service is repaid in the sixty after it.
  const wanted = level(ofLoan(results, "loan_balance_usd")[2]);
  const paid = ofLoan(results, ["loan_due_usd", "loan_principal_usd"][what]);
  for (let month = 3; month < 63; month++) expectNear(paid[month], wanted);
  expect(paid[63]).toBe(0);
});

test("nothing is repaid in the months of grace, and all in equal parts after them", async () => {
  const loan = "amount: 1 million USD, rate: 6 %, tenor: 61 months, grace: 12 months, repayment: linear";
  const results = await run(scenario(loan, "at: 2027-03"));
  const [principal, balance] = ["loan_principal_usd", "loan_balance_usd"].map((name) =>
    ofLoan(results, name),
  );
  // March 2027 is the first month in service, and February 2028 the twelfth.
  for (let month = 2; month < 14; month++) expect(principal[month]).toBe(0);
  for (let month = 14; month < 63; month++) expectNear(principal[month], balance[13] / 49);
});

test("a bullet pays interest alone, and all at the end", async () => {
  const loan = "amount: 1 million USD, rate: 6 %, tenor: 61 months, repayment: bullet";
  const results = await run(scenario(loan, "at: 2027-03"));
  const [due, balance] = ["loan_due_usd", "loan_balance_usd"].map((name) => ofLoan(results, name));
  for (let month = 3; month < 62; month++) expectNear(due[month], balance[2] * 0.005);
  expectNear(due[62], balance[2] * 1.005);
});

test("sculpted debt has the stated cover in every month, and is the present value of the cash over it", async () => {
  const loan = "share: 90 %, rate: 6 %, tenor: 49 months, repayment: sculpted, dscr: 2.5";
  const results = await run(scenario(loan, "at: 2027-03"));
  const [cover, cash, balance] = ["loan_dscr", "loan_cash_available_usd", "loan_balance_usd"].map((name) =>
    ofLoan(results, name),
  );
  let worth = 0;
  for (let month = 3; month < 51; month++) {
    expectNear(cover[month], 2.5);
    worth += cash[month] / 2.5 / 1.005 ** (month - 2);
  }
  expectNear(balance[2], worth);
  expect(balance[50]).toBe(0);
});

test("sculpted debt of an amount has one cover, which repays it", async () => {
  const loan = "amount: 3 million USD, rate: 6 %, tenor: 49 months, repayment: sculpted";
  const results = await run(scenario(loan, "at: 2027-03"));
  const cover = ofLoan(results, "loan_dscr").subarray(3, 51);
  for (const value of cover) expectNear(value, cover[0]);
  expectNear(figure(results, "debt_drawn_total_usd"), 3e6);
});

test("a contract without rates pays for fleets by their power", async () => {
  const text = scenario("share: 70 %, rate: 8 %, tenor: 5 years", "at: 2027-03")
    .replace("sites: hall, ", "")
    .replace(/contracts:[\s\S]*?\n(?=\S)/, TWIN);
  const results = await run(text);
  const [paid, spent] = ["buyer_cost_usd", "provider_opex_usd"].map(
    (name) => findColumn(results, "total", name) ?? new Float64Array(),
  );
  const cash = ofLoan(results, "loan_cash_available_usd");
  expect(paid[6]).toBeGreaterThan(0);
  // Of two equal fleets one is financed.
  for (let month = 2; month < 80; month++) expectNear(cash[month], (paid[month] - spent[month]) / 2);
});

test("trials keep the amount and the profile of the plain run, and miss its cover", () => {
  const loan = "share: 90 %, rate: 6 %, tenor: 49 months, repayment: sculpted, dscr: 2.5";
  const text = scenario(loan, "at: 2027-03").replace("60 USD/MWh", "20 USD/MWh to 180 USD/MWh");
  const plan = compile(loaded(text, { catalog: [] }), { levels: ["loan"] });
  const at = (u: number) => simulateWindow(plan, Float64Array.of(u));
  const [cheap, plain, dear] = [0.05, 0.5, 0.95].map(at);
  for (const name of ["loan_principal_usd", "loan_balance_usd"])
    for (const other of [cheap, dear])
      expect(other.get(`loan loan ${name}`)).toEqual(plain.get(`loan loan ${name}`));
  const coverOf = (columns: ReadonlyMap<string, Float64Array>) =>
    columns.get("loan loan loan_least_dscr")?.[0] ?? Number.NaN;
  expectNear(coverOf(plain), 2.5);
  expect(coverOf(cheap)).toBeGreaterThan(2.5);
  expect(coverOf(dear)).toBeLessThan(2.5);
});
