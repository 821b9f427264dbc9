import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { packed } from "../../src/workbook/archive/archive.ts";
import { crcOf } from "../../src/workbook/archive/crc.ts";
import { Deflate } from "../../src/workbook/archive/deflate.ts";
import { ByteText } from "../../src/workbook/byte-text.ts";

/** Bytes compressed in pieces that end at the given places. */
function deflated(bytes: Uint8Array, ends: readonly number[] = [], mostBase?: number): Uint8Array {
  const deflate = new Deflate(mostBase);
  const places = [0, ...ends, bytes.length];
  const pieces = places.slice(1).map((end, index) => deflate.push(bytes.slice(places[index], end)));
  return Buffer.concat([...pieces, deflate.end()]);
}

const inflated = (bytes: Uint8Array) => new Uint8Array(inflateRawSync(bytes));

/** Bytes that do not repeat. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  });
}

describe("texts are compressed as other programs read them", () => {
  test.each([
    ["nothing", new Uint8Array(0)],
    ["a byte", new Uint8Array([200])],
    ["seven bytes, too few to repeat", new TextEncoder().encode("abcabca")],
    // Repetitions of every length that is allowed and longer ones, of what stands right before.
    ["one byte a hundred thousand times", new Uint8Array(100_000).fill(7)],
    [
      "rows that differ in a number",
      new TextEncoder().encode(
        Array.from({ length: 9000 }, (_, row) => `<c r="A${row}"><v>${row / 7}</v>`).join(""),
      ),
    ],
    ["noise", noise(70_000)],
  ])("%s", (_, bytes) => {
    const compressed = deflated(bytes);
    expect(Buffer.compare(inflated(compressed), bytes)).toBe(0);
    expect(compressed.length).toBeLessThanOrEqual((bytes.length * 9) / 8 + 3);
  });

  test("what comes again 32,768 bytes later is a repetition, and a byte later it is not, as the format has no code for it", () => {
    const [near, far] = [32_768, 32_769].map((distance) => {
      const bytes = noise(distance + 1000);
      bytes.copyWithin(distance, 0, 1000);
      const compressed = deflated(bytes);
      expect(Buffer.compare(inflated(compressed), bytes)).toBe(0);
      return compressed.length;
    });
    expect(far).toBeGreaterThan(near + 900);
  });

  test("in pieces of any length", () => {
    const word = fc.constantFrom("<c r=", "><f>SUM(A1:A9)</f><v>", "0.1", "12345678", "</v></c>", "é");
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 400 }),
        fc.array(fc.nat(4000), { maxLength: 6 }),
        (words, cuts) => {
          const bytes = new TextEncoder().encode(words.join(""));
          const ends = cuts.map((cut) => Math.min(cut, bytes.length)).sort((one, other) => one - other);
          expect(Buffer.compare(inflated(deflated(bytes, ends)), bytes)).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a text of gigabytes, whose places are counted anew, as any other", () => {
    const text = Array.from({ length: 40_000 }, (_, row) => `<c r="A${row}"><v>${row % 7}</v>`).join("");
    const bytes = new TextEncoder().encode(text);
    const [anew, once] = [200_000, undefined].map((mostBase) => deflated(bytes, [1000, 300_000], mostBase));
    expect(Buffer.compare(inflated(anew as Uint8Array), bytes)).toBe(0);
    expect(anew?.length).toBeLessThan(1.05 * (once?.length ?? 0));
  });

  test("rows become a fifth of their size", () => {
    const rows = Array.from(
      { length: 5000 },
      (_, row) => `<c r="AB${row}" s="12"><f>Monthly!C${row}*in_sites_own_pue</f><v>${row}</v></c>`,
    );
    const bytes = new TextEncoder().encode(rows.join(""));
    expect(deflated(bytes).length).toBeLessThan(bytes.length / 5);
  });
});

test("the CRC of an archive is the one of its standard, in one go or in pieces", () => {
  const bytes = new TextEncoder().encode("123456789");
  // The check value that catalogues of checksums give.
  expect(crcOf(bytes)).toBe(0xcbf43926);
  expect(crcOf(new Uint8Array(0))).toBe(0);
  const long = Uint8Array.from({ length: 1000 }, (_, at) => (at * at) & 255);
  for (const cut of [0, 1, 7, 8, 9, 500, 999, 1000])
    expect(crcOf(long.subarray(cut), crcOf(long.subarray(0, cut)))).toBe(crcOf(long));
});

test("an archive gives its files back, empty ones and those with other letters too", () => {
  const files = { "a.xml": "<a/>", "empty.txt": "", "große/Datei.xml": "ä".repeat(100_000) };
  const parts = Object.entries(files).map(([name, text]) => ({
    name,
    pieces: [new TextEncoder().encode(text)],
  }));
  const found = unzipSync(Buffer.concat([...packed(parts)]));
  for (const [name, text] of Object.entries(files)) expect(new TextDecoder().decode(found[name])).toBe(text);
  expect(Object.keys(found)).toEqual(Object.keys(files));
});

test("numbers are written as JavaScript writes them", () => {
  const numbers = [
    0, -0, 1, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 1e9, 123_456_789_012, -1, -25, 0.1, 1e-7, 1.5e300,
  ];
  const text = new ByteText(4);
  for (const number of [...numbers, 1 / 3, -1 / 3, Number.MAX_SAFE_INTEGER]) {
    text.addNumber(number);
    expect(new TextDecoder().decode(text.take())).toBe(String(number));
  }
});
