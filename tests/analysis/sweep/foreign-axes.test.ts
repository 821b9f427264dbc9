import { expect, test } from "vitest";
import { readOver } from "../../../src/analysis/sweep/axes.ts";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";

const told = (text: string) => readOver([text]).diagnostics.map(headlineOf).join("\n");

test.each([
  ["fleets.f.size=10.000 chips..20.000 chips..5.000 chips", "write `10000 chips` or `10 chips`"],
  ["fleets.f.size=10,000 chips..20,000 chips..5,000 chips", "write `10000 chips` or `10 chips`"],
  ["sites.a.power=1,5 MW..2 MW..0.5 MW", "write `1.5 MW`"],
  ["let.x=0..1e400..1", "`1e400` is not a finite number"],
  ["let.x=-inf..1..1", "it is not a finite number"],
  ["let.x=0x10..0x20..1", "numbers are decimal"],
])("the axis `%s` is refused with what to write", (text, words) => {
  expect(told(text)).toContain(words);
});

test.each([
  "let.x=0.125..1.375..0.25",
  "let.x=-5 %..5 %..5 %",
  "fleets.f.size=1e3 chips..2e3 chips..500 chips",
])("the axis `%s` is read", (text) => {
  expect(told(text)).toBe("");
});
