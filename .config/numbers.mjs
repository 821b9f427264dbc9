// Writes src/numbers/plain-functions.ts from the functions of numbers as they are written once for all readers (part of npm run docs).
//
// A start computes thousands of powers before V8 compiles anything: read as calls of `Arithmetic`, each is hundreds of calls.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { importSource } from "./import-source.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = path.join(root, "src/numbers/plain-functions.ts");
const { writePlainFunctions } = await importSource(path.join(root, "src/numbers/plain-writer.ts"));
const text = writePlainFunctions();
if (!fs.existsSync(target) || fs.readFileSync(target, "utf8") !== text) fs.writeFileSync(target, text);
