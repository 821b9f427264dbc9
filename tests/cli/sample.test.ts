import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { prepareSample } from "../../src/analysis/sample/montecarlo.ts";
import type { Environment } from "../../src/cli/io/command.ts";
import { readSampleOptions } from "../../src/cli/io/sample-options.ts";
import { probeSample } from "../../src/cli/io/take-sample.ts";
import { resultsOf, scenarioOf } from "../faults/run-scenario.ts";
import { gigafleet, gigafleetProcess, makeFolder } from "./gigafleet.ts";

const folder = makeFolder();
gigafleet(folder, ["init", "."]);
const run = (...words: readonly string[]) => gigafleet(folder, ["run", "starter.yaml", ...words]);

test.each([
  ["--trials", "-5", /is less than 0/],
  ["--trials", "2.5", /is not a whole number/],
  ["--trials", "many", /is not a number/],
  ["--threads", "0", /is less than 1/],
  ["--quantiles", "5,500", /percents between 0 and 100/],
  ["--quantiles", "0.05,0.5,0.95", /are below 1 percent; write `5,50,95`, or `0\.05%,0\.5%,0\.95%`/],
  ["--draws", "../trials.csv", /not the name of a CSV or Parquet file/],
  ["--draws", "monthly.csv", /name of another table/],
  ["--draws", "demand.csv", /name of another table/],
  ["--draws", "annual_ranges.csv", /name of another table/],
  ["--draws", "monthly.parquet", /name of another table/],
  ["--draws", "trials.xlsx", /not the name of a CSV or Parquet file/],
  ["--draws", "events.csv", /name of another table/],
  ["--draws", "Demand.csv", /name of another table/],
])("`%s %s` is refused before anything is simulated", (option, value, reason) => {
  const { code, stderr, stdout } = run(`${option}=${value}`);
  expect(code).toBe(2);
  expect(stderr).toMatch(reason);
  expect(stdout).toBe("");
});

test("draws take the name of no table that a run may write", () => {
  const scenario = fileURLToPath(new URL("../../scenarios/openai-aws.yaml", import.meta.url));
  const words = ["run", scenario, "--trials", "0", "--check-assignment", "--no-report", "--out", "all"];
  expect(gigafleet(folder, words).code).toBe(0);
  const names = fs.readdirSync(path.join(folder, "all")).filter((name) => name.endsWith(".csv"));
  expect(names).toContain("assignment.csv");
  const given = (draws: string) => ({ _: [], $0: "", draws });
  for (const name of names) expect(() => readSampleOptions(given(name)), name).toThrow("another table");
});

test("draws of a sample that is not taken are refused before anything is written", () => {
  const none = run("--draws", "trials.csv", "--trials", "0", "--out", "none");
  expect([none.code, none.stdout]).toEqual([2, ""]);
  expect(none.stderr).toContain("`--trials 0` takes none; leave out one of the two");
  // Fleets, sites and inflation have uncertain defaults; without any nothing is.
  fs.writeFileSync(
    path.join(folder, "certain.yaml"),
    "schema_version: 1\nstart: 2027-01\nyears: 1\nprovider: { discount_rate: 9 % }\nmoney: { inflation: 2 % }\n",
  );
  const certain = gigafleet(folder, ["run", "certain.yaml", "--draws", "trials.csv", "--out", "none"]);
  expect([certain.code, certain.stdout]).toEqual([2, ""]);
  expect(certain.stderr).toContain("no value of the scenario is uncertain");
  expect(fs.existsSync(path.join(folder, "none"))).toBe(false);
});

test("quantiles below one percent are taken where they are written so", () => {
  const given = { _: [], $0: "", quantiles: "0.1%,50" };
  expect(readSampleOptions(given).probabilities).toEqual([0.001, 0.5]);
});

test("a seed may be a long text, of which the screen shows the beginning", () => {
  const { code, stdout } = run("--trials", "16", "--seed", "s".repeat(5000), "--out", "long");
  expect(code).toBe(0);
  expect(stdout).toContain(`seed ${"s".repeat(39)}…`);
  expect(stdout).not.toContain("s".repeat(41));
  const { gigafleet: facts } = JSON.parse(
    fs.readFileSync(path.join(folder, "long", "datapackage.json"), "utf8"),
  );
  expect(facts.seed).toBe("s".repeat(5000));
});

test("more draws than can be written are refused before anything is simulated", () => {
  const { code, stderr } = run("--trials", "2e6", "--draws", "trials.csv", "--yes");
  expect(code).toBe(2);
  expect(stderr).toMatch(/^gigafleet: `--draws` writes at most/);
});

test("a billion trials are refused with what they would take", () => {
  const { code, stderr } = run("--trials", "1e9", "--threads", "1");
  expect(code).toBe(2);
  expect(stderr).toMatch(/1,000,000,000 trials take about [\d,]+ (min|hours|days) and \d+ MB/);
  expect(stderr).toContain("--yes");
});

test("a month that never comes has no mean, rather than the first month", () => {
  // Nobody pays: the provider is never paid back.
  expect(run("--trials", "20", "--quiet", "--out", "never").code).toBe(0);
  const [header = "", ...rows] = fs
    .readFileSync(path.join(folder, "never", "summary.csv"), "utf8")
    .split("\n");
  const cells = rows.find((row) => row.startsWith("provider_payback_month,"))?.split(",") ?? [];
  const at = (name: string) => cells[header.split(",").indexOf(name)];
  expect(["value_mean", "value_se", "value_p50", "value_share"].map(at)).toEqual(["", "", "", "0"]);
});

test("a sample of any seed fills the tables, the same on any number of threads", () => {
  const sample = (out: string, ...words: readonly string[]) => {
    const { code, stderr } = run(
      "--trials",
      "1100",
      "--seed",
      "Zürich 7",
      "--out",
      out,
      "--draws",
      "trials.csv",
      "--no-report",
      ...words,
    );
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    const read = (name: string) => fs.readFileSync(path.join(folder, out, name), "utf8");
    return ["summary", "annual_ranges", "monthly_ranges", "trials"]
      .map((name) => read(`${name}.csv`))
      .concat(read("datapackage.json"));
  };
  const [summary, annual, monthly, trials, dataPackage] = sample("one", "--threads", "1");
  expect(summary).toMatch(/^trials,1100,/m);
  expect(annual.split("\n")[0]).toBe("year,metric,word,unit,mean,se,p5,p50,p95,share");
  expect(annual).toMatch(/^\d{4},provider_cash_usd,,USD,\d/m);
  expect(monthly).toMatch(/^\d{4}-01,facility_power_mw,,MW,\d/m);
  expect(trials.trimEnd().split("\n")).toHaveLength(1101);
  expect(JSON.parse(dataPackage).gigafleet).toMatchObject({
    seed: "Zürich 7",
    trials: 1100,
    quantiles: [0.05, 0.5, 0.95],
  });
  expect(sample("two", "--threads", "2")).toEqual([summary, annual, monthly, trials, dataPackage]);
});

test("draws as Parquet are those of the CSV file, and described as such", async () => {
  const words = ["--trials", "40", "--quiet", "--no-report", "--out", "parquet", "--draws"];
  expect(run(...words, "trials.csv").code).toBe(0);
  const csv = fs
    .readFileSync(path.join(folder, "parquet", "trials.csv"), "utf8")
    .trimEnd()
    .split("\n");
  expect(run(...words, "trials.parquet").code).toBe(0);
  const bytes = fs.readFileSync(path.join(folder, "parquet", "trials.parquet"));
  const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
  expect(rows).toHaveLength(40);
  const header = csv[0]?.split(",") ?? [];
  const at = header.indexOf("cost_provider_pv_usd");
  expect(rows.map((row) => row.cost_provider_pv_usd)).toEqual(
    csv.slice(1).map((line) => Number(line.split(",")[at])),
  );
  const { resources } = JSON.parse(fs.readFileSync(path.join(folder, "parquet", "datapackage.json"), "utf8"));
  const described = resources.find((one: { name: string }) => one.name === "trials");
  expect(described).toMatchObject({ path: "trials.parquet", format: "parquet", type: "table" });
  expect(described).not.toHaveProperty("dialect");
  expect(gigafleet(folder, ["verify", "parquet"]).code).toBe(0);
});

test("sensitivity ranks values, with where the variance comes from", () => {
  const { code, stdout } = gigafleet(folder, [
    "sensitivity",
    "starter.yaml",
    "--trials",
    "64",
    "--out",
    "why",
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/The variance comes/);
  expect(fs.readFileSync(path.join(folder, "why", "sensitivity.csv"), "utf8")).toMatch(
    /^rank,input,written,quality,source,/,
  );
  const unknown = gigafleet(folder, ["sensitivity", "starter.yaml", "--metric", "cost_provider_pv"]);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("cost_provider_pv_usd");
});

describe("sensitivity", () => {
  const explain = (...words: readonly string[]) =>
    gigafleet(folder, ["sensitivity", "starter.yaml", "--out", "why", ...words]);

  test("of a figure that nothing moves says so, and no share of its variance", () => {
    const { code, stdout } = explain("--trials", "64", "--metric", "npv_buyer_usd");
    expect(code).toBe(0);
    expect(stdout).toContain("\n\nNothing that is uncertain changes npv_buyer_usd: ");
    expect(stdout).not.toContain("The variance comes");
  });

  test("of a figure that does not exist in every trial is refused, and not taken for infinite", () => {
    // Nobody pays, so that nothing is ever paid back.
    const { code, stderr } = explain("--trials", "64", "--metric", "provider_payback_month");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /error\[missing-figure\]: `provider_payback_month` does not exist in [\d,]+ of [\d,]+ trials/,
    );
  });

  test("says first what very many rows take", () => {
    const { code, stderr } = explain("--trials", "10000", "--metric", "chips_energised");
    expect(stderr).toMatch(/^10,000 rows take about \d+ (s|min|hours) and \d+ MB\n$/);
    expect(code).toBe(0);
  });

  test.each([
    ["1", /too small: a variance needs at least 2 rows/],
    ["0", /too small: a variance needs at least 2 rows/],
    ["1e9", /1,000,000,000 rows need [\d,]+ MB; the limit is 1,074 MB\ntake up to [\d,]+ rows/],
  ])("of %s rows is refused", (rows, reason) => {
    const { code, stderr } = explain("--trials", rows);
    expect(code).toBe(2);
    expect(stderr).toMatch(reason);
  });
});

test("without WebAssembly the same numbers come, with a line", () => {
  const tablesOf = (out: string) =>
    fs
      .readdirSync(path.join(folder, out))
      .filter((name) => name.endsWith(".csv"))
      .map((name) => [name, fs.readFileSync(path.join(folder, out, name), "utf8")]);
  const words = ["run", "starter.yaml", "--trials", "40", "--no-report", "--out"];
  expect(gigafleet(folder, [...words, "with"]).stderr).not.toContain("WebAssembly");
  const { code, stderr } = gigafleetProcess(folder, [...words, "without"], { NODE_OPTIONS: "--jitless" });
  expect([code, stderr]).toEqual([0, expect.stringContaining("no WebAssembly here")]);
  expect(tablesOf("without")).toEqual(tablesOf("with"));
  expect(tablesOf("with").length).toBeGreaterThan(5);
});

test("what estimates a large sample leaves none of its memory beside the sample itself", async () => {
  const scenario = scenarioOf("../../../scenarios/own-1gw-gb300");
  const options = { ...readSampleOptions({ trials: 200_000 }), trials: 200_000 };
  const prepared = prepareSample(scenario, await resultsOf(scenario), options);
  const held = prepared.request.figures.length * 1024 * 8;
  const before = process.memoryUsage().arrayBuffers;
  await probeSample(prepared, options, { workerFile: new URL("file:///none") } as Environment);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(held / 10);
}, 60_000);
