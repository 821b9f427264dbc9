import type { Span } from "../../diagnostics/diagnostic.ts";
import type { PackedFigures } from "../language/packed-figures.ts";
import { parseYaml } from "./parse-yaml.ts";
import type { Layer, MapNode, TreeEntry, TreeNode } from "./tree.ts";

/**
 * A tree as plain data, stored as JSON: reading it takes a tenth of the time of parsing YAML, which dominates the start of
 * the program. Places are [line, column, length]; unpacking supplies file and layer.
 */
export type PackedTree =
  | readonly ["scalar", Place, string, quoted: 0 | 1, isNull: 0 | 1]
  | readonly ["list", Place, readonly PackedTree[]]
  | readonly ["map", Place, readonly (readonly [key: string, Place, PackedTree])[]];

type Place = readonly [line: number, column: number, length: number];

/** Packed trees of files, each valid for one exact text. */
export type PackedFiles = Readonly<
  Record<
    string,
    { readonly fingerprint: string; readonly tree: PackedTree; readonly figures?: PackedFigures }
  >
>;

/** Packs a file's tree under its name, unless the file has a fault, which only parsing reports. */
export function packFile(name: string, text: string): PackedFiles {
  const { tree, diagnostics } = parseYaml(text, { file: name, layer: { kind: "catalog", from: name } });
  return tree && diagnostics.length === 0
    ? { [name]: { fingerprint: fingerprintOf(text), tree: pack(tree) } }
    : {};
}

/** The tree of a text, if it was packed from exactly this text. */
export function unpackFile(
  { fingerprint, tree }: PackedFiles[string],
  text: string,
  file: string,
  layer: Layer,
): MapNode | undefined {
  if (fingerprint !== fingerprintOf(text)) return undefined;
  const unpacked = unpack(tree, file, layer);
  return unpacked.kind === "map" ? unpacked : undefined;
}

/** Identifies a text: its length and two FNV-1a hashes with different offsets. */
function fingerprintOf(text: string): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x01000193);
  }
  return `${text.length}-${a >>> 0}-${b >>> 0}`;
}

function pack(node: TreeNode): PackedTree {
  const place = placeOf(node.span);
  if (node.kind === "scalar") return ["scalar", place, node.text, node.quoted ? 1 : 0, node.isNull ? 1 : 0];
  if (node.kind === "list") return ["list", place, node.items.map(pack)];
  return [
    "map",
    place,
    [...node.entries].map(([key, entry]) => [key, placeOf(entry.keySpan), pack(entry.value)]),
  ];
}

function placeOf({ line, column, length }: Span): Place {
  return [line, column, length];
}

function unpack(packed: PackedTree, file: string, layer: Layer): TreeNode {
  const span = spanOf(packed[1], file);
  if (packed[0] === "scalar") {
    return { kind: "scalar", text: packed[2], quoted: packed[3] === 1, isNull: packed[4] === 1, span, layer };
  }
  if (packed[0] === "list")
    return { kind: "list", items: packed[2].map((item) => unpack(item, file, layer)), span, layer };
  const entries = new Map<string, TreeEntry>();
  for (const [key, place, value] of packed[2]) {
    entries.set(key, { keySpan: spanOf(place, file), value: unpack(value, file, layer) });
  }
  return { kind: "map", entries, span, layer };
}

function spanOf([line, column, length]: Place, file: string): Span {
  return { file, line, column, length };
}
