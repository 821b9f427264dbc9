import type { TreeNode } from "../files/tree.ts";
import { type Figure, type StoredFigures, unpackFigures } from "../language/packed-figures.ts";
import type { NameResolver } from "../language/value-reader.ts";

/** The value of a line of the catalog that was read and checked when the program was built. */
export type KnownFigure = (path: string, node: TreeNode) => Figure | undefined;

/**
 * Gives the packed figures of the catalog's files.
 *
 * A leaf is never merged from two layers, so one of the catalog's layer stands in its file as it was packed.
 */
export function knownFigures(packed: ReadonlyMap<string, StoredFigures>, names: NameResolver): KnownFigure {
  const byFile = new Map([...packed].map(([file, figures]) => [file, unpackFigures(figures, file, names)]));
  return (path, { layer }) => (layer.kind === "catalog" ? byFile.get(layer.from)?.(path) : undefined);
}
