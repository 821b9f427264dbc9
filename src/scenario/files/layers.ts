import { type Diagnostic, diagnose, type Span } from "../../diagnostics/diagnostic.ts";
import type { StoredFigures } from "../language/packed-figures.ts";
import { findEncodingFault } from "./find-encoding-fault.ts";
import type { PackedCatalog } from "./packed-catalog.ts";
import { parseYaml } from "./parse-yaml.ts";
import { resolvePath } from "./resolve-path.ts";
import { checkStructure, describeNode, type ReadFile } from "./structure.ts";
import { type Layer, type MapNode, type TreeNode, valueAt } from "./tree.ts";

/** Collects what reading files yields: their texts by name, faults, and faulty paths. */
export type ReadContext = {
  readonly read: ReadFile;
  /** The catalog as the build packed it. */
  readonly packed?: PackedCatalog;
  /** Figures that were packed with the catalog, by file. */
  readonly figures: Map<string, StoredFigures>;
  readonly sources: Map<string, string>;
  readonly diagnostics: Diagnostic[];
  /** Faulty paths, the empty path for a whole file; faults that only follow from them are not reported. */
  readonly faulty: Set<string>;
};

/** Most files that a scenario may extend, directly or through others. */
const MOST_FILES = 100;

/** Version of the scenario language that this program understands. */
const SCHEMA_VERSION = "1";

/**
 * Reads a scenario file and the files it extends, bases first; a file that is reached twice counts once, at its first
 * place.
 *
 * Fails: never; a file with a fault is left out and its diagnostics are added to the context.
 */
export function readScenarioFiles(path: string, context: ReadContext): MapNode[] {
  const trees = new Map<string, MapNode | undefined>();
  const visit = (file: string, span: Span | undefined, chain: readonly string[]): void => {
    if (chain.includes(file)) {
      const circle = [...chain.slice(chain.indexOf(file)), file].map((name) => `\`${name}\``).join(" -> ");
      context.diagnostics.push(diagnose("circular-extends", { values: { chain: circle }, span }));
      context.faulty.add("");
      return;
    }
    if (trees.has(file)) return;
    if (chain.length >= MOST_FILES) {
      const values = {
        subject: "the chain of `extends`",
        got: `more than ${MOST_FILES} files`,
        limit: String(MOST_FILES),
      };
      context.diagnostics.push(diagnose("too-large", { values, span }));
      context.faulty.add("");
      return;
    }
    const text = readText(file, span, context);
    const layer = { kind: "scenario", from: file, depth: chain.length } as const;
    const tree = text === undefined ? undefined : readTree(text, file, layer, context);
    for (const reference of tree ? referencesOf(tree, context) : []) {
      visit(resolvePath(file, reference.path), reference.span, [...chain, file]);
    }
    trees.set(file, tree && withoutExtends(tree));
  };
  visit(resolvePath("", path), undefined, []);
  return [...trees.values()].filter((tree) => tree !== undefined);
}

/** The text of a file, with its faults added to the context. */
export function readText(file: string, span: Span | undefined, context: ReadContext): string | undefined {
  const text = context.read(file);
  if (text === undefined) {
    // The current folder has no name of its own.
    context.diagnostics.push(diagnose("missing-file", { values: { file: file || "." }, span }));
    context.faulty.add("");
    return undefined;
  }
  context.sources.set(file, text);
  const fault = findEncodingFault(text, file);
  if (!fault) return text;
  context.diagnostics.push(fault);
  context.faulty.add("");
  return undefined;
}

/** The checked tree of a text; likewise. */
export function readTree(
  text: string,
  file: string,
  layer: Layer,
  context: ReadContext,
): MapNode | undefined {
  const { tree, diagnostics } = parseYaml(text, { file, layer });
  context.diagnostics.push(...diagnostics);
  if (!tree) {
    context.faulty.add("");
    return undefined;
  }
  const version = valueAt(tree, "schema_version");
  if (version?.kind === "scalar" && /^\d/.test(version.text) && version.text !== SCHEMA_VERSION) {
    const values = { got: version.text, known: SCHEMA_VERSION };
    context.diagnostics.push(diagnose("unsupported-version", { values, span: version.span }));
    context.faulty.add("");
    return undefined;
  }
  return checkStructure(tree, { ...context, of: layer.kind === "catalog" ? "catalog" : "scenario", file });
}

type Reference = { readonly path: string; readonly span: Span };

/** The files that `extends` names: a text or a list of texts. */
function referencesOf(tree: MapNode, context: ReadContext): Reference[] {
  const value = valueAt(tree, "extends");
  if (!value || (value.kind === "scalar" && value.isNull)) return [];
  const items: readonly TreeNode[] = value.kind === "list" ? value.items : [value];
  return items.flatMap((item) => {
    if (item.kind === "scalar" && !item.isNull && item.text !== "")
      return [{ path: item.text, span: item.span }];
    const values = { needs: "the path of a file, or a list of them", got: describeNode(item) };
    context.diagnostics.push(diagnose("invalid-type", { values, path: "extends", span: item.span }));
    return [];
  });
}

/** Removes `extends` once it is followed; in a later layer it would look like a change. */
function withoutExtends(tree: MapNode): MapNode {
  return { ...tree, entries: new Map([...tree.entries].filter(([key]) => key !== "extends")) };
}
