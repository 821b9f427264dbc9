/** Tax: what it must say, and must not. */

import { describe, expect, test } from "vitest";
import { faultsOf, load, scenarioText } from "../load-files.ts";

const faults = (tax: string) => faultsOf(load(scenarioText({ tax: `tax: { ${tax} }\n` })), true);

const GOOD = "rate: 25 %, chips: { depreciation: macrs_5 }, facility: { depreciation: macrs_15 }";

describe("tax", () => {
  test.each([
    [GOOD],
    [GOOD.replace("macrs_5", "straight_line, life: 5 years, credit: 10 %")],
    [`${GOOD}, loss_limit: 80 %, discount_rate: 8 %`],
    [GOOD.replace("25 %", "20 % to 30 %")],
  ])("is good: %s", (tax) => {
    expect(faults(tax)).toEqual([]);
  });

  test.each([
    [GOOD.replace("rate: 25 %, ", ""), "missing `rate` in `tax`"],
    ["discount_rate: 8 %", "missing `rate` in `tax`"],
    ["rate: 25 %, chips: { depreciation: full }", "missing `depreciation` in `tax.facility`"],
    ["rate: 25 %, facility: { depreciation: full }", "missing `depreciation` in `tax.chips`"],
    [GOOD.replace("macrs_5", "straight_line"), "missing `life` in `tax.chips`"],
    [GOOD.replace("macrs_15", "macrs_15, life: 15 years"), "`macrs_15` has its own years"],
    [GOOD.replace("macrs_5", "macrs_6"), "invalid value `macrs_6`"],
    [GOOD.replace("25 %", "25"), "`tax.rate` is out of range"],
    [GOOD.replace("25 %", "25 USD"), "`tax.rate` needs a fraction"],
    [GOOD.replace("25 %", "-5 %"), "`tax.rate` is out of range"],
    [`${GOOD}, loss_limit: 120 %`, "`tax.loss_limit` is out of range"],
    [GOOD.replace("macrs_5", "straight_line, life: 0 months"), "`tax.chips.life` is out of range"],
    [GOOD.replace("macrs_5", "straight_line, life: 5"), "missing unit for `tax.chips.life`"],
    [`${GOOD}, losses: 3`, "unknown key `losses`"],
  ])("is bad: %s", (tax, reason) => {
    expect(faults(tax).filter((fault) => fault.includes(reason))).toHaveLength(1);
  });
});
