import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { gigafleet, makeFolder } from "./gigafleet.ts";

const folder = makeFolder();
fs.writeFileSync(
  path.join(folder, "rent.yaml"),
  `schema_version: 1
name: Ten rented chips
description: 87,600 chip-hours in a year.
start: 2027-01
years: 1
provider: { discount_rate: 0 % }
fleets:
  cloud: { chip: h100, tenure: rented, rent: 1 USD/chip/hour, rent_term: 12 months, size: 10 chips, deliver: { at: 2027-01 } }
`,
);

test("says the value, how the figure moves, and how to repeat it", () => {
  const words = ["solve", "rent.yaml", "chip_rent_pv_usd=175200", "--by", "fleets.cloud.rent"];
  const { code, stdout, stderr } = gigafleet(folder, words);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toContain("fleets.cloud.rent = 2 USD/chip/hour gives chip_rent_pv_usd = 175,200 USD");
  expect(stdout).toContain("rises with fleets.cloud.rent");
  const [, set = ""] = /--set '([^']+)'/.exec(stdout) ?? [];
  const again = gigafleet(folder, [
    "run",
    "rent.yaml",
    "--trials",
    "0",
    "--quiet",
    "--set",
    set,
    "--out",
    "again",
  ]);
  expect(again.code).toBe(0);
  const [, value] =
    /^chip_rent_pv_usd,([^,]+),/m.exec(fs.readFileSync(path.join(folder, "again/summary.csv"), "utf8")) ?? [];
  expect(Number(value)).toBeCloseTo(175_200, 4);
});

test("prints one object with all digits", () => {
  const words = ["solve", "rent.yaml", "chip_rent_pv_usd=175200", "--by", "fleets.cloud.rent", "--json"];
  const found = JSON.parse(gigafleet(folder, words).stdout);
  expect(found).toMatchObject({ by: "fleets.cloud.rent", unit: "USD", direction: "rises", jump: null });
  expect(found.value).toBeCloseTo(2, 9);
});

test("no value in the range exits with 4 and gives both ends", () => {
  const { code, stdout } = gigafleet(folder, [
    "solve",
    "rent.yaml",
    "chip_rent_pv_usd=-1",
    "--by",
    "fleets.cloud.rent",
  ]);
  expect(code).toBe(4);
  expect(stdout).toContain("no value of fleets.cloud.rent gives chip_rent_pv_usd = -1 USD");
  expect(stdout.replace(/\n +/g, " ")).toContain(
    "0 USD at 0 USD/chip/hour, to 876,000,000 USD at 10 thousand USD/chip/hour",
  );
});

test.each([
  [["chip_rent_pv_usd=1"], "`solve` needs `--by PATH`"],
  [["chip_rent_pv_usd", "--by", "fleets.cloud.rent"], "not of the form `METRIC=VALUE`"],
  [["chip_rent_pv_usd=1", "--by", "fleets.cloud.tenure"], "which is not an amount"],
  [["chip_rent_pv_usd=1", "--by", "fleets.cloud.deliver.at"], "is a date"],
  [["chip_rent_pv_usd=1", "--by", "chips.h100.price"], "nothing that `chip_rent_pv_usd` is made of reads"],
  [["chip_rent_pv_usd=1", "--by", "fleets.cloud.rent", "--trials", "1e9"], "is more than"],
])("refuses %j", (words, reason) => {
  const { code, stdout, stderr } = gigafleet(folder, ["solve", "rent.yaml", ...words]);
  expect(stdout).toBe("");
  expect(stderr).toContain(reason);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(2);
});
