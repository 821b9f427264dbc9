/** The reference is in step with the program, says something of everything, and names only commands that there are. */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { makeSpecimenTables } from "../../src/analysis/sample/specimen.ts";
import { CODES, type CodeEntry } from "../../src/diagnostics/codes.ts";
import { formatFormula } from "../../src/metrics/formula.ts";
import { METRICS } from "../../src/metrics/index.ts";
import { FIELDS } from "../../src/scenario/fields/index.ts";
import { gigafleet } from "../cli/gigafleet.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A sentence, or several, of people's words. */
const sentence = /^[A-Z][\s\S]{10,}\.$/;

test("docs/reference is what npm run docs writes today", { timeout: 900_000 }, () => {
  const script = path.join(root, ".config", "docs.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(`${stdout}${stderr}`).toBe("");
  expect(status).toBe(0);
});

describe("nothing is left blank", () => {
  test.each(FIELDS.map((spec) => [spec.path, spec] as const))("field %s", (_path, spec) => {
    expect(spec.text).toMatch(sentence);
    expect(spec.example.trim()).not.toBe("");
    const paths = FIELDS.map(({ path: one }) => one);
    for (const other of spec.seeAlso ?? []) expect(paths, `${spec.path} refers to ${other}`).toContain(other);
    if (spec.kind === "quantity") {
      expect(spec.dimensions?.length).toBeGreaterThan(0);
      expect(spec.range, "a range").toBeDefined();
      expect(spec.varies, "how finely it may vary").toBeDefined();
    }
  });

  test.each(METRICS.map((metric) => [metric.name, metric] as const))("metric %s", (name, metric) => {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(metric.text).toMatch(sentence);
    expect(metric.unit.trim()).not.toBe("");
    expect(metric.scale).toBeGreaterThan(0);
    expect(metric.formula === undefined, "a formula or a kernel").toBe(metric.kernel !== undefined);
    if (metric.formula) expect(formatFormula(metric.formula).trim()).not.toMatch(/^$|undefined/);
    if (metric.time === "code") expect(metric.words?.length).toBeGreaterThan(1);
  });

  test("metrics have names of their own", () => {
    const names = METRICS.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(makeSpecimenTables().map((table) => [table.name, table] as const))(
    "columns of %s",
    (_name, table) => {
      expect(table.text).toMatch(sentence);
      for (const column of table.columns) {
        expect(column.text, column.name).toMatch(sentence);
        const isNumber = column.type === "number" || column.type === "integer";
        // The unit of a value in summary.csv stands in the column beside it.
        if (isNumber && table.name !== "summary") expect(column.unit, column.name).toMatch(/\S/);
      }
    },
  );
});

describe("commands in the documents and in what the program says", () => {
  const helps = new Map<string, string>();
  /** The help of a command, asked for once: a text may speak of dozens of options. */
  const cli = (command = ""): string => {
    const known = helps.get(command);
    if (known !== undefined) return known;
    const { stdout } = gigafleet(root, [...(command === "" ? [] : [command]), "--help"]);
    helps.set(command, stdout);
    return stdout;
  };
  const commands = [...(cli().split("Examples:")[0] ?? "").matchAll(/^ {2}gigafleet ([a-z]+)/gm)].map(
    ([, name]) => name,
  );
  const scripts = Object.keys(JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")).scripts);

  /** What npm has of its own. */
  const npmWords = ["ci", "cit", "install", "pack", "run"];

  const documents = ["README.md", ...fs.readdirSync(path.join(root, "docs")).map((name) => `docs/${name}`)]
    .filter((name) => name.endsWith(".md") && fs.existsSync(path.join(root, name)))
    .map((name) => [name, fs.readFileSync(path.join(root, name), "utf8")] as const);
  const prose = Object.values(CODES as Record<string, CodeEntry>).flatMap(({ explanation, remedy }) => [
    explanation,
    remedy,
  ]);
  const texts: readonly (readonly [string, string])[] = [
    ...documents,
    ["the table of codes", prose.join("\n")],
  ];

  test("there are commands", () =>
    expect(commands).toEqual(expect.arrayContaining(["run", "validate", "explain"])));

  test.each(texts)("%s names only commands and options that there are", (_name, text) => {
    // In code only: after a backtick, a prompt or the start of a line, and up to the end of it.
    const uses = [...text.matchAll(/(?:^|[`$(] ?|npx )gigafleet ([a-z]+)([^`\n]*)/gm)];
    for (const [whole, command, rest = ""] of uses) {
      expect(commands, whole).toContain(command);
      const help = cli(command);
      const [first] = rest.trim().split(/\s+/);
      if (["run", "validate", "show", "trace"].includes(command) && first)
        expect(first, `${whole}: a file`).toMatch(/\.yaml|^[A-Z]+$|^--/);
      for (const [, option] of rest.split("#")[0].matchAll(/(?:^| )(--[a-z]+)/g))
        expect(help, whole).toContain(option);
    }
    for (const [whole, run, word] of text.matchAll(/(?:^|[`$&] ?)npm (run )?([a-z]+)/gm)) {
      expect(run ? scripts : [...scripts, ...npmWords], whole).toContain(word);
    }
    const isKnown = (option: string) =>
      commands.some((command) => cli(command).includes(option)) || /^--(array|check|fast)$/.test(option);
    const options = [...text.matchAll(/`(--[a-z]+)/g)].map(([, option]) => option);
    expect(options.filter((option) => !isKnown(option))).toEqual([]);
  });

  test("something is found to be checked", () => {
    const all = texts.map(([, text]) => text).join("\n");
    expect(all).toMatch(/npx gigafleet run/);
    expect(all).toMatch(/`gigafleet catalog/);
  });
});
