/** Every word that may stand in a scenario is explained; the JSON Schema lists the keys by a walk of its own. */

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { explainCommand } from "../../src/cli/commands/explain.ts";
import type { Environment } from "../../src/cli/io/command.ts";
import { listCatalogFiles, readText } from "../../src/node/package-files.ts";
import { type JsonSchema, makeJsonSchema } from "../../src/scenario/describe/json-schema.ts";
import { LANGUAGE_WORDS } from "../../src/scenario/describe/language-words.ts";
import { FIELDS } from "../../src/scenario/fields/index.ts";
import { clocks, functionNames } from "../../src/scenario/language/language.ts";
import { loadScenario } from "../../src/scenario/load.ts";
import { faultsOf, load, scenarioText } from "../scenario/load-files.ts";
import { makeFolder } from "./gigafleet.ts";

afterEach(() => vi.restoreAllMocks());

const root = fileURLToPath(new URL("../..", import.meta.url));
const shipped = { scenariosFolder: path.join(root, "scenarios") } as Environment;

/** A package with an empty catalog, which is read at once. */
const emptyFolder = makeFolder();
fs.mkdirSync(path.join(emptyFolder, "catalog"));
const withoutCatalog = { scenariosFolder: emptyFolder } as Environment;

/** What the command prints. */
function explain(name: string, files = withoutCatalog): string {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  void explainCommand.execute({ name }, files);
  const text = write.mock.calls.map(([piece]) => String(piece)).join("");
  write.mockRestore();
  return text;
}

/** Keys of all `properties` in a schema, wherever they stand. */
function keysOf(schema: JsonSchema): readonly string[] {
  return Object.entries(schema).flatMap(([key, value]) => {
    if (typeof value !== "object" || value === null) return [];
    const own = key === "properties" ? Object.keys(value) : [];
    return [...own, ...keysOf(value as JsonSchema)];
  });
}

const keys = [...new Set(keysOf(makeJsonSchema()))];

test("the schema has the keys of fields, sections, sources, tables in files and distributions", () => {
  for (const key of ["fleets", "pue_design", "mixes", "at_least", "currency_year", "column", "share"])
    expect(keys).toContain(key);
});

test.each(keys)("the key `%s` is explained", (key) => {
  expect(explain(key)).toMatch(new RegExp(`^(.*\\.)?${key}(\\.\\*)? \\(`, "m"));
});

test.each([
  ...functionNames,
  ...clocks,
  ...["discrete", "to", "rest", "and", "or", "not", "null", "thousand", "million", "billion", "trillion"],
])("the word `%s` is explained", (word) => {
  expect(explain(word)).toMatch(new RegExp(`^${word} \\(`, "m"));
});

// A field of each unit that the examples are written in; their dates lie in the horizon.
const fieldOfUnit = [
  [/ MW/, "sites.east.power"],
  [/months/, "sites.east.delay"],
  [/%/, "provider.discount_rate"],
] as const;

test.each(LANGUAGE_WORDS.filter(({ kind }) => kind === "key of a distribution" || kind === "distribution"))(
  "the example of `$word` can be read",
  ({ word, example }) => {
    const field = fieldOfUnit.find(([unit]) => unit.test(example))?.[1];
    expect(example).toContain(word);
    expect(faultsOf(load(scenarioText(), { sets: [`${field}=${example}`] }))).toEqual([]);
  },
);

test.each(LANGUAGE_WORDS.filter(({ kind }) => kind === "name in an expression"))(
  "the example of `$word` can be read",
  ({ word, example }) => {
    expect(example).toContain(word);
    expect(faultsOf(load(scenarioText(), { sets: [`sites.east.power=${example}`] }))).toEqual([]);
  },
);

const choices = [...new Set(FIELDS.flatMap(({ kind, choices: all = [] }) => (kind === "choice" ? all : [])))];

test.each(choices)("the choice `%s` is explained by the fields that take it", (choice) => {
  expect(explain(choice)).toContain(`${choice} (choice)\n`);
});

test("a path to a section says what it holds, and a word that is none is refused with near ones", () => {
  expect(explain("fleets.first.procurement")).toContain("fleets.*.procurement (section)\n");
  const loans = explain("debt");
  expect(loans).toMatch(/`gigafleet explain 'debt\.\*\.\w+'` explains a key/);
  expect(loans).toMatch(/holds +names of your choice\n +each with +[\s\S]*share, amount, rate/);
  expect(explain("money.rates.EUR")).toContain("example   NAME: 1.08 USD/EUR");
  expect(explain("at_most")).toContain("example  { p5: 32 %, p95: 50 %, at_most: 100 % }");
  expect(() => explain("at_moost")).toThrow("similar: `at_most`");
});

test("the default that is stated is the one that a run takes: the catalog's, else that of the table of fields", () => {
  const text = `schema_version: 1\nstart: 2027-01\nsites: { a: { power: 1 GW } }\nfleets: { f: { chip: gb300, site: a, size: 1000 chips, deliver: { at: 2027-03 } } }\n`;
  const read = (file: string) => (file === "plan.yaml" ? text : readText(file));
  const { scenario } = loadScenario({ path: "plan.yaml", catalog: listCatalogFiles(shipped), read });
  for (const [name, path] of [
    ["fleets.*.life", "fleets.f.life"],
    ["provider.discount_rate", "provider.discount_rate"],
    ["sites.*.electricity", "sites.a.electricity"],
    ["fleets.*.commissioning", "fleets.f.commissioning"],
  ] as const) {
    const used = scenario?.fields.get(path)?.text ?? "none";
    const stated = / default +(.*(?:\n {12,}.*)*)/.exec(explain(name, shipped))?.[1] ?? "";
    expect(stated.replace(/\s+/g, " ").trim()).toBe(used);
  }
});
