import { expect, test } from "vitest";
import { runPlain } from "../../../src/analysis/results/plain-run.ts";
import { makeTables } from "../../../src/analysis/tables/index.ts";
import { MARKDOWN, readPen, TERMINAL } from "../../../src/cli/screens/pen.ts";
import { drawRunScreen } from "../../../src/cli/screens/run-screen.ts";
import { createThreadRunner } from "../../../src/run/runner.ts";
import { loadWith, plainPlan, scenarioOf } from "../../demand/demand-files.ts";

/** Cells of the tables of a text in Markdown, row by row; a bar that means itself has a backslash in front. */
function tablesOf(text: string): string[][][] {
  return text.split("\n\n").flatMap((block) => {
    const lines = block.split("\n");
    if (!lines.every((line) => /^\|.*\|$/.test(line))) return [];
    return [lines.map((line) => line.slice(2, -2).split(/ (?<!\\)\| /))];
  });
}

test("a run in Markdown has the numbers of its screen, every column, and a blank line around each table", async () => {
  const plan = plainPlan(
    "  chat: { kind: inference, model: m, requests: 200 requests/s, prompt: 1000 tokens, answer: 100 tokens, speed: 20 tokens/s, value: 1 USD/(million tokens) }\n",
  );
  const scenario = scenarioOf(loadWith("t.yaml", `name: "Ours | <b>*best*</b>"\n${plan}`));
  const { results } = await runPlain(scenario, createThreadRunner());
  if (!results) throw new Error("no results");
  const draw = (pen: typeof TERMINAL) =>
    drawRunScreen(scenario, results, makeTables(results), undefined, pen);
  const [screen, markdown] = [draw(TERMINAL), draw(MARKDOWN)];
  expect(markdown).toMatch(/^## Ours \\\| \\<b\\>\\\*best\\\*\\<\/b\\>\n\n/);
  const [years = [], demand = []] = tablesOf(markdown);
  for (const table of [years, demand])
    expect(new Set(table.map((cells) => cells.length)), JSON.stringify(table)).toEqual(
      new Set([table[0]?.length]),
    );
  expect(years[0]?.slice(0, 3)).toEqual(["year", "chips energised thousand", "facility power MW"]);
  expect(years[1]?.slice(0, 2)).toEqual([":---", "---:"]);
  expect(years.map(([head]) => head).slice(2)).toEqual(["opening", "2026"]);
  // A terminal has no room for all of them.
  expect(years[0]).toContain("HBM PB");
  const row = screen.split("\n").find((line) => line.startsWith("2026 ")) ?? "";
  expect(years[3]).toEqual(expect.arrayContaining(row.trim().split(/\s+/)));
  expect(markdown).toContain("\n- **Present value**: ");
  expect(markdown).not.toContain("Written");
  expect(markdown.endsWith("\n\n")).toBe(false);
});

test("names that Markdown would read as its own are shown as they are", () => {
  expect(
    MARKDOWN.table([{ side: "left", cells: ["scenario", "a|b", "_x_ y_z", "1. one", "- b"] }], 1),
  ).toEqual([
    "",
    "| scenario |",
    "| :--- |",
    "| a\\|b |",
    "| \\_x\\_ y_z |",
    "| 1\\. one |",
    "| \\- b |",
    "",
  ]);
});

test.each(["json", "quiet"])("`--markdown` with `--%s` is refused", (other) => {
  expect(readPen({ markdown: true })).toBe(MARKDOWN);
  expect(readPen({})).toBe(TERMINAL);
  expect(() => readPen({ markdown: true, [other]: true })).toThrow(
    `\`--markdown\` and \`--${other}\` contradict each other; leave one out`,
  );
});
