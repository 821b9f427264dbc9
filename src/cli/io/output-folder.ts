import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type Diagnostic, diagnose, InternalError } from "../../diagnostics/diagnostic.ts";
import type { WrittenFile } from "../../export/data-package.ts";
import { PACKAGE_NAME, readResultPackage, stateOf } from "./result-package.ts";
import { SYSTEM_LIMITS } from "./system-limits.ts";
import { clearTemporaryFiles, temporaryName } from "./temporary-files.ts";

/**
 * A file to write: its name in the folder and its text or bytes, whole, in pieces made while it is written, or computed from the
 * files written before it; such files come last.
 */
export type OutputFile = {
  readonly name: string;
  readonly text:
    | string
    | Uint8Array
    | Iterable<string | Uint8Array>
    | AsyncIterable<Uint8Array>
    | ((written: readonly WrittenFile[]) => string);
};

/**
 * Writes all files or none into a folder: first under temporary names, then renamed together. If anything fails, or the process
 * is interrupted while a piece is awaited, the previous files are restored, and nothing else remains. Files that this program did
 * not write are not replaced. While a piece of one file is awaited, the others are written.
 *
 * @return the fault, if any
 */
export async function writeFiles(
  folder: string,
  files: readonly OutputFile[],
): Promise<Diagnostic | undefined> {
  const undo: (() => void)[] = [];
  const undoAll = (): void => undo.reverse().forEach(quietly);
  process.once("exit", undoAll);
  let current = folder;
  try {
    undo.push(...makeFolder(folder));
    clearTemporaryFiles(folder);
    const earlier = readResultPackage(folder);
    const ours = new Set(earlier ? [PACKAGE_NAME, ...earlier.files.keys()] : []);
    const write = async ({ name, text }: PlainFile): Promise<WrittenFile> => {
      const target = path.join(folder, name);
      try {
        if (fs.statSync(target, { throwIfNoEntry: false })?.isDirectory()) throw new Refusal(REASONS.EISDIR);
        const temporary = temporaryName(folder, name, "new");
        undo.push(() => fs.rmSync(temporary, { force: true }));
        const isWhole = typeof text === "string" || text instanceof Uint8Array;
        const file = { name, ...(await writePieces(temporary, isWhole ? [text] : text)) };
        if (!ours.has(name) && fs.existsSync(target) && firstLineOf(target) !== firstLineOf(temporary))
          throw new Refusal(FOREIGN);
        return file;
      } catch (error) {
        current = target;
        throw error;
      }
    };
    const written = await writeTogether(files, write);
    const backups: string[] = [];
    for (const { name } of written) {
      current = path.join(folder, name);
      const [temporary, backup] = [temporaryName(folder, name, "new"), temporaryName(folder, name, "old")];
      if (replaceFile(current, temporary, backup, undo)) backups.push(backup);
    }
    for (const backup of backups) fs.unlinkSync(backup);
    return undefined;
  } catch (error) {
    undoAll();
    // An error while a piece is made is a fault of the program, not of the folder.
    if (error instanceof InternalError) throw error;
    return diagnose("unwritable-output", { values: { file: current, reason: reasonOf(error) } });
  } finally {
    process.off("exit", undoAll);
  }
}

/**
 * Tries whether a folder can be made, or whether files in it can be written and renamed, before anything is computed. It leaves
 * nothing behind, and does not disturb other processes that make or fill the same folder at the time.
 *
 * @return the fault, if any; `writeFiles` reports those that only writing shows, such as a full disk
 */
export function findFolderFault(folder: string): Diagnostic | undefined {
  try {
    const nearest = nearestFolder(path.resolve(folder));
    if (nearest !== path.resolve(folder)) fs.rmdirSync(fs.mkdtempSync(path.join(nearest, ".gigafleet-")));
    else tryFile(nearest);
    return undefined;
  } catch (error) {
    return diagnose("unwritable-output", { values: { file: folder, reason: reasonOf(error) } });
  }
}

/** The folder itself, or the nearest of its parents that exists. Fails: throws where a file or a broken link is in the way. */
function nearestFolder(folder: string): string {
  if (isFolder(folder)) return folder;
  if (fs.lstatSync(folder, { throwIfNoEntry: false })) throw new Refusal(REASONS.EEXIST);
  return nearestFolder(path.dirname(folder));
}

/** Writes an empty file, renames and removes it. */
function tryFile(folder: string): void {
  const [written, renamed] = (["new", "old"] as const).map((kind) => temporaryName(folder, "try", kind));
  try {
    fs.closeSync(fs.openSync(written, "wx"));
    fs.renameSync(written, renamed);
  } finally {
    for (const file of [written, renamed]) fs.rmSync(file, { force: true });
  }
}

/** A file that is not computed from those written before it. */
type PlainFile = OutputFile & { readonly text: Exclude<OutputFile["text"], (...written: never) => string> };

/**
 * Writes files one after the other, and beside them those whose pieces are awaited; last those that are computed from the others.
 *
 * Fails: rejects with the first failure, once no file is being written any more.
 */
async function writeTogether(
  files: readonly OutputFile[],
  write: (file: PlainFile) => Promise<WrittenFile>,
): Promise<readonly WrittenFile[]> {
  const isPlain = (file: OutputFile): file is PlainFile => typeof file.text !== "function";
  let queue: Promise<unknown> = Promise.resolve();
  const started = files.filter(isPlain).map((file) => {
    const isAwaited = typeof file.text === "object" && Symbol.asyncIterator in file.text;
    if (isAwaited) return write(file);
    const next = queue.then(() => write(file));
    queue = next;
    return next;
  });
  const written: WrittenFile[] = [];
  for (const one of await Promise.allSettled(started)) {
    if (one.status === "rejected") throw one.reason;
    written.push(one.value);
  }
  for (const { name, text } of files)
    if (typeof text === "function") written.push(await write({ name, text: text(written) }));
  return written;
}

/** Why a file is not replaced. */
const FOREIGN = "Gigafleet did not write the file that is there; move it, or name another folder";

/** The first line of a file but for numbers: tables with the same columns and pictures of another size begin alike. */
function firstLineOf(file: string): string {
  const descriptor = fs.openSync(file, "r");
  try {
    const bytes = Buffer.alloc(4096);
    const [line] = bytes.toString("utf8", 0, fs.readSync(descriptor, bytes)).split("\n", 1);
    return line.replace(/\d+(\.\d+)?/g, "#");
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Looks for a file in the way of one whose first line is known, before its contents are.
 *
 * @param read files that the command reads: none of them is replaced
 * @return the fault, if any
 */
export function findFileInTheWay(
  folder: string,
  name: string,
  firstLine: string,
  read: readonly string[],
): Diagnostic | undefined {
  const file = path.join(folder, name);
  const refuse = (reason: string) => diagnose("unwritable-output", { values: { file, reason } });
  try {
    if (!fs.existsSync(file)) return undefined;
    if (read.some((one) => path.resolve(one) === path.resolve(file)))
      return refuse("the scenario is read from it; name another folder with `--out`");
    const isOurs = readResultPackage(folder)?.files.has(name) || firstLineOf(file) === firstLine;
    return isOurs ? undefined : refuse(FOREIGN);
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

/** Files that an earlier run left in the folder, and what becomes of them. */
export type Leftovers = {
  /** Tables that this run does not write; they are removed, so that a folder never mixes two scenarios. */
  readonly stale: readonly string[];
  /** Tables of the earlier run that are kept: draws, and files changed since. */
  readonly kept: readonly string[];
  /** Files that this run replaces although they were changed since the earlier run. */
  readonly changed: readonly string[];
};

/**
 * Compares a folder with the data package of the run that wrote it last. Call it before the files are written, which
 * replaces that data package. Fails: never.
 */
export function listLeftovers(folder: string, files: readonly OutputFile[]): Leftovers {
  const earlier = readResultPackage(folder);
  if (!earlier?.isRun) return { stale: [], kept: [], changed: [] };
  const written = new Set(files.map(({ name }) => name));
  const names = [...earlier.files.keys()];
  const states = new Map(names.map((name) => [name, stateOf(folder, name, earlier)]));
  const isKept = (name: string): boolean =>
    states.get(name) === "changed" ||
    ["csv", "parquet"].some((type) => name === `${earlier.draws ?? ""}.${type}`);
  const left = names.filter((name) => !written.has(name) && states.get(name) !== "missing");
  return {
    stale: left.filter((name) => !isKept(name)),
    kept: left.filter(isKept),
    changed: names.filter((name) => written.has(name) && states.get(name) === "changed"),
  };
}

/**
 * Removes files of a folder.
 *
 * @return the fault, if any
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

/** Writes a new file; returns its size and SHA-256. */
async function writePieces(
  file: string,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Omit<WrittenFile, "name">> {
  const hash = createHash("sha256");
  let bytes = 0;
  // Never through a link placed there.
  const descriptor = fs.openSync(file, "wx");
  try {
    for await (const piece of pieces) {
      const part = typeof piece === "string" ? Buffer.from(piece) : piece;
      hash.update(part);
      bytes += part.length;
      fs.writeFileSync(descriptor, part);
    }
  } finally {
    fs.closeSync(descriptor);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Raised if a file must not be written; the message is the reason. */
class Refusal extends Error {}

/**
 * Moves a written file into place; the previous one can be restored until all are moved.
 *
 * @return whether there was one, which `backup` then is
 */
function replaceFile(target: string, temporary: string, backup: string, undo: (() => void)[]): boolean {
  if (!fs.existsSync(target)) {
    fs.renameSync(temporary, target);
    undo.push(() => fs.rmSync(target, { force: true }));
    return false;
  }
  undo.push(() => fs.rmSync(backup, { force: true }));
  keepAs(backup, target);
  fs.renameSync(temporary, target);
  undo.push(() => fs.renameSync(backup, target));
  return true;
}

/** Keeps a file under a second name: the file itself, or a copy where the file system has no such links. */
function keepAs(backup: string, file: string): void {
  try {
    fs.linkSync(file, backup);
  } catch {
    fs.copyFileSync(file, backup);
  }
}

/**
 * Creates a folder and its parents one by one; Node's own function never ends where a file system refuses, such as /proc.
 *
 * @return what takes the created ones away again, in the order of their creation
 *
 * Fails: throws the error of the file system, once none of them is left.
 */
export function makeFolder(folder: string): (() => void)[] {
  const undo: (() => void)[] = [];
  const make = (whole: string): void => {
    if (isFolder(whole)) return;
    make(path.dirname(whole));
    try {
      fs.mkdirSync(whole);
    } catch (error) {
      // Another process, such as a task of the same array, may have made it in the meantime.
      if (isFolder(whole)) return;
      throw error;
    }
    undo.push(() => fs.rmdirSync(whole));
  };
  try {
    make(path.resolve(folder));
    return undo;
  } catch (error) {
    undo.reverse().forEach(quietly);
    throw error;
  }
}

function isFolder(folder: string): boolean {
  return fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

function quietly(step: () => void): void {
  try {
    step();
  } catch {
    // The original fault is the one to report.
  }
}

const withoutRename =
  "its file system cannot rename files, as that of an object store; write to another folder, and copy it";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be too large",
  EEXIST: "a file with that name is in the way",
  ENOTDIR: "a file with that name is in the way",
  EISDIR: "a folder with that name is in the way",
  ENOENT: "the folder does not exist and cannot be created",
  ENAMETOOLONG: "the name is too long",
  ...SYSTEM_LIMITS,
  ENOSYS: withoutRename,
  ENOTSUP: withoutRename,
};

/** Why the file system refuses something, in words. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? message;
}
