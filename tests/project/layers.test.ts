import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findViolations, importsOf, render } from "./layers.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

function readSources(): Map<string, string> {
  const sources = new Map<string, string>();
  for (const entry of fs.readdirSync(path.join(root, "src"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.[cm]?[jt]sx?$/.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    sources.set(path.relative(root, file).split(path.sep).join("/"), fs.readFileSync(file, "utf8"));
  }
  return sources;
}

/** What the checker says of made-up files. */
function check(files: Record<string, string>): string[] {
  return findViolations(new Map(Object.entries(files))).map(
    ({ file, what, rule }) => `${file} | ${what} | ${rule}`,
  );
}

test("src/ keeps to its layers", () => {
  expect(findViolations(readSources()).map(render).join("\n")).toBe("");
});

describe("the checker", () => {
  test("finds every form of import", () => {
    const text = `
      import a from "one";
      import b, { c as d } from 'two';
      import * as e from "three"; import "four";
      import type {
        F,
        G, // from "not-this"
      } from "five";
      export { h } from "six";
      export * from "seven";
      export type { I } from "eight";
      /* import j from "nor-this" */
      // import k from "nor-this"
      const l = () => import("nine");
      type M = import("ten").M;
      export const n = 1;
      const o = "import p from 'nor this'";
    `;
    const names = "one two three four five six seven eight nine ten".split(" ");
    expect(importsOf(text).map((one) => one.specifier)).toEqual(expect.arrayContaining(names));
    expect(importsOf(text)).toHaveLength(names.length);
  });

  test("accepts what is allowed", () => {
    const files = {
      "src/metrics/table.ts": "export const table = 1; // not Math.random()",
      "src/engine/index.ts": 'import { table } from "../metrics/table.ts";\nexport const x = table;',
      "src/units/index.ts": 'import { all } from "mathjs";\nthrow new Error("no console.log here");',
      "src/index.ts": 'export * from "./engine/index.ts";',
      "src/cli/main.ts": 'import fs from "node:fs";\nimport yargs from "yargs";\nimport "../index.ts";',
      "src/export/csv.ts": 'import { stringify } from "csv-stringify/sync";',
    };
    expect(check(files)).toEqual([]);
  });

  test.each([
    ["src/metrics/a.ts", 'import "../engine/b.ts";', "metrics may import nothing"],
    ["src/engine/a.ts", 'import type { B } from "../scenario/b.ts";', "engine may import metrics"],
    [
      "src/export/a.ts",
      'export {\n  b,\n} from "../analysis/b.ts";',
      "export may import metrics, numbers, units",
    ],
    ["src/run/a.ts", 'import "../analysis/b.ts";', "run may import engine"],
    ["src/scenario/a.ts", 'import "../cli/b.ts";', "scenario may import"],
    ["src/scenario/a.ts", 'import "../compile/b.ts";', "scenario may import"],
    ["src/compile/a.ts", 'import "../analysis/b.ts";', "compile may import"],
    ["src/index.ts", 'import "./cli/b.ts";', "index may import"],
    ["src/index.ts", 'import "./node/b.ts";', "index may import"],
    ["src/node/a.ts", 'import "../analysis/b.ts";', "node may import scenario, diagnostics"],
    ["src/helpers/a.ts", "", "src/ holds"],
    ["src/engine/a.ts", 'import "../../tests/b.ts";', "src/ imports nothing outside"],
    ["src/engine/a.ts", 'import { all } from "mathjs";', "mathjs only in units and scenario"],
    ["src/analysis/a.ts", 'import { parse } from "yaml";', "yaml only in scenario"],
    [
      "src/export/a.ts",
      'import { stringify } from "csv-stringify";',
      "csv-stringify is in no list of packages",
    ],
    ["src/cli/a.ts", 'import x from "@some/thing/deep";', "@some/thing is in no list of packages"],
    ["src/scenario/a.ts", 'import fs from "node:fs";', "Node's modules only in cli and run"],
    ["src/export/a.ts", 'import fs from "fs/promises";', "Node's modules only in cli and run"],
    ["src/engine/a.ts", "const x = Math.random();", "no Math.random in engine/"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program
    ["src/analysis/a.ts", "const x = `${Date.now()}`;", "no Date.now in analysis/"],
    ["src/units/a.ts", "const x = new Date(0);", "no new Date in units/"],
    ["src/scenario/a.ts", "performance.now();", "no performance. in scenario/"],
    ["src/metrics/a.ts", "console.log(1);", "no console. in metrics/"],
    ["src/scenario/a.ts", 'const x = await import("yaml");', "no dynamic import in scenario/"],
    ["src/engine/a.ts", "const x = await import(name);", "no dynamic import in engine/"],
  ])("reports %s with %s", (file, text, rule) => {
    const found = check({ [file]: text });
    expect(found).toHaveLength(1);
    expect(found[0].startsWith(`${file} | `)).toBe(true);
    expect(found[0]).toContain(rule);
  });

  test("reports a cycle once", () => {
    const files = {
      "src/engine/a.ts": 'import "./b.ts";',
      "src/engine/b.ts": 'import type { C } from "./c.ts";',
      "src/engine/c.ts": 'import "./a.ts";',
    };
    const way = "src/engine/a.ts -> src/engine/b.ts -> src/engine/c.ts -> src/engine/a.ts";
    expect(check(files)).toEqual([`src/engine/a.ts | ${way} | no import cycles`]);
  });

  test("reports that the library reaches Node through another folder", () => {
    const files = {
      "src/index.ts": 'export * from "./run/pool.ts";',
      "src/run/pool.ts": 'import { Worker } from "node:worker_threads";',
    };
    const what = "src/index.ts -> src/run/pool.ts -> node:worker_threads";
    expect(check(files)).toEqual([`src/index.ts | ${what} | the library reaches no module of Node`]);
  });

  test("says the reason", () => {
    const [violation] = findViolations(new Map([["src/run/a.ts", 'import "../analysis/b.ts";']]));
    expect(render(violation)).toBe(
      "src/run/a.ts: ../analysis/b.ts\n    rule: run may import engine\n" +
        "    because a worker carries no mathjs, yaml or yargs",
    );
  });
});
