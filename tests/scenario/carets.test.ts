import { expect, test } from "vitest";
import { type Diagnostic, headlineOf } from "../../src/diagnostics/diagnostic.ts";
import type { LoadResult } from "../../src/scenario/load.ts";
import { load, scenarioText } from "./load-files.ts";

/** The text above the carets of a fault. */
function markedBy({ span }: Diagnostic, { sources }: LoadResult): string {
  if (!span) return "nowhere";
  const line = (sources.get(span.file) ?? "").split("\n")[span.line - 1] ?? "";
  return line.slice(span.column - 1, span.column - 1 + span.length);
}

const marksOf = (result: LoadResult) => result.diagnostics.map((one) => markedBy(one, result));

test.each([
  // The point of a number before a dotted name.
  ["2.9 USD * chips.gb300.it_power", "chips.gb300.it_power"],
  // A name that also ends and begins longer ones.
  ["1 USD * max(pricey, cheap_price, price)", "price"],
  // A sign that also stands in a longer one.
  ["1 USD * max(3 != 2, 2!)", "!"],
])("`price: %s` marks what is wrong", (text, marked) => {
  const lets = "let: { pricey: 1, cheap_price: 2 }\n";
  const result = load(scenarioText({ lets, chips: `chips:\n  gb300:\n    price: ${text}\n` }));
  expect(marksOf(result)).toEqual([marked]);
  const at = result.diagnostics[0]?.span?.column ?? 0;
  const line = result.sources.get("a.yaml")?.split("\n")[(result.diagnostics[0]?.span?.line ?? 0) - 1] ?? "";
  // The last occurrence is the faulty one.
  expect(at - 1).toBe(line.lastIndexOf(marked));
});

test("both ends of an interval are marked, each at its own place", () => {
  const result = load(scenarioText({ chips: "chips: { gb300: { it_power: 12 GX to 2 GX } }\n" }));
  expect(marksOf(result)).toEqual(["GX", "GX"]);
  expect(result.diagnostics.map(({ span }) => span?.column)).toEqual([32, 40]);
});

test("an end that is part of the other is not mistaken for it", () => {
  const result = load(scenarioText({ chips: "chips: { gb300: { it_power: 12 kW * y to 2 kW * y } }\n" }));
  const [first, second] = result.diagnostics.map(({ span }) => span?.column);
  expect(marksOf(result)).toEqual(["y", "y"]);
  expect([first, second]).toEqual([37, 49]);
});

test("a bad row of a CSV is told once, though several fields read the file", () => {
  const sites = `sites:
  east:
    power: { csv: p.csv, column: power, unit: MW }
    pue: { csv: p.csv, column: pue }
    pue_design: 1.3
    electricity: 58 USD/MWh
    facility: 12 USD/W
`;
  const csv = "month,power,pue\n2026-13,100,1.2\n2026-02,100,abc\n";
  const result = load({ "a.yaml": scenarioText({ sites }), "p.csv": csv });
  expect(result.diagnostics.map(headlineOf)).toEqual([
    "invalid CSV in `p.csv`: `2026-13` is not a month such as 2027-01",
    "invalid CSV in `p.csv`: `abc` is not a finite number",
  ]);
  expect(marksOf(result)).toEqual(["2026-13", "abc"]);
  // Of a row that is bad for every column, whichever is read, no column has a fault of its own.
  const once = load({ "a.yaml": scenarioText({ sites }), "p.csv": "month,power,pue\n2026-13,100,1.2\n" });
  expect(once.diagnostics.map(headlineOf)).toEqual([
    "invalid CSV in `p.csv`: `2026-13` is not a month such as 2027-01",
  ]);
});

test("a default that conflicts has the place of what it conflicts with", () => {
  const catalog = `defaults: { fleets: { replacement: { lead: { value: 9 months, source: s, url: "https://example.org/x", as_of: 2026-01, quality: assumed } } } }\n`;
  const fleets =
    "fleets:\n  first: { chip: gb300, site: east, size: 10 chips, deliver: { at: 2026-03 }, life: 6 months, replacement: { with: gb300 } }\n";
  const result = load(
    { "a.yaml": scenarioText({ fleets }), "defaults.yaml": catalog },
    { catalog: ["catalog.yaml", "defaults.yaml"] },
  );
  expect(result.diagnostics.length).toBeGreaterThan(0);
  for (const { span } of result.diagnostics) expect(span).toBeDefined();
});
