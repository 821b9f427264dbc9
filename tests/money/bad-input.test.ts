/** Faults in contracts and financing that have no code of their own; the others are in tests/diagnostics/cases. */

import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { faultsOf, load } from "../scenario/load-files.ts";

const base = fs.readFileSync(
  fileURLToPath(new URL("../diagnostics/cases/base.yaml", import.meta.url)),
  "utf8",
);

/** Faults of a scenario over `base.yaml`, each on a line, with what may be written instead. */
function faults(...lines: readonly string[]): string[] {
  const files = { "base.yaml": base, "case.yaml": ["extends: ./base.yaml", ...lines, ""].join("\n") };
  return faultsOf(load(files, { path: "case.yaml", catalog: [] }), true);
}

const under = "fleets: { first: { procurement: { contract: deal } } }";
const deal = (terms: string, rates = "tiny: 2 USD/chip/hour") =>
  `contracts: { deal: { ${terms}, term: 2 years, rates: { ${rates} } } }`;

describe("what a fleet earns after its contracts", () => {
  const afterTerm = (fields: string, more = "") => `fleets: { first: { after_term: { ${fields} }${more} } }`;
  const listed = ", procurement: { contract: deal }";

  test("is a share of a contract's rate", () => {
    expect(faults(afterTerm("share: 60 %"))).toEqual([
      "case.yaml:2:41+4 invalid-value invalid value `60 %` for `fleets.first.after_term.share`: the fleet has no contract whose rate it could be a share of | - | add `procurement: { contract: NAME }`, or leave `after_term` out",
    ]);
    const text = deal("commitment: 1 billion USD, start: 2027-01");
    expect(faults(text, afterTerm("decline: 10 %", listed))).toEqual([
      expect.stringContaining("missing-field missing `share` in `fleets.first.after_term`"),
    ]);
  });

  test("never falls by more than all of it", () => {
    const text = deal("commitment: 1 billion USD, start: 2027-01");
    expect(faults(text, afterTerm("share: 60 %, decline: 120 %", listed))).toEqual([
      expect.stringContaining("out-of-range `fleets.first.after_term.decline`"),
    ]);
    expect(faults(text, afterTerm("share: 2 USD/chip/hour", listed))).toEqual([
      expect.stringContaining("unit-mismatch `fleets.first.after_term.share`"),
    ]);
    expect(faults(text, afterTerm("share: 60 %, decline: 10 %", listed))).toEqual([]);
  });
});

describe("a price by the month", () => {
  const priced = (fields: string, terms = "commitment: 1 billion USD") =>
    faults(`contracts: { deal: { ${terms}, start: 2027-01, term: 2 years, ${fields} } }`, under);

  test("stands in place of rates, in a unit of power and time", () => {
    expect(priced("capacity_price: { price: 150 USD/(kW month) }")).toEqual([]);
    expect(priced("fee: 2 million USD/month")).toEqual([]);
    expect(priced("capacity_price: { price: 150 USD/kW }")).toEqual([
      expect.stringContaining(
        "unit-mismatch `contracts.deal.capacity_price.price` needs a price per power and month, got a price per power",
      ),
    ]);
    expect(priced("fee: 2 million USD")).toEqual([
      expect.stringContaining(
        "unit-mismatch `contracts.deal.fee` needs an amount of money per month, got an amount of money",
      ),
    ]);
    expect(priced("capacity_price: { price: 150 }")).toEqual([
      expect.stringContaining("missing-unit missing unit for `contracts.deal.capacity_price.price`"),
    ]);
  });

  test("has what it counts", () => {
    expect(priced("capacity_price: { price: 150 USD/(kW month), of: contracted }")).toEqual([
      expect.stringMatching(
        /missing-field missing `capacity` in `contracts\.deal`.*`of: contracted` counts it/,
      ),
    ]);
    expect(priced("fee: 1 USD/month, capacity_price: { of: energised }")).toEqual([
      expect.stringContaining("missing-field missing `price` in `contracts.deal.capacity_price`"),
    ]);
    expect(priced("capacity_price: { price: 150 USD/(kW month), of: nameplate }")).toEqual([
      expect.stringContaining("`contracts.deal.capacity_price.of`"),
    ]);
  });

  test("counts against no commitment of hours", () => {
    const usage = "category: usage, commitment: 1 billion chip hours, rates: { tiny: 2 USD/chip/hour }";
    expect(priced("fee: 2 million USD/month", usage)).toEqual([
      expect.stringContaining(
        "for `contracts.deal.fee`: `category: usage` counts chip-hours, and this is money",
      ),
    ]);
  });
});

describe("an option of a contract", () => {
  const rest = "commitment: 1 billion USD, start: 2027-01, term: 2 years, rates: { tiny: 2 USD/chip/hour }";
  const option = (fields: string, ...more: readonly string[]) =>
    faults("let: { closing: 2027-06 }", `contracts: { deal: { ${rest}, ${fields} } }`, under, ...more).filter(
      (fault) => !fault.includes("unused-name"),
    );
  const one = (text: string | RegExp) => [expect.stringMatching(text)];

  test("has a condition, and an extension its length", () => {
    expect(option("extension: { when: closing, term: 1 year }")).toEqual([]);
    expect(option("extension: { term: 1 year }")).toEqual(
      one(/missing `when` in `contracts\.deal\.extension`/),
    );
    expect(option("extension: { when: closing }")).toEqual(
      one(/missing `term` in `contracts\.deal\.extension`/),
    );
    expect(option("termination: { fee: 10 % }")).toEqual(
      one(/missing `when` in `contracts\.deal\.termination`/),
    );
  });

  test("comes in time", () => {
    expect(option("extension: { when: closing, term: 1 year, notice: 3 years }")).toEqual(
      one(/`contracts\.deal\.extension\.notice`: a notice of 36 months is longer than the term/),
    );
    expect(option("termination: { when: closing, from: 2029-01 }")).toEqual(
      one(/`contracts\.deal\.termination\.from`: the contract is over from 2029-01 on/),
    );
    expect(option("termination: { when: closing, fee: 120 % }")).toEqual(
      one(/`contracts\.deal\.termination\.fee`: a fee is at most all of what is released/),
    );
    expect(option("shortfall_relief: extend_term, termination: { when: closing }")).toEqual(
      one(/`contracts\.deal\.shortfall_relief`: the end of the contract moves with late deliveries/),
    );
  });

  test("extends nothing that was terminated", () => {
    const extension = "extension: { when: closing, term: 1 year }";
    expect(option(`${extension}, termination: { when: closing }`)).toEqual(
      one(
        /`contracts\.deal\.extension\.when`: notice of termination is given in 2027-07 whatever happens, and the extension is tested in 2028-01/,
      ),
    );
    const open = "termination: { when: total.chips_energised >= 10 chips }";
    expect(option(`${extension}, ${open}`)).toEqual([]);
  });

  test("does not read its own effect", () => {
    const after = "fleets: { first: { procurement: { contract: deal }, after_term: { share: 50 % } } }";
    const text = `contracts: { deal: { ${rest}, termination: { when: fleets.first.merchant_revenue > 1 USD } } }`;
    expect(faults(text, after)).toEqual(one(/it reads its own effect: `fleets\.first\.merchant_revenue`/));
    const state = "extension: { when: total.chips_energised >= 10 chips, term: 1 year }";
    const cash = "buyer: { cash: { opening: 1 billion USD, floor: 0 USD } }";
    expect(option(state, cash)).toEqual(one(/it reads its own effect: deliveries wait for the buyer's cash/));
    expect(option("extension: { when: closing, term: 1 year }", cash)).toEqual([]);
  });
});

describe("a condition", () => {
  const when = (text: string) => `financing: { round: { amount: 1 billion USD, when: ${text} } }`;

  test("on a fleet that does not exist names the near ones", () => {
    expect(faults(when("fleets.frist.chips_energised >= 10 chips"))).toEqual([
      "case.yaml:2:52+28 unknown-name unknown name `fleets.frist.chips_energised` in the expression for `financing.round.when` | `fleets.first.chips_energised` | -",
    ]);
  });

  test("on a metric that does not exist names the near ones", () => {
    expect(faults(when("fleets.first.chips_energized >= 10 chips"))).toEqual([
      expect.stringMatching(
        /unknown name `fleets\.first\.chips_energized` .* \| `fleets\.first\.chips_energised`, /,
      ),
    ]);
  });

  test("on a date that has no name is led to the near one", () => {
    const lines = ["let: { ipo_filing: 2027-05 }", "fleets: { first: { deliver: { at: ipo_filing } } }"];
    expect(faults(...lines, when("ipo_filling"))).toEqual([
      "case.yaml:4:52+11 unknown-name unknown name `ipo_filling` in the expression for `financing.round.when` | - | did you mean `ipo_filing`?",
    ]);
  });

  test("compares things of one kind", () => {
    expect(faults(when("fleets.first.chips_energised >= 10 MW"))).toEqual([
      "case.yaml:2:81+2 unit-mismatch `financing.round.when` needs values of one kind around `>=`, got a number of chips and a power | - | -",
    ]);
  });

  test.each([
    ["5 GW", "a power"],
    ["fleets.first.chips_energised", "a number of chips"],
    ["1", "a plain number"],
    ["share", "a plain number"],
    ["ready and 3", "a plain number"],
  ])("is not an amount: %s", (text, got) => {
    const found = faults("let: { share: 40 %, ready: 2 > 1 }", when(text));
    expect(found.filter((line) => !line.includes("unused-name"))).toEqual([
      expect.stringMatching(
        new RegExp(
          `unit-mismatch \`financing\\.round\\.when\` needs a condition.*, got ${got} .*write a date or a comparison`,
        ),
      ),
    ]);
  });

  test("may be a name for one", () => {
    expect(faults("let: { ready: elapsed_months > 3 }", when("ready"))).toEqual([]);
  });

  test("may not read its own effect through another tranche", () => {
    const found = faults(
      "financing:",
      "  a: { amount: 1 USD, when: fleets.first.chips_energised >= 10 chips }",
      "  b: { amount: 1 USD, when: fleets.second.chips_energised >= 10 chips }",
      "fleets:",
      "  first: { funded_by: b }",
      "  second: { chip: tiny, site: hall, size: 5 chips, deliver: { at: 2027-04 }, funded_by: a }",
    );
    expect(found).toEqual([
      expect.stringContaining("financing.a -> fleets.first -> financing.b -> fleets.second -> financing.a"),
      expect.stringContaining("financing.b -> fleets.second -> financing.a -> fleets.first -> financing.b"),
    ]);
  });
});

describe("a contract", () => {
  test("has a rate for every chip that draws on it", () => {
    expect(
      faults(deal("commitment: 1 million USD, start: 2027-01", "other: 2 USD/chip/hour"), under),
    ).toEqual([
      "case.yaml:2:14+4 missing-field missing `rates.tiny` in `contracts.deal` | - | fleet `first` draws on it with `tiny`: write `tiny: 3 USD/chip/hour` under `rates`",
    ]);
  });

  test("of spend is not in chip-hours, one of usage not in money", () => {
    expect(faults(deal("commitment: 1 million chip hours, start: 2027-01"), under)).toEqual([
      "case.yaml:2:34+20 invalid-value invalid value `1 million chip hours` for `contracts.deal.commitment`: `category: spend` counts money | - | -",
    ]);
    expect(faults(deal("category: usage, commitment: 1 million USD, start: 2027-01"), under)).toEqual([
      "case.yaml:2:51+13 invalid-value invalid value `1 million USD` for `contracts.deal.commitment`: `category: usage` counts chip-hours | - | -",
    ]);
  });

  test("is in no other year's money", () => {
    expect(
      faults(deal("commitment: { value: 1 million USD, currency_year: 2025 }, start: 2027-01"), under),
    ).toEqual([
      expect.stringMatching(/invalid value `2025` for `contracts\.deal\.commitment\.currency_year`/),
    ]);
  });

  test("has used nothing up before it starts", () => {
    const terms = "commitment: 1 million USD, consumed_to_date: 1000 USD, start: 2027-01";
    expect(faults(deal(terms), under)).toEqual([
      "case.yaml:2:67+8 invalid-value invalid value `1000 USD` for `contracts.deal.consumed_to_date`: the contract starts in 2027-01, not before the scenario | - | -",
    ]);
  });

  test("that a fleet names and nobody wrote is led to the near one", () => {
    const list = "fleets: { first: { procurement: { contract: [deal, dael] } } }";
    expect(faults(deal("commitment: 1 million USD, start: 2027-01"), list)).toEqual([
      "case.yaml:3:52+4 unknown-reference `fleets.first.procurement.contract` names an unknown contract `dael` | `deal` | -",
    ]);
  });
});

test("an opening balance needs a floor, and a floor an opening balance", () => {
  expect(faults("buyer: { cash: { opening: 1 million USD } }")).toEqual([
    "case.yaml:2:10+4 missing-field missing `floor` in `buyer.cash` | - | `opening` and `floor` go together",
  ]);
  expect(faults("buyer: { cash: { floor: 1 million USD } }")).toEqual([
    "case.yaml:2:10+4 missing-field missing `opening` in `buyer.cash` | - | `opening` and `floor` go together",
  ]);
});

test("a size in money needs a chip that costs something", () => {
  const free = (price: string) =>
    faults(`chips: { tiny: { price: ${price} } }`, "fleets: { first: { size: 5 million USD } }");
  expect(free("0 USD")).toEqual([
    expect.stringMatching(
      /^case\.yaml:3:26\+13 invalid-value .*`fleets\.first\.size`: chip `tiny` costs nothing/,
    ),
  ]);
  // Free only after the first chips are ordered.
  expect(free("{ 2026-01: 100 thousand USD, 2028-01: 0 USD }")).toEqual([]);
});

test("a price dated after the horizon is kept backwards, so that it has its effect", () => {
  expect(faults("chips: { tiny: { price: { 2031-01: 500 USD } } }")).toEqual([]);
});
