/** `-` is standard input: the same tables as from a file, faults with their place, and paths from the current folder. */

import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { gigafleet, makeFolder, shell, smallScenario } from "./gigafleet.ts";

const folder = makeFolder();
fs.writeFileSync(path.join(folder, "plan.yaml"), smallScenario);

test("a run of standard input writes what a run of the file writes", () => {
  const given = gigafleet(folder, ["run", "plan.yaml", "--trials", "0", "--out", "file"]);
  const piped = shell(folder, "gigafleet run - --trials 0 --out piped < plan.yaml");
  expect([given.code, piped.code, piped.stderr]).toEqual([0, 0, given.stderr]);
  for (const name of ["monthly.csv", "summary.csv"])
    expect(fs.readFileSync(path.join(folder, "piped", name))).toEqual(
      fs.readFileSync(path.join(folder, "file", name)),
    );
});

test("a fault has its place, and `extends` starts from the current folder", () => {
  const { code, stderr } = shell(
    folder,
    "printf 'extends: ./plan.yaml\\nyears: ten\\n' | gigafleet validate -",
  );
  expect(code).toBe(1);
  expect(stderr).toContain("standard input:2:8");
});
