/** docs/pictures.md, docs/plans.md and the README show pictures that the program draws today. */
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { commands, type DrawnPictures } from "../../.config/picture-list.mjs";
import { gigafleet, makeFolder } from "../cli/gigafleet.ts";
import { expectShown, PICTURES_ONLY, picturesIn, picturesOf } from "./shown-pictures.ts";

const folder = makeFolder();

/** Commands whose pictures another test compares, which runs them anyway. */
const elsewhere: readonly DrawnPictures[] = [
  picturesOf("compare"), // tests/cli/compare.test.ts
  picturesOf("backtest"), // tests/analysis/backtest/backtest.test.ts
];
const here = commands.filter((command) => !elsewhere.includes(command));

test.each(here)("docs/pictures are what `npm run docs` draws today by $words.0 $words.1", (command) => {
  const { words } = command;
  const out = path.join(folder, words.join(" ").replaceAll("/", "_"));
  const { code, stderr } = gigafleet(process.cwd(), [...words, "--out", out, ...PICTURES_ONLY]);
  expect(code, stderr).toBe(0);
  expectShown(command, picturesIn(out));
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
