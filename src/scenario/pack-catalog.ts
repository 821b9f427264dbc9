import { type PackedFiles, packFile } from "./files/packed-tree.ts";
import { packFigures } from "./language/packed-figures.ts";
import { loadCatalog } from "./load-catalog.ts";

/**
 * Packs the catalog: the tree of each file, and the values in it as read and checked, so that no start of the program reads
 * them again.
 *
 * @param files texts by file name without folders
 *
 * Fails: never; a file with a fault is left out, and values are packed only if the catalog has no fault at all.
 */
export function packCatalog(files: Readonly<Record<string, string>>): PackedFiles {
  const names = Object.keys(files).sort();
  const { figures, diagnostics } = loadCatalog({ catalog: names, read: (name) => files[name] });
  return Object.fromEntries(
    names.flatMap((name) =>
      Object.entries(packFile(name, files[name])).map(([file, packed]) => {
        const own = figures.filter(({ origin }) => origin.from === file);
        return [file, diagnostics.length > 0 ? packed : { ...packed, figures: packFigures(own) }] as const;
      }),
    ),
  );
}
