/** Scenario files broken in three ways: bytes, the tree of keys and values, and odd values where a field takes one. */

import fc from "fast-check";
import YAML from "yaml";
import type { FieldSpec } from "../../src/scenario/fields/field.ts";
import { FIELDS } from "../../src/scenario/fields/index.ts";

/** A broken scenario file, and the table beside it that it may name. */
export type BrokenFile = { readonly text: string; readonly csv: string };

/** Pieces that mean something to YAML, to expressions, to spreadsheets or to JavaScript. */
const PIECES = ["\t", "&a ", "*a", "!!x ", "|", "- ", "? ", ": ", "{", "}", "[", "]", "'", '"', "---\n", "#"]
  .concat(["%", "@", "`", "\r", "\u2028", "\ufeff", "\u0000", "\u001b[31m", "\ud800", "\u202e", "<script>"])
  .concat(["rest", "like", "csv", "extends", "__proto__", "constructor", "p5", "share", "mix"]);

/** Values that are out of place nearly everywhere, or at the edge of what is one. */
const ODD = ["", "~", "null", "true", "NaN", ".inf", "-1", "0", "-0", "1e308", "5e-324", "1e999", "0x1F"]
  .concat([
    "1_000",
    "1,000",
    "1e+",
    "\u0661\u0662",
    "\u00bd",
    "=1+1",
    "2026-13",
    "0000-01",
    "9999-12",
    "2026-Q5",
  ])
  .concat(["2026-02-30", "40 MW to", "to 40 MW", "40 MW to 30 MW", "1 to 2 to 3", "1/0", "0/0", "2^1000"])
  .concat([
    "sqrt(-1)",
    "min()",
    "import('fs')",
    "x.y.z",
    "%",
    "-50 %",
    "1000 %",
    "1 furlong",
    "3 mW",
    "0 chips",
  ])
  .concat([
    "1e12 chips",
    "1e-310 chips",
    "-5 USD",
    "1e15 USD",
    "rest",
    "gb300",
    "{}",
    "[]",
    "{ p5: 2, p95: 1 }",
  ])
  .concat(["{ distribution: normal, mean: 1, sd: 0 }", "{ distribution: discrete, values: {} }"])
  .concat([
    "{ csv: x.csv, column: a, unit: MW }",
    "{ csv: ../../etc/passwd, column: a }",
    "{ 2026-01: 1 MW }",
  ]);

/** Numbers at the edges of what doubles and fields hold, and usual ones. */
const number = fc.oneof(
  fc.constantFrom("0", "1", "-1", "5e-324", "1.7976931348623157e308", "1e-310", "1e-9", "0.5", "12"),
  fc.integer({ min: -350, max: 350 }).map((exponent) => `1e${exponent}`),
  fc.integer({ min: 0, max: 1000 }).map((tenths) => String(tenths / 10)),
);

/** One change of a text. */
const textEdit = fc.record({
  at: fc.nat(100_000),
  cut: fc.nat(40),
  from: fc.nat(100_000),
  copy: fc.nat(120),
  kind: fc.constantFrom("put", "cut", "copy", "flip", "end"),
  piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8 })),
  bit: fc.nat(7),
});

type TextEdit = typeof textEdit extends fc.Arbitrary<infer One> ? One : never;

function editText(text: string, { at, cut, from, copy, kind, piece, bit }: TextEdit): string {
  const place = at % (text.length + 1);
  const [before, after] = [text.slice(0, place), text.slice(place)];
  if (kind === "put") return before + piece + after;
  if (kind === "cut") return before + after.slice(cut);
  if (kind === "end") return before;
  if (kind === "flip")
    return before + String.fromCharCode((after.charCodeAt(0) || 0) ^ (1 << bit)) + after.slice(1);
  const other = from % (text.length + 1);
  return before + text.slice(other, other + copy) + after;
}

type Tree = Record<string, unknown>;

/** One change of a tree: what happens to the node at a place, perhaps with a node of another. */
const treeEdit = fc.record({
  at: fc.nat(10_000),
  from: fc.nat(10_000),
  kind: fc.constantFrom("drop", "swap", "odd", "empty", "list", "wrap", "rename", "deep", "number", "none"),
  odd: fc.constantFrom(...ODD),
  key: fc.oneof(fc.constantFrom("0", ".", "a.b", "toString", "..", "true", "\u202ex", "=x"), fc.string()),
  number,
});

type TreeEdit = typeof treeEdit extends fc.Arbitrary<infer One> ? One : never;

/** Every place in a tree: the object that holds it and its key. */
function placesIn(tree: Tree): readonly (readonly [Tree, string])[] {
  return Object.keys(tree).flatMap((key) => {
    const child = tree[key];
    const own = [tree, key] as const;
    return child !== null && typeof child === "object" ? [own, ...placesIn(child as Tree)] : [own];
  });
}

function editTree(tree: Tree, { at, from, kind, odd, key: name, number: other }: TreeEdit): void {
  const places = placesIn(tree);
  if (places.length === 0) return;
  const [holder, key] = places[at % places.length];
  const value = holder[key];
  if (kind === "drop") delete holder[key];
  if (kind === "swap") {
    const [second, place] = places[from % places.length];
    holder[key] = structuredClone(second[place]);
  }
  if (kind === "odd") holder[key] = odd;
  if (kind === "empty") holder[key] = {};
  if (kind === "list") holder[key] = [value, value];
  if (kind === "wrap") holder[key] = { value };
  if (kind === "rename" && !Array.isArray(holder)) {
    delete holder[key];
    // A computed key would set the prototype.
    Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
  }
  if (kind === "deep")
    holder[key] = Array.from({ length: from % 60 }).reduce((inner) => ({ a: inner }), value);
  if (kind === "number" && typeof value === "string") holder[key] = value.replace(/-?\d+(\.\d+)?/, other);
  if (kind === "none") holder[key] = null;
}

/** Rows of the table of fields that values are tried at: those of scenarios, not of what changes them. */
const TRIED = FIELDS.filter(({ path }) => !/^(overrides|scenarios|mixes|extends|allow|sweep)\b/.test(path));

/** A value for a field: its example or an end of its range, perhaps with another number, uncertain or by month. */
const fieldEdit = fc.record({
  row: fc.nat(TRIED.length - 1),
  entity: fc.nat(20),
  form: fc.constantFrom("one", "one", "to", "quantiles", "normal", "discrete", "table", "sum", "sourced"),
  other: fc.option(number, { freq: 3 }),
  end: fc.constantFrom("example", "low", "high"),
  year: fc.integer({ min: 2023, max: 2034 }),
});

type FieldEdit = typeof fieldEdit extends fc.Arbitrary<infer One> ? One : never;

function valueFor(spec: FieldSpec, { form, other, end, year }: FieldEdit): unknown {
  const [low, high] = spec.range ?? [];
  const bound = end === "low" ? low : end === "high" ? high : undefined;
  const example = bound ?? spec.example;
  if (spec.choices) return spec.choices[year % spec.choices.length];
  const changed = other === null ? example : example.replace(/-?\d+(\.\d+)?/, other);
  if (spec.kind !== "quantity" || form === "one") return changed;
  if (form === "to") return `${example} to ${changed}`;
  if (form === "quantiles") return { p5: example, p50: changed, p95: changed };
  if (form === "normal") return { distribution: "normal", mean: example, sd: changed };
  if (form === "discrete")
    return { distribution: "discrete", values: { [example]: "50 %", [changed]: "50 %" } };
  if (form === "table") return { [`${year}-01`]: example, [`${year + 1}-07`]: changed };
  return form === "sum" ? `${example} + ${changed}` : { value: changed, quality: "assumed", source: "x" };
}

function putField(tree: Tree, edit: FieldEdit): void {
  const spec = TRIED[edit.row];
  const keys = spec.path.split(".");
  let holder = tree;
  for (const [depth, key] of keys.entries()) {
    const own = Object.keys(holder);
    const name = key === "*" ? (own[edit.entity % Math.max(1, own.length)] ?? "aa") : key;
    if (depth === keys.length - 1) {
      holder[name] = valueFor(spec, edit);
      return;
    }
    if (holder[name] === null || typeof holder[name] !== "object") holder[name] = {};
    holder = holder[name] as Tree;
  }
}

/** The scenario texts, each broken in one of the three ways. */
export function brokenFiles(bases: readonly string[]): fc.Arbitrary<BrokenFile> {
  const base = fc.constantFrom(...bases);
  const bytes = fc
    .tuple(base, fc.array(textEdit, { minLength: 1, maxLength: 3 }))
    .map(([text, edits]) => edits.reduce(editText, text));
  const trees = fc
    .tuple(base, fc.array(treeEdit, { minLength: 1, maxLength: 2 }))
    .map(([text, edits]) => write(text, editTree, edits));
  const values = fc
    .tuple(base, fc.array(fieldEdit, { minLength: 1, maxLength: 2 }))
    .map(([text, edits]) => write(text, putField, edits));
  const csv = fc.tuple(number, number).map(([one, other]) => `month,a\n2026-01,${one}\n2027-01,${other}\n`);
  return fc.record({ text: fc.oneof(bytes, trees, values), csv });
}

function write<Edit>(text: string, change: (tree: Tree, edit: Edit) => void, edits: readonly Edit[]): string {
  // The schema that leaves every scalar as it is written.
  const tree = YAML.parse(text, { schema: "failsafe" }) as Tree;
  for (const edit of edits) change(tree, edit);
  return YAML.stringify(tree, { aliasDuplicateObjects: false });
}
