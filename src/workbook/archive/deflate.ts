/** How far back a repetition may reach, and how long it may be: limits of the format. */
const [REACH, LONGEST] = [1 << 15, 258];

/** Bytes that must be alike for a repetition to be looked for. Rows repeat in long stretches, and short ones cost more than they save. */
const LEAST = 8;

/** Bits of the places that eight bytes are looked up at. */
const PLACE_BITS = 15;

/** Bytes compressed at once. */
const MOST_AT_ONCE = 1 << 16;

/** The end of a block. */
const END = 256;

/**
 * Compresses a text as DEFLATE (RFC 1951): one block of fixed codes, in which each place takes the latest repetition of its eight
 * bytes. Rows of a sheet resemble the rows above so much that this takes a fifth of the time of a library at its fastest, for a
 * file that is an eighth larger; and it gives the same bytes on every platform, which the zlib of a platform does not.
 *
 * Fails: never. Cost: bytes; memory of a few hundred KB.
 */
export class Deflate {
  /** What came before within reach, and the bytes at hand. */
  readonly #bytes = new Uint8Array(REACH + MOST_AT_ONCE);
  readonly #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** Distance of the first byte at hand from the first of all. */
  #base = 0;
  /** One more than where eight bytes of a kind were seen last, from the first byte of all; 0 for never. */
  readonly #seen = new Int32Array(1 << PLACE_BITS);
  readonly #bits = new BitWriter();
  readonly #mostBase: number;
  #isBegun = false;

  /** @param mostBase bytes after which places are counted from 0 again, because they are numbers of 32 bits */
  constructor(mostBase = 1 << 30) {
    this.#mostBase = mostBase;
  }

  /** Takes bytes, and gives what is ready. */
  push(bytes: Uint8Array): Uint8Array {
    // A literal has nine bits at most.
    this.#bits.reserve(Math.ceil((bytes.length * 9) / 8));
    this.#begin();
    for (let first = 0; first < bytes.length; first += MOST_AT_ONCE)
      this.#compress(bytes.subarray(first, first + MOST_AT_ONCE));
    return this.#bits.take();
  }

  /** Ends the text. */
  end(): Uint8Array {
    this.#bits.reserve(0);
    this.#begin();
    this.#bits.write(CODES[END], CODE_BITS[END]);
    return this.#bits.finish();
  }

  /** The last block, of fixed codes: the bits 1 and 01. */
  #begin(): void {
    if (!this.#isBegun) this.#bits.write(0b011, 3);
    this.#isBegun = true;
  }

  #compress(piece: Uint8Array): void {
    const bytes = this.#bytes;
    if (this.#length + piece.length > bytes.length) {
      const dropped = this.#length - REACH;
      bytes.copyWithin(0, dropped, this.#length);
      this.#base += dropped;
      this.#length = REACH;
      if (this.#base > this.#mostBase) {
        this.#seen.fill(0);
        this.#base = 0;
      }
    }
    const first = this.#length;
    bytes.set(piece, first);
    this.#length += piece.length;
    this.#encode(first, this.#length);
  }

  #encode(first: number, end: number): void {
    const bytes = this.#bytes;
    const bits = this.#bits;
    const lastLooked = end - LEAST;
    let at = first;
    while (at <= lastLooked) {
      const from = this.#look(at);
      const length = from < 0 ? 0 : this.#lengthOf(from, at, end);
      if (length < LEAST) {
        bits.write(CODES[bytes[at]], CODE_BITS[bytes[at]]);
        at++;
        continue;
      }
      bits.write(LENGTHS[length], LENGTH_BITS[length]);
      writeDistance(bits, at - from);
      at += length;
      // What follows a number often repeats what followed another one.
      if (at - 1 <= lastLooked) this.#look(at - 1);
    }
    for (; at < end; at++) bits.write(CODES[bytes[at]], CODE_BITS[bytes[at]]);
  }

  /** Where the eight bytes at a place may have stood before within reach, or -1, and notes that they stand here. */
  #look(at: number): number {
    const view = this.#view;
    const mixed =
      Math.imul(view.getUint32(at, true), 0x9e3779b1) ^ Math.imul(view.getUint32(at + 4, true), 0x85ebca77);
    const place = (mixed ^ (mixed >>> PLACE_BITS)) & ((1 << PLACE_BITS) - 1);
    const from = this.#seen[place] - 1 - this.#base;
    this.#seen[place] = at + this.#base + 1;
    return from < 0 || at - from > REACH ? -1 : from;
  }

  #lengthOf(from: number, at: number, end: number): number {
    const bytes = this.#bytes;
    const most = Math.min(LONGEST, end - at);
    let length = 0;
    while (length < most && bytes[from + length] === bytes[at + length]) length++;
    return length;
  }
}

/** Writes bits, the lowest of a byte first. */
class BitWriter {
  #bytes = new Uint8Array(0);
  #length = 0;
  /** Fewer than eight bits that wait for a byte of their own. */
  #waiting = 0;
  #count = 0;

  /** Makes room for that many bytes and a few more. */
  reserve(bytes: number): void {
    if (bytes + 16 > this.#bytes.length) this.#bytes = new Uint8Array(bytes + 16);
    this.#length = 0;
  }

  /** Writes up to 18 bits. */
  write(bits: number, count: number): void {
    let waiting = this.#waiting | (bits << this.#count);
    let left = this.#count + count;
    while (left >= 8) {
      this.#bytes[this.#length++] = waiting;
      waiting >>>= 8;
      left -= 8;
    }
    this.#waiting = waiting;
    this.#count = left;
  }

  /** The whole bytes so far. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  finish(): Uint8Array {
    if (this.#count > 0) this.write(0, 8 - this.#count);
    return this.take();
  }
}

/** The fixed codes of bytes, of the end, and of lengths, as their bits are written: the highest bit of a code comes first. */
const CODE_BITS = Uint8Array.from({ length: 286 }, (_, symbol) => {
  if (symbol < 144) return 8;
  if (symbol < 256) return 9;
  return symbol < 280 ? 7 : 8;
});
const CODES = Uint16Array.from({ length: 286 }, (_, symbol) => {
  if (symbol < 144) return reversed(0x30 + symbol, 8);
  if (symbol < 256) return reversed(0x190 + symbol - 144, 9);
  return symbol < 280 ? reversed(symbol - 256, 7) : reversed(0xc0 + symbol - 280, 8);
});

function reversed(code: number, count: number): number {
  let bits = 0;
  for (let bit = 0; bit < count; bit++) bits |= ((code >> bit) & 1) << (count - 1 - bit);
  return bits;
}

/** Bits of each length: its code, and what stands behind it. */
const LENGTHS = new Uint16Array(LONGEST + 1);
const LENGTH_BITS = new Uint8Array(LONGEST + 1);

for (let length = 3; length <= LONGEST; length++) {
  const { step, extra, rest } = stepOf(length - 3, 2);
  // The longest has a code of its own.
  const isLongest = length === LONGEST;
  const symbol = END + 1 + (isLongest ? 28 : step);
  LENGTHS[length] = CODES[symbol] | ((isLongest ? 0 : rest) << CODE_BITS[symbol]);
  LENGTH_BITS[length] = CODE_BITS[symbol] + (isLongest ? 0 : extra);
}

/** Distances have codes of five bits. */
const DISTANCE_CODES = Uint8Array.from({ length: 30 }, (_, step) => reversed(step, 5));

function writeDistance(bits: BitWriter, distance: number): void {
  // As `stepOf(distance - 1, 1)`, which makes an object.
  const number = distance - 1;
  const extra = Math.max(0, 30 - Math.clz32(number));
  const rest = number & ((1 << extra) - 1);
  bits.write(DISTANCE_CODES[2 * extra + (number >> extra)] | (rest << 5), 5 + extra);
}

/**
 * Steps that lengths and distances are counted in: `2 ** fine` of them for each power of two.
 *
 * @return the step, and the number of bits that tell the numbers in it apart
 */
function stepOf(number: number, fine: number): { step: number; extra: number; rest: number } {
  const extra = Math.max(0, 31 - Math.clz32(number) - fine);
  const step = (extra << fine) + (number >> extra);
  return { step, extra, rest: number & ((1 << extra) - 1) };
}
