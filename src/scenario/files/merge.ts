import type { Span } from "../../diagnostics/diagnostic.ts";
import { childOf, FIELD_TREE, type FieldNode, fieldPathOf } from "../fields/field-tree.ts";
import {
  isNullNode,
  isOfCatalog,
  type MapNode,
  mapOf,
  type TreeEntry,
  type TreeNode,
  textOf,
} from "./tree.ts";
import { withoutNotes } from "./value-shape.ts";

/** A leaf that a layer changed; `old` is absent where no earlier layer wrote the leaf. */
export type Change = {
  readonly path: string;
  readonly from: string;
  readonly old?: string;
  readonly new: string;
};

/** A key with nothing behind it, which removes what earlier layers say there. */
export type Blank = {
  readonly path: string;
  readonly span: Span;
  /** Place of what it removes; absent for a new name, of which nothing is made. */
  readonly removed?: Span;
};

/** The changes that merging made, in order. */
export type MergeLog = {
  /** Values replaced, removed, or added by a layer that only changes things; without texts and lists of names. */
  readonly changes: Change[];
  /** Earlier values of each leaf, oldest first, with their layers. */
  readonly overrode: Map<string, { readonly from: string; readonly text: string }[]>;
  /** Keys left without a value. A written `null` or `~` is meant, and not among them. */
  readonly blanks: Blank[];
};

/** An empty log. */
export function emptyLog(): MergeLog {
  return { changes: [], overrode: new Map(), blanks: [] };
}

/**
 * Merges a later layer into the earlier ones.
 *
 * Maps merge by key down to the fields of the table, whose values are replaced whole: a table of dates is one value. If the
 * field table says `replace` (a mix), a map replaces the whole map, whereas a dotted key changes only its own member.
 * Nothing, `~` or `null` removes the earlier value.
 *
 * @param base the earlier layers merged, `undefined` before the first
 * @param over the later layer, its structure checked
 * @param log  every replaced or removed leaf is added
 * @param isChange whether the layer changes others (an extending file, an override, `--set`), so that new leaves are
 *   changes too
 *
 * Fails: never. Cost: size of the later layer, plus what it replaces.
 */
function mergeLayer(base: MapNode | undefined, over: MapNode, log: MergeLog, isChange: boolean): MapNode {
  return mergeMaps(base ?? mapOf([], over), over, FIELD_TREE, [], { log, isChange });
}

/** Merges layers into the earlier ones, one after another (`mergeLayer`). */
export function mergeAll<Base extends MapNode | undefined>(
  base: Base,
  layers: readonly MapNode[],
  log: MergeLog,
  areChanges: boolean,
): MapNode | Base {
  return layers.reduce((below: MapNode | Base, layer) => mergeLayer(below, layer, log, areChanges), base);
}

type Merging = { readonly log: MergeLog; readonly isChange: boolean };

/** Something a layer writes at one place. */
export type WrittenPath = {
  readonly keys: readonly string[];
  /** Its path in `Scenario.fields`, or a parent of such paths. */
  readonly path: string;
  readonly entry: TreeEntry;
};

/**
 * Lists the paths that a layer writes: fields, maps it replaces whole, and what it removes.
 *
 * Fails: never.
 */
export function writtenPaths(layer: MapNode): WrittenPath[] {
  const found: WrittenPath[] = [];
  const visit = (map: MapNode, fields: FieldNode, above: readonly string[]): void => {
    for (const [key, entry] of map.entries) {
      const child = childOf(fields, key);
      const keys = [...above, key];
      if (child && entersInto(child, entry.value)) visit(entry.value, child, keys);
      else found.push({ keys, path: child?.spec ? fieldPathOf(child.spec, keys) : keys.join("."), entry });
    }
  };
  visit(layer, FIELD_TREE, []);
  return found;
}

/** True if a later layer's value is merged key by key into the existing one. */
function entersInto(fields: FieldNode, value: TreeNode): value is MapNode {
  return value.kind === "map" && fields.spec === undefined && (!fields.replaces || value.implied === true);
}

function mergeMaps(
  base: MapNode,
  over: MapNode,
  fields: FieldNode,
  keys: readonly string[],
  merging: Merging,
): MapNode {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const child = childOf(fields, key);
    const path = [...keys, key];
    const old = entries.get(key);
    const isEntered = child !== undefined && entersInto(child, entry.value);
    const below = isEntered && old?.value.kind === "map" ? old.value : undefined;
    if (!below) logReplacement(old?.value, entry.value, child, path, merging);
    if (isNullNode(entry.value)) {
      const isName = child !== undefined && fields.named === child;
      if (textOfNull(entry.value) === "" && (old || isName)) {
        const removed = old && { removed: old.keySpan };
        merging.log.blanks.push({ path: path.join("."), span: entry.keySpan, ...removed });
      }
      entries.delete(key);
    } else if (entry.value.kind !== "map" || !child || child.spec) entries.set(key, entry);
    else {
      // A new map is merged into an empty one, which drops any `null` within it.
      const target = below ?? mapOf([], entry.value);
      const inner = below ? merging : { log: { ...emptyLog(), blanks: merging.log.blanks }, isChange: false };
      const value = mergeMaps(target, entry.value, child, path, inner);
      entries.set(key, { keySpan: keySpanOf(entry, below && old), value });
    }
  }
  return { ...base, entries };
}

/** Where a merged map is written: first by the scenario, and in the catalog only where the scenario writes nothing of it. */
function keySpanOf(entry: TreeEntry, old: TreeEntry | undefined): Span {
  return old && !isOfCatalog(old.value) ? old.keySpan : entry.keySpan;
}

/** How nothing was written: not at all, as `~`, or as `null`. */
function textOfNull(node: TreeNode): string | undefined {
  return node.kind === "scalar" ? node.text : undefined;
}

/** Compares leaf by leaf, so that a replaced mix shows which shares changed. */
function logReplacement(
  old: TreeNode | undefined,
  value: TreeNode,
  fields: FieldNode | undefined,
  keys: readonly string[],
  { log, isChange }: Merging,
): void {
  const before = leavesOf(old, fields, keys);
  const after = leavesOf(value, fields, keys);
  const from = value.layer.from;
  for (const [path, leaf] of before) {
    const text = after.get(path)?.text ?? "null";
    if (text === leaf.text) continue;
    if (!leaf.isWords) log.changes.push({ path, from, old: leaf.text, new: text });
    const earlier = log.overrode.get(path) ?? [];
    log.overrode.set(path, [...earlier, { from: leaf.from, text: leaf.text }]);
  }
  if (!isChange) return;
  for (const [path, { text, isWords }] of after) {
    if (!before.has(path) && !isWords) log.changes.push({ path, from, new: text });
  }
}

/** A value with its layer; `isWords` for texts and lists of names, which change no number. */
type Leaf = { readonly from: string; readonly text: string; readonly isWords: boolean };

const WORD_KINDS: ReadonlySet<string | undefined> = new Set(["text", "texts", "tree"]);

function leavesOf(
  node: TreeNode | undefined,
  fields: FieldNode | undefined,
  keys: readonly string[],
  found: Map<string, Leaf> = new Map(),
): Map<string, Leaf> {
  if (node === undefined || isNullNode(node)) return found;
  const { spec } = fields ?? {};
  if (node.kind === "map" && fields && !spec) {
    for (const [key, { value }] of node.entries) leavesOf(value, childOf(fields, key), [...keys, key], found);
  } else {
    const path = spec ? fieldPathOf(spec, keys) : keys.join(".");
    const text = textOf(withoutNotes(node));
    found.set(path, { from: node.layer.from, text, isWords: WORD_KINDS.has(spec?.kind) });
  }
  return found;
}
