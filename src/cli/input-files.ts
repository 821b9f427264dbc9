import fs from "node:fs";
import path from "node:path";
import type { PackedFiles } from "../scenario/packed-tree.ts";
import type { Environment } from "./command.ts";

/** Gives the text of a file, or undefined where it cannot be read. */
export function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The catalog files that come with the program, sorted by name, as paths that are short where they can be. */
export function listCatalogFiles({ scenariosFolder }: Environment): readonly string[] {
  const folder = path.join(scenariosFolder, "catalog");
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return names.sort().map((name) => shortPath(path.join(folder, name)));
}

/** Trees of the catalog's files from when the program was built; none where the file is absent or spoilt. */
export function readPackedCatalog({ packedCatalog }: Environment): PackedFiles {
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
