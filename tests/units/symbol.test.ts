import { expect, test } from "vitest";
import { makeUnits } from "../../src/units/mathjs-units.ts";
import { isReservedName, suggestUnit, unitOfSymbol } from "../../src/units/symbol.ts";

test.each([
  ["W", 1],
  ["kW", 1e3],
  ["MW", 1e6],
  ["GW", 1e9],
  ["TW", 1e12],
  ["PW", 1e15],
  ["mW", 1e-3],
  ["Wh", 3600],
  ["kWh", 3.6e6],
  ["MWh", 3.6e9],
  ["GWh", 3.6e12],
  ["TWh", 3.6e15],
  ["B", 8],
  ["GB", 8e9],
  ["GiB", 8 * 2 ** 30],
  ["PB", 8e15],
  ["b", 1],
  ["month", 2_629_800],
  ["months", 2_629_800],
  ["year", 31_557_600],
  ["years", 31_557_600],
  ["hour", 3600],
  ["hours", 3600],
  ["days", 86_400],
  ["USD", 1],
  ["chip", 1],
  ["chips", 1],
  ["token", 1],
  ["tokens", 1],
  ["session", 1],
  ["requests", 1],
  ["FLOP", 1],
  ["TFLOP", 1e12],
  ["EFLOP", 1e18],
  ["ZFLOP", 1e21],
  ["YFLOP", 1e24],
  ["FLOPS", 1],
  ["PFLOPS", 1e15],
  ["EFLOPS", 1e18],
  ["ZFLOPS", 1e21],
  ["YFLOPS", 1e24],
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
])("%s is %d in SI", (name, si) => {
  expect(unitOfSymbol(name)?.si).toBe(si);
});

test("names that are no unit, or convert by more than a real factor, have none", () => {
  for (const name of [
    "GUSD",
    "M",
    "gw",
    "KW",
    "bn",
    "degC",
    "degF",
    "VAR",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "",
    "W h",
    "2",
    "x".repeat(1000),
  ]) {
    expect(unitOfSymbol(name), name).toBeUndefined();
  }
});

test("our units hide none of the prefixed units of mathjs", () => {
  const Unit = makeUnits();
  for (const name of ["PW", "TW", "Pa", "kPa", "MHz", "mol", "Mt"])
    expect(Unit.isValuelessUnit(name), name).toBe(true);
});

test("units, functions and words of the language are reserved, ordinary names are not", () => {
  const reserved = [
    "h",
    "chip",
    "min",
    "in",
    "mt",
    "pt",
    "mil",
    "rod",
    "cup",
    "token",
    "billion",
    "max",
    "to",
    "and",
    "or",
    "not",
    "mod",
    "rest",
    "e",
    "pi",
    "degC",
    "constructor",
    "__proto__",
    "hours",
    "kiloohm",
  ];
  for (const name of reserved) expect(isReservedName(name), name).toBe(true);
  const free = [
    "growth",
    "share",
    "trainium4_share",
    "energy_escalation",
    "ipo_filing",
    "rack",
    "load",
    "price",
    "cost",
    "peak",
    "usd",
    "power",
    "pue",
  ];
  for (const name of free) expect(isReservedName(name), name).toBe(false);
});

test("suggestions match by case first, then by what people write, then by distance", () => {
  expect(suggestUnit("gw")).toEqual(["GW"]);
  expect(suggestUnit("flops")).toEqual(["FLOPS", "FLOP"]);
  expect(suggestUnit("bn")).toEqual(["billion"]);
  expect(suggestUnit("Gbps")).toEqual(["Gb/s"]);
  expect(suggestUnit("kUSD")).toEqual(["thousand USD"]);
  expect(suggestUnit("bilion")[0]).toBe("billion");
  expect(suggestUnit("xxxxxxxxxxxxxxxx")).toEqual([]);
});
