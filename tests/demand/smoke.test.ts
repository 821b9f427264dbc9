import fs from "node:fs";
import { test } from "vitest";
import { runPlain } from "../../src/analysis/plain-run.ts";
import { createThreadRunner } from "../../src/run/runner.ts";
import { loadScenario } from "../../src/scenario/load.ts";
import { headlineOf } from "../../src/diagnostics/diagnostic.ts";
test("smoke", async () => {
  const catalog = fs.readdirSync("scenarios/catalog").filter((f) => f.endsWith(".yaml")).map((f) => `scenarios/catalog/${f}`);
  const r = loadScenario({ path: process.env.SC ?? "scenarios/openai-aws.yaml", catalog, read: (p) => (fs.existsSync(p) ? fs.readFileSync(p, "utf8") : undefined) });
  for (const d of r.diagnostics) console.log(d.span?.file, d.span?.line, headlineOf(d), d.help ?? "");
  if (!r.scenario) return;
  const { results, diagnostics } = await runPlain(r.scenario, createThreadRunner());
  for (const d of diagnostics) console.log(headlineOf(d));
  const c = results!.columns;
  const years = [6, 18, 30, 42, 54, 66, 78, 90];
  for (const [k, v] of c) {
    if (/^(workload (demand_(req|ser|uns|chips|bind)|usd|workload_un)|total (demand_un|inference_(usd|tok)|training_usd|chips_(assigned|idle|productive )|binding)|run horizon)/.test(k) || /^assignment (assigned_chips|break)/.test(k)) {
      if (v.some(Number.isNaN)) console.log("NAN", k);
      console.log(k.padEnd(75), v.length === 1 ? v[0].toPrecision(4) : years.map((y) => v[y].toPrecision(3)).join(" "));
    }
  }
});
