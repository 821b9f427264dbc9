import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { packed } from "../../src/workbook/archive.ts";
import { ByteText } from "../../src/workbook/byte-text.ts";

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

test("pieces may be of any length and stand in one memory, and zlib reads what they become", () => {
  const word = fc.constantFrom("<c r=", "><f>SUM(A1:A9)</f><v>", "0.1", "12345678", "</v></c>", "é");
  fc.assert(
    fc.property(fc.array(fc.array(word, { maxLength: 400 }), { maxLength: 6 }), (pieces) => {
      const memory = new Uint8Array(400 * 30);
      function* given() {
        for (const words of pieces)
          yield memory.subarray(0, new TextEncoder().encodeInto(words.join(""), memory).written);
      }
      const archive = Buffer.concat([...packed([{ name: "a", pieces: given() }])]);
      // The header of a file: 30 bytes, its name, what follows it.
      const text = inflateRawSync(archive.subarray(30 + archive.readUInt16LE(26) + archive.readUInt16LE(28)));
      expect(text.toString()).toBe(pieces.flat().join(""));
    }),
    { numRuns: 60 },
  );
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
