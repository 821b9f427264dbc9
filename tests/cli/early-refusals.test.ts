/**
 * What is wrong with a command line is said before anything is computed. Wherever a computation cannot end well (a draw leaves its
 * range, no plan is possible), that the command line is refused instead shows that nothing was begun.
 */

import fs from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { findFolderFault } from "../../src/cli/io/output-folder.ts";
import { gigafleet, gigafleetProcess, makeFolder, smallScenario } from "./gigafleet.ts";

const folder = makeFolder();
const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text);

/** Some draws of the price are below 0, which no price may be. */
const failing = smallScenario
  .replace("price: 10 thousand USD", "price: 1000 USD * cheap")
  .replace("sites:\n", "let:\n  cheap: normal(1, 5)\nsites:\n");
const certain = smallScenario.replace("size: 100 chips", "size: 100 chips * scale");
write("failing.yaml", failing);
write("certain.yaml", certain.replace("sites:\n", "let: { scale: 1 }\nsites:\n"));
write(
  "mixes.yaml",
  `${certain}let: { scale: 1 }
compare: { scale: scale }
mixes: { one: { fleets.f.title: one }, none: { fleets.f.size: 100 chips } }
`,
);
// No plan costs nothing.
const impossible = `${failing}optimize: { chips: [tiny], sites: [a], budget: 0 USD }\n`;
write("impossible.yaml", impossible);
write("taken", "mine");

const filesOf = (...parts: string[]) =>
  fs.readdirSync(path.join(folder, ...parts), { recursive: true, encoding: "utf8" }).sort();

describe.each([
  ["run", ["run", "failing.yaml", "--trials", "2000"]],
  ["run of figures", ["run", "failing.yaml", "--trials", "2000", "--metric", "cost_provider_pv_usd"]],
  ["shard", ["run", "failing.yaml", "--metric", "cost_provider_pv_usd", "--shard", "1/2"]],
  ["sensitivity", ["sensitivity", "failing.yaml"]],
  ["compare", ["compare", "mixes.yaml", "--mixes"]],
  ["sweep", ["sweep", "failing.yaml", "--over", "sites.a.pue=[1, 1.1]"]],
  ["optimize", ["optimize", "impossible.yaml"]],
  ["backtest", ["backtest"]],
])("a folder that cannot be made is refused by a %s", (_, words) => {
  test.each([
    ["taken", "a file with that name is in the way"],
    [path.join("taken", "below"), "a file with that name is in the way"],
    ["/proc/nowhere", "the folder does not exist and cannot be created"],
    [`${"n".repeat(300)}`, "the name is too long"],
  ])("%s, before it computes, and nothing is left", (out, reason) => {
    const before = filesOf();
    const { code, stdout, stderr } = gigafleet(folder, [...words, "--out", out]);
    expect(stderr).toMatch(/error\[unwritable-output\]: cannot write/);
    expect(stderr).toContain(`\`: ${reason}`);
    expect(stderr).not.toContain("points");
    expect([code, stdout]).toEqual([3, ""]);
    expect(filesOf()).toEqual(before);
  });
});

test("the page of a backtest that cannot be written keeps its table from being written", () => {
  const { code, stderr } = gigafleet(folder, ["backtest", "--out", "tested", "--page", "taken"]);
  expect([code, stderr]).toEqual([3, expect.stringContaining("cannot write `taken`")]);
  expect(filesOf()).not.toContain("tested");
});

test("a folder that a file system refuses ends a task and a sweep, which never ended", () => {
  const sweep = ["sweep", "failing.yaml", "--over", "sites.a.pue=[1, 1.1]", "--out", "/proc/nowhere"];
  expect(gigafleetProcess(folder, sweep).code).toBe(3);
});

test("a plan that is found replaces no file that the scenario is read from, and none that is somebody's own", () => {
  const found = impossible.replace("budget: 0 USD", "budget: 1 billion USD");
  write("plan.yaml", found);
  const optimize = (...words: string[]) => gigafleet(folder, ["optimize", ...words, "--trials", "0"]);
  // Neither has a plan within its budget, which would be told.
  expect(optimize("impossible.yaml", "--out", ".").stderr).toContain("did not write the file that is there");
  const own = optimize("plan.yaml", "--set", "optimize.budget=0 USD", "--out", ".");
  expect([own.code, own.stderr]).toEqual([3, expect.stringContaining("the scenario is read from it")]);
  expect(fs.readFileSync(path.join(folder, "plan.yaml"), "utf8")).toBe(found);
  // A plan may be the scenario of another search, which replaces it no more than any other.
  expect(optimize("plan.yaml", "--out", "best").code).toBe(0);
  expect(optimize("plan.yaml", "--out", "best").code).toBe(0);
  const again = optimize(path.join("best", "plan.yaml"), "--out", "best");
  expect([again.code, again.stderr]).toEqual([3, expect.stringContaining("the scenario is read from it")]);
});

test("parts are not read where their results cannot be written", () => {
  const words = ["run", "certain.yaml", "--set", "chips.tiny.price=8 USD to 9 USD", "--trials", "4096"];
  const figure = ["--metric", "cost_provider_pv_usd", "--out", "parts"];
  expect(gigafleet(folder, [...words, ...figure, "--shard", "1/1"]).code).toBe(0);
  const { code, stderr } = gigafleet(folder, ["merge", "parts", "--out", "taken"]);
  expect([code, stderr]).toEqual([3, expect.stringContaining("cannot write `taken`")]);
});

describe("options that a plan cannot fulfil", () => {
  test("a column that it lacks, before its sample", () => {
    const words = ["run", "failing.yaml", "--trials", "2000", "--columns", "loan_balance_usd"];
    const { code, stderr } = gigafleet(folder, words);
    expect([code, stderr]).toEqual([2, expect.stringContaining("this plan has no `loan_balance_usd`")]);
  });

  test.each([
    ["--trials", "abc"],
    ["--threads", "none"],
    ["--trials", "1e12"],
  ])("`optimize %s %s`, before a plan is searched", (option, value) => {
    const { code, stderr } = gigafleet(folder, ["optimize", "impossible.yaml", option, value]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(value === "1e12" ? "take up to" : value)]);
  });

  test.each([
    ["--fail-on", "cost > 1", "it is not of the form"],
    ["--fail-on", "cost.ratio > 1", "unknown metric `cost`"],
    ["--fail-on", "provider_revenue_total_usd.ratio > 1", "may be negative or 0"],
    ["--fail-on", "cost_provider_pv_usd.probability_best > 0.5", "needs a sample"],
    ["--ranges", undefined, "needs a sample"],
    ["--threads", "none", "is not a number"],
  ])("`compare %s %s`, before scales of the mixes are searched", (option, value, reason) => {
    const words = [
      "compare",
      "mixes.yaml",
      "--mixes",
      "--trials",
      "0",
      "--out",
      "mixed",
      option,
      ...(value ? [value] : []),
    ];
    const { code, stdout, stderr } = gigafleet(folder, words);
    expect(stderr).toContain(reason);
    expect([code, stdout]).toEqual([2, ""]);
    // The search says of the second mix that no scale of it does, or that scaled it strands chips.
    expect(stderr).not.toMatch(/-basis/);
    expect(filesOf()).not.toContain("mixed");
  });
});

test("a folder in which files can be made but not renamed is refused, and is as it was", () => {
  fs.mkdirSync(path.join(folder, "store"));
  vi.spyOn(fs, "renameSync").mockImplementation(() => {
    throw Object.assign(new Error("ENOSYS"), { code: "ENOSYS" });
  });
  const fault = findFolderFault(path.join(folder, "store"));
  vi.restoreAllMocks();
  expect(fault?.values.reason).toContain("its file system cannot rename files");
  expect(filesOf("store")).toEqual([]);
  expect(findFolderFault(path.join(folder, "store"))).toBeUndefined();
});
