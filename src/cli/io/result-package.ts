import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { isSafeName } from "./safe-name.ts";

/** Name of the file that describes all others of a folder of results; it is written last. */
export const PACKAGE_NAME = "datapackage.json";

/** What a data package says of the run that wrote it. */
export type ResultPackage = {
  readonly version: string;
  /** Whether a single run wrote it, not a comparison or a sweep. */
  readonly isRun: boolean;
  /** Name of the table of draws that the run wrote, without its ending. */
  readonly draws?: string;
  /** Hash of each file by name; undefined where the package is of a version that kept none. */
  readonly files: ReadonlyMap<string, string | undefined>;
};

/** Reads the data package of a folder; undefined where there is none that this program wrote. */
export function readResultPackage(folder: string): ResultPackage | undefined {
  try {
    const { resources, gigafleet } = JSON.parse(fs.readFileSync(path.join(folder, PACKAGE_NAME), "utf8"));
    if (typeof gigafleet?.version !== "string") return undefined;
    const entries = resources.map(({ path: name, hash }: { path: unknown; hash: unknown }) => [
      String(name),
      typeof hash === "string" ? hash.replace(/^sha256:/, "") : undefined,
    ]);
    return {
      version: gigafleet.version,
      isRun: !gigafleet.compared && !gigafleet.sweep,
      ...(typeof gigafleet.draws === "string" ? { draws: gigafleet.draws } : {}),
      files: new Map(entries.filter(([name]: [string]) => isSafeName(name))),
    };
  } catch {
    return undefined;
  }
}

/** How a file of a folder stands to the data package that lists it. */
export type FileState = "whole" | "changed" | "missing" | "unknown";

/** Compares a file with its hash in the data package. */
export function stateOf(folder: string, name: string, { files }: ResultPackage): FileState {
  const file = path.join(folder, name);
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return "missing";
  const expected = files.get(name);
  if (expected === undefined) return "unknown";
  const hash = createHash("sha256");
  const descriptor = fs.openSync(file, "r");
  try {
    const bytes = Buffer.alloc(1 << 16);
    for (let read = fs.readSync(descriptor, bytes); read > 0; read = fs.readSync(descriptor, bytes))
      hash.update(bytes.subarray(0, read));
  } finally {
    fs.closeSync(descriptor);
  }
  return hash.digest("hex") === expected ? "whole" : "changed";
}
