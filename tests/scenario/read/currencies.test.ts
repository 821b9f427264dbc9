/** Amounts in other currencies: converted at stated rates, and what is said of rates and amounts that do not fit. */

import { describe, expect, test } from "vitest";
import { showScenario } from "../../../src/scenario/describe/show.ts";
import { evaluateAt, plainValue } from "../../../src/scenario/plain-value.ts";
import { faultsOf, load, loaded, scenarioText } from "../load-files.ts";

const POWER = "power: 1 MW, pue: 1.1, pue_design: 1.1, facility: 1 USD/W";

/** A scenario whose site pays this for electricity, with these rates. */
function withPrice(electricity: string, rates: string, more = ""): string {
  const sites = `sites: { east: { ${POWER}, electricity: ${electricity} } }\n`;
  return scenarioText({ sites, more: `money: { inflation: 0 %, rates: ${rates} }\n${more}` });
}

function priceOf(text: string, month?: number): number | undefined {
  return plainValue(loaded(text), "sites.east.electricity", month);
}

function faults(text: string): string[] {
  return faultsOf(load(text), true).filter((fault) => !fault.includes("doubtful"));
}

const [MARCH, APRIL] = [2026 * 12 + 2, 2026 * 12 + 3];

describe("an amount in another currency", () => {
  test("is its number times the rate of the month it is read in", () => {
    const text = withPrice("50 EUR/MWh", "{ EUR: { 2026-01: 1.1 USD/EUR, 2026-04: 1.2 USD/EUR } }");
    expect(priceOf(text, MARCH)).toBeCloseTo(55e-6, 15);
    expect(priceOf(text, APRIL)).toBeCloseTo(60e-6, 15);
  });

  test("may stand in each row of a table and under `let`, in a currency of its own", () => {
    const rates = "{ EUR: 1.1 USD/EUR, GBP: 1.3 USD/GBP }";
    const text = withPrice("{ 2026-01: 50 EUR/MWh, 2026-04: dear }", rates, "let: { dear: 40 GBP/MWh }\n");
    expect(priceOf(text, MARCH)).toBeCloseTo(55e-6, 15);
    expect(priceOf(text, APRIL)).toBeCloseTo(52e-6, 15);
  });

  test("has the rate of `start` in a field that does not vary by month", () => {
    const contract = "{ commitment: 10 million EUR, start: 2026-06, term: 2 years }";
    const rates = "{ EUR: { 2026-01: 1.1 USD/EUR, 2026-06: 1.2 USD/EUR } }";
    const text = withPrice("50 EUR/MWh", rates, `contracts: { x: ${contract} }\n`);
    expect(plainValue(load(text).scenario ?? loaded(text), "contracts.x.commitment")).toBeCloseTo(11e6, 6);
  });

  test("leaves the rate its unit, as one types it", () => {
    const shown = showScenario(loaded(withPrice("50 EUR/MWh", "{ EUR: 1.1 USD/EUR }")));
    expect(shown.find(({ path }) => path === "money.rates.EUR")?.plain).toBe("1.1 USD/EUR");
  });

  test("shares the draw of its rate with all others", () => {
    const text = withPrice(
      "50 EUR/MWh",
      "{ EUR: 1 USD/EUR to 1.4 USD/EUR }",
      "let: { other: 100 EUR/MWh }\n",
    );
    const { scenario } = load(text);
    const [field, other] = [
      scenario?.fields.get("sites.east.electricity"),
      scenario?.lets.find(({ path }) => path === "let.other"),
    ];
    if (!scenario || !field?.expr || !other?.expr) throw new Error("it does not load");
    const drawn: string[] = [];
    const uniform = (variable: string) => {
      drawn.push(variable);
      return 0.9;
    };
    const [one, two] = [field.expr, other.expr].map((expr) => evaluateAt(scenario, expr, MARCH, uniform));
    expect(two).toBe(2 * one);
    expect(new Set(drawn)).toEqual(new Set(["money.rates.EUR"]));
  });
});

describe("faults", () => {
  test.each([
    [
      "a currency without a rate",
      "50 EUR/MWh",
      "{ GBP: 1.3 USD/GBP }",
      "missing-rate missing rate for `sites.east.electricity`: nothing says what one EUR is in dollars",
    ],
    ["two currencies in one value", "50 EUR/MWh + 10 USD/MWh", "{ EUR: 1.1 USD/EUR }", "EUR"],
    [
      "a rate without its unit",
      "50 EUR/MWh",
      "{ EUR: 1.1 }",
      "needs a rate in USD/EUR, got a plain number | - | write `1.1 USD/EUR`",
    ],
    ["a rate the other way round", "50 EUR/MWh", "{ EUR: 0.8 EUR/USD }", "| - | write `1.25 USD/EUR`"],
    ["a rate of another currency", "50 EUR/MWh", "{ EUR: 1.1 USD/GBP }", "write `1.1 USD/EUR`"],
    ["a rate of 0", "50 EUR/MWh", "{ EUR: 0 USD/EUR }", "a rate is above 0"],
    ["a rate of the dollar", "50 USD/MWh", "{ USD: 1 USD/EUR }", "results are in USD, so it has no rate"],
    ["a small code", "50 USD/MWh", "{ eur: 1.1 USD/EUR }", "write `EUR`"],
    ["an unknown code", "50 USD/MWh", "{ XYZ: 1.1 USD/EUR }", "the codes are"],
  ])("%s", (_name, electricity, rates, expected) => {
    const found = faults(withPrice(electricity, rates));
    expect(found.join("\n")).toContain(expected);
  });

  test("a rate that nothing reads is told", () => {
    expect(faults(withPrice("50 USD/MWh", "{ EUR: 1.1 USD/EUR }"))).toEqual([
      expect.stringContaining("unused-name"),
    ]);
  });
});

describe("a rate that reaches 0", () => {
  test.each([
    ["{ NOK: -1 USD/NOK to 1 USD/NOK }", ""],
    ["{ NOK: 0 USD/NOK to 0.2 USD/NOK }", ""],
    ["{ NOK: { 2026-01: 0.1 USD/NOK, 2028-01: -0.1 USD/NOK to 0.3 USD/NOK } }", " in 2028-01"],
    ["{ NOK: { distribution: normal, mean: 0.1 USD/NOK, sd: 0.05 USD/NOK } }", ""],
    ["{ NOK: low * 1 USD/NOK }", ""],
    ["{ NOK: 0.1 USD/NOK - 0.002 USD/NOK * elapsed_months }", " in 2033-12"],
  ])("is refused once, at the rate: %s", (rates, when) => {
    const found = faults(withPrice("500 NOK/MWh", rates, "let: { low: -0.1 to 0.3 }\n"));
    expect(found.filter((fault) => fault.includes("money.rates.NOK"))).toEqual([
      expect.stringMatching(new RegExp(`a rate is above 0, and this one reaches -?[\\d.]+ USD/NOK${when} `)),
    ]);
  });

  test.each([
    "{ NOK: 0.09 USD/NOK to 0.11 USD/NOK }",
    "{ NOK: { distribution: normal, mean: 0.1 USD/NOK, sd: 0.01 USD/NOK } }",
  ])("is not one above 0: %s", (rates) => {
    expect(faults(withPrice("500 NOK/MWh", rates))).toEqual([]);
  });
});

describe("a rate that no currency has", () => {
  test.each([
    ["JPY", "150 USD/JPY", "write `0.00666667 USD/JPY` if it is JPY for one dollar"],
    ["NOK", "9 USD/NOK to 11 USD/NOK", "write `0.100504 USD/NOK`"],
    ["EUR", "{ 2026-01: 1.1 USD/EUR, 2027-01: 0.000011 USD/EUR }", "it is less than 0.0001 USD"],
  ])("is doubtful: %s at %s", (currency, rate, said) => {
    const text = withPrice(`1 ${currency}/MWh`, `{ ${currency}: ${rate} }`);
    const [doubt, ...others] = faultsOf(load(text), true).filter((fault) => fault.includes("money.rates"));
    expect(others).toEqual([]);
    expect(doubt).toContain("doubtful-value");
    expect(doubt).toContain(said);
  });
});
