// Writes src/units/unit-table.ts from mathjs's units and ours (part of npm run docs).
//
// The program reads units from that table: making mathjs's unit class at every start takes longer than reading most scenarios.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = path.join(root, "src/units/unit-table.ts");
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-units-"));
try {
  const outfile = path.join(temporary, "units.mjs");
  await build({
    entryPoints: [path.join(root, "src/units/mathjs-units.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    outfile,
    logLevel: "warning",
  });
  const { makeUnitTable } = await import(pathToFileURL(outfile).href);
  const { bases, prefixes, units } = makeUnitTable();
  const rows = units.map((row) => `    ${JSON.stringify(row)},`).join("\n");
  const lists = Object.entries(prefixes).map(([list, values]) => `    ${list}: ${JSON.stringify(values)},`);
  const text = fs.readFileSync(target, "utf8");
  const [head] = text.split("export const UNIT_TABLE");
  const table = [
    "export const UNIT_TABLE: UnitTable = {",
    `  bases: ${JSON.stringify(bases)},`,
    "  prefixes: {",
    ...lists,
    "  },",
    "  units: [",
    rows,
    "  ],",
    "};",
    "",
  ].join("\n");
  if (text !== head + table) fs.writeFileSync(target, head + table);
} finally {
  fs.rmSync(temporary, { recursive: true, force: true });
}
