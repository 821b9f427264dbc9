/** SHA-256 (FIPS 180-4) of a text in UTF-8: the browser's own is asynchronous, and absent where a page is not secure. */

/** The first 64 primes, whose roots give the constants of the standard. */
const PRIMES = firstPrimes(64);

/** The first 32 bits of the fraction of a root. */
function fractionBits(root: number): number {
  return ((root - Math.floor(root)) * 0x100000000) | 0;
}

const ROUND_CONSTANTS = Int32Array.from(PRIMES, (prime) => fractionBits(Math.cbrt(prime)));
const INITIAL = Int32Array.from(PRIMES.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  return primes;
}

/** The hash in hexadecimal or Base64. Fails: never. Cost: length of the text. */
export function sha256(text: string, encoding: "hex" | "base64"): string {
  const bytes = padded(new TextEncoder().encode(text));
  const state = Int32Array.from(INITIAL);
  const words = new Int32Array(64);
  const view = new DataView(bytes.buffer);
  for (let block = 0; block < bytes.length; block += 64) addBlock(state, words, view, block);
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  for (const [index, word] of state.entries()) out.setInt32(index * 4, word);
  if (encoding === "base64") return btoa(String.fromCharCode(...digest));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The text with a bit 1, zeros, and its length in bits. */
function padded(text: Uint8Array): Uint8Array {
  const length = Math.ceil((text.length + 9) / 64) * 64;
  const bytes = new Uint8Array(length);
  bytes.set(text);
  bytes[text.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(length - 8, Math.floor(text.length / 0x20000000));
  view.setUint32(length - 4, (text.length << 3) >>> 0);
  return bytes;
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function addBlock(state: Int32Array, words: Int32Array, view: DataView, start: number): void {
  for (let index = 0; index < 16; index++) words[index] = view.getInt32(start + index * 4);
  for (let index = 16; index < 64; index++) {
    const [early, late] = [words[index - 15], words[index - 2]];
    const first = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const second = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words[index] = words[index - 16] + first + words[index - 7] + second;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let round = 0; round < 64; round++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const sigma = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + sigma + choice + ROUND_CONSTANTS[round] + words[round]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] += word;
}
