/** Imports a module of src/ for a script that writes a source file from it. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** What a TypeScript module exports. Fails: rejects with esbuild's errors, and with what the module throws. */
export async function importSource(file) {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-source-"));
  try {
    const outfile = path.join(temporary, "source.mjs");
    await build({ entryPoints: [file], bundle: true, format: "esm", platform: "node", outfile, logLevel: "warning" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}
