const encoder = new TextEncoder();

/** A text as the bytes of UTF-8. */
export function encoded(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A text that is put together from bytes, numbers and texts. */
export class ByteText {
  length = 0;
  #bytes: Uint8Array;

  /** @param room bytes that it has room for at first */
  constructor(room: number) {
    this.#bytes = new Uint8Array(room);
  }

  addBytes(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    const target = this.#bytes;
    const at = this.length;
    // Not `set`, whose call takes longer than the few bytes that most texts have.
    for (let index = 0; index < bytes.length; index++) target[at + index] = bytes[index];
    this.length = at + bytes.length;
  }

  /** A number as JavaScript writes it. */
  addNumber(value: number): void {
    if (value >= 0 && value < PADDED_COUNT && Number.isInteger(value)) {
      // Most are numbers of rows.
      const end = 4 * (value + 1);
      const count = value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4;
      this.#makeRoom(4);
      for (let index = end - count; index < end; index++) this.#bytes[this.length++] = PADDED[index];
      return;
    }
    const digits = String(value);
    this.#makeRoom(digits.length);
    const target = this.#bytes;
    const at = this.length;
    for (let index = 0; index < digits.length; index++) target[at + index] = digits.charCodeAt(index);
    this.length = at + digits.length;
  }

  /** The text so far, which begins anew: read it before anything is added. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }

  #makeRoom(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.length + count));
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
  }
}

/** Integers below this have four digits at most. */
const PADDED_COUNT = 10_000;

/** The digits of these integers, four of each. */
const PADDED = encoded(
  Array.from({ length: PADDED_COUNT }, (_, value) => String(value).padStart(4, "0")).join(""),
);
