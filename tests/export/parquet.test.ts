import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { parquetPieces } from "../../src/export/parquet.ts";
import type { Table } from "../../src/metrics/table.ts";

const rowCount = 150_000;

/** More rows than a group holds, with doubles that 15 digits would change, an empty cell and a text. */
const table: Table = {
  name: "trials",
  text: "Every trial.",
  columns: [
    {
      name: "trial",
      type: "integer",
      text: "Number.",
      values: Array.from({ length: rowCount }, (_, index) => index),
    },
    {
      name: "chips.a.price",
      type: "number",
      unit: "USD",
      text: "Draw.",
      values: Float64Array.from({ length: rowCount }, (_, index) => (0.1 + index) / 3),
    },
    {
      name: "payback",
      type: "number",
      unit: "months",
      text: "Result.",
      values: Array.from({ length: rowCount }, (_, index) => (index % 3 === 0 ? null : -index)),
    },
    {
      name: "when",
      type: "string",
      text: "Month; “=1+1”.",
      values: Array.from({ length: rowCount }, () => "=1+1 ü"),
    },
  ],
  rowCount,
  primaryKey: ["trial"],
};

const write = (of: Table) => new Uint8Array(Buffer.concat([...parquetPieces(of)]));

describe("Parquet", () => {
  test("reads back every number exactly, empty cells as null, and texts as they are", async () => {
    const file = write(table).buffer as ArrayBuffer;
    const rows = await parquetReadObjects({ file, rowStart: 65_530, rowEnd: 65_545 });
    expect(rows).toHaveLength(15);
    for (const [offset, row] of rows.entries()) {
      const index = 65_530 + offset;
      expect(row).toEqual({
        trial: index,
        "chips.a.price": (0.1 + index) / 3,
        payback: index % 3 === 0 ? null : -index,
        when: "=1+1 ü",
      });
    }
  });

  test("holds units and meanings in its metadata, and all rows in groups", () => {
    const {
      num_rows,
      row_groups,
      key_value_metadata = [],
    } = parquetMetadata(write(table).buffer as ArrayBuffer);
    expect(Number(num_rows)).toBe(rowCount);
    expect(row_groups).toHaveLength(3);
    const facts = JSON.parse(key_value_metadata.find(({ key }) => key === "gigafleet")?.value ?? "");
    expect(facts.columns[1]).toEqual({ name: "chips.a.price", unit: "USD", text: "Draw." });
  });

  test("is the same bytes for the same table", () => {
    expect(Buffer.compare(write(table), write(table))).toBe(0);
  });

  test("of no rows is a file with columns", async () => {
    const empty = {
      ...table,
      rowCount: 0,
      columns: table.columns.map((column) => ({ ...column, values: [] })),
    };
    const file = write(empty).buffer as ArrayBuffer;
    expect(parquetMetadata(file).schema.map(({ name }) => name)).toContain("payback");
    expect(await parquetReadObjects({ file })).toEqual([]);
  });
});
