/** docs/pictures.md, docs/plans.md and the README show pictures that the program draws today. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

test("docs/pictures are what npm run docs draws today", { timeout: 600_000 }, () => {
  const script = path.join(".config", "pictures.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect(`${stdout}${stderr}`).toBe("");
  expect(status).toBe(0);
});

test("docs/pictures.md, docs/plans.md and docs/spreadsheets.md show each picture once, the README opens with one, and none is left over", () => {
  const pages = ["pictures", "plans", "spreadsheets"]
    .map((page) => fs.readFileSync(`docs/${page}.md`, "utf8"))
    .join("");
  const shown = [...pages.matchAll(/\]\(pictures\/([\w-]+\.(?:svg|png))\)/g)];
  const names = shown.map(([, name]) => name).sort();
  expect(names).toEqual(fs.readdirSync("docs/pictures").sort());
  const readme = fs.readFileSync("README.md", "utf8");
  expect(readme.indexOf("](docs/pictures/power.svg)")).toBeLessThan(readme.indexOf("## Run it"));
});
