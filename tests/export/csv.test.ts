import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
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

  test.each(["=1+1", "+A1", "-1+1", "-2 MW", "-1\n", "@SUM(A1)", "\tx", "＝1"])(
    "puts an apostrophe before the text %j",
    (text) => {
      expect(toCsv(tableOf({ values: [text] }))).toMatch(/^c1\n"?'/);
    },
  );

  test("leaves negative numbers as they are", () => {
    expect(toCsv(tableOf(numbers(-1.5, -2e-9)))).toBe("c1\n-1.5\n-2e-9\n");
  });

  test("writes draws in the shortest decimals that read back to the same number", () => {
    const values = [0.1 + 0.2, 1 / 3, 123456789.125, 5e-324, 1.7976931348623157e308];
    const written = toCsv({ ...tableOf(numbers(...values)), isExact: true })
      .split("\n")
      .slice(1, -1);
    expect(written.map(Number)).toEqual(values);
    expect(toCsv(tableOf(numbers(-0, 1e21, 123e18)))).toBe("c1\n0\n1e21\n123000000000000000000\n");
  });

  test("writes 15 digits, as many as a spreadsheet keeps, and no exponent from 1e-6 to 1e15", () => {
    const values = [0.1 + 0.2, 1 / 3, 1000.0000000000001, 999_999_999_999_999.9, 1.5e-6, 123456789012345680];
    expect(toCsv(tableOf(numbers(...values)))).toBe(
      "c1\n0.3\n0.333333333333333\n1000\n1000000000000000\n0.0000015\n123456789012346000\n",
    );
  });

  test("writes 0 for what rounding left of it in a column of a metric, and only there", () => {
    const dusty = [4000, 6.042109820598096e-10, -3e-11];
    const column = { ...numbers(...dusty), name: "chips_idle", unit: "chips" };
    expect(toCsv(tableOf(column))).toBe("chips_idle\n4000\n0\n0\n");
    expect(toCsv(tableOf(numbers(...dusty)))).toBe("c1\n4000\n6.0421098205981e-10\n-3e-11\n");
    expect(toCsv({ ...tableOf(column), isExact: true })).toContain("6.042109820598096e-10");
    // A column of small numbers alone keeps them.
    expect(toCsv(tableOf({ ...numbers(2e-9, 1e-9), name: "chips_idle" }))).toBe("chips_idle\n2e-9\n1e-9\n");
  });

  test("keeps the tokens of a workload in a column that holds the FLOP of another, without their dust", () => {
    const workload = { values: ["chat", "run", "chat", "chat"], name: "workload" };
    const work = { ...numbers(9e9, 7e25, 1e-5, 2e10), name: "demand_served_units", unit: "tokens or FLOP" };
    const rate = {
      ...numbers(1.4e6, 3e21, 0, 1e6),
      name: "rate_units_per_chip_hour",
      unit: "tokens or FLOP/chip-hour",
    };
    expect(
      toCsv(tableOf(workload, work, rate))
        .split("\n")
        .slice(1, -1),
    ).toEqual(["chat,9000000000,1400000", "run,7e25,3e21", "chat,0,0", "chat,20000000000,1000000"]);
  });

  test("writes a decimal comma where it is asked for, in numbers alone", () => {
    const table = tableOf({ values: ["1.5 MW", "2027.1"] }, numbers(-1.5, 1e-9));
    expect(toCsv(table, { delimiter: ";", decimal: "," })).toBe("c1;c2\n1.5 MW;-1,5\n2027.1;1e-9\n");
  });

  test.each(["-5 %", "-5", "+1.5e3", "-.5%"])("leaves the number %j of a text column as it is", (text) => {
    expect(toCsv(tableOf({ values: [text] }))).toBe(`c1\n${text}\n`);
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

  test.each([",", ";", "\t"] as const)(
    "writes texts as csv-stringify does, with the delimiter %j",
    (delimiter) => {
      const signs = [..."aZ0_ .:/-,;=+@|'\"\t\n\r\u00e9\uff1d"];
      const text = fc.string({ unit: fc.constantFrom(...signs), minLength: 1, maxLength: 4 });
      // A signed number is the exception, which another test has.
      const words = text.filter((one) => !/^[+-]\.?\d/.test(one));
      fc.assert(
        fc.property(words, (word) => {
          const quoted = stringify([[word]], { delimiter, record_delimiter: "\n", escape_formulas: true });
          expect(toCsv(tableOf({ values: [word] }), { delimiter })).toBe(`c1\n${quoted}`);
        }),
      );
    },
  );

  test("writes each row as it would stand alone, whatever is above it and however many rows begin alike", () => {
    const cell = fc.constantFrom(null, "", "a", "a,b", "0", 0, -0, 1, 1.5);
    const month = fc.constantFrom("2026-01", "2026-02", 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(month, cell, cell), { minLength: 1, maxLength: 12 }), (rows) => {
        const tableOfRows = (some: readonly (typeof rows)[number][]) =>
          toCsv(tableOf(...[0, 1, 2].map((column) => ({ values: some.map((row) => row[column]) }))));
        const alone = rows.map((row) => tableOfRows([row]).slice("c1,c2,c3\n".length));
        expect(tableOfRows(rows)).toBe(`c1,c2,c3\n${alone.join("")}`);
      }),
    );
  });
});
