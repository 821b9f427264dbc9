import { Zip, ZipDeflate } from "fflate";

/** A file of an archive: its name, and its bytes in pieces, each of which is read before the next one is asked for. */
export type Part = { readonly name: string; readonly pieces: Iterable<Uint8Array> };

/** The library's fastest: its usual level 6 takes twice the time for a file a fifth smaller. */
const LEVEL = 1;

/**
 * Compresses files into a ZIP archive, in pieces that are made while they are read. The library is JavaScript, so that the bytes are
 * the same on every platform; those of a platform's zlib are not.
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
    const file = new ZipDeflate(name, { level: LEVEL });
    // Archives hold the local time: the same digits everywhere.
    file.mtime = new Date(1980, 0, 1);
    archive.add(file);
    for (const piece of pieces) {
      file.push(piece);
      yield* ready.splice(0);
    }
    file.push(new Uint8Array(0), true);
  }
  archive.end();
  yield* ready;
}
