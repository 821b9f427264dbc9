/** Imports a module of src/ for a script that writes a file from it. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Packages that are CommonJS call `require`, which a module does not have. */
const REQUIRE = 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);';

/** What a TypeScript module exports. Fails: rejects with esbuild's errors, and with what the module throws. */
export async function importSource(file) {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-source-"));
  try {
    const outfile = path.join(temporary, "source.mjs");
    const options = { bundle: true, format: "esm", platform: "node", banner: { js: REQUIRE }, logLevel: "warning" };
    await build({ entryPoints: [file], outfile, ...options });
    return await import(pathToFileURL(outfile).href);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}
