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

test("an owned fleet that says what it would pay otherwise reads it nowhere", () => {
  expect(faults("site: east", "rent: 3 USD/chip/hour")).toEqual([
    "a.yaml:16:11+15 invalid-value invalid value `3 USD/chip/hour` for `fleets.first.rent`: the fleet is owned and reads it nowhere | - | write `tenure: rented`, or `null` to drop the value of an earlier layer",
  ]);
  expect(faults("site: east", "tenure: borrowed")[0]).toContain("invalid value `borrowed`");
});
