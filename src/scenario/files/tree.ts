import type { Span } from "../../diagnostics/diagnostic.ts";

/** The layer that wrote a node, and its name for diagnostics. */
export type Layer = {
  readonly kind: "default" | "catalog" | "scenario" | "override" | "set";
  readonly from: string;
  /** Of a scenario file: how many files extend it, one through another; 0 for the one that is read. */
  readonly depth?: number;
};

const KINDS = ["default", "catalog", "scenario", "override", "set"] as const satisfies Layer["kind"][];

/** Whether the first of two layers is merged after the other, and so may drop what it says. */
export function isLater(one: Layer, other: Layer): boolean {
  if (one.kind !== other.kind) return KINDS.indexOf(one.kind) > KINDS.indexOf(other.kind);
  return (one.depth ?? 0) < (other.depth ?? 0);
}

/** Every node has a place, cut to its first line, and the layer that wrote it. */
type Placed = { readonly span: Span; readonly layer: Layer };

/** A value as its source text: `1.10`, `010` and `yes` stay as written. */
export type ScalarNode = Placed & {
  readonly kind: "scalar";
  readonly text: string;
  /** Whether it is quoted or a block, and so a text even if it looks like `null`. */
  readonly quoted: boolean;
  /** Empty, `~` or `null`. */
  readonly isNull: boolean;
};

/** One `key: value` of a map. */
export type TreeEntry = { readonly keySpan: Span; readonly value: TreeNode };

/** An entry of the catalog as the build packed it, which is unpacked when its value is first asked for. */
export class PackedEntry implements TreeEntry {
  readonly keySpan: Span;
  readonly #unpacked: () => TreeNode;

  /** @param unpacked gives the same node each time */
  constructor(keySpan: Span, unpacked: () => TreeNode) {
    this.keySpan = keySpan;
    this.#unpacked = unpacked;
  }

  get value(): TreeNode {
    return this.#unpacked();
  }
}

/** A map with its entries by key. */
export type MapNode = Placed & {
  readonly kind: "map";
  /** In the order of the file. A `Map`, so that no key has a meaning in JavaScript. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
  /** True for a map that arises only from the dots in `sites.us_east.delay: 24 months`. */
  readonly implied?: boolean;
};

/** A list with its items. */
export type ListNode = Placed & { readonly kind: "list"; readonly items: readonly TreeNode[] };

/** The content of a file, an override or a `--set`, before fields are looked up. */
export type TreeNode = ScalarNode | MapNode | ListNode;

/** A map of these entries in the place of another node. */
export function mapOf(
  entries: Iterable<readonly [string, TreeEntry]>,
  like: TreeNode,
  implied = false,
): MapNode {
  const { span, layer } = like;
  return { kind: "map", entries: new Map(entries), span, layer, ...(implied ? { implied } : {}) };
}

/** The value under a key, if the node is a map that has it. */
export function valueAt(node: TreeNode | undefined, key: string): TreeNode | undefined {
  return node?.kind === "map" ? node.entries.get(key)?.value : undefined;
}

/** The value at the end of a path of keys. */
export function valueAtPath(node: TreeNode | undefined, keys: readonly string[]): TreeNode | undefined {
  return keys.reduce(valueAt, node);
}

/** True for a scalar without a value. */
export function isNullNode(node: TreeNode | undefined): boolean {
  return node?.kind === "scalar" && node.isNull;
}

/** True for a node that the catalog alone wrote. Cost: its nodes that are not packed, up to the first of another layer. */
export function isOfCatalog(node: TreeNode): boolean {
  if (node.kind !== "map" || node.entries.size === 0) return node.layer.kind === "catalog";
  for (const entry of node.entries.values())
    if (!(entry instanceof PackedEntry) && !isOfCatalog(entry.value)) return false;
  return true;
}

/** The same tree attributed to another layer: an override's content counts as the override's. */
export function withLayer<Node extends TreeNode>(node: Node, layer: Layer): Node {
  if (node.kind === "scalar") return { ...node, layer };
  if (node.kind === "list")
    return { ...node, layer, items: node.items.map((item) => withLayer(item, layer)) };
  const entries = [...node.entries].map(
    ([key, entry]) => [key, { ...entry, value: withLayer(entry.value, layer) }] as const,
  );
  return { ...node, layer, entries: new Map(entries) };
}

/** A longer text is cut: it helps people compare values and need not hold a table [characters]. */
const LONGEST_TEXT = 300;

/** A node on one line as a user could write it: `{ 2026-01: 0.6 GW, 2027-01: 1.4 GW }`. */
export function textOf(node: TreeNode): string {
  const text = flowText(node);
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}

function flowText(node: TreeNode): string {
  if (node.kind === "scalar") return node.isNull ? "null" : node.text;
  if (node.kind === "list") return `[${boundedJoin(node.items.map((item) => () => flowText(item)))}]`;
  const parts = [...node.entries].map(
    ([key, { value }]) =>
      () =>
        `${key}: ${flowText(value)}`,
  );
  return parts.length === 0 ? "{}" : `{ ${boundedJoin(parts)} }`;
}

/** Joins only as much as `textOf` can show, so that a table of thousands of rows costs nothing. */
function boundedJoin(parts: readonly (() => string)[]): string {
  let text = "";
  for (const part of parts) {
    if (text.length > LONGEST_TEXT) break;
    text += `${text === "" ? "" : ", "}${part()}`;
  }
  return text;
}
