/** How often the generators of random scenarios draw each optional field: a field that is never drawn tests nothing. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moneyOf } from "../money/random-contracts.ts";
import { type Draft, SEED, scenarioOf } from "./random-scenario.ts";

const SAMPLES = 400;

/** Share of the things of a kind, a fleet or a site, that have a field; names in paths are starred. */
function sharesOf(drafts: readonly Draft[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const count = (path: string) => counts.set(path, (counts.get(path) ?? 0) + 1);
  const visit = (draft: Draft, path: string): void => {
    count(path);
    for (const [key, value] of Object.entries(draft)) {
      const isName = /^(chips|sites|fleets|contracts|financing)$|\.mix$/.test(path);
      if (key === "h100") continue;
      const at = path === "" ? key : `${path}.${isName ? "*" : key}`;
      if (typeof value === "string") count(at);
      else visit(value, at);
    }
  };
  for (const draft of drafts) visit(draft, "");
  const ownerOf = (path: string) =>
    path
      .split(".")
      .slice(0, path.includes("*") ? path.split(".").lastIndexOf("*") + 1 : 0)
      .join(".");
  return new Map([...counts].map(([path, found]) => [path, found / (counts.get(ownerOf(path)) ?? 1)]));
}

/** Expects each field in its share of what may have it, within what chance makes of so many samples. */
function expectShares(drafts: readonly Draft[], expected: Readonly<Record<string, number>>): void {
  const shares = sharesOf(drafts);
  for (const [path, share] of Object.entries(expected)) {
    expect(shares.get(path) ?? 0, path).toBeGreaterThan(share * 0.75);
    expect(shares.get(path) ?? 0, path).toBeLessThan(share * 1.25);
  }
}

const half = (...paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, 1 / 2]));

describe("random scenarios", () => {
  const drafts = fc.sample(scenarioOf(), { numRuns: SAMPLES, seed: SEED });

  test("draw each optional field of a chip", () => {
    const fields = ["fp4", "fp8", "slip", "failure_rate", "interruption_rate", "availability"];
    expectShares(drafts, half(...fields.map((field) => `chips.*.${field}`)));
  });

  test("draw each optional field of a site, some where the site is owned or leased alone", () => {
    expectShares(drafts, {
      ...half(
        "sites.*.electricity_growth",
        "sites.*.staff",
        "sites.*.delay",
        "sites.*.facility",
        "sites.*.lease",
      ),
      "sites.*.interpolate": 1 / 3,
      "sites.*.tenure": 3 / 4,
      "sites.*.build_time": 1 / 4,
      "sites.*.book_life": 1 / 4,
      "sites.*.economic_life": 1 / 4,
      "sites.*.residual_haircut": 1 / 4,
      "sites.*.maintenance": 1 / 4,
      "sites.*.lease_growth": 1 / 4,
    });
  });

  test("draw each optional field of a fleet and of its delivery", () => {
    const fields = [
      "priority",
      "commissioning",
      "book_life",
      "economic_life",
      "residual_haircut",
      "spares",
      "load_factor",
      "scheduling_goodput",
      "job_chips",
      "recovery",
      "maintenance",
      "pay_on_order",
      "replacement",
    ];
    expectShares(drafts, {
      ...half(
        ...fields.map((field) => `fleets.*.${field}`),
        "fleets.*.deliver.delay",
        "fleets.*.deliver.wait_for_power",
      ),
      "fleets.*.mix": 2 / 5,
      "fleets.*.deliver.at": 1 / 3,
      "fleets.*.deliver.from": 1 / 3,
      "fleets.*.deliver.schedule": 1 / 3,
      "fleets.*.deliver.interpolate": 1 / 6,
    });
    // One of three members may have a delivery of its own, but the third of three never does.
    expect(sharesOf(drafts).get("fleets.*.mix.*.deliver") ?? 0).toBeGreaterThan(0.1);
  });
});

describe("random contracts", () => {
  const drafts = fc.sample(moneyOf(), { numRuns: SAMPLES, seed: SEED });

  test("draw each optional field", () => {
    const ofContract = ["upfront", "overage_rates", "escalation", "contracted_availability", "capacity"];
    expectShares(drafts, {
      ...half(
        ...ofContract.map((field) => `contracts.*.${field}`),
        "financing.*.lag",
        "buyer.discount_rate",
        "contracts.*.schedule",
        "contracts.*.fulfillment_interval",
      ),
      "contracts.*.terms": 1 / 3,
      "contracts.*.shortfall_relief": 1,
      // A third of those that begin before the scenario does, which are 16 of 37.
      "contracts.*.consumed_to_date": 16 / 37 / 3,
      "financing.*.before": 1 / 3,
      "fleets.*.funded_by": 1 / 3,
      "buyer.cash.floor": 1 / 3,
      // Of contracts of money, which are half of all.
      "contracts.*.fee": 1 / 4,
      "contracts.*.capacity_price": 1 / 4,
      "fleets.*.after_term.share": 3 / 4,
      "fleets.*.after_term.decline": 3 / 8,
    });
  });
});
