/** Loans: what they must say, and must not. */

import { describe, expect, test } from "vitest";
import { CATALOG, faultsOf, load, scenarioText } from "../load-files.ts";

const OTHERS = `  second: { chip: gb300, tenure: rented, rent: 3 USD/chip/hour, rent_term: 2 years, size: 5 chips, deliver: { at: 2026-03 } }
  paid: { chip: gb300, site: east, size: 9 chips, deliver: { at: 2026-03 }, procurement: { contract: use } }
`;
const CONTRACT =
  "contracts:\n  use: { commitment: 10 million USD, start: 2026-01, term: 5 years, rates: { gb300: 3 USD/chip/hour } }\n";

function faults(loan: string, provider = "provider: { equity_rate: 15 % }\n"): string[] {
  const debt = `years: 5\n${provider}debt:\n  senior: { ${loan} }\n`;
  const fleets = `${scenarioText().match(/fleets:[\s\S]*/)?.[0]}${OTHERS}`;
  return faultsOf(load(scenarioText({ fleets, contracts: CONTRACT, debt })), true);
}

const GOOD = "fleets: first, share: 70 %, rate: 8 %, tenor: 5 years";
const SCULPTED = "fleets: paid, share: 70 %, rate: 8 %, tenor: 5 years, repayment: sculpted";

describe("a loan", () => {
  test.each([
    [GOOD],
    ["fleets: [first], sites: [east], amount: 2 million USD, rate: 8 %, tenor: 5 years, grace: 6 months"],
    ["sites: east, share: 70 %, rate: { 2026-01: 6 %, 2028-01: 7 % }, tenor: 5 years"],
    [`${GOOD}, covenant: { dscr: 1.2, from: 2027-04 }`],
    [SCULPTED],
    [`${SCULPTED}, dscr: 1.3`],
  ])("is good: %s", (loan) => {
    expect(faults(loan)).toEqual([]);
  });

  test.each([
    ["share: 70 %, rate: 8 %, tenor: 5 years", "missing `fleets` in `debt.senior`"],
    [
      GOOD.replace("first", "second"),
      "the chips of `second` are rented, and the provider spends nothing on them",
    ],
    [GOOD.replace("first", "third"), "unknown fleet `third`"],
    ["fleets: first, rate: 8 %, tenor: 5 years", "missing `share` in `debt.senior`"],
    [`${GOOD}, amount: 1 million USD`, "`share` says how much is drawn"],
    ["fleets: first, share: 70 %, tenor: 5 years", "missing `rate` in `debt.senior`"],
    [GOOD.replace("8 %", "8 USD"), "`debt.senior.rate` needs a fraction"],
    [GOOD.replace("8 %", "8"), "`debt.senior.rate` is out of range"],
    ["fleets: first, share: 70 %, rate: 8 %", "missing `tenor` in `debt.senior`"],
    [`${GOOD}, grace: 5 years`, "nothing of the tenor is left to repay the loan in"],
    [GOOD.replace("5 years", "6 years"), "the scenario ends after 60 months"],
    [GOOD.replace("5 years", "60"), "missing unit for `debt.senior.tenor`"],
    [
      `${GOOD}, covenant: { dscr: 0.9 }`,
      "`debt.senior.covenant.dscr` is out of range: needs a plain number between 1 and 10",
    ],
    [`${GOOD}, covenant: { from: 2027-01 }`, "there is no cover that must be kept from then on"],
    [GOOD.replace("70 %", "120 %"), "`debt.senior.share` is out of range"],
    [`${GOOD}, dscr: 1.3`, "only sculpted debt keeps a cover"],
    [`${SCULPTED}, dscr: 0.9`, "`debt.senior.dscr` is out of range: needs a plain number between 1 and 10"],
    [
      `${SCULPTED.replace("share: 70 %", "amount: 1 million USD")}, dscr: 1.3`,
      "an amount of sculpted debt has the one cover that repays it",
    ],
    [SCULPTED.replace("paid", "first"), "no contract pays for its fleets, so no cash repays it"],
    [`${GOOD}, repayment: balloon`, "invalid value `balloon`"],
    [
      GOOD.replace("first", "[first, first]"),
      "invalid value `first` for `debt.senior.fleets`: it occurs twice",
    ],
    [`${GOOD}, sites: [east, east]`, "invalid value `east` for `debt.senior.sites`: it occurs twice"],
    [GOOD.replace("first", "[]"), "missing `fleets` in `debt.senior`"],
  ])("is bad: %s", (loan, reason) => {
    expect(faults(loan).filter((fault) => fault.includes(reason))).toHaveLength(1);
  });

  test("draws no more beside others than is spent", () => {
    const second = (share: string, fleets = "first") =>
      faults(`${GOOD} }\n  junior: { ${GOOD.replace("first", fleets).replace("70 %", share)}`);
    expect(second("30 %")).toEqual([]);
    expect(second("40 %", "paid")).toEqual([]);
    const [fault, ...others] = second("40 %");
    expect(others).toEqual([]);
    expect(fault).toContain("doubtful-value");
    expect(fault).toContain("together draw 110 % of what is spent on fleet `first`");
  });

  test("draws apart on a fleet and a site of one name", () => {
    const both = (share: string) => `fleets: east, sites: east, share: ${share}, rate: 8 %, tenor: 5 years`;
    const fleets =
      scenarioText()
        .match(/fleets:[\s\S]*/)?.[0]
        .replace("first:", "east:") ?? "";
    const found = (loans: string) =>
      faultsOf(
        load(scenarioText({ fleets, debt: `years: 5\nprovider: { equity_rate: 15 % }\ndebt:\n${loans}` })),
      );
    expect(found(`  senior: { ${both("60 %")} }\n`)).toEqual([]);
    expect(found(`  senior: { ${both("60 %")} }\n  junior: { ${both("50 %")} }\n`)).toEqual([
      expect.stringContaining("together draw 110 % of what is spent on fleet `east`"),
      expect.stringContaining("together draw 110 % of what is spent on site `east`"),
    ]);
  });

  test("needs the rate that equity asks for", () => {
    expect(faults(GOOD, "")).toEqual([expect.stringContaining("missing `equity_rate`")]);
    // The place is in the scenario, even where the catalog has the section that lacks it.
    const provider = `provider: { discount_rate: ${"10 %"} }\n`;
    for (const [own, key] of [
      ["", "senior"],
      ["provider: { sunk: true }\n", "provider"],
    ] as const) {
      const debt = `years: 5\n${own}debt:\n  senior: { ${GOOD} }\n`;
      const text = scenarioText({ debt });
      const [fault] = load({ "a.yaml": text, "catalog.yaml": CATALOG + provider }).diagnostics.filter(
        ({ severity }) => severity === "error",
      );
      const line = text.split("\n")[(fault?.span?.line ?? 0) - 1] ?? "";
      expect([fault?.path, fault?.span?.file]).toEqual(["provider.equity_rate", "a.yaml"]);
      expect(line.slice((fault?.span?.column ?? 0) - 1)).toMatch(new RegExp(`^${key}:`));
    }
  });
});
