import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { cli, gigafleet, makeFolder, smallScenario } from "../cli/gigafleet.ts";

test("parallel.sh runs all shards, with words that a shell would split", () => {
  const folder = makeFolder();
  fs.writeFileSync(path.join(folder, "plan.yaml"), smallScenario);
  fs.mkdirSync(path.join(folder, "bin"));
  const program = `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`;
  fs.writeFileSync(path.join(folder, "bin/gigafleet"), program, { mode: 0o755 });
  const env = { ...process.env, PATH: `${folder}/bin:${process.env.PATH}`, HOME: folder };
  const sweep = [
    "sweep",
    "plan.yaml",
    "--over",
    "fleets.f.size=1..12..1 chips",
    "--set",
    "name=A 'plan' & more",
  ];
  const words = ["5", ...sweep, "--out", "parts"];
  const { status, stderr } = spawnSync(path.resolve("docs/cluster/parallel.sh"), words, {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, expect.stringContaining("shard 5 of 5: points 10 to 12 of 12")]);
  expect(gigafleet(folder, ["merge", "parts", "--out", "merged"]).code).toBe(0);
  expect(gigafleet(folder, [...sweep, "--out", "one"]).code).toBe(0);
  for (const name of ["sweep.csv", "datapackage.json", "report.html"])
    expect(fs.readFileSync(path.join(folder, "merged", name))).toEqual(
      fs.readFileSync(path.join(folder, "one", name)),
    );
});
