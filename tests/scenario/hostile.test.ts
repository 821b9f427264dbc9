import fc from "fast-check";
import { expect, test } from "vitest";
import { hasErrors } from "../../src/diagnostics/diagnostic.ts";
import type { LoadResult } from "../../src/scenario/load.ts";
import { loadCatalog } from "../../src/scenario/load-catalog.ts";
import { faultsOf, load, scenarioText } from "./load-files.ts";

const BASE_TEXT = scenarioText({
  more: [
    "let: { share: 40 % to 60 %, table: { 2026-01: 1 month } }",
    "defaults: { fleets: { life: 5 years } }",
    "overrides: { late: { sites.east.delay: 24 months }, mixed: { fleets: { first: { chip: null, mix: { gb300: share, trainium4: rest } } } } }",
    "scenarios: { both: [late, mixed] }",
    "money: { inflation: { value: 2 % to 3 %, quality: assumed } }",
    "",
  ].join("\n"),
});

/** Pieces that mean something to YAML, to expressions or to JavaScript. */
const pieces = [
  ...[
    "\t",
    "\n",
    "  ",
    "- ",
    ": ",
    "? ",
    "#",
    "&a ",
    "*a",
    "<<: *a",
    "!!js/function ",
    "|",
    ">",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
  ],
  ...[
    "null",
    "~",
    "true",
    "rest",
    "2026-01",
    "2026-13",
    "1e999",
    "-1",
    "0x10",
    ".nan",
    "%",
    "$",
    "1 / 0",
    "between(1, 2)",
    "to",
    "(",
    ")",
    "import('fs')",
  ],
  ...[
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "value",
    "csv",
    "extends",
    "mix",
    "share",
    "deliver",
    "p5",
    "distribution",
  ],
  ...["\u0000", "\u202e", "\ud800", "\ufeff", "é", "😀"],
];

/** The scenario with some pieces cut out and others put in. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat(BASE_TEXT.length),
      cut: fc.nat(12),
      put: fc.oneof(
        fc.constantFrom(...pieces),
        fc.string({ maxLength: 6 }),
        fc.constantFrom(...BASE_TEXT.split("\n")),
      ),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((edits) =>
    edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), BASE_TEXT),
  );

function expectReadOrRefused({ scenario, diagnostics }: LoadResult): void {
  expect(scenario === undefined).toBe(hasErrors(diagnostics));
}

test("a mutated scenario is read or refused, with places inside the files, and never throws", () => {
  fc.assert(
    fc.property(mutated, (text) => {
      const result = load(text, { scenario: "both", sets: ["fleets.first.life=4 years"] });
      expectReadOrRefused(result);
      for (const { span, path } of result.diagnostics) {
        // Only names on the command line and files have neither path nor place.
        expect(span === undefined && path !== undefined).toBe(false);
        if (!span) continue;
        const lines = (result.sources.get(span.file) ?? "").replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
        expect(span.line).toBeLessThanOrEqual(Math.max(1, lines.length));
        expect(span.column).toBeLessThanOrEqual((lines[span.line - 1] ?? "").length + 1);
        expect(span.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 120, seed: 20260103 },
  );
}, 60_000);

test("a mutated catalog, CSV or --set never throws", () => {
  fc.assert(
    fc.property(
      mutated,
      fc.string(),
      fc.oneof(fc.string(), fc.constantFrom(...pieces)),
      (text, csv, piece) => {
        const sites = scenarioText().replace("power: 1 GW", "power: { csv: p.csv, column: b, unit: GW }");
        expectReadOrRefused(load({ "a.yaml": sites, "p.csv": `month,b\n2026-01,1${piece}\n${csv}` }));
        expectReadOrRefused(
          load(scenarioText(), {
            sets: [piece, `sites.${piece}=${csv}`, `sites.east.pue=${piece}`],
            overrides: [piece],
            scenario: piece,
          }),
        );
        loadCatalog({ catalog: ["a"], read: () => text });
      },
    ),
    { numRuns: 75, seed: 20260104 },
  );
}, 60_000);

test("nothing that is read reaches the prototype of objects", () => {
  const before = Object.getOwnPropertyNames(Object.prototype).length;
  for (const key of ["__proto__", "constructor", "prototype"]) {
    const text = scenarioText({
      more: `${key}: { polluted: 1 }\nlet: { ${key}: 1 }\noverrides: { ${key}: { sites.${key}.pue: 2 } }\n`,
    });
    const result = load(text, {
      sets: [`${key}.polluted=1`, `sites.${key}.pue=1`, `sites.east={${key}: {polluted: 1}}`],
      overrides: [key],
      scenario: key,
    });
    expect(result.scenario).toBeUndefined();
    expect(faultsOf(result).filter((fault) => fault.includes("unsafe-key")).length).toBeGreaterThanOrEqual(3);
  }
  // Names that objects have, but that mean nothing to JavaScript, are names like others, or unknown.
  const inherited = load(scenarioText({ more: "overrides: { x: { toString.a: 1 } }\n" }), {
    overrides: ["valueOf"],
    scenario: "toString",
  });
  expect(faultsOf(inherited).map((fault) => fault.split(" ")[1])).toEqual([
    "unknown-key",
    "unknown-override",
    "unknown-scenario",
  ]);
  expect(Object.getOwnPropertyNames(Object.prototype).length).toBe(before);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("very many entities are answered, each with its faults", () => {
  const count = 1_500;
  const many = (line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join("");
  const texts = [
    scenarioText({ more: `chips:\n${many((index) => `  c${index}: {}\n`)}` }),
    scenarioText({ more: many((index) => `  f${index}: { site: nowhere${index} }\n`) }),
    scenarioText({
      more: `let:\n${many((index) => `  n${index}: ${index > 0 ? `n${index - 1} + 1` : "1"}\n`)}`,
    }),
    scenarioText({
      more: `overrides:\n  x:\n${many((index) => `    sites.s${index}.pue: 1\n`)}  y:\n${many((index) => `    sites.s${index}.pue: 1\n`)}scenarios: { both: [x, y] }\n`,
    }),
    scenarioText({ more: many((index) => `unknown${index}: 1\n`) }),
    scenarioText().replace(
      "power: 1 GW",
      `power:\n${many((index) => `      ${1000 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}: 1 GW\n`)}`,
    ),
  ];
  const answers = texts.map((text) => {
    const { scenario, diagnostics } = load(text);
    const codes = [...new Set(diagnostics.map(({ code }) => code))].sort().join(" ");
    return `${scenario ? "read" : "refused"} ${diagnostics.length} ${codes}`.trim();
  });
  expect(answers).toEqual([
    "read 0",
    // A fleet without chip, size and delivery, at a site that does not exist.
    `refused ${4 * count} missing-field unknown-reference`,
    "read 1 unused-name",
    `refused ${count} duplicate-override`,
    `refused ${count} unknown-key`,
    "refused 1 out-of-range",
  ]);
});
