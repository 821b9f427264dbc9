import { describe, expect, test } from "vitest";
import { toCsv } from "../../src/export/csv.ts";
import type { Column, Table } from "../../src/metrics/table.ts";

function tableOf(...columns: (Partial<Column> & Pick<Column, "values">)[]): Table {
  return {
    name: "t",
    text: "A table.",
    columns: columns.map((column, index) => ({
      name: `c${index + 1}`,
      type: "string",
      text: "A column.",
      ...column,
    })),
    rowCount: columns[0]?.values.length ?? 0,
    primaryKey: ["c1"],
  };
}

const numbers = (...values: number[]) => ({ type: "number" as const, values: Float64Array.from(values) });

describe("CSV", () => {
  test("has one header row, line feeds and no blank at the end but the last line's", () => {
    expect(toCsv(tableOf({ values: ["a", "b"] }, numbers(1, 2)))).toBe("c1,c2\na,1\nb,2\n");
  });

  test("of a table without rows is its header", () => {
    expect(toCsv(tableOf({ values: [] }))).toBe("c1\n");
  });

  test("leaves null empty", () => {
    expect(toCsv(tableOf({ values: [null, "b"] }, { values: [1, null] }))).toBe("c1,c2\n,1\nb,\n");
  });

  test("quotes delimiters, quotes and line ends", () => {
    expect(toCsv(tableOf({ values: ["a,b", 'say "x"', "two\nlines"] }))).toBe(
      'c1\n"a,b"\n"say ""x"""\n"two\nlines"\n',
    );
    expect(toCsv(tableOf({ values: ["a,b", "a;b"] }), { delimiter: ";" })).toBe('c1\na,b\n"a;b"\n');
    expect(toCsv(tableOf({ values: ["a\tb"] }, numbers(1)), { delimiter: "\t" })).toBe('c1\tc2\n"a\tb"\t1\n');
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1"])(
    "puts an apostrophe before the text %j",
    (text) => {
      expect(toCsv(tableOf({ values: [text] }))).toMatch(/^c1\n"?'/);
    },
  );

  test("leaves negative numbers as they are", () => {
    expect(toCsv(tableOf(numbers(-1.5, -2e-9)))).toBe("c1\n-1.5\n-2e-9\n");
  });

  test("writes the shortest decimals that read back to the same number", () => {
    const values = [0.1 + 0.2, 1 / 3, 123456789.125, 5e-324, 1.7976931348623157e308];
    const written = toCsv(tableOf(numbers(...values)))
      .split("\n")
      .slice(1, -1);
    expect(written.map(Number)).toEqual(values);
    expect(toCsv(tableOf(numbers(-0, 1e21, 123e18)))).toBe("c1\n0\n1e21\n123000000000000000000\n");
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d as a fault of ours", (value) => {
    expect(() => toCsv(tableOf(numbers(1, value)))).toThrow("a table holds");
  });

  test("refuses a column of another length", () => {
    expect(() => toCsv(tableOf({ values: ["a"] }, numbers(1, 2)))).toThrow("t.c2 has 2 of 1 rows");
  });

  test("starts with a byte order mark where it is asked for", () => {
    expect(toCsv(tableOf({ values: ["ä"] }), { bom: true })).toBe("\ufeffc1\nä\n");
  });
});
