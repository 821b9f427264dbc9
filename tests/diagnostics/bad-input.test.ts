/** Bad input of every kind, in every field: refused with its place, and without a trace. */

import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isSafeName } from "../../src/cli/io/safe-name.ts";
import { hasErrors } from "../../src/diagnostics/diagnostic.ts";
import type { FieldSpec } from "../../src/scenario/fields/field.ts";
import { FIELDS } from "../../src/scenario/fields/index.ts";
import type { LoadInput } from "../../src/scenario/load.ts";
import { faultsOf, load, loaded } from "../scenario/load-files.ts";

const base = fs.readFileSync(fileURLToPath(new URL("cases/base.yaml", import.meta.url)), "utf8");

/** The scenario without fault and a fleet that is a mix, so that every field of the table has a place. */
const text = `${base}  second: { mix: { tiny: 100 % }, site: hall, size: 100 kW, deliver: { at: 2027-03 } }\n`;

/** Loads the scenario without fault with changes from the command line. */
function withSets(...sets: string[]) {
  return load(text, { catalog: [], sets });
}

/** A path with names of the scenario in the place of stars. */
function pathOf({ path }: FieldSpec): string | undefined {
  const named = path
    .replace("fleets.*.mix.*", "fleets.second.mix.tiny")
    .replace("chips.*", "chips.tiny")
    .replace("sites.*", "sites.hall")
    .replace("fleets.*", "fleets.first");
  return named.includes("*") ? undefined : named;
}

const quantities = FIELDS.filter(({ kind }) => kind === "quantity" || kind === "share").flatMap((spec) => {
  const path = pathOf(spec);
  return path === undefined ? [] : [{ path, spec }];
});

function codesAt(path: string, value: string): string[] {
  return withSets(`${path}=${value}`)
    .diagnostics.filter((one) => one.path === path && one.severity === "error")
    .map(({ code }) => code);
}

test("the scenario that is made bad is good", () => {
  expect(faultsOf(withSets())).toEqual([]);
  expect(quantities.length).toBeGreaterThan(50);
});

/** Values that a field cannot take, each with the codes it may be refused with. */
function badValuesOf({
  kind,
  dimensions,
  range,
}: FieldSpec): (readonly [value: string, codes: readonly string[]])[] {
  const isPlain = kind === "share" || dimensions?.some((name) => ["fraction", "number"].includes(name));
  const unit = isPlain ? "" : /^[\d.]+\s+(.*)$/.exec(range?.[0] ?? "")?.[1];
  return [
    [".nan", ["not-finite"]],
    [".inf", ["not-finite"]],
    ["-.inf", ["not-finite"]],
    ["1e999", ["not-finite"]],
    // No field takes an energy.
    ["5 MWh", ["unit-mismatch"]],
    ["plenty", ["invalid-expression", "unknown-name", "invalid-value"]],
    ["[1, 2]", ["invalid-type"]],
    ...(isPlain ? [] : [["5", ["missing-unit"]] as const]),
    ...(unit === undefined ? [] : [[`-99999999 ${unit}`.trim(), ["out-of-range"]] as const]),
  ];
}

/** Codes at each path where every field has a value that it cannot take, by value: one scenario for all of them. */
const codesOfAll = new Map<string, ReadonlyMap<string, readonly string[]>>();

function codesAmongAll(path: string, value: string): readonly string[] {
  let codes = codesOfAll.get(value);
  if (!codes) {
    const taking = quantities.filter(({ spec }) => badValuesOf(spec).some(([bad]) => bad === value));
    const { diagnostics } = withSets(...taking.map((one) => `${one.path}=${value}`));
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    codes = new Map(
      taking.map((one) => [
        one.path,
        errors.filter((error) => error.path === one.path).map(({ code }) => code),
      ]),
    );
    codesOfAll.set(value, codes);
  }
  return codes.get(path) ?? [];
}

test.each(quantities)("$path refuses what it cannot take", ({ path, spec }) => {
  for (const [value, codes] of badValuesOf(spec)) {
    const isRefused = ([code, ...others]: readonly string[]) =>
      code !== undefined && codes.includes(code) && others.length === 0;
    if (isRefused(codesAmongAll(path, value))) continue;
    // A fault of another field may keep it from being looked at.
    const [code, ...others] = codesAt(path, value);
    expect(codes, `${value}: ${code}`).toContain(code);
    expect(others, value).toEqual([]);
  }
  expect(badValuesOf(spec).length).toBeGreaterThan(6);
});

test.each(["chips", "kW", "USD"])("a size below nothing is refused in %s", (unit) => {
  expect(codesAt("fleets.first.size", `-1 ${unit}`)).toEqual(["out-of-range"]);
});

describe("names of JavaScript's own", () => {
  const words = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];

  test.each(words)("%s is no chip, site, override, name or field", (word) => {
    const faults = [
      withSets(`fleets.first.chip=${word}`),
      withSets(`fleets.first.site=${word}`),
      withSets(`sites.hall.power=${word} * 1 MW`),
      withSets(`sites.hall.${word}=1`),
      withSets(`${word}.polluted=1`),
      load(text, { catalog: [], overrides: [word] }),
      load(text, { catalog: [], scenario: word }),
      load(`${text}${word}: { polluted: 1 }\n`, { catalog: [] }),
      load(`${text}let: { ${word}: 1 }\n`, { catalog: [] }),
    ];
    for (const fault of faults) expect(hasErrors(fault.diagnostics)).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe("size", () => {
  /** What grows without bound takes longer than a test may. */
  function codesOf(source: string, input: Partial<LoadInput> = {}) {
    return load(source, { catalog: [], ...input }).diagnostics.map(({ code }) => code);
  }

  test("10 MB of YAML are refused unread", () => {
    const row = `  site_0123456789: { power: 1 MW, pue: 1.1 }  # ${"x".repeat(57)}\n`;
    const sites = `sites:\n${row.repeat(Math.ceil(10e6 / row.length))}`;
    expect(sites.length).toBeGreaterThan(10e6);
    expect(codesOf(sites)).toEqual(["too-large"]);
  });

  test("4 MB of brackets, commas or anchors are refused", () => {
    for (const sign of ["[", ",", "&a "]) expect(codesOf(sign.repeat(4e6 / sign.length))).toHaveLength(1);
  });

  test("an alias bomb of twenty levels is refused", () => {
    const levels = Array.from({ length: 20 }, (_, level) => {
      const repeated = level === 0 ? "x" : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array.from({ length: 9 }, () => repeated).join(", ")}]`;
    });
    expect(codesOf(levels.join("\n"))).toEqual(["alias-bomb"]);
  });

  test("a chain of definitions as long as a file may hold is read without recursion", () => {
    const lets = Array.from({ length: 5000 }, (_, at) => `  n${at}: ${at === 0 ? "1" : `n${at - 1} + 1`}`);
    const result = load(`${text}let:\n${lets.join("\n")}\n`, {
      catalog: [],
      sets: ["sites.hall.power=n4999 * 1 kW"],
    });
    expect(faultsOf(result)).toEqual([]);
  });

  test("an expression cannot take long, whatever it asks for", () => {
    for (const expression of [
      "9^9^9^9",
      "1e308 * 1e308",
      "max(9^999, 1)",
      "round(1e300) ^ 5",
      "exp(exp(exp(9)))",
    ])
      expect(codesOf(text, { sets: [`sites.hall.pue=${expression}`] })).toEqual(["not-finite"]);
  });
});

describe("the name of a file", () => {
  test("is checked by a guard that refuses what is unsafe", () => {
    for (const name of ["..", ".", "", "a/b", "a\\b", ".hidden", "con", "nul.csv", "a b", "x".repeat(201)])
      expect(isSafeName(name), name).toBe(false);
  });

  test.each([
    "../../etc/passwd.yaml",
    "..yaml",
    ".yaml",
    "...",
    "con.yaml",
    "NUL.yaml",
    "a b$(rm -rf).yaml",
    "x/../../y.yaml",
    "C:\\temp\\z.yaml",
    `${"long".repeat(100)}.yaml`,
    "ünïcode\u202e.yaml",
  ])("%s becomes a folder inside the output folder", (path) => {
    const { slug } = loaded(text, { path, catalog: [], read: () => text });
    expect(slug).toMatch(/^[A-Za-z0-9_-]{1,110}$/);
    expect(slug).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/i);
    // The folder is named by it, and by a list of overrides behind a dot.
    expect([slug, `${slug}.${"l".repeat(64)}`].every(isSafeName)).toBe(true);
  });
});
