/**
 * The cases of tests/diagnostics/cases: for every code the smallest scenario with the fault, and the full text that its
 * author sees. A block is named by its file (`yaml case.yaml`, `csv power.csv`); `text set`, `text override` and
 * `text scenario` are what stands on the command line. `base.yaml`, in the folder, is a scenario without fault to extend.
 *
 * `UPDATE=1` writes the texts anew; read what has changed before you keep it.
 */

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CODES } from "../../src/diagnostics/codes.ts";
import { renderFull } from "../../src/diagnostics/render.ts";
import { type CaseBlock, readCases } from "../cases/case-file.ts";
import { load } from "../scenario/load-files.ts";

const folder = fileURLToPath(new URL("cases", import.meta.url));
const cliTests = ["../cli", "../cluster"].map((name) => fileURLToPath(new URL(name, import.meta.url)));
const base = fs.readFileSync(path.join(folder, "base.yaml"), "utf8");
const cases = readCases(folder);

/** Faults of the command line alone: tests/cli and tests/cluster show them. */
const CLI_CODES: readonly string[] = [
  "conflict-parts",
  "invalid-part",
  "invalid-point",
  "missing-figure",
  "missing-part",
  "unknown-metric",
  "unwritable-output",
];

/** What only the plain run shows: tests/demand. */
const RUN_CODES: readonly string[] = ["never-served"];

/** Faults of compare, sweep and optimise: tests/analysis show them. */
const DECISION_CODES: readonly string[] = [
  "different-horizons",
  "failed-condition",
  "infeasible-program",
  "invalid-axis",
  "invalid-condition",
  "stranded-basis",
  "unbounded-program",
  "unfit-program",
  "unmet-plan",
  "unreachable-basis",
];

/** A guard that nothing passes to: bad-input.test.ts shows that every name that could reach it is safe. */
const GUARDED: readonly string[] = ["unsafe-output-name"];

/** What a run of blocks up to the expected text shows. */
function render(blocks: readonly CaseBlock[]): string {
  const files = new Map([["base.yaml", base]]);
  const given = { set: [] as string[], override: [] as string[], scenario: [] as string[] };
  for (const { words, text } of blocks) {
    const [kind, name] = words;
    if (kind === "text") given[name as keyof typeof given].push(...text.trimEnd().split("\n"));
    else files.set(name, text);
  }
  const result = load(Object.fromEntries(files), {
    path: "case.yaml",
    catalog: files.has("catalog.yaml") ? ["catalog.yaml"] : [],
    sets: given.set,
    overrides: given.override,
    ...(given.scenario.length > 0 ? { scenario: given.scenario[0] } : {}),
  });
  return renderFull(result.diagnostics, { sources: result.sources });
}

/** The blocks of a case in groups, each with the text expected at its end. */
function groupsOf(blocks: readonly CaseBlock[]): { inputs: readonly CaseBlock[]; expected: CaseBlock }[] {
  const ends = blocks.flatMap(({ words }, index) => (words[1] === "expect" ? [index] : []));
  return ends.map((end, number) => ({
    inputs: blocks.slice(number === 0 ? 0 : ends[number - 1] + 1, end),
    expected: blocks[end],
  }));
}

test("every code has a case and every case has a code", () => {
  const named = [
    ...cases.map(({ name }) => name),
    ...CLI_CODES,
    ...RUN_CODES,
    ...DECISION_CODES,
    ...GUARDED,
  ].sort();
  expect(named).toEqual(Object.keys(CODES).sort());
});

test("the faults of the command line stand in its tests", () => {
  const texts = cliTests.flatMap((tests) =>
    fs
      .readdirSync(tests, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => fs.readFileSync(path.join(tests, file), "utf8")),
  );
  const absent = CLI_CODES.filter((code) => !texts.some((text) => text.includes(code)));
  expect(absent).toEqual([]);
});

describe.each(cases.map((file) => [file.name, file] as const))("%s", (code, { title, prose, blocks }) => {
  if (process.env.UPDATE) update(path.join(folder, `${code}.case.md`));
  const groups = groupsOf(blocks);

  test("says what it is about", () => {
    expect(title).not.toBe("");
    expect(prose).not.toBe("");
    expect(groups.length).toBeGreaterThan(0);
    expect(groups.some(({ expected }) => expected.text.includes(`[${code}]`))).toBe(true);
  });

  test.each(groups.map((group) => [group.expected.line, group] as const))("line %i", (_line, group) => {
    expect(render(group.inputs)).toBe(group.expected.text);
  });
});

function update(file: string): void {
  const markdown = fs.readFileSync(file, "utf8");
  let at = 0;
  const groups = groupsOf(cases.find(({ name }) => `${name}.case.md` === path.basename(file))?.blocks ?? []);
  const updated = markdown.replace(
    /^```text expect\n[\s\S]*?^```$/gm,
    () => `\`\`\`text expect\n${render(groups[at++].inputs)}\`\`\``,
  );
  fs.writeFileSync(file, updated);
}
