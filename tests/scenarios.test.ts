/** Every file in scenarios/ loads without a word, runs, and gives what the referee gives. */

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runPlain } from "../src/analysis/results/plain-run.ts";
import { METRICS } from "../src/metrics/index.ts";
import { createThreadRunner } from "../src/run/runner.ts";
import { showScenario } from "../src/scenario/describe/show.ts";
import { type LoadResult, loadScenario } from "../src/scenario/load.ts";
import { expectRefereeAgrees } from "./reference/compare.ts";
import { faultsOf } from "./scenario/load-files.ts";
import { catalogNames, packed } from "./scenario/shipped-catalog.ts";

const folder = fileURLToPath(new URL("../scenarios", import.meta.url));
const files = ["", "plans/"]
  .flatMap((part) => fs.readdirSync(path.join(folder, part)).map((file) => part + file))
  .filter((file) => file.endsWith(".yaml"))
  .sort();
const catalog = catalogNames.map((name) => `catalog/${name}`);

function read(file: string): string | undefined {
  const place = path.join(folder, file);
  return fs.existsSync(place) ? fs.readFileSync(place, "utf8") : undefined;
}

function loadFile(file: string, sets: readonly string[] = []): LoadResult {
  return loadScenario({ path: file, catalog, packed, sets, read });
}

test("there are scenarios", () => expect(files).toContain("openai-aws.yaml"));

describe.each(files)("%s", (file) => {
  const result = loadFile(file);

  test("loads without error or warning", () => {
    // A scenario that shows a warning on purpose allows it by code, with the reason, in the file itself.
    expect(faultsOf(result, true)).toEqual([]);
    expect(result.scenario?.fields.get("name")?.choice, "a name").toMatch(/^\S.+/);
    expect(result.scenario?.fields.get("description")?.choice, "what it answers").toMatch(/^\S.+/);
  });

  test("shows every field", () => {
    if (!result.scenario) throw new Error("it does not load");
    const shown = showScenario(result.scenario);
    expect(shown.length).toBeGreaterThanOrEqual(result.scenario.fields.size);
    expect(shown.filter(({ text, plain }) => /NaN|Infinity/.test(text + plain))).toEqual([]);
  });

  test("runs as the referee says, and something comes of it", { timeout: 120_000 }, () => {
    if (!result.scenario) throw new Error("it does not load");
    const columns = expectRefereeAgrees(result.scenario);
    const total = (metric: string) => columns.get(`total  ${metric}`) ?? [];
    for (const metric of ["chips_energised", "effective_fp4_eflops", "provider_cash_usd"])
      expect(Math.max(...total(metric)), metric).toBeGreaterThan(0);
    const [unused, limit] = [total("power_unused_mw"), total("power_limit_mw")];
    expect(unused.length).toBe(result.scenario.monthCount);
    for (const [month, value] of unused.entries()) expect(value).toBeLessThanOrEqual(limit[month]);
  });
});

test("a change on the command line changes what it should and nothing else", async () => {
  const columns = async (sets: readonly string[]) => {
    const { scenario } = loadFile("openai-aws.yaml", sets);
    if (!scenario) throw new Error("it does not load");
    return (
      (await runPlain(scenario, createThreadRunner())).results?.columns ?? new Map<string, Float64Array>()
    );
  };
  const before = await columns([]);
  const after = await columns(["fleets.trainium.size=3 GW"]);
  // Work moves between fleets where one of them grows: what is held, idle and short changes everywhere.
  const ofDemand = new Set(METRICS.filter(({ group }) => group === "demand").map(({ name }) => name));
  const isOfSupply = (key: string) => !ofDemand.has(key.split(" ")[1]) && !key.includes(" binding ");
  const changed = [...after].filter(
    ([key, values]) =>
      isOfSupply(key) && values.some((value, month) => !Object.is(value, before.get(key)?.[month])),
  );
  const entities = new Set(
    changed.filter(([key]) => /^(part|site) /.test(key)).map(([key]) => key.split(" ")[2]),
  );
  expect([...entities].sort()).toEqual(["trainium/trainium3", "trainium/trainium4", "trainium_campus"]);
  for (const chip of ["trainium3", "trainium4"]) {
    const key = `part chips_planned trainium/${chip}`;
    const [small, large] = [before, after].map((found) => found.get(key)?.at(-1) ?? 0);
    // 3 GW instead of 2, by the same shares.
    expect(Math.abs(large / small - 1.5)).toBeLessThan(1e-12);
  }
});
