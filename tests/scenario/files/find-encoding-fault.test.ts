import { expect, test } from "vitest";
import { findEncodingFault } from "../../../src/scenario/files/find-encoding-fault.ts";

/** A text as a program reads it that takes every file for UTF-8. */
function misread(text: string, encoding: BufferEncoding, mark: readonly number[] = []): string {
  return Buffer.concat([Buffer.from(mark), Buffer.from(text, encoding)]).toString("utf8");
}

const bigEndian = (text: string): string => Buffer.from(text, "utf16le").swap16().toString("utf8");

const text = "schema_version: 1\nname: M\u00fcnchen\n";

test.each([
  ["Latin-1", misread(text, "latin1"), "an older encoding", 2, 8],
  ["UTF-16 with a mark", misread(text, "utf16le", [0xff, 0xfe]), "UTF-16", 1, 1],
  ["UTF-16 without a mark", misread(text, "utf16le"), "UTF-16", 1, 1],
  ["UTF-16, high byte first", bigEndian(`\ufeff${text}`), "UTF-16", 1, 1],
])("names %s, with the place", (_, read, got, line, column) => {
  const fault = findEncodingFault(read, "a.yaml");
  expect(fault?.code).toBe("invalid-encoding");
  expect(fault?.values.got).toContain(got);
  expect(fault?.span).toEqual({ file: "a.yaml", line, column, length: 1 });
});

test.each([
  ["UTF-8", text],
  ["UTF-8 with a mark", `\ufeff${text}`],
  ["a lone zero byte, which is a control character", "name: a\0b\n"],
])("accepts %s", (_, read) => {
  expect(findEncodingFault(read, "a.yaml")).toBeUndefined();
});
