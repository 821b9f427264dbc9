import { expect, test } from "vitest";
import { type Diagnostic, diagnose, hasErrors, sortDiagnostics } from "../../src/diagnostics/diagnostic.ts";
import { renderConcise, renderFull, renderJson } from "../../src/diagnostics/render.ts";

const file = "scenarios/openai-aws.yaml";
const source = "sites:\n  oregon:\n    power: 40 MWh\n    pue: 1.2\n  iowa:\n    power: 2 GW\n";
const sources = new Map([[file, source]]);

const mismatch = diagnose("unit-mismatch", {
  values: { needs: "a power", got: "an energy" },
  path: "sites.oregon.power",
  span: { file, line: 3, column: 12, length: 6 },
  expected: "a power between 0 W and 10 GW, such as `40 MW`",
  help: "write `40 MW`, or use `energy_cap` to limit energy over a year",
});
const unused = diagnose("unused-site", {
  values: { name: "iowa" },
  path: "sites.iowa",
  span: { file: "other.yaml", line: 9, column: 5, length: 4 },
  help: "place a fleet in it",
});

test("the full form shows place, source, carets and help, and ends with the count", () => {
  expect(renderFull([mismatch, unused], { sources })).toBe(`\
error[unit-mismatch]: \`sites.oregon.power\` needs a power, got an energy
  --> scenarios/openai-aws.yaml:3:12
   |
 2 |   oregon:
 3 |     power: 40 MWh
   |            ^^^^^^ an energy
   |
   = expected: a power between 0 W and 10 GW, such as \`40 MW\`
   = help: write \`40 MW\`, or use \`energy_cap\` to limit energy over a year
   = more: gigafleet explain unit-mismatch

warning[unused-site]: unused site \`iowa\`: no fleet is placed there
  --> other.yaml:9:5
   = help: place a fleet in it
   = more: gigafleet explain unused-site

1 error, 1 warning; nothing was simulated
`);
});

test("warnings alone do not say that nothing was simulated", () => {
  expect(renderFull([unused]).endsWith("\n\n1 warning\n")).toBe(true);
  expect(renderFull([])).toBe("");
});

test("a related place is shown with its own source and note, and the gutter fits the longest number", () => {
  const text = `${"\n".repeat(9)}power: 1 GW\npue: 1.2\npower: 2 GW\n`;
  const duplicate = diagnose("duplicate-key", {
    values: { key: "power" },
    path: "power",
    span: { file, line: 12, column: 1, length: 5 },
    related: [
      { span: { file, line: 10, column: 1, length: 5 }, note: "first here" },
      { note: "keys are case-sensitive" },
    ],
  });
  expect(renderFull([duplicate], { sources: new Map([[file, text]]) })).toBe(`\
error[duplicate-key]: duplicate key \`power\`
   --> scenarios/openai-aws.yaml:12:1
    |
 11 | pue: 1.2
 12 | power: 2 GW
    | ^^^^^
    |
   ::: scenarios/openai-aws.yaml:10:1
    |
 10 | power: 1 GW
    | ^^^^^ first here
    |
    = note: keys are case-sensitive
    = more: gigafleet explain duplicate-key

1 error; nothing was simulated
`);
});

test("the concise form is one line each", () => {
  expect(renderConcise([mismatch, diagnose("unknown-scenario", { values: { name: "x" } })])).toBe(
    "scenarios/openai-aws.yaml:3:12: error[unit-mismatch]: `sites.oregon.power` needs a power, got an energy\n" +
      "error[unknown-scenario]: unknown scenario `x`\n",
  );
});

test("the JSON form is one object a line, with the headline and the same fields", () => {
  const lines = renderJson([mismatch, unused]).trimEnd().split("\n");
  expect(lines).toHaveLength(2);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    headline: "`sites.oregon.power` needs a power, got an energy",
    ...mismatch,
  });
});

test("colours go around safe text only", () => {
  const text = renderFull([mismatch], { sources, colour: (role, part) => `<${role}>${part}</${role}>` });
  expect(text).toContain("<error>error[unit-mismatch]</error><headline>: ");
  expect(text).toContain("<error>^^^^^^ an energy</error>");
});

test("control characters, escapes and bidi marks of hostile source become visible in every form", () => {
  const hostile = "a: \u001b[31mred\u0007\u009b2J \u202eevil\u2028\u007f";
  const diagnostic = diagnose("unknown-key", {
    values: { key: hostile },
    span: { file: `x\u001b.yaml`, line: 1, column: 1, length: 1 },
    help: hostile,
    expected: hostile,
    related: [{ note: hostile }],
  });
  const sourceOf = new Map([[`x\u001b.yaml`, hostile]]);
  for (const text of [
    renderFull([diagnostic], { sources: sourceOf }),
    renderConcise([diagnostic]),
    renderJson([diagnostic]),
  ]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
  }
  expect(renderFull([diagnostic], { sources: sourceOf })).toContain("a: ␛[31mred␇<U+009B>2J <U+202E>evil");
});

/** The excerpt's source line and caret line for a one-line file. */
function excerptOf(line: string, column: number, length: number): [string, string] {
  const span = { file: "a", line: 1, column, length };
  const text = renderFull([diagnose("unknown-name", { values: { name: "x" }, span })], {
    sources: new Map([["a", line]]),
  });
  const lines = text.split("\n");
  return [(lines[3] ?? "").slice(5), (lines[4] ?? "").slice(5)];
}

test("tabs and wide characters keep the carets aligned", () => {
  expect(excerptOf("\tab\tcd", 5, 2)).toEqual(["    ab    cd", `${" ".repeat(10)}^^`]);
  expect(excerptOf("日本: x", 5, 1)).toEqual(["日本: x", "      ^"]);
  expect(excerptOf("😀: x", 5, 1)).toEqual(["😀: x", "    ^"]);
});

test("a span past the end of its line is cut, one at the end still has a caret, a line that is not there has no excerpt", () => {
  expect(excerptOf("abc", 2, 50)).toEqual(["abc", " ^^"]);
  expect(excerptOf("abc", 90, 5)).toEqual(["abc", "   ^"]);
  const beyond = diagnose("unknown-name", {
    values: { name: "x" },
    span: { file, line: 99, column: 1, length: 1 },
  });
  expect(renderFull([beyond], { sources })).not.toContain("^");
});

test("a long line is cut around the span", () => {
  const [line, carets] = excerptOf(`${"a".repeat(5000)}FAULT${"b".repeat(5000)}`, 5001, 5);
  expect(line.length).toBeLessThanOrEqual(98);
  expect(line.startsWith("…a") && line.endsWith("b…")).toBe(true);
  expect(line.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("FAULT");
});

test("a long value is cut in the headline", () => {
  expect(renderConcise([diagnose("unknown-key", { values: { key: "k".repeat(5000) } })]).length).toBeLessThan(
    120,
  );
});

test("twenty are shown in full, errors first, and the rest are counted", () => {
  const many: Diagnostic[] = Array.from({ length: 25 }, () => unused);
  const text = renderFull([...many, mismatch]);
  expect(text.match(/^warning/gm)).toHaveLength(19);
  expect(text.match(/^error/gm)).toHaveLength(1);
  expect(text).toMatch(/and 6 more\n\n1 error, 25 warnings; nothing was simulated\n$/);
  expect(text.match(/gigafleet explain unused-site/g)).toHaveLength(1);
});

test("diagnostics sort by file, line, column and code, those without a place last", () => {
  const at = (
    code: "unknown-name" | "unknown-unit",
    place?: readonly [string, number, number],
  ): Diagnostic => {
    const span = place && { file: place[0], line: place[1], column: place[2], length: 1 };
    return code === "unknown-name"
      ? diagnose(code, { values: { name: "x" }, span })
      : diagnose(code, { values: { unit: "x" }, span });
  };
  const sorted = [
    at("unknown-name", ["a", 2, 1]),
    at("unknown-unit", ["a", 2, 1]),
    at("unknown-name", ["a", 2, 3]),
    at("unknown-name", ["a", 10, 1]),
    at("unknown-name", ["b", 1, 1]),
    at("unknown-name"),
  ];
  expect(sortDiagnostics([...sorted].reverse())).toEqual(sorted);
});

test("a diagnostic carries the severity of its code, and its path among the values", () => {
  expect(mismatch).toMatchObject({ severity: "error", values: { path: "sites.oregon.power" } });
  expect(hasErrors([unused])).toBe(false);
  expect(hasErrors([unused, mismatch])).toBe(true);
});
