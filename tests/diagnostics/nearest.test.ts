import { expect, test } from "vitest";
import { nearest } from "../../src/diagnostics/nearest.ts";

const keys = [
  "power",
  "pue",
  "pue_design",
  "electricity",
  "electricity_growth",
  "site",
  "size",
  "chip",
  "mix",
];

test.each([
  ["powr", ["power"]],
  ["pwoer", ["power"]],
  ["POWER", ["power"]],
  ["pue-design", ["pue_design", "pue"]],
  ["electricty", ["electricity"]],
  ["elec", ["electricity", "electricity_growth"]],
  ["siz", ["size"]],
  ["zzzzzz", []],
  ["", []],
  ["x", []],
])("%s is near %j", (word, expected) => {
  expect(nearest(word, keys)).toEqual(expected);
});

test("at most the asked number of names is returned, each once", () => {
  expect(nearest("aab", ["aaa", "aac", "aad", "aad", "aae"], 2)).toEqual(["aaa", "aac"]);
});

test("very long words are not compared", () => {
  expect(nearest("a".repeat(10_000), ["a".repeat(9_999)])).toEqual([]);
});
