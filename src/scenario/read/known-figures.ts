import type { TreeNode } from "../files/tree.ts";
import {
  type Figure,
  isClosed,
  type StoredFigures,
  unpackFigures,
  wordsOf,
} from "../language/packed-figures.ts";
import type { NameResolver } from "../language/value-reader.ts";

/** The value of a line of the catalog that was read and checked when the program was built, or for an earlier scenario. */
export type KnownFigure = (path: string, node: TreeNode) => Figure | undefined;

/** A figure as it was read, its path, and the words of its text: if a scenario gives one of them as a name, it means something else. */
type KeptFigure = { readonly path: string; readonly words: readonly string[]; readonly figure: Figure };

/** Lines of a packed catalog are the same nodes for each scenario, and so are read once. */
const kept = new WeakMap<TreeNode, KeptFigure>();

/**
 * Gives the figures of the catalog's files that were packed or kept.
 *
 * A leaf is never merged from two layers, so one of the catalog's layer stands in its file as it was packed.
 */
export function knownFigures(packed: ReadonlyMap<string, StoredFigures>, names: NameResolver): KnownFigure {
  const byFile = new Map([...packed].map(([file, figures]) => [file, unpackFigures(figures, file, names)]));
  return (path, node) => {
    if (node.layer.kind !== "catalog") return undefined;
    const own = kept.get(node);
    const isKept = own?.path === path && !own.words.some((word) => names.lookup(word) !== undefined);
    return isKept ? own.figure : byFile.get(node.layer.from)?.(path);
  };
}

/** Keeps a figure of the catalog that was read and checked without a fault, unless another line can change it. */
export function keepFigure(node: TreeNode, path: string, text: string, { expr, dimension }: Figure): void {
  if (node.layer.kind !== "catalog" || !isClosed(expr, path)) return;
  kept.set(node, { path, words: wordsOf(text), figure: { expr, ...(dimension ? { dimension } : {}) } });
}
