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
    if (value >= 0 && value < MOST_INTEGER && Number.isInteger(value)) this.#addInteger(value);
    else this.#addDigits(String(value));
  }

  #addDigits(digits: string): void {
    this.#makeRoom(digits.length);
    const target = this.#bytes;
    const at = this.length;
    for (let index = 0; index < digits.length; index++) target[at + index] = digits.charCodeAt(index);
    this.length = at + digits.length;
  }

  #addInteger(value: number): void {
    this.#makeRoom(MOST_DIGITS);
    const target = this.#bytes;
    let count = 1;
    for (let least = 10; least <= value; least *= 10) count++;
    let rest = value;
    for (let index = this.length + count - 1; index >= this.length; index--) {
      const next = (rest / 10) | 0;
      target[index] = ZERO + rest - 10 * next;
      rest = next;
    }
    this.length += count;
  }

  /** The text so far, which begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.length);
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

/** Integers below this are written digit by digit. */
const MOST_INTEGER = 1e9;
const MOST_DIGITS = 9;

/** The character 0. */
const ZERO = 48;
