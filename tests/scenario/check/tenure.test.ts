/** Chips that others own: what a fleet must say, and must not. */

import { describe, expect, test } from "vitest";
import { faultsOf, load, loaded, scenarioText } from "../load-files.ts";

/** A fleet of 100 chips with these fields; they begin in line 15. */
function withFleet(fields: readonly string[], sections: Readonly<Record<string, string>> = {}): string {
  const lines = ["chip: gb300", "size: 100 chips", "deliver: { at: 2026-03 }", ...fields];
  const fleets = ["fleets:", "  first:", ...lines.map((line) => `    ${line}`), ""].join("\n");
  return scenarioText({ fleets, ...sections });
}

function faults(...fields: readonly string[]): string[] {
  return faultsOf(load(withFleet(fields)), true).filter((fault) => !fault.includes("unused-site"));
}

const RENTED = ["tenure: rented", "rent: 3 USD/chip/hour", "rent_term: 3 years"];
const LEASED = ["tenure: leased", "site: east", "lease: 900 USD/chip/month", "lease_term: 4 years"];

describe("a rented fleet", () => {
  test("stands elsewhere, where nothing limits it", () => {
    const { fields, names } = loaded(withFleet(RENTED));
    expect(names.sites).toEqual(["east", "elsewhere"]);
    expect(fields.get("fleets.first.site")?.choice).toBe("elsewhere");
    expect(fields.get("fleets.first.site")?.origin.layer).toBe("default");
    expect(fields.get("sites.elsewhere.pue")?.text).toBe("1");
  });

  test.each([
    [RENTED, "36 months", "35 months"],
    [LEASED, "48 months", "47 months"],
  ])("is productive before its term is over: %j", (fields, taken, good) => {
    const [doubt, ...others] = faults(...fields, `commissioning: ${taken}`);
    expect(others).toEqual([]);
    expect(doubt).toContain("the chips retire before they are productive");
    expect(faults(...fields, `commissioning: ${good}`)).toEqual([]);
  });

  test("does not take the site of other fleets by default", () => {
    const text = `${withFleet(RENTED)}defaults: { fleets: { site: east } }\n`;
    expect(loaded(text).fields.get("fleets.first.site")?.choice).toBe("elsewhere");
  });

  test("may be rented by default", () => {
    const rest = RENTED.slice(1).join(", ");
    const text = `${withFleet([])}defaults: { fleets: { tenure: rented, ${rest} } }\n`;
    expect(loaded(text).fields.get("fleets.first.site")?.choice).toBe("elsewhere");
  });

  test("needs a rent with its unit, and a term", () => {
    expect(faults("tenure: rented")).toEqual([
      "a.yaml:11:3+5 missing-field missing `rent` in `fleets.first` | - | `tenure: rented` needs it; add it here or under `defaults.fleets`",
      "a.yaml:11:3+5 missing-field missing `rent_term` in `fleets.first` | - | `tenure: rented` needs it; add it here or under `defaults.fleets`",
    ]);
    const [bare] = faults("tenure: rented", "rent: 3", "rent_term: 3 years");
    expect(bare).toContain("a.yaml:16:11+1 missing-unit missing unit");
  });

  test("has no site, and leaves the name of its own", () => {
    const [site] = faults(...RENTED, "site: east");
    expect(site).toContain(
      "invalid value `east` for `fleets.first.site`: rented chips stand at a site of others",
    );
    const sites =
      "sites: { elsewhere: { power: 1 MW, pue: 1, pue_design: 1, electricity: 5 USD/MWh, facility: 1 USD/W } }\n";
    expect(faultsOf(load(withFleet(RENTED, { sites })))).toContainEqual(
      expect.stringContaining("`elsewhere` is where rented chips stand"),
    );
  });
});

describe("a leased fleet", () => {
  test.each([
    [LEASED],
    [[...LEASED, "lease_end: return"]],
    [[...LEASED, "lease_end: buy", "lease_buyout: 10 %"]],
    [[...LEASED, "lease_end: extend", "lease_extension: 200 USD/chip/month"]],
    [[...LEASED.slice(0, 3), "lease_term: 6 years"]],
  ])("is good: %j", (fields) => {
    expect(faults(...fields)).toEqual([]);
  });

  test.each([
    [[...LEASED.slice(0, 3), "lease_term: 7 years"], "it outlives the chips"],
    [
      [...LEASED.slice(0, 3), "lease_term: 6 years", "lease_end: buy", "lease_buyout: 10 %"],
      "nothing of the chips' life is left to buy at its end",
    ],
    [[...LEASED, "lease_end: buy"], "missing `lease_buyout`"],
    [[...LEASED, "lease_end: extend"], "missing `lease_extension`"],
    [[...LEASED, "lease_buyout: 10 %"], "the lease ends with `return` and reads it nowhere"],
    [[...LEASED, "rent: 3 USD/chip/hour"], "the fleet is leased and reads it nowhere"],
    [[...LEASED, "spares: none"], "the owner of the chips replaces those that fail"],
    [
      [...LEASED.slice(0, 2), "lease: 900 USD/chip", "lease_term: 4 years"],
      "needs a price per chip and month",
    ],
  ])("is bad: %j", (fields, reason) => {
    const found = faults(...fields);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(reason);
  });

  test("is bought by no amount of money", () => {
    const text = withFleet(LEASED).replace("size: 100 chips", "size: 1 billion USD");
    expect(faultsOf(load(text))).toContainEqual(
      expect.stringContaining("leased chips have no price to divide it by"),
    );
  });
});

describe("a fleet of the buyer's own chips", () => {
  const OWN = ["site: east", "owner: buyer", "procurement: { contract: hosting }"];
  const hosting = (prices: string) =>
    `contracts: { hosting: { commitment: 1 billion USD, start: 2026-01, term: 4 years, ${prices} } }\n`;
  const BY_POWER = "capacity_price: { price: 150 USD/(kW month) }";
  const own = (prices: string, fields: readonly string[] = OWN, sections = {}) =>
    faultsOf(load(withFleet(fields, { contracts: hosting(prices), ...sections })), true);

  test("is hosted by the megawatt, or for a fee", () => {
    expect(own(BY_POWER)).toEqual([]);
    expect(own("fee: 2 million USD/month")).toEqual([]);
    expect(own(BY_POWER, [...OWN, "tenure: owned", "pay_on_order: 30 %", "retire: 2028-01"])).toEqual([]);
  });

  test("has a contract, which bills nothing by the hour", () => {
    expect(faults("site: east", "owner: buyer")).toEqual([
      "a.yaml:11:3+5 missing-field missing `procurement.contract` in `fleets.first` | - | `owner: buyer` needs a contract that hosts the chips: write `procurement: { contract: NAME }`, and give it a `capacity_price`",
    ]);
    expect(own("rates: { gb300: 3 USD/chip/hour }")).toEqual([
      expect.stringMatching(
        /a\.yaml:16:12\+5 invalid-value invalid value `buyer` for `fleets\.first\.owner`: `contracts\.hosting\.rates\.gb300` would bill the buyer by the hour for chips of its own \| - \| bill hosting by/,
      ),
      expect.stringMatching(
        /missing `capacity_price\.price` in `contracts\.hosting` \| - \| it hosts chips of the buyer's own in `first`: write `capacity_price/,
      ),
    ]);
    expect(own(`${BY_POWER}, overage_rates: { gb300: 3 USD/chip/hour }`)).toEqual([
      expect.stringContaining("`contracts.hosting.overage_rates.gb300` would bill"),
    ]);
    // Other chips may be billed by the hour under the same contract.
    expect(own(`${BY_POWER}, rates: { trainium4: 3 USD/chip/hour }`)).toEqual([]);
  });

  test("is not leased or rented", () => {
    expect(faults(...LEASED, "owner: buyer")).toEqual([
      "a.yaml:19:12+5 invalid-value invalid value `buyer` for `fleets.first.owner`: leased chips are neither the provider's nor the buyer's | - | leave `owner` out, or write `tenure: owned`: the buyer's chips are bought",
    ]);
    const text = `${withFleet(RENTED)}defaults: { fleets: { owner: buyer } }\n`;
    expect(loaded(text).fields.get("fleets.first.owner")?.choice).toBe("buyer");
    expect(faults("site: east", "owner: landlord")[0]).toContain("invalid value `landlord`");
  });

  test("is financed by no loan of the provider", () => {
    const debt =
      "provider: { equity_rate: 12 % }\ndebt: { loan: { fleets: first, share: 70 %, rate: 8 %, tenor: 2 years } }\n";
    expect(own(BY_POWER, OWN, { debt })).toEqual([
      expect.stringMatching(
        /for `debt\.loan\.fleets`: the chips of `first` are the buyer's, and the provider spends nothing on them \| - \| name fleets/,
      ),
    ]);
  });

  test("is paid for as it lands where the buyer's cash decides what does", () => {
    const buyer = "buyer: { cash: { opening: 1 billion USD, floor: 0 USD } }\n";
    expect(own(BY_POWER, [...OWN, "pay_on_order: 30 %"], { buyer })).toEqual([
      expect.stringMatching(
        /for `fleets\.first\.pay_on_order`: the buyer pays for its chips before they land, but the floor .* \| - \| write `pay_on_order: 0 %`/,
      ),
    ]);
    expect(own(BY_POWER, OWN, { buyer })).toEqual([]);
  });
});

test("an owned fleet that says what it would pay otherwise reads it nowhere", () => {
  expect(faults("site: east", "rent: 3 USD/chip/hour")).toEqual([
    "a.yaml:16:11+15 invalid-value invalid value `3 USD/chip/hour` for `fleets.first.rent`: the fleet is owned and reads it nowhere | - | write `tenure: rented`, or `null` to drop the value of an earlier layer",
  ]);
  expect(faults("site: east", "tenure: borrowed")[0]).toContain("invalid value `borrowed`");
});
