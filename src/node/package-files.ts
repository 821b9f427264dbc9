import fs from "node:fs";
import path from "node:path";
import { type PackedCatalog, readPacked } from "../scenario/files/packed-catalog.ts";

/** Locations of the files shipped with the program. */
export type PackageFiles = {
  /** Folder of the shipped scenarios, including the catalog; absolute. */
  readonly scenariosFolder: string;
  /** File of the packed catalog, absolute; the build writes it. */
  readonly packedCatalog: string;
};

/** Most bytes read from a file: a little more than the accepted limit, so that longer files are rejected for their length. */
const MOST_BYTES = 6_000_000;

/**
 * The text of a file, or undefined if it cannot be read. A stranger's scenario may name any path, so devices and pipes,
 * which may never end, are not opened, and the size read is limited.
 */
export function readText(file: string): string | undefined {
  try {
    if (!fs.statSync(file).isFile()) return undefined;
    const descriptor = fs.openSync(file, "r");
    try {
      const bytes = Buffer.alloc(Math.min(MOST_BYTES, fs.fstatSync(descriptor).size));
      return bytes.toString("utf8", 0, fs.readSync(descriptor, bytes));
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** Name of the scenario that comes from standard input; its relative paths start from the current folder. */
export const STANDARD_INPUT = "standard input";

let standardInput: string | undefined;

/** Gives the text of a scenario file, or of standard input, which is read once. */
export function readScenarioText(file: string): string | undefined {
  if (file !== STANDARD_INPUT) return readText(file);
  standardInput ??= readStandardInput();
  return standardInput;
}

/** Reads to the end of standard input, or as much as is a little too long to be accepted. */
function readStandardInput(): string | undefined {
  const bytes = Buffer.alloc(MOST_BYTES);
  let length = 0;
  try {
    while (length < MOST_BYTES) {
      const count = fs.readSync(0, bytes, length, MOST_BYTES - length, null);
      if (count === 0) break;
      length += count;
    }
  } catch {
    return undefined;
  }
  return bytes.toString("utf8", 0, length);
}

/** The catalog shipped with the program, as what loads a catalog takes it. */
export function shippedCatalog(files: PackageFiles) {
  return { catalog: listCatalogFiles(files), read: readText, packed: readPackedCatalog(files) };
}

/** The catalog files shipped with the program, sorted by name, with short paths if possible. */
export function listCatalogFiles({ scenariosFolder }: PackageFiles): readonly string[] {
  const folder = path.join(scenariosFolder, "catalog");
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return names.sort().map((name) => shortPath(path.join(folder, name)));
}

/** The catalog as the build packed it; none if the file is missing or not a pack. A pack that is cut short differs from the texts and is not used. */
function readPackedCatalog({ packedCatalog }: PackageFiles): PackedCatalog | undefined {
  const text = readText(packedCatalog);
  try {
    return text === undefined ? undefined : readPacked(text);
  } catch {
    return undefined;
  }
}

/** A relative path for a file within the current folder, else an absolute one. */
export function shortPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") || path.isAbsolute(relative) ? file : relative;
}
