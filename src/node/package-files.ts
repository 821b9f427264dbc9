import fs from "node:fs";
import path from "node:path";
import type { PackedFiles } from "../scenario/files/packed-tree.ts";

/** Where the files lie that come with the program. */
export type PackageFiles = {
  /** Folder of the shipped scenarios, which holds the catalog; absolute. */
  readonly scenariosFolder: string;
  /** File of the catalog's packed trees, absolute; the build writes it. */
  readonly packedCatalog: string;
};

/** Bytes read of a file at most: a little more than the longest that is accepted, so that longer ones are refused as such. */
const mostBytes = 6_000_000;

/**
 * Gives the text of a file, or undefined where it cannot be read. A stranger's scenario may name any path, so devices and
 * pipes, which may never end, are not opened, and no file is read without bound.
 */
export function readText(file: string): string | undefined {
  try {
    if (!fs.statSync(file).isFile()) return undefined;
    const descriptor = fs.openSync(file, "r");
    try {
      const bytes = Buffer.alloc(Math.min(mostBytes, fs.fstatSync(descriptor).size));
      return bytes.toString("utf8", 0, fs.readSync(descriptor, bytes));
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** The catalog files that come with the program, sorted by name, as paths that are short where they can be. */
export function listCatalogFiles({ scenariosFolder }: PackageFiles): readonly string[] {
  const folder = path.join(scenariosFolder, "catalog");
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return names.sort().map((name) => shortPath(path.join(folder, name)));
}

/** Trees of the catalog's files from when the program was built; none where the file is absent or spoilt. */
export function readPackedCatalog({ packedCatalog }: PackageFiles): PackedFiles {
  const text = readText(packedCatalog);
  try {
    return text === undefined ? {} : JSON.parse(text);
  } catch {
    return {};
  }
}

/** Relative to the current folder where it lies in it, else absolute. */
export function shortPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") || path.isAbsolute(relative) ? file : relative;
}
