import type { ReadContext } from "./files/layers.ts";
import { emptyLog } from "./files/merge.ts";
import { type PackedCatalog, packTree } from "./files/packed-catalog.ts";
import { readCatalog } from "./files/read-catalog.ts";
import { packFigures } from "./language/packed-figures.ts";
import { loadCatalog } from "./load-catalog.ts";

export { writePacked } from "./files/packed-catalog.ts";

/**
 * Packs the catalog: its merged tree, and the values in it as read and checked, so that no start of the program reads
 * them again.
 *
 * @param files texts by file name
 * @return undefined if the catalog has a fault: its texts must be read then, so that the user is told
 *
 * Fails: never.
 */
export function packCatalog(files: Readonly<Record<string, string>>): PackedCatalog | undefined {
  const names = Object.keys(files).sort();
  const { figures, diagnostics } = loadCatalog({ catalog: names, read: (name) => files[name] });
  if (diagnostics.length > 0) return undefined;
  return packTrees(
    files,
    names.map((name) => packFigures(figures.filter(({ origin }) => origin.from === name))),
  );
}

/** Packs the catalog's merged tree alone, without reading its values. Otherwise as `packCatalog`. */
export function packTrees(
  files: Readonly<Record<string, string>>,
  figures?: Parameters<typeof packTree>[3],
): PackedCatalog | undefined {
  const names = Object.keys(files).sort();
  const log = emptyLog();
  const context: ReadContext = {
    read: (name) => files[name],
    figures: new Map(),
    sources: new Map(),
    diagnostics: [],
    faulty: new Set(),
  };
  const tree = readCatalog(names, log, context);
  // A file that another one names, a fault, or a value that replaces another: only reading the texts tells of it.
  const isWhole = context.sources.size === names.length && context.diagnostics.length === 0;
  const isPlain = log.overrode.size === 0 && log.blanks.length === 0;
  if (!tree || !isWhole || !isPlain) return undefined;
  return packTree(
    tree,
    names,
    names.map((name) => files[name]),
    figures,
  );
}
