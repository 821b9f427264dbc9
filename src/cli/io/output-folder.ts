import fs from "node:fs";
import path from "node:path";
import { type Diagnostic, diagnose, InternalError } from "../../diagnostics/diagnostic.ts";

/** A file to write: its name in the folder and its text, whole or in pieces that are made while it is written. */
export type OutputFile = { readonly name: string; readonly text: string | Iterable<string> };

/** Names that stay inside the folder and that every operating system takes. */
const safeName = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_-])?$/i;

/** True for a name that can be that of a file or folder everywhere and leads nowhere else. */
export function isSafeName(name: string): boolean {
  return safeName.test(name) && name.length <= 200;
}

/**
 * Writes files into a folder, all or none: first under temporary names, then renamed together. Where something fails, what was
 * there before is there again, and nothing else is left.
 *
 * @return the fault, if there is one
 */
export function writeFiles(folder: string, files: readonly OutputFile[]): Diagnostic | undefined {
  const undo: (() => void)[] = [];
  let current = folder;
  try {
    makeFolder(path.resolve(folder), undo);
    const steps = files.map(({ name, text }) => {
      current = path.join(folder, name);
      if (fs.statSync(current, { throwIfNoEntry: false })?.isDirectory()) throw new FolderInTheWay();
      const temporary = temporaryName(folder, name, "new");
      undo.push(() => fs.rmSync(temporary, { force: true }));
      writePieces(temporary, typeof text === "string" ? [text] : text);
      return { target: current, temporary, backup: temporaryName(folder, name, "old") };
    });
    for (const { target, temporary, backup } of steps) {
      current = target;
      replaceFile(target, temporary, backup, undo);
    }
    for (const { backup } of steps) fs.rmSync(backup, { force: true });
    return undefined;
  } catch (error) {
    for (const step of undo.reverse()) quietly(step);
    // Making a piece may find a fault of ours, which says nothing of the folder.
    if (error instanceof InternalError) throw error;
    return diagnose("unwritable-output", { values: { file: current, reason: reasonOf(error) } });
  }
}

/**
 * Names the tables of an earlier run in a folder that this one does not write: they are to go, so that a folder never mixes two
 * scenarios. The earlier run's data package says what it wrote, so that nothing else is touched.
 *
 * To be asked before the files are written, which replaces that data package. Fails: never.
 */
export function listStale(folder: string, files: readonly OutputFile[]): readonly string[] {
  const written = new Set(files.map(({ name }) => name));
  return tablesOfRun(path.join(folder, "datapackage.json")).filter((name) => !written.has(name));
}

/** Tables that a data package of a run lists; none of one that is no run's, or that cannot be read. */
function tablesOfRun(file: string): readonly string[] {
  try {
    const { resources, gigafleet } = JSON.parse(fs.readFileSync(file, "utf8"));
    if (!gigafleet || gigafleet.compared || gigafleet.sweep) return [];
    const names = resources.map((resource: { path: unknown }) => String(resource.path));
    return names.filter((name: string) => isSafeName(name) && name.endsWith(".csv"));
  } catch {
    return [];
  }
}

/**
 * Removes files of a folder.
 *
 * @return the fault, if there is one
 */
export function removeFiles(folder: string, names: readonly string[]): Diagnostic | undefined {
  for (const name of names) {
    try {
      fs.rmSync(path.join(folder, name), { force: true });
    } catch (error) {
      return diagnose("unwritable-output", {
        values: { file: path.join(folder, name), reason: reasonOf(error) },
      });
    }
  }
  return undefined;
}

function writePieces(file: string, pieces: Iterable<string>): void {
  const descriptor = fs.openSync(file, "w");
  try {
    for (const piece of pieces) fs.writeFileSync(descriptor, piece);
  } finally {
    fs.closeSync(descriptor);
  }
}

class FolderInTheWay extends Error {}

/** Puts a written file in its place; the one that was there can be put back until all are. */
function replaceFile(target: string, temporary: string, backup: string, undo: (() => void)[]): void {
  if (fs.existsSync(target)) {
    fs.copyFileSync(target, backup);
    undo.push(() => fs.rmSync(backup, { force: true }));
    fs.renameSync(temporary, target);
    undo.push(() => fs.renameSync(backup, target));
  } else {
    fs.renameSync(temporary, target);
    undo.push(() => fs.rmSync(target, { force: true }));
  }
}

function temporaryName(folder: string, name: string, kind: string): string {
  return path.join(folder, `.${name}.${process.pid}.${kind}`);
}

/** Makes a folder and those above it one by one: Node's own way never ends where a file system refuses, as /proc does. */
function makeFolder(folder: string, undo: (() => void)[]): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent, undo);
  fs.mkdirSync(folder);
  undo.push(() => fs.rmdirSync(folder));
}

function quietly(step: () => void): void {
  try {
    step();
  } catch {
    // The fault that led here is the one to report.
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be too large",
  EEXIST: "a file of that name is in the way",
  ENOTDIR: "a file of that name is in the way",
  EISDIR: "a folder of that name is in the way",
  ENOENT: "there is no such folder and none can be made",
  ENAMETOOLONG: "the name is too long",
};

function reasonOf(error: unknown): string {
  if (error instanceof FolderInTheWay) return reasons.EISDIR;
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ""] ?? message;
}
