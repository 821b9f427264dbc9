import { createHash } from "node:crypto";
import fs from "node:fs";

/**
 * A file of JSON lines that grows while a command works, such as the finished points of a sweep.
 *
 * Each line begins with a hash of itself and of the hash before it, so that a line that is cut, changed, moved or of another
 * file is noticed, and the last hash is one of the whole file.
 */
export type KeptLines = {
  /** Fails: throws the error of the file system, such as a full disk. */
  readonly append: (contents: readonly object[]) => void;
  readonly close: () => void;
};

/** Raised for what is in the place of a file; the message says what to do. */
class FileRefusal extends Error {
  override readonly name = "FileRefusal";
}

/** Whether an error comes from a file: the user's surroundings are at fault, not the program. */
export function isFileError(error: unknown): boolean {
  return error instanceof FileRefusal || (error instanceof Error && "syscall" in error);
}

/** Longest line that is read [bytes]; a longer one was not written by this program. */
const LONGEST_LINE = 2 ** 28;

/** Bytes read at once. */
const PIECE = 2 ** 20;

const { O_RDONLY, O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW = 0 } = fs.constants;

/**
 * Writes a file from its beginning. Only one after the other bytes are written, because folders of object stores can do no more.
 *
 * @param contents lines to begin with: a head, and what an earlier process left
 *
 * Fails: throws if the file cannot be written, or is a link, since it is never written through one.
 */
export function writeKeptLines(file: string, contents: readonly object[]): KeptLines {
  const descriptor = openFile(file, O_WRONLY | O_CREAT | O_TRUNC);
  let hash = "";
  const append = (more: readonly object[]): void => {
    let text = "";
    for (const content of more) {
      const json = JSON.stringify(content);
      hash = hashAfter(hash, json);
      text += `${hash} ${json}\n`;
    }
    fs.writeFileSync(descriptor, text);
  };
  append(contents);
  return { append, close: () => fs.closeSync(descriptor) };
}

/**
 * Reads the lines of a file, in order, up to the first that is not as it was written; for that one it gives `undefined`. Gives
 * nothing for a file that does not exist.
 *
 * Fails: throws if the file cannot be read, or is a link.
 */
export function* readKeptLines(file: string): Generator<unknown> {
  if (!fs.lstatSync(file, { throwIfNoEntry: false })) return;
  const descriptor = openFile(file, O_RDONLY);
  try {
    let hash = "";
    for (const line of splitLines(descriptor)) {
      const json = line?.slice(line.indexOf(" ") + 1);
      if (line === undefined || json === undefined || line !== `${hashAfter(hash, json)} ${json}`) {
        yield undefined;
        return;
      }
      hash = line.slice(0, line.indexOf(" "));
      yield parseOrNothing(json);
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Anyone can put a right hash before what is no JSON. */
function parseOrNothing(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Lines without their ends; `undefined` for a last one without an end, and for one that is too long. */
function* splitLines(descriptor: number): Generator<string | undefined> {
  const bytes = Buffer.alloc(PIECE);
  let begun: Buffer[] = [];
  let length = 0;
  for (let read = fs.readSync(descriptor, bytes); read > 0; read = fs.readSync(descriptor, bytes)) {
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0 && end < read; end = bytes.indexOf(10, from)) {
      yield Buffer.concat([...begun, bytes.subarray(from, end)]).toString("utf8");
      [begun, length, from] = [[], 0, end + 1];
    }
    begun.push(Buffer.from(bytes.subarray(from, read)));
    length += read - from;
    if (length > LONGEST_LINE) break;
  }
  if (length > 0) yield undefined;
}

/** A file that is no link and no device; a link put there in the meantime is not followed either. */
function openFile(file: string, flags: number): number {
  const known = fs.lstatSync(file, { throwIfNoEntry: false });
  if (known && !known.isFile()) {
    const what = known.isSymbolicLink() ? "a symbolic link" : "not a file";
    throw new FileRefusal(`it is ${what}; remove it, or name another folder with \`--out\``);
  }
  return fs.openSync(file, flags | O_NOFOLLOW, 0o666);
}

function hashAfter(hash: string, json: string): string {
  return createHash("sha256").update(hash).update(json).digest("hex").slice(0, 32);
}
