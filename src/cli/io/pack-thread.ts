import { Worker } from "node:worker_threads";
import type { Part } from "../../workbook/archive.ts";

/** What the thread is sent: the beginning of a file by its name, bytes of it, or, without a name, the end of the archive. */
export type ToPack = Uint8Array | { readonly begin: string | undefined };

/** What it answers to each: the bytes of the archive that it made since, and how many it read. */
export type Packed = { readonly pieces: readonly Uint8Array[]; readonly read: number };

/** Bytes that may wait for the thread. */
const MOST_WAITING = 1 << 22;

/**
 * A thread that compresses files while this one makes them: half of the time that writing a workbook takes. It is started before
 * there is anything to compress, and keeps no process from ending.
 */
export class PackThread {
  readonly #worker: Worker;
  #ready: Uint8Array[] = [];
  #answers = 0;
  #waiting = 0;
  #loss: Error | undefined;
  #wake: (() => void) | undefined;

  /** @param file the thread's program */
  constructor(file: URL) {
    this.#worker = new Worker(file);
    this.#worker.unref();
    this.#worker.on("message", ({ pieces, read }: Packed) => {
      this.#ready.push(...pieces);
      this.#answers++;
      this.#waiting -= read;
      this.#wake?.();
    });
    this.#worker.on("error", ({ message }) => this.#lose(message));
    this.#worker.on("exit", (code) => this.#lose(`exit code ${code}`));
  }

  /**
   * Compresses files into a ZIP archive, with the bytes of `packed`. Call it once.
   *
   * Fails: throws if the thread ends early. Cost: bytes; memory of those that wait.
   */
  async *pack(parts: Iterable<Part>): AsyncGenerator<Uint8Array> {
    this.#worker.ref();
    try {
      let sent = 0;
      for (const { name, pieces } of parts) {
        this.#worker.postMessage({ begin: name } satisfies ToPack);
        sent++;
        for (const piece of pieces) {
          // A copy, since its maker writes the next one in the same memory; sending it leaves `bytes` empty.
          const bytes = piece.slice();
          this.#worker.postMessage(bytes satisfies ToPack, [bytes.buffer]);
          sent++;
          this.#waiting += piece.length;
          while (this.#waiting > MOST_WAITING) {
            await this.#answer();
            yield* this.#ready.splice(0);
          }
        }
      }
      this.#worker.postMessage({ begin: undefined } satisfies ToPack);
      sent++;
      while (this.#answers < sent) await this.#answer();
      yield* this.#ready;
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Waits for an answer. Fails: rejects if the thread is lost. */
  async #answer(): Promise<void> {
    if (!this.#loss) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#loss) throw this.#loss;
  }

  #lose(reason: string): void {
    this.#loss ??= new Error(
      `the thread that compresses it stopped before its work was done (${reason}), which usually means that memory is short`,
    );
    this.#wake?.();
  }
}
