import { type Diagnostic, diagnose, type Span } from "../../diagnostics/diagnostic.ts";
import { fieldNodeAt } from "../fields/field-tree.ts";
import { offerNames } from "../fields/words.ts";
import type { ReadContext } from "./layers.ts";
import { writtenPaths } from "./merge.ts";
import { parseYamlValue } from "./parse-yaml.ts";
import { checkStructure, describeNode } from "./structure.ts";
import { type MapNode, mapOf, type TreeNode, valueAt, valueAtPath, withLayer } from "./tree.ts";

/** File name of the `--set` texts among the sources, one text per line. */
export const SET_FILE = "--set";

/** The name of an override and its place, undefined for the command line. */
type Named = { readonly name: string; readonly span?: Span };

/**
 * Finds the overrides to apply: those of the chosen scenario, then those named on the command line.
 *
 * Checks all lists under `scenarios`, chosen or not: their overrides exist, and no two of a list set the same field.
 *
 * @param merged    the files merged
 * @param scenario  name of a list under `scenarios`, if one was chosen
 * @param overrides names given on the command line
 *
 * Fails: never; faults are added to `diagnostics`.
 */
export function selectOverrides(
  merged: MapNode,
  scenario: string | undefined,
  overrides: readonly string[],
  diagnostics: Diagnostic[],
): MapNode[] {
  const lists = new Map<string, readonly Named[]>();
  const scenarios = valueAt(merged, "scenarios");
  for (const [name, { value }] of scenarios?.kind === "map" ? scenarios.entries : []) {
    lists.set(name, readNames(value, `scenarios.${name}`, diagnostics));
  }
  const given = overrides.map((name) => ({ name }));
  const seen = new Set<string>();
  for (const list of [...lists.values(), given]) checkList(list, merged, seen, diagnostics);
  if (scenario !== undefined && !lists.has(scenario)) {
    diagnostics.push(
      diagnose("unknown-scenario", {
        values: { name: scenario },
        expected: offerNames(scenario, [...lists.keys()]) ?? noneUnder("scenarios"),
      }),
    );
  }
  const chosen = [...(scenario === undefined ? [] : (lists.get(scenario) ?? [])), ...given];
  return chosen.flatMap(({ name }) => {
    const tree = overrideOf(merged, name);
    return tree ? [withLayer(tree, { kind: "override", from: name })] : [];
  });
}

/**
 * Finds the changes of a mix.
 *
 * @param merged the layers below, merged
 * @param mix    name of a set of changes under `mixes`, if one was chosen
 *
 * Fails: never; an unknown name is added to `diagnostics`.
 */
export function selectMix(merged: MapNode, mix: string | undefined, diagnostics: Diagnostic[]): MapNode[] {
  if (mix === undefined) return [];
  const tree = valueAtPath(merged, ["mixes", mix]);
  if (tree?.kind === "map") return [withLayer(tree, { kind: "override", from: mix })];
  const known = valueAt(merged, "mixes");
  const names = known?.kind === "map" ? [...known.entries.keys()] : [];
  diagnostics.push(
    diagnose("unknown-override", {
      values: { name: mix },
      expected: offerNames(mix, names) ?? noneUnder("mixes"),
    }),
  );
  return [];
}

function readNames(value: TreeNode, path: string, diagnostics: Diagnostic[]): Named[] {
  const items = value.kind === "list" ? value.items : [value];
  return items.flatMap((item) => {
    if (item.kind === "scalar" && !item.isNull) return [{ name: item.text, span: item.span }];
    const values = { needs: "a list of names of overrides", got: describeNode(item) };
    diagnostics.push(diagnose("invalid-type", { values, path, span: item.span }));
    return [];
  });
}

function overrideOf(merged: MapNode, name: string): MapNode | undefined {
  const tree = valueAtPath(merged, ["overrides", name]);
  return tree?.kind === "map" ? tree : undefined;
}

function checkList(
  list: readonly Named[],
  merged: MapNode,
  seen: Set<string>,
  diagnostics: Diagnostic[],
): void {
  const known = valueAt(merged, "overrides");
  const names = known?.kind === "map" ? [...known.entries.keys()] : [];
  const written = new WrittenPaths();
  const done = new Set<string>();
  for (const { name, span } of list) {
    if (!names.includes(name)) {
      diagnostics.push(
        diagnose("unknown-override", {
          values: { name },
          span,
          expected: offerNames(name, names) ?? noneUnder("overrides"),
        }),
      );
    }
    const tree = overrideOf(merged, name);
    if (!tree || done.has(name)) continue;
    done.add(name);
    const paths = writtenPaths(tree);
    for (const { keys, path: field, entry } of paths) {
      const earlier = written.overlapping(keys);
      // Two overrides may clash in several lists; the clash is reported once.
      const key = JSON.stringify([field, earlier?.name, name]);
      if (!earlier || seen.has(key)) continue;
      seen.add(key);
      const values = { field, first: earlier.name, second: name };
      const related = [{ span: earlier.span, note: `also set by \`${earlier.name}\`` }];
      diagnostics.push(diagnose("duplicate-override", { values, span: entry.keySpan, related }));
    }
    for (const { keys, entry } of paths) written.add(keys, { name, span: entry.keySpan });
  }
}

type Writer = { readonly name: string; readonly span: Span };

/** Maps each path to the override that set it, and finds equal paths, parents and children of a path. */
class WrittenPaths {
  readonly #whole = new Map<string, Writer>();
  readonly #partial = new Map<string, Writer>();

  add(keys: readonly string[], writer: Writer): void {
    this.#whole.set(keys.join("."), writer);
    for (const above of pathsAbove(keys)) this.#partial.set(above, writer);
  }

  overlapping(keys: readonly string[]): Writer | undefined {
    const path = keys.join(".");
    const above = pathsAbove(keys).find((one) => this.#whole.has(one));
    return this.#whole.get(above ?? path) ?? this.#partial.get(path);
  }
}

function pathsAbove(keys: readonly string[]): string[] {
  return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join("."));
}

/**
 * Reads the texts of `--set path=value`, each as a layer of its own, in order.
 *
 * The value is one line of YAML, so `{2026-01: 1 GW}`, `null` and `55 %` mean the same as in a file. A path with an unknown
 * site, fleet or chip is a fault, because it would set a field of a new, empty member.
 *
 * @param merged the layers below, merged
 *
 * Fails: never; faults are added to the context.
 */
export function readSets(sets: readonly string[], merged: MapNode, context: ReadContext): MapNode[] {
  if (sets.length > 0) context.sources.set(SET_FILE, sets.map(oneLine).join("\n"));
  return sets.flatMap((set, index) => readSet(oneLine(set), index + 1, merged, context));
}

/** Line breaks cannot occur in a name or quantity. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, " ");
}

function readSet(set: string, line: number, merged: MapNode, context: ReadContext): MapNode[] {
  const at = set.indexOf("=");
  const span: Span = { file: SET_FILE, line, column: 1, length: Math.max(1, set.length) };
  const path = set.slice(0, Math.max(at, 0)).trim();
  const text = set.slice(at + 1);
  if (path === "" || path.split(".").includes("")) {
    const reason = "write a dotted path, `=` and a value";
    const help = "write `--set sites.us_east.delay='24 months'`";
    context.diagnostics.push(diagnose("invalid-value", { values: { text: set, reason }, span, help }));
    return [];
  }
  const layer = { kind: "set", from: `--set ${set}` } as const;
  const place = { file: SET_FILE, layer, line, column: at + 2 };
  const { tree: value, diagnostics } = parseYamlValue(text, place);
  context.diagnostics.push(...diagnostics);
  if (diagnostics.length > 0) return [];
  if (value === undefined) {
    const reason = "there is no value after `=`";
    const help = "write `null` to remove the value that the files give";
    context.diagnostics.push(diagnose("invalid-value", { values: { text: set, reason }, path, span, help }));
    return [];
  }
  const keySpan = { ...span, column: set.indexOf(path) + 1, length: path.length };
  const stranger = unknownEntity(path.split("."), merged, keySpan);
  if (stranger) {
    context.diagnostics.push(stranger);
    return [];
  }
  const written = mapOf([[path, { keySpan, value }]], { ...value, span });
  return [checkStructure(written, { ...context, of: "override", file: "", faulty: new Set() })];
}

/** A path such as `sites.us_eats.delay`, below a name that nothing defines. */
function unknownEntity(keys: readonly string[], merged: MapNode, span: Span): Diagnostic | undefined {
  for (const [index, key] of keys.slice(0, -1).entries()) {
    const above = keys.slice(0, index);
    const fields = fieldNodeAt(above);
    if (!fields?.named || fields.children.has(key)) continue;
    const known = valueAtPath(merged, above);
    const names = known?.kind === "map" ? [...known.entries.keys()] : [];
    if (names.includes(key)) continue;
    const path = keys.slice(0, index + 1).join(".");
    return diagnose("unknown-key", { values: { key }, path, span, expected: offerNames(key, names) });
  }
  return undefined;
}

/** What a message offers where a section is missing or empty. */
function noneUnder(section: string): string {
  return `a name under \`${section}\`; the files have none there`;
}
