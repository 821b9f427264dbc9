import { expect, test } from "vitest";
import { CODES, type CodeEntry, findCode } from "../../src/diagnostics/codes.ts";

const entries = Object.entries(CODES) as [string, CodeEntry][];

test.each(entries)("%s has a headline, an explanation and a remedy", (code, entry) => {
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  const values = Object.fromEntries(entry.values.map((name) => [name, `<${name}>`]));
  for (const filled of [values, { ...values, path: "sites.oregon" }]) {
    const headline = entry.headline(filled);
    expect(headline).not.toBe("");
    expect(headline).not.toMatch(/undefined|\?|\.$|\n/);
    for (const name of entry.values) expect(headline, `value ${name}`).toContain(`<${name}>`);
  }
  expect(entry.explanation).toMatch(/^[A-Z][\s\S]+\.$/);
  expect(entry.remedy).toMatch(/^[A-Z][\s\S]+\.$/);
});

test("only codes are found, not what every object inherits", () => {
  expect(findCode("unit-mismatch")?.severity).toBe("error");
  expect(findCode("unused-site")?.severity).toBe("warning");
  for (const word of ["constructor", "__proto__", "toString", "E0107", ""])
    expect(findCode(word)).toBeUndefined();
});
