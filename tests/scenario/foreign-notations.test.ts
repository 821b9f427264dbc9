/**
 * What people type for a value who write numbers, units and months in another way. Each is refused with what to write,
 * and that text, typed back in, gives what the person meant: the amounts are worked by hand.
 */

import { describe, expect, test } from "vitest";
import { plainValue } from "../../src/scenario/plain-value.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { BASE, faultsOf, load, loaded, scenarioText } from "./load-files.ts";

/** Sections with one field at a value, in block style and in braces. */
const fields = {
  "fleets.first.size": (value: string) => ({ fleets: BASE.fleets.replace("100 chips", value) }),
  "sites.east.power": (value: string) => ({ sites: BASE.sites.replace("1 GW", value) }),
  "sites.east.electricity": (value: string) => ({ sites: BASE.sites.replace("58 USD/MWh", value) }),
  "sites.east.facility": (value: string) => ({ sites: BASE.sites.replace("12 USD/W", value) }),
  "sites.east.demand_charge": (value: string) => ({ sites: `${BASE.sites}    demand_charge: ${value}\n` }),
  "sites.east.demand_minimum": (value: string) => ({ sites: `${BASE.sites}    demand_minimum: ${value}\n` }),
  "sites.east.pue": (value: string) => ({ sites: BASE.sites.replace("1.15", value) }),
  "provider.discount_rate": (value: string) => ({ more: `provider: { discount_rate: ${value} }\n` }),
  "chips.gb300.hbm": (value: string) => ({ more: `chips: { gb300: { hbm: ${value} } }\n` }),
  "chips.gb300.price": (value: string) => ({ more: `chips: { gb300: { price: ${value} } }\n` }),
  "let.slip": (value: string) => ({ more: `let: { slip: ${value} }\n` }),
} as const;

type Field = keyof typeof fields;

function textWith(field: Field, value: string): string {
  return scenarioText(fields[field](value));
}

function amountOf(scenario: Scenario, field: Field): number | undefined {
  return plainValue(scenario, field);
}

/** Typed, and each text that is offered with the number it is, in the canonical unit of the field. */
const typings: readonly (readonly [Field, string, Readonly<Record<string, number>>])[] = [
  ["fleets.first.size", "20.000 chips", { "20000 chips": 20_000, "20 chips": 20 }],
  ["fleets.first.size", "1,250 chips", { "1250 chips": 1250, "1.25 chips": 1.25 }],
  ["fleets.first.size", "1,15 chips", { "1.15 chips": 1.15 }],
  ["fleets.first.size", "1.250,5 chips", { "1250.5 chips": 1250.5 }],
  ["fleets.first.size", "1,250.5 chips", { "1250.5 chips": 1250.5 }],
  ["fleets.first.size", "20.000.000 chips", { "20000000 chips": 2e7 }],
  ["fleets.first.size", "20 000 chips", { "20000 chips": 20_000 }],
  ["fleets.first.size", "20'000 chips", { "20000 chips": 20_000 }],
  ["fleets.first.size", "~1000 chips", { "1000 chips": 1000 }],
  ["fleets.first.size", "about 1000 chips", { "1000 chips": 1000 }],
  ["fleets.first.size", "USD 3 billion", { "3 billion USD": 3e9 }],
  ["fleets.first.size", "$3bn", { "3 billion USD": 3e9 }],
  ["fleets.first.size", "~USD 3,000 million", { "3000 million USD": 3e9, "3 million USD": 3e6 }],
  ["sites.east.power", "60,000 kW", { "60000 kW": 6e7, "60 kW": 6e4 }],
  ["sites.east.power", "100 MVA", { "100 MW": 1e8 }],
  ["sites.east.power", "100.000 MVA", { "100000 MW": 1e11, "100 MW": 1e8 }],
  ["sites.east.power", "2-4 MW", { "2 MW to 4 MW": Math.sqrt(8) * 1e6 }],
  ["sites.east.power", "2–4 MW", { "2 MW to 4 MW": Math.sqrt(8) * 1e6 }],
  ["sites.east.electricity", "6.5 ct/kWh", { "0.065 USD/kWh": 65e-6 }],
  ["sites.east.electricity", "USD 58/MWh", { "58 USD/MWh": 58e-6 }],
  ["sites.east.electricity", "58 USD per MWh", { "58 USD/MWh": 58e-6 }],
  ["sites.east.electricity", "−20 USD/MWh", { "-20 USD/MWh": -20e-6 }],
  ["sites.east.facility", "$12/W", { "12 USD/W": 12 }],
  ["sites.east.pue", "1,15", { "1.15": 1.15 }],
  ["sites.east.pue", "2x", { "2": 2 }],
  ["provider.discount_rate", "8,5 %", { "8.5 %": 0.085 }],
  ["provider.discount_rate", "8.5 % p.a.", { "8.5 %": 0.085 }],
  ["provider.discount_rate", "8,5 pct", { "8.5 %": 0.085 }],
  ["provider.discount_rate", "9 percent", { "9 %": 0.09 }],
  ["provider.discount_rate", "850 bps", { "8.5 %": 0.085 }],
  ["sites.east.demand_charge", "12 USD/kW-month", { "12 USD/(kW month)": 0.012 }],
  ["sites.east.demand_charge", "USD 12/kW-mo", { "12 USD/(kW month)": 0.012 }],
  ["sites.east.demand_charge", "12 USD/kW per month", { "12 USD/kW/month": 0.012 }],
  ["sites.east.demand_charge", "12 USD per kW and month", { "12 USD/kW/month": 0.012 }],
  ["sites.east.demand_charge", "144 thousand USD per MW-year", { "144 thousand USD/(MW year)": 0.012 }],
  ["fleets.first.size", "3 Mrd. USD", { "3 billion USD": 3e9 }],
  ["fleets.first.size", "3 Mio. USD", { "3 million USD": 3e6 }],
  ["chips.gb300.hbm", "1024 Gbit", { "1024 gigabit": 128e9 }],
  ["chips.gb300.price", "45.000 USD", { "45000 USD": 45_000, "45 USD": 45 }],
];

/** The texts between `write` and the end of the help, without their quotes. */
function offered(help: string | undefined): string[] {
  return help?.startsWith("write ") ? [...help.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text) : [];
}

describe.each(typings)("%s: %s", (field, typed, meant) => {
  test("is refused, and the help gives each reading", () => {
    const { diagnostics } = load(textWith(field, typed));
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map(({ path }) => path)).toEqual([field]);
    expect(offered(errors[0]?.help)).toEqual(Object.keys(meant));
  });

  test.each(Object.entries(meant))("%s, typed in, is what was meant", (text, expected) => {
    const found = amountOf(loaded(textWith(field, text)), field) ?? Number.NaN;
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
  });
});

test.each([
  ["size: 1,250 chips,", "1250 chips", "1.25 chips"],
  ["size: 1,15 chips,", "1.15 chips", undefined],
  ["size: 1,250,000 chips,", "1250000 chips", undefined],
])("in braces `%s` is one number, not a field and a stray key", (typed, first, second) => {
  const braces = `fleets: { first: { chip: gb300, site: east, ${typed} deliver: { at: 2026-03 } } }\n`;
  const { diagnostics } = load(scenarioText({ fleets: braces }));
  expect(diagnostics.map(({ path }) => path)).toEqual(["fleets.first.size"]);
  expect(offered(diagnostics[0]?.help)).toEqual([first, ...(second ? [second] : [])]);
});

test("a key without a value after a comma and a space stays what it is", () => {
  const { diagnostics } = load(scenarioText({ more: "provider: { discount_rate: 1, 5 }\n" }));
  expect(diagnostics.map(({ code }) => code)).toContain("unknown-key");
});

test("a sign of a currency is not its unit", () => {
  const [fault] = load(textWith("sites.east.electricity", "110 €/MWh")).diagnostics;
  expect(fault?.help).toBe("write `EUR` after the number, and its rate in `USD/EUR` under `money.rates`");
});

test("three decimals that end in 0 are read, with a warning; others pass without a word", () => {
  expect(faultsOf(load(textWith("fleets.first.size", "1.250 thousand chips")), true)).toEqual([
    expect.stringContaining("write `1.25 thousand chips` or `1250 thousand chips`"),
  ]);
  for (const text of ["1.979 thousand chips", "0.650 thousand chips", "0.500 thousand chips", "1.25e3 chips"])
    expect(load(textWith("fleets.first.size", text)).diagnostics).toEqual([]);
});

test("a number within an expression is looked at as well; commas between arguments are not numbers", () => {
  expect(load(textWith("fleets.first.size", "20.000 chips * 2")).diagnostics[0]?.help).toBe(
    "write `20000 chips * 2` or `20 chips * 2`",
  );
  expect(load(textWith("fleets.first.size", "max(1,250) * 1 chip")).diagnostics).toEqual([]);
});

describe("a column of a CSV file", () => {
  const withColumn = (...cells: readonly string[]) =>
    load({
      "a.yaml": textWith("sites.east.power", "{ csv: ./power.csv, column: mw, unit: MW }"),
      "power.csv": `month,mw\n${cells.map((cell, index) => `2026-0${index + 1},${cell}`).join("\n")}\n`,
    });

  test("whose points are decimal in one row takes the zeros of the others", () => {
    expect(withColumn("20.000", "0.500").diagnostics).toEqual([]);
    expect(plainValue(withColumn("20.000", "0.500").scenario as Scenario, "sites.east.power")).toBe(20e6);
  });

  test("in which every number may be thousands is refused", () => {
    expect(withColumn("20.000", "30.000").diagnostics.map(({ code }) => code)).toEqual([
      "invalid-value",
      "invalid-value",
    ]);
  });
});

describe("a rate by the hour of an accelerator", () => {
  const rented = (rent: string) =>
    scenarioText({
      fleets: `fleets: { first: { chip: gb300, tenure: rented, rent: ${rent}, rent_term: 2 years, size: 5 chips, deliver: { at: 2026-03 } } }\n`,
    });

  test.each(["3 USD/GPU-hour", "$3/GPU-hr", "3 USD per chip-hour", "3 USD/chip-h"])(
    "%s is one per chip",
    (typed) => {
      const [fault] = load(rented(typed)).diagnostics.filter(({ severity }) => severity === "error");
      expect(offered(fault?.help)).toEqual(["3 USD/(chip hour)"]);
      expect(plainValue(loaded(rented("3 USD/(chip hour)")), "fleets.first.rent")).toBe(3);
    },
  );
});

describe("in an expression", () => {
  const help = (value: string) =>
    load(
      `${scenarioText({ more: `provider: { discount_rate: ${value} }\n` })}let: { sofr: 4 % }\n`,
    ).diagnostics.find(({ severity }) => severity === "error")?.help;

  test("basis points and per cent are written as a fraction, which is read", () => {
    expect(help("sofr + 225 bps")).toBe("a basis point is a ten-thousandth: write `0.0225`");
    expect(help("sofr + 2.25 %")).toBe("write `0.0225`, or give `2.25 %` a name under `let`");
    expect(help("sofr + 0.0225")).toBeUndefined();
  });

  test.each(["mid 2029", "end of 2028"])("%s has an unknown name, and no `*` is missing", (typed) => {
    expect(help(typed)).toMatch(/^(?:did you mean|define it under `let`)/);
  });
});

test.each([
  ["40", "write `40 %`"],
  ["8.5", "write `8.5 %`"],
])("a share of %s is out of range, and may be per cent", (typed, said) => {
  const [fault] = load(textWith("sites.east.demand_minimum", typed)).diagnostics;
  expect(fault?.code).toBe("out-of-range");
  expect(fault?.help).toContain(said);
});

describe("a price of energy is no price of power, though their units agree", () => {
  test.each([
    ["sites.east.demand_charge", "0.08 USD/kWh", "write `58.44 USD/(kW month)` if that is meant"],
    ["sites.east.electricity", "150 USD/(kW month)", "write `205.3 USD/MWh` if that is meant"],
  ] as const)("%s: %s", (field, typed, said) => {
    const [doubt, ...others] = load(textWith(field, typed)).diagnostics.filter(({ path }) => path === field);
    expect(others.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(doubt?.code).toBe("doubtful-value");
    expect(doubt?.help).toBe(said);
  });

  test("an amount by the hour is one of energy", () => {
    expect(load(textWith("sites.east.electricity", "0.06 USD/kWh")).diagnostics).toEqual([]);
    expect(load(textWith("sites.east.demand_charge", "12 USD/(kW month)")).diagnostics).toEqual([]);
  });
});
