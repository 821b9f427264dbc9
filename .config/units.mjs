// Writes src/units/unit-table.ts from mathjs's units and ours (part of npm run docs).
//
// The program reads units from that table: making mathjs's unit class at every start takes longer than reading most scenarios.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { importSource } from "./import-source.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = path.join(root, "src/units/unit-table.ts");
const { makeUnitTable } = await importSource(path.join(root, "src/units/mathjs-units.ts"));
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
