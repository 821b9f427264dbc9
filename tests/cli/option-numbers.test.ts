import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { readOptionNumber } from "../../src/cli/io/option-number.ts";
import { gigafleet, makeFolder, smallScenario } from "./gigafleet.ts";

const folder = makeFolder();
fs.writeFileSync(path.join(folder, "a.yaml"), smallScenario);

test.each([
  [["run", "a.yaml", "--trials", "10.000"], "write `10000` or `10`"],
  [["run", "a.yaml", "--trials", "10,000"], "write `10000` or `10`"],
  [["run", "a.yaml", "--threads", "0x2"], "`--threads 0x2` is not a number"],
  [["run", "a.yaml", "--quantiles", "0x10,95"], "write percents between 0 and 100"],
  [["optimize", "a.yaml", "--frontier", "2.000"], "write `2000` or `2`"],
  [["optimize", "a.yaml", "--time-limit", "1.000"], "write `1000` or `1`"],
] as const)("%j is refused with what to write, and nothing is written", (words, help) => {
  const { code, stdout, stderr } = gigafleet(folder, words);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(help);
  expect(fs.existsSync(path.join(folder, "output"))).toBe(false);
});

test("plain numbers are read", () => {
  expect(["1e6", "1_000", "2.5", ".5", "-3"].map((text) => readOptionNumber("x", text))).toEqual([
    1e6, 1000, 2.5, 0.5, -3,
  ]);
  expect(["", "one", "1e", "Infinity", "NaN"].map((text) => readOptionNumber("x", text))).toEqual(
    Array(5).fill(Number.NaN),
  );
});
