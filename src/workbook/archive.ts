import { Zip, ZipDeflate } from "fflate";

/** A file of an archive: its name, and its bytes in pieces, each of which is read before the next one is asked for. */
export type Part = { readonly name: string; readonly pieces: Iterable<Uint8Array> };

/** The library's fastest: its usual level 6 takes twice the time for a file a fifth smaller. */
const LEVEL = 1;

/**
 * Compresses files into a ZIP archive, whose bytes it hands on as they are made. The library is JavaScript, so that the bytes are
 * the same on every platform; those of a platform's zlib are not.
 */
export class Packer {
  readonly #archive: Zip;
  #file: ZipDeflate | undefined;

  /** @param onPacked takes the bytes of the archive */
  constructor(onPacked: (piece: Uint8Array) => void) {
    this.#archive = new Zip((error, piece) => {
      if (error) throw error;
      onPacked(piece);
    });
  }

  /** Begins a file, after the one before. */
  begin(name: string): void {
    this.#endFile();
    this.#file = new ZipDeflate(name, { level: LEVEL });
    // Archives hold the local time: the same digits everywhere.
    this.#file.mtime = new Date(1980, 0, 1);
    this.#archive.add(this.#file);
  }

  /** Adds bytes to the file that was begun last. */
  add(piece: Uint8Array): void {
    this.#file?.push(piece);
  }

  /** Ends the archive. */
  end(): void {
    this.#endFile();
    this.#archive.end();
  }

  #endFile(): void {
    this.#file?.push(new Uint8Array(0), true);
  }
}

/** Compresses files into a ZIP archive, in pieces that are made while they are read. Cost: bytes; memory of one piece. */
export function* packed(parts: Iterable<Part>): Generator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const packer = new Packer((piece) => ready.push(piece));
  for (const { name, pieces } of parts) {
    packer.begin(name);
    for (const piece of pieces) {
      packer.add(piece);
      yield* ready.splice(0);
    }
  }
  packer.end();
  yield* ready;
}
