// Writes src/numbers/plain-functions.ts from the functions of numbers as they are written once for all readers (part of npm run docs).
//
// A start computes thousands of powers before V8 compiles anything: read as calls of `Arithmetic`, each is hundreds of calls.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = path.join(root, "src/numbers/plain-functions.ts");
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-numbers-"));
try {
  const outfile = path.join(temporary, "numbers.mjs");
  await build({
    entryPoints: [path.join(root, "src/numbers/plain-writer.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    outfile,
    logLevel: "warning",
  });
  const { writePlainFunctions } = await import(pathToFileURL(outfile).href);
  const text = writePlainFunctions();
  if (!fs.existsSync(target) || fs.readFileSync(target, "utf8") !== text) fs.writeFileSync(target, text);
} finally {
  fs.rmSync(temporary, { recursive: true, force: true });
}
