import { describe, expect, test } from "vitest";
// @ts-expect-error: the scripts of tests/bench run as they are, without types
import { compareResults, compareTables } from "./differences.mjs";
// @ts-expect-error: the scripts of tests/bench run as they are, without types
import { findExpected, matches } from "./expected.mjs";

type Found = { kind: string; file: string; column?: string; cells?: number };

const result = (files: Readonly<Record<string, string>>, more: object = {}) => ({
  code: 0,
  stdout: "",
  stderr: "",
  files: new Map(Object.entries(files)),
  ...more,
});

const dataPackage = (...fields: object[]) =>
  JSON.stringify({
    resources: [{ path: "annual.csv", schema: { fields, primaryKey: ["year"] } }],
    gigafleet: { version: String(fields.length) },
  });

describe("tables", () => {
  test("say how many cells of a column differ, and where they are furthest apart", () => {
    const old = "year,cost_usd,chips\n2026,100,1\n2027,1000,2\n2028,8,3\n";
    const now = "year,cost_usd,chips\n2026,101,1\n2027,1000,2\n2028,10,3\n";
    expect(compareTables("annual.csv", old, now, ["year"])).toEqual([
      {
        ...{ kind: "cells", file: "annual.csv", column: "cost_usd", cells: 2, of: 3 },
        // 2 of 10; of 1000, the largest of the column, 0.002.
        ...{ relative: 0.2, ofLargest: 0.002, where: "2028", old: "8", new: "10" },
      },
    ]);
  });

  test("match rows by their keys, and tell those of one table alone and another order", () => {
    const old = "site,month,mw\na,1,5\nb,1,6\nc,1,7\n";
    const now = "site,month,mw\nc,1,7\na,1,5\nd,1,8\n";
    expect(compareTables("sites.csv", old, now, ["site", "month"])).toEqual([
      { kind: "rows", file: "sites.csv", what: "1 of 3 rows are gone, such as b 1" },
      { kind: "rows", file: "sites.csv", what: "1 of 3 rows are new, such as d 1" },
      { kind: "rows", file: "sites.csv", what: "rows stand in another order" },
    ]);
  });

  test("without keys match rows by the first column of texts, else by place", () => {
    const ranked = compareTables("a.csv", "rank,input\n1,x\n2,y\n", "rank,input\n1,y\n2,x\n");
    expect(ranked.map(({ kind, column, cells }: Found) => [kind, column, cells])).toEqual([
      ["rows", undefined, undefined],
      ["cells", "rank", 2],
    ]);
    expect(compareTables("a.csv", "x,y\n1,2\n3,4\n", "x,y\n1,2\n3,5\n")).toMatchObject([
      { column: "y", where: "row 2", cells: 1 },
    ]);
  });

  test("tell columns that came and went, and compare the others by name", () => {
    const found = compareTables("a.csv", "x,y,z\n1,2,3\n", "z,w,x\n3,9,1\n");
    expect(found).toEqual([
      { kind: "column", file: "a.csv", column: "y", what: "is gone" },
      { kind: "column", file: "a.csv", column: "w", what: "is new" },
      { kind: "column", file: "a.csv", what: "columns stand in another order" },
    ]);
  });

  test("name the figure of a table that has a row a figure", () => {
    const [one] = compareTables("summary.csv", "metric,value\nx_usd,1\n", "metric,value\nx_usd,2\n", [
      "metric",
    ]);
    expect(one).toMatchObject({ column: "x_usd: value", relative: 0.5 });
  });

  test("read quoted cells with commas, quotes and ends of lines", () => {
    const old = 'name,text,value\na,"x, ""y""\nz",1\n';
    const [one, ...others] = compareTables("a.csv", old, old.replace(",1\n", ",\n"), ["name"]);
    expect(others).toEqual([]);
    // A number that went is no relative difference that an entry of the list could allow.
    expect(one).toMatchObject({ column: "value", old: "1", new: "", relative: Number.POSITIVE_INFINITY });
  });

  test("differ where bytes differ that no cell shows", () => {
    expect(compareTables("a.csv", "x\n1\n", 'x\n"1"\n')).toEqual([
      { kind: "text", file: "a.csv", where: "line 2", old: "1", new: '"1"' },
    ]);
  });
});

describe("results", () => {
  test("alike say nothing, whatever version and hashes the data package has", () => {
    const year = { name: "year", type: "year", description: "x" };
    const old = dataPackage(year);
    expect(compareResults(result({ "datapackage.json": old }), result({ "datapackage.json": old }))).toEqual(
      [],
    );
    const later = old.replace('"version":"1"', '"version":"2"');
    expect(
      compareResults(result({ "datapackage.json": old }), result({ "datapackage.json": later })),
    ).toEqual([]);
  });

  test("tell tables of one program alone, and units and texts of columns that differ", () => {
    const mw = { name: "power", type: "number", unit: "MW", description: "Power" };
    const files = { "datapackage.json": dataPackage(mw), "a.csv": "x\n1\n" };
    const later = {
      "datapackage.json": dataPackage({ ...mw, unit: "kW", description: "Load" }),
      "b.csv": "x\n",
    };
    expect(compareResults(result(files), result(later))).toEqual([
      { kind: "column", file: "datapackage.json", column: "annual.csv: power", what: "unit MW → kW" },
      { kind: "words", file: "datapackage.json", column: "annual.csv: power", old: "Power", new: "Load" },
      { kind: "file", file: "a.csv", what: "only the old program writes it" },
      { kind: "file", file: "b.csv", what: "only the new program writes it" },
    ]);
  });

  test("tell faults apart from their words", () => {
    const fault = "error[unknown-key]: unknown key `dela`\n  --> a.yaml:3:1\n";
    const reworded = fault.replace("unknown key", "there is no key");
    const kinds = (one: string, other: string) =>
      compareResults(result({}, { stderr: one }), result({}, { stderr: other })).map(
        ({ kind }: Found) => kind,
      );
    expect(kinds(fault, reworded)).toEqual(["words"]);
    expect(kinds(fault, fault.replace("3:1", "4:1"))).toEqual(["faults", "words"]);
    expect(kinds(fault, "")).toEqual(["faults", "words"]);
  });

  test("of another exit code are compared no further", () => {
    const found = compareResults(
      result({ "a.csv": "x\n" }),
      result({}, { code: 70, stderr: "internal error\n" }),
    );
    expect(found.map(({ kind, file }: Found) => [kind, file])).toEqual([
      ["exit", "messages"],
      ["words", "messages"],
    ]);
  });
});

describe("the list of what is meant", () => {
  const cell = {
    kind: "cells",
    command: "run",
    case: "run starter",
    file: "annual.csv",
    column: "a_usd",
    relative: 1e-13,
  };

  test("allows what matches all that an entry says", () => {
    const allows = (entry: object) => findExpected([entry], cell) !== undefined;
    expect(allows({ command: "run", column: "*_usd" })).toBe(true);
    expect(allows({ command: "run", column: "*_mw" })).toBe(false);
    expect(allows({ case: "run st*er", within: 1e-12 })).toBe(true);
    expect(allows({ case: "run st*er", within: 1e-14 })).toBe(false);
    const dust = { ...cell, relative: 1, ofLargest: 1e-14 };
    expect(findExpected([{ kind: "cells", ofLargest: 1e-12 }], dust)).toBeDefined();
    expect(findExpected([{ kind: "cells", ofLargest: 1e-15 }], dust)).toBeUndefined();
    // A number that came or went is no small difference.
    const came = { ...dust, relative: Number.POSITIVE_INFINITY, ofLargest: 0 };
    expect(findExpected([{ kind: "cells", ofLargest: 1e-12 }], came)).toBeUndefined();
    expect(findExpected([{ file: "annual.csv", within: 1 }], { ...cell, kind: "column" })).toBeUndefined();
  });

  test("takes signs of patterns as they are", () => {
    expect(matches("a.b", "axb")).toBe(false);
    expect(matches("(a+)*", "(a+) and more")).toBe(true);
  });
});
