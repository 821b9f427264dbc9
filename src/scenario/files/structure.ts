import { type Diagnostic, diagnose, type Span } from "../../diagnostics/diagnostic.ts";
import { CURRENCIES } from "../../units/currencies.ts";
import {
  childOf,
  FIELD_TREE,
  type FieldNode,
  nearestKeys,
  placesOf,
  plainKeyOf,
} from "../fields/field-tree.ts";
import { listNames, listWords } from "../fields/words.ts";
import { readMonth } from "../language/month-text.ts";
import { readCsvReference } from "./csv-reference.ts";
import { readCurveReference } from "./read-curve.ts";
import { isNullNode, type MapNode, mapOf, type TreeEntry, type TreeNode } from "./tree.ts";
import { looksLikeValue } from "./value-shape.ts";

/** Returns the text of a file, or `undefined` if it does not exist. */
export type ReadFile = (path: string) => string | undefined;

/** The context in which a tree's structure is checked. */
export type StructureContext = {
  /** The kind of tree, which decides its sections and whether keys may be dotted. */
  readonly of: "catalog" | "scenario" | "override";
  /** The file that relative paths in the tree start from. */
  readonly file: string;
  readonly read: ReadFile;
  /** Texts of all files read; added to. */
  readonly sources: Map<string, string>;
  /** Faults found; added to. */
  readonly diagnostics: Diagnostic[];
  /** Paths dropped for a fault, or possibly meant by an unknown key; added to. */
  readonly faulty: Set<string>;
};

/** Sections of a scenario that a catalog may not have, and sections that an override may not change. */
const SECTIONS_KEPT_OUT: Readonly<Record<StructureContext["of"], readonly string[]>> = {
  catalog: [
    "start",
    "years",
    "extends",
    "overrides",
    "scenarios",
    "fleets",
    "debt",
    "workloads",
    "allow",
    "reference_use",
    "mixes",
    "sweep",
    "compare",
    "optimize",
    "correlation",
    "events",
  ],
  scenario: [],
  override: ["schema_version", "extends", "overrides", "scenarios", "mixes", "sweep"],
};

/** The section whose names are codes of currencies. */
export const RATES = "money.rates";

/** Names of sites, fleets, chips, `let` values, overrides and scenarios. */
export const NAME_PATTERN = /^[a-z][a-z0-9_]{0,63}$/;

/**
 * Checks a tree against the table of fields and normalises it.
 *
 * Reports and drops unknown keys, invalid names, and other values in place of a map. Turns dotted keys of overrides into
 * nested maps, puts a value in place of a map (a mix member's share, a rent) under its key, and replaces a reference to a CSV file by its table. Leaves
 * values of fields as they are.
 *
 * Fails: never. Cost: size of the tree and of the CSV files it names.
 */
export function checkStructure(tree: MapNode, context: StructureContext): MapNode {
  return checkMap(tree, FIELD_TREE, [], context);
}

function checkMap(
  map: MapNode,
  fields: FieldNode,
  keys: readonly string[],
  context: StructureContext,
): MapNode {
  const checked: [string, TreeEntry][] = [];
  const entries = context.of === "override" ? expandDots(map, context) : map.entries;
  for (const [key, entry] of entries) {
    const child = childOf(fields, key);
    const path = [...keys, key].join(".");
    if (!child || isKeptOut(key, keys, context)) {
      context.diagnostics.push(unknownKey(key, entry, fields, keys, context));
      for (const near of nearestKeys(fields, key)) {
        if (!map.entries.has(near)) context.faulty.add([...keys, near].join("."));
      }
    } else if (fields.named === child && !isGoodName(key, entry.keySpan, fields, context))
      context.faulty.add(path);
    else {
      const value = checkValue(entry, child, [...keys, key], context);
      if (value) checked.push([key, { ...entry, value }]);
      else context.faulty.add(path);
    }
  }
  return { ...map, entries: new Map(checked) };
}

function isKeptOut(key: string, keys: readonly string[], context: StructureContext): boolean {
  return keys.length === 0 && SECTIONS_KEPT_OUT[context.of].includes(key);
}

function checkValue(
  { keySpan, value }: TreeEntry,
  fields: FieldNode,
  keys: readonly string[],
  context: StructureContext,
): TreeNode | undefined {
  if (fields.spec && value.kind === "map" && value.implied) {
    context.diagnostics.push(...intoAValue(value, keys));
    return undefined;
  }
  if (isNullNode(value)) return value;
  if (fields.spec?.kind === "curve") return readCurveReference(value, keys.join("."), fields.spec, context);
  if (fields.spec && fields.spec.kind !== "tree") return readCsvReference(value, keys.join("."), context);
  const plainKey = plainKeyOf(fields);
  if (plainKey && (value.kind !== "map" || looksLikeValue(value))) {
    const plain = readCsvReference(value, keys.join("."), context);
    return plain && mapOf([[plainKey, { keySpan, value: plain }]], value);
  }
  if (value.kind !== "map") {
    const needs = fields.spec ? "a map of changes" : `a map with ${keysOf(fields)}`;
    context.diagnostics.push(
      diagnose("invalid-type", {
        values: { needs, got: describeNode(value) },
        path: keys.join("."),
        span: value.span,
        help: exampleOf(fields, keys.at(-1) ?? "", value),
      }),
    );
    return undefined;
  }
  // A fault in an override does not make the field it would change faulty.
  if (fields.spec) return checkMap(value, FIELD_TREE, [], { ...context, of: "override", faulty: new Set() });
  return checkMap(value, fields, keys, context);
}

/** A dotted key that continues below a field: a table is one value, and a part of it cannot be set. */
function intoAValue(value: MapNode, keys: readonly string[]): Diagnostic[] {
  return [...value.entries].map(([key, { keySpan }]) => {
    const path = [...keys, key].join(".");
    const help = `\`${keys.join(".")}\` is one value; replace it as a whole`;
    return diagnose("unknown-key", { values: { key }, path, span: keySpan, help });
  });
}

/** How a map is written, with what stands in its place: a month, or a list of entries. */
function exampleOf({ children, spec, named }: FieldNode, key: string, value: TreeNode): string | undefined {
  const [item] = value.kind === "list" ? value.items : [];
  if (named && item?.kind === "map") {
    const name = item.entries.get("name")?.value;
    const written = name?.kind === "scalar" && name.text !== "" ? name.text : "NAME";
    return `write each entry under its name, as in \`${key}: { ${written}: { ... } }\``;
  }
  const fields = [...children].flatMap(([name, child]) => (child.spec ? [{ name, ...child.spec }] : []));
  const dates = fields.filter(({ kind }) => kind === "date");
  const text = value.kind === "scalar" ? value.text : "";
  const last = dates.at(-1);
  if (last && readMonth(text) !== undefined) {
    const names = listWords(
      dates.map(({ name }) => `\`${name}\``),
      "or",
    );
    return `write the month under ${names}, as in \`${key}: { ${last.name}: ${text} }\``;
  }
  const [first] = fields;
  return spec || !first ? undefined : `such as \`${key}: { ${first.name}: ${first.example} }\``;
}

/** The keys that a map may have, in words. */
function keysOf(fields: FieldNode): string {
  if (fields.named) return "names as keys";
  return listNames([...fields.children.keys()].slice(0, 3), fields.children.size > 3);
}

/** The kind of a node, for `got …` in a message. */
export function describeNode(node: TreeNode): string {
  const size = node.kind === "map" ? node.entries.size : node.kind === "list" ? node.items.length : 1;
  if (node.kind !== "scalar") return size === 0 ? `an empty ${node.kind}` : `a ${node.kind}`;
  return node.isNull ? "nothing" : "one text";
}

/** Rates have the codes of their currencies as names. */
function isCurrency(name: string, span: Span, context: StructureContext): boolean {
  if (CURRENCIES.includes(name)) return true;
  const reason =
    name === "USD" ? "results are in USD, so it has no rate" : "it is not the code of a currency";
  const help = CURRENCIES.includes(name.toUpperCase())
    ? `write \`${name.toUpperCase()}\``
    : `the codes are ${listNames(CURRENCIES)}`;
  context.diagnostics.push(diagnose("invalid-name", { values: { name, reason }, span, help }));
  return false;
}

function isGoodName(name: string, span: Span, fields: FieldNode, context: StructureContext): boolean {
  // Names under `let` are checked with their definitions, since they must not be units or functions either.
  if (fields.pattern === RATES) return isCurrency(name, span, context);
  if (fields.pattern === "let" || NAME_PATTERN.test(name)) return true;
  const reason = "a name is a lower-case letter, then at most 63 lower-case letters, digits and `_`";
  const suggestion = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^[^a-z]+/, "");
  const help = NAME_PATTERN.test(suggestion) && suggestion !== name ? `write \`${suggestion}\`` : undefined;
  context.diagnostics.push(diagnose("invalid-name", { values: { name, reason }, span, help }));
  return false;
}

function unknownKey(
  key: string,
  entry: TreeEntry,
  fields: FieldNode,
  keys: readonly string[],
  context: StructureContext,
): Diagnostic {
  const path = [...keys, key].join(".");
  const near = nearestKeys(fields, key);
  const known = near.length > 0 ? near : [...fields.children.keys()];
  const expected = known.length === 0 ? undefined : `${listNames(known.slice(0, 5), known.length > 5)}`;
  const common = { values: { key }, path, span: entry.keySpan };
  if (isKeptOut(key, keys, context) && fields.children.has(key)) {
    const help =
      context.of === "catalog"
        ? `a catalog file has no \`${key}\`; write it in the scenario`
        : `an override cannot change \`${key}\``;
    return diagnose("unknown-key", { ...common, help });
  }
  const elsewhere = near.includes(key) ? [] : placesOf(key);
  const nested =
    context.of !== "override" && key.includes(".")
      ? "dotted keys are for overrides only; nest the maps here"
      : undefined;
  const help =
    nested ??
    (elsewhere.length > 0 ? `\`${key}\` belongs in ${listNames(elsewhere.map(parentOf))}` : undefined);
  return diagnose("unknown-key", { ...common, expected, help });
}

function parentOf(path: string): string {
  const at = path.lastIndexOf(".");
  return at < 0 ? "the file's top level" : path.slice(0, at);
}

/** Turns `sites.us_east.delay: x` into nested maps, one level at a time, merged with the other entries under `sites`. */
function expandDots(map: MapNode, context: StructureContext): ReadonlyMap<string, TreeEntry> {
  const nested = [...map.entries].map(([key, entry]): readonly [string, TreeEntry] => {
    const at = key.indexOf(".");
    return at > 0 ? nestEntry(key.slice(0, at), key.slice(at + 1), entry) : [key, entry];
  });
  return joinEntries(nested, context);
}

function nestEntry(first: string, rest: string, { keySpan, value }: TreeEntry): readonly [string, TreeEntry] {
  const restSpan = {
    ...keySpan,
    column: keySpan.column + first.length + 1,
    length: Math.max(1, keySpan.length - first.length - 1),
  };
  const inner = mapOf([[rest, { keySpan: restSpan, value }]], value, true);
  return [first, { keySpan: { ...keySpan, length: first.length }, value: inner }];
}

/** Merges entries with the same key, level by level; anything but a map may occur only once. */
function joinEntries(
  entries: Iterable<readonly [string, TreeEntry]>,
  context: StructureContext,
): Map<string, TreeEntry> {
  const groups = new Map<string, TreeEntry[]>();
  for (const [key, entry] of entries) {
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return new Map([...groups].map(([key, group]) => [key, joinGroup(key, group, context)]));
}

function joinGroup(key: string, group: readonly TreeEntry[], context: StructureContext): TreeEntry {
  const [first, second] = group as readonly [TreeEntry, TreeEntry | undefined];
  if (!second) return first;
  const maps = group.flatMap(({ value }) => (value.kind === "map" ? [value] : []));
  if (maps.length < group.length) {
    const related = [{ span: first.keySpan, note: "first here" }];
    context.diagnostics.push(diagnose("duplicate-key", { values: { key }, span: second.keySpan, related }));
    return first;
  }
  const inner = joinEntries(
    maps.flatMap((map) => [...map.entries]),
    context,
  );
  // A map that is partly written out counts as written, and replaces what it may replace.
  return {
    ...first,
    value: mapOf(
      inner,
      first.value,
      maps.every((map) => map.implied),
    ),
  };
}
