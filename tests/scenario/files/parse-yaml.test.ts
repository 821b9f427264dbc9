import { expect, test } from "vitest";
import { headlineOf } from "../../../src/diagnostics/diagnostic.ts";
import { parseYaml } from "../../../src/scenario/files/parse-yaml.ts";
import { textOf } from "../../../src/scenario/files/tree.ts";

const place = { file: "a.yaml", layer: { kind: "scenario", from: "a.yaml" } } as const;

function read(text: string): string {
  const { tree, diagnostics } = parseYaml(text, place);
  return diagnostics.length > 0 || !tree ? faults(text).join("; ") : textOf(tree);
}

function faults(text: string): string[] {
  return parseYaml(text, place).diagnostics.map((diagnostic) => {
    const { line, column, length } = diagnostic.span ?? { line: 0, column: 0, length: 0 };
    return `${line}:${column}+${length} ${diagnostic.code} ${headlineOf(diagnostic)}`;
  });
}

test("every scalar keeps its source text", () => {
  expect(read("a: 1.10\nb: 010\nc: yes\nd: 2026-01\ne: 0x1F\nf: 1e3\n")).toBe(
    "{ a: 1.10, b: 010, c: yes, d: 2026-01, e: 0x1F, f: 1e3 }",
  );
});

test("nothing, ~ and null stand for nothing, in quotes they are text", () => {
  const { tree } = parseYaml(`a:\nb: ~\nc: null\nd: "null"\ne: ""\n`, place);
  const nulls = [...(tree?.entries ?? [])].map(([key, { value }]) => [
    key,
    value.kind === "scalar" && value.isNull,
  ]);
  expect(nulls).toEqual([
    ["a", true],
    ["b", true],
    ["c", true],
    ["d", false],
    ["e", false],
  ]);
});

test("places are those an editor shows, whatever the line ends and the byte order mark", () => {
  const { tree } = parseYaml("\ufeffab: 1\r\ncd: { e: xyz }\r\n", place);
  expect(tree?.entries.get("ab")?.keySpan).toEqual({ file: "a.yaml", line: 1, column: 1, length: 2 });
  const inner = tree?.entries.get("cd")?.value;
  expect(inner?.span).toEqual({ file: "a.yaml", line: 2, column: 5, length: 10 });
  expect(inner?.kind === "map" && inner.entries.get("e")?.value.span).toMatchObject({
    line: 2,
    column: 10,
    length: 3,
  });
});

test("a span is cut at the end of its line", () => {
  const { tree } = parseYaml("a: |\n  one\n  two\nb: x\n  y\n", place);
  expect(tree?.entries.get("a")?.value.span).toMatchObject({ line: 1, column: 4, length: 1 });
  expect(tree?.entries.get("b")?.value.span).toMatchObject({ line: 4, column: 4, length: 1 });
});

test("JSON is YAML", () => {
  expect(read('{"a": 1, "b": ["x", null], "c": {"d": true}}')).toBe("{ a: 1, b: [x, null], c: { d: true } }");
});

test("aliases repeat what they name, at its own place", () => {
  const { tree } = parseYaml("a: &x [1, 2]\nb: *x\n", place);
  expect(tree?.entries.get("b")?.value).toEqual(tree?.entries.get("a")?.value);
});

test.each([
  ["", "1:1+1 empty-file `a.yaml` holds no scenario"],
  ["# nothing\n", "1:1+1 empty-file `a.yaml` holds no scenario"],
  ["---\n...\n", "1:1+1 empty-file `a.yaml` holds no scenario"],
  ["- a\n", "1:1+3 invalid-type `a.yaml` needs `key: value` lines at the top, got a list"],
  ["text\n", "1:1+4 invalid-type `a.yaml` needs `key: value` lines at the top, got one text"],
  ["a: 1\na: 2\n", "2:1+1 duplicate-key duplicate key `a`"],
  ["a: { b: 1, 'b': 2 }\n", "1:12+3 duplicate-key duplicate key `b`"],
  ["a: [1, 2\n", "2:1+1 invalid-yaml"],
  ["a:\n\tb: 1\n", "2:1+1 invalid-yaml invalid YAML: a tab in the indentation; use spaces"],
  [
    "a: b: c\n",
    "1:4+1 invalid-yaml invalid YAML: a second `: ` on the line; indent it as a map, or quote the text",
  ],
  ["a: \u0007\n", "1:4+1 invalid-yaml invalid YAML: the control character ␇"],
  [
    "a: 1\n---\nb: 2\n",
    "2:1+3 invalid-yaml invalid YAML: a second document in the file; write one scenario per file",
  ],
  ["a: !!int 5\n", "1:10+1 invalid-yaml invalid YAML: the tag `!!int`; tags are not used here"],
  ["a: !x { b: 1 }\n", "1:7+8 invalid-yaml invalid YAML: the tag `!x`; tags are not used here"],
  ["a: &x { b: 1 }\nc:\n  <<: *x\n", "3:3+2 invalid-yaml invalid YAML: merge keys (`<<`) are not used here"],
  ["? [a]\n: 1\n", "1:3+3 invalid-yaml invalid YAML: a key that is not a plain text"],
  [": 1\n", "1:1+1 invalid-yaml invalid YAML: an empty key"],
  ["a: *x\n", "1:4+2 invalid-yaml invalid YAML: the alias `*x` has no finished `&x` before it"],
  ["a: &x [*x]\n", "1:8+2 invalid-yaml invalid YAML: the alias `*x` has no finished `&x` before it"],
])("%j is refused with its place", (text, expected) => {
  const [first = "", ...others] = faults(text);
  expect(first.startsWith(expected), first).toBe(true);
  expect(others).toEqual([]);
});

test("a duplicate key shows both places", () => {
  const [diagnostic] = parseYaml("a: 1\nb: 2\na: 3\n", place).diagnostics;
  expect(diagnostic?.related).toEqual([
    { span: { file: "a.yaml", line: 1, column: 1, length: 1 }, note: "first here" },
  ]);
});

test("keys that mean something to JavaScript are refused wherever they stand", () => {
  expect(faults("__proto__: { a: 1 }\nb: { constructor: 1, prototype: 2, ok: 3 }\n")).toEqual([
    "1:1+9 unsafe-key invalid key `__proto__`: the name is reserved",
    "2:6+11 unsafe-key invalid key `constructor`: the name is reserved",
    "2:22+9 unsafe-key invalid key `prototype`: the name is reserved",
  ]);
  expect(Object.prototype).not.toHaveProperty("a");
});

test("forty levels are read, more are refused", () => {
  const nest = (depth: number): string => `a: ${"[".repeat(depth)}${"]".repeat(depth)}\n`;
  expect(faults(nest(40))).toEqual([]);
  expect(faults(nest(41))).toEqual(["1:44+1 too-deep the value is nested more than 40 levels deep"]);
});

test("levels count through aliases", () => {
  const lines = Array.from(
    { length: 45 },
    (_, index) => `k${index}: &k${index} [${index > 0 ? `*k${index - 1}` : ""}]`,
  );
  expect(faults(lines.join("\n"))).toEqual(["41:12+1 too-deep the value is nested more than 40 levels deep"]);
});

test("aliases that expand without bound are refused at the first that is too much", () => {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 9; level++) {
    lines.push(
      `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(", ")}]`,
    );
  }
  expect(faults(lines.join("\n"))).toEqual([
    "5:9+1 alias-bomb the file's aliases expand to more than 100,000 values",
  ]);
});

test("ten megabytes are refused unread, and five of anything are answered", () => {
  expect(faults("a: 1\n".repeat(2_000_000))).toEqual([
    "1:1+1 too-large `a.yaml` is out of range: 10.0 million characters, at most 5 million",
  ]);
  for (const unit of ["[", "- ", "k: v\n"]) {
    const [fault] = faults(unit.repeat(Math.floor(4_900_000 / unit.length)));
    expect(fault).toBeDefined();
  }
});
