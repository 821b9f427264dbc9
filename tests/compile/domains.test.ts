import { expect, test } from "vitest";
import { DOMAIN_METRICS } from "../../src/compile/domains.ts";
import { METRICS } from "../../src/metrics/index.ts";

test("every metric without a formula is made by one domain, and no domain makes any other", () => {
  const made = METRICS.filter(({ formula }) => formula === undefined).map(({ name }) => name);
  expect([...DOMAIN_METRICS.keys()].sort()).toEqual(made.sort());
});
