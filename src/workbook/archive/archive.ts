import { type AsyncFlateStreamHandler, Zip, type ZipInputFile } from "fflate";
import { crcOf } from "./crc.ts";
import { Deflate } from "./deflate.ts";

/** A file of an archive: its name, and its bytes in pieces, each of which is read before the next one is asked for. */
export type Part = { readonly name: string; readonly pieces: Iterable<Uint8Array> };

/**
 * Compresses files into a ZIP archive, in pieces that are made while they are read; the same bytes on every platform.
 *
 * Fails: never. Cost: bytes; memory of one piece.
 */
export function* packed(parts: Iterable<Part>): Generator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const archive = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  for (const { name, pieces } of parts) {
    const file = new ArchivedFile(name);
    archive.add(file);
    for (const piece of pieces) {
      file.push(piece);
      yield* ready.splice(0);
    }
    file.end();
  }
  archive.end();
  yield* ready;
}

/** What the library writes into an archive: it keeps the directory, and we compress. */
class ArchivedFile implements ZipInputFile {
  readonly filename: string;
  /** The number of the method in archives. */
  readonly compression = 8;
  /** Archives hold the local time: the same digits everywhere. */
  readonly mtime = new Date(1980, 0, 1);
  size = 0;
  crc = 0;
  ondata?: AsyncFlateStreamHandler;
  readonly #deflate = new Deflate();

  constructor(name: string) {
    this.filename = name;
  }

  push(piece: Uint8Array): void {
    this.size += piece.length;
    this.crc = crcOf(piece, this.crc);
    this.ondata?.(null, this.#deflate.push(piece), false);
  }

  end(): void {
    this.ondata?.(null, this.#deflate.end(), true);
  }
}
