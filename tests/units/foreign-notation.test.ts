import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { explainMisreading, findMisreading, USUAL_WORDS } from "../../src/units/foreign-notation.ts";

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

test("a short way around the notations finds what they find", () => {
  const digits = fc.stringMatching(/^[+-]?(0|[1-9]\d{0,4})(\.\d{1,6}|e\d{1,2})?$/);
  const part = fc.oneof(
    fc.constantFrom(...USUAL_WORDS),
    fc.constantFrom(
      " ",
      " ",
      "/",
      "(",
      ")",
      "%",
      "m",
      "k",
      "b",
      "B",
      "VA",
      "x",
      "per",
      "ct",
      "-",
      "$",
      "p.a.",
    ),
  );
  const text = fc.tuple(
    digits,
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, ([number, rest]) => {
      const whole = `${number}${rest}`.trim();
      expect(explainMisreading(whole)).toEqual(findMisreading(whole));
    }),
    { numRuns: 2000 },
  );
});
