import { expect, test, vi } from "vitest";
import { explainMisreading } from "../../src/units/foreign-notation.ts";

const numbers = ["12", "7", "-3.5", "0", "0.5", "1.000", "1,15", "1.250,5", "1e3"];
const rests = [
  "",
  " MW",
  " USD",
  "ba",
  " %/year",
  " $/h",
  " ct/kWh",
  " USD per h",
  "x",
  " EUR",
  " M USD",
  " MVA",
  "e3",
];

test("what a text means does not depend on the texts that were read before", async () => {
  const texts = rests.flatMap((rest) => numbers.map((number) => `${number}${rest}`));
  const forwards = texts.map(explainMisreading);
  vi.resetModules();
  const fresh = await import("../../src/units/foreign-notation.ts");
  const backwards = [...texts].reverse().map(fresh.explainMisreading);
  expect(forwards).toEqual(backwards.reverse());
  expect(explainMisreading("0ba")).toMatchObject({ reason: "numbers are decimal" });
});
