import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { gigafleet, makeFolder } from "./gigafleet.ts";

const base = fileURLToPath(new URL("../diagnostics/cases/base.yaml", import.meta.url));

test("a metric that is none is refused with near names", () => {
  const folder = makeFolder();
  fs.copyFileSync(base, path.join(folder, "base.yaml"));
  const { code, stdout, stderr } = gigafleet(folder, [
    "trace",
    "base.yaml",
    "chips_energized",
    "--month",
    "2027-04",
  ]);
  expect(stdout).toBe("");
  expect(stderr).toContain("error[unknown-metric]: unknown metric `chips_energized`\n");
  expect(stderr).toMatch(/= expected: .*`chips_energised`/);
  expect(code).toBe(2);
});
