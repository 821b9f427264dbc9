import { expect, test } from "vitest";
import { remainingText } from "../../src/cli/io/progress-bar.ts";
import { gigafleet, makeFolder } from "./gigafleet.ts";

const folder = makeFolder();

function complete(...words: string[]): readonly string[] {
  const { code, stdout, stderr } = gigafleet(folder, ["--get-yargs-completions", "gigafleet", ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.trimEnd().split("\n");
}

test("a shell completes chips, metrics and codes", () => {
  expect(complete("catalog", "gb3")).toEqual(["gb300"]);
  expect(complete("sensitivity", "plan/starter.yaml", "--metric", "cost_provider_p")).toEqual([
    "cost_provider_pv_usd",
  ]);
  expect(complete("trace", "plan/starter.yaml", "effective_fp4_e")).toContain("effective_fp4_eflops");
  expect(complete("explain", "invalid-enc")).toEqual(["invalid-encoding"]);
});

test("a shell completes paths of the fields of the scenario that is named", () => {
  gigafleet(folder, ["init", "plan"]);
  expect(complete("run", "plan/starter.yaml", "--set", "sites.main.pu")).toEqual([
    "sites.main.pue",
    "sites.main.pue_design",
  ]);
  expect(complete("show", "plan/starter.yaml", "sites.main.del")).toEqual(["sites.main.delay"]);
  expect(complete("run", "missing.yaml", "--set", "money.infl")).toEqual(["money.inflation"]);
});

test("commands and options stay those of the help", () => {
  expect(complete("")).toContain("verify");
  expect(complete("run", "--thr")).toContain("--threads");
});

test.each([
  [0, 1000, 50, ""],
  [9, 1000, 90, ""],
  [10, 1000, 100, ", 10 s left"],
  [500, 1000, 60_000, ", 60 s left"],
  [100, 1000, 60_000, ", 9 min left"],
  [100, 1000, 3_600_000, ", 9 h left"],
  [1000, 1000, 5, ""],
])("%i of %i done after %i ms: %j", (done, all, elapsed, text) => {
  expect(remainingText(done, all, elapsed)).toBe(text);
});
