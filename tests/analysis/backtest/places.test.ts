import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runBacktest } from "../../../src/analysis/backtest/backtest.ts";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { catalogFiles, packed } from "../../scenario/shipped-catalog.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const shipped = fs.readFileSync(path.join(root, "scenarios/validation/cases.csv"), "utf8");
const [heading = "", first = ""] = shipped.split("\n");

/** Faults of the first shipped case with a changed row: their headlines and places. */
async function faultsWith(change: (row: string) => string) {
  const cases = `${heading}\n${change(first)}\n`;
  const read = (file: string): string | undefined => {
    if (file === "scenarios/validation/own.csv") return cases;
    const full = path.join(root, file);
    return fs.existsSync(full) ? fs.readFileSync(full, "utf8") : undefined;
  };
  const files = ["scenarios/validation/own.csv"];
  const { diagnostics, sources } = await runBacktest(
    { files, catalog: catalogFiles, packed, read },
    createThreadRunner(),
  );
  expect([...sources.keys()]).not.toContain("--set");
  return diagnostics.map((one) => ({ headline: headlineOf(one), help: one.help, span: one.span }));
}

test("the first shipped case has no fault", async () => {
  expect(await faultsWith((row) => row)).toEqual([]);
});

test("a missing template is told at its name, and nothing that follows from it", async () => {
  const faults = await faultsWith((row) => row.replace("deployment.yaml", "deploymant.yaml"));
  expect(faults).toHaveLength(1);
  expect(faults[0]?.headline).toContain("missing file `scenarios/validation/deploymant.yaml`");
  expect(faults[0]?.span).toMatchObject({ file: "scenarios/validation/own.csv", line: 2 });
  expect(faults[0]?.span?.column).toBeGreaterThan(1);
});

test("what a case sets wrongly is told at its row, not at a `--set` that nobody typed", async () => {
  const faults = await faultsWith((row) => row.replace(/,(gb200|h100|gb300|h200|a100)\b/, ",h1000"));
  expect(faults.length).toBeGreaterThan(0);
  for (const { span, help } of faults) {
    expect(span).toMatchObject({ file: "scenarios/validation/own.csv", line: 2, column: 1 });
    expect(help).toMatch(/^the case `B\d\d` sets `/);
  }
});
