// Builds dist/: cli.js and sweep-worker.js with the script that both start and its compiled code (compile-code.mjs), worker.js,
// index.mjs (the library) and engine.mjs (for a browser). With --types also the library's declarations, dist/types.
//
// What Node starts is CommonJS, which dist/package.json says: an ES module makes Node load its loader of modules and much of its
// library first, a sixth of the time of `node -e 0`.
// Entries that do not exist are left out. Files that did not change are not touched, and each file is
// replaced in one step, so that a program that runs from dist/ meanwhile is not disturbed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { inAscii } from "./in-ascii.mjs";
import { makeNotices, packagesIn } from "./notices.mjs";
import { packedCatalog } from "./pack-catalog.mjs";
import { storedArchive } from "./stored-archive.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const exists = (file) => fs.existsSync(file);
const dist = path.join(root, "dist");

/** Whitespace and syntax only: names stay readable in stack traces, and without the calls that keepNames adds. */
const small = { minifyWhitespace: true, minifySyntax: true, legalComments: "none" };
const common = {
  bundle: true,
  format: "esm",
  target: ["node20", "es2022"],
  write: false,
  outdir: dist,
  splitting: true,
  metafile: true,
  logLevel: "warning",
  // A tsconfig that only bundling sees: the emitted code must not depend on type-checking settings.
  tsconfigRaw: { compilerOptions: { target: "es2022", verbatimModuleSyntax: true } },
};

/**
 * yargs draws the help with string-width, three versions of it, which make segmenters and tables of emoji when they are loaded:
 * 20 ms of every start, for a help that is not asked for. Our own measure of a text takes its place.
 */
const ownStringWidth = {
  name: "own-string-width",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^string-width$/ }, () => ({ path: "string-width", namespace: "own" }));
    onLoad({ filter: /.*/, namespace: "own" }, () => ({
      contents: 'export { displayWidth as default } from "./src/diagnostics/visible.ts";',
      resolveDir: root,
    }));
  },
};

const bundles = [
  {
    entries: { worker: "src/run/worker.ts", "pack-worker": "src/cli/io/pack-worker.ts" },
    options: { ...small, platform: "node", format: "cjs", splitting: false },
  },
  {
    // The packages are dependencies of ours, hence installed with the library; a user's bundler sees them too.
    entries: { index: "src/index.ts", node: "src/node/index.ts" },
    options: {
      platform: "neutral",
      packages: "external",
      chunkNames: "chunks/lib-[name]-[hash]",
      outExtension: { ".js": ".mjs" },
    },
  },
  {
    entries: { engine: "src/engine/index.ts" },
    options: { ...small, platform: "browser", splitting: false, outExtension: { ".js": ".mjs" } },
    selfContained: true,
  },
];

/** Folders of the packages whose code is in the bundles. */
const bundled = new Set();

/**
 * The command as one script, and the files that start it.
 *
 * It is bundled twice: as modules, so that esbuild drops what is not used, and these as one script, since V8 stores compiled
 * code for scripts alone. The solver finds its WebAssembly beside itself, so it stays a package.
 */
async function bundleProgram() {
  if (!exists("src/cli/program.ts")) return [];
  const shared = { ...common, ...small, platform: "node", external: ["highs"] };
  const modules = await build({ ...shared, entryPoints: { program: "src/cli/program.ts" }, plugins: [ownStringWidth, storedArchive] });
  for (const folder of packagesIn(modules.metafile)) bundled.add(folder);
  const texts = new Map(modules.outputFiles.map((file) => [path.basename(file.path), file.text]));
  const made = {
    name: "made",
    setup: ({ onResolve, onLoad }) => {
      // By their names in dist/, so that no path of this machine gets into the script.
      onResolve({ filter: /^\./ }, ({ path: name }) => ({ path: path.basename(name), namespace: "made" }));
      onLoad({ filter: /.*/, namespace: "made" }, ({ path: name }) => ({ contents: texts.get(name), resolveDir: dist }));
    },
  };
  const script = await build({
    ...shared,
    splitting: false,
    format: "cjs",
    entryPoints: ["./program.js"],
    plugins: [made],
    define: { "import.meta.url": "programUrl" },
    // What src/cli/launch/load-program.ts calls.
    banner: { js: "(function(module,exports,require,programUrl){" },
    footer: { js: "})" },
  });
  const contents = Buffer.from(inAscii(script.outputFiles[0].text));
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8);
  const name = `program-${hash}.cjs`;
  const kind = { path: path.join(dist, "package.json"), contents: Buffer.from('{ "type": "commonjs" }\n') };
  const starters = await build({
    ...shared,
    // Each file has the few lines that load the script, because a start reads one file sooner than two.
    splitting: false,
    format: "cjs",
    entryPoints: {
      cli: "src/cli/launch/cli.ts",
      "sweep-worker": "src/cli/launch/sweep-worker.ts",
      start: "src/cli/launch/load-program.ts",
    },
    define: { PROGRAM_FILE: JSON.stringify(name) },
  });
  return [{ path: path.join(dist, name), contents }, kind, ...starters.outputFiles];
}

/** Files that dist/ must hold, by absolute path. */
async function bundle({ entries, options, selfContained }) {
  const entryPoints = Object.fromEntries(Object.entries(entries).filter(([, file]) => exists(file)));
  if (Object.keys(entryPoints).length === 0) return [];
  const result = await build({ ...common, ...options, entryPoints });
  for (const folder of packagesIn(result.metafile)) bundled.add(folder);
  if (selfContained) {
    for (const [file, output] of Object.entries(result.metafile.outputs)) {
      if (output.imports.length > 0) {
        const names = output.imports.map((one) => one.path).join(", ");
        throw new Error(`${file} must stand alone but imports ${names}`);
      }
    }
  }
  return result.outputFiles;
}

function replace(file, contents, mode) {
  if (!exists(file) || !fs.readFileSync(file).equals(contents)) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    fs.writeFileSync(temporary, contents, { mode });
    fs.renameSync(temporary, file);
  }
  fs.chmodSync(file, mode);
}

/** Files of an earlier build that this one did not write. */
function removeStale(written) {
  const folders = [dist, path.join(dist, "chunks")].filter(exists);
  for (const folder of folders) {
    for (const name of fs.readdirSync(folder)) {
      const file = path.join(folder, name);
      if (/\.([cm]?js|code|json|packed)$/.test(name) && !written.has(file)) fs.rmSync(file, { force: true });
    }
  }
}

/** The catalog, parsed and checked once here so that no start of the program does it again. */
async function packCatalog() {
  if (!exists("src/scenario/pack-catalog.ts") || !exists("scenarios/catalog")) return [];
  const text = await packedCatalog("scenarios/catalog");
  return text === undefined ? [] : [{ path: path.join(dist, "catalog.packed"), contents: Buffer.from(text) }];
}

/** Stores the compiled codes of the script for the Node that builds. */
function compileCodes() {
  if (!exists("src/cli/program.ts")) return [];
  const env = { ...process.env, NODE_OPTIONS: "" };
  return ["validate", "run", "workbook"].map((code) => {
    const words = [path.join(root, ".config/compile-code.mjs"), code];
    const run = spawnSync(process.execPath, words, { encoding: "utf8", env });
    if (run.status !== 0) throw new Error(`${run.stdout}${run.stderr}`);
    return run.stdout.trim();
  });
}

function emitTypes() {
  if (!exists("src/index.ts")) return;
  const outDir = path.join(dist, "types");
  fs.rmSync(outDir, { recursive: true, force: true });
  // The declarations are of the library, which is made of modules.
  fs.mkdirSync(outDir, { recursive: true });
  fs.writeFileSync(path.join(outDir, "package.json"), '{ "type": "module" }\n');
  const flags = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", outDir];
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  for (const project of [".config/tsconfig.lib.json", ".config/tsconfig.node.json"]) {
    const run = spawnSync(process.execPath, [tsc, "-p", project, ...flags], { encoding: "utf8" });
    if (run.status !== 0) {
      // Declarations are written all the same; the tests are where a type error fails.
      console.error(`${run.stdout}${run.stderr}build: the library has type errors (npm run check)`);
    }
  }
}

fs.mkdirSync(dist, { recursive: true });
try {
  const files = (await Promise.all([bundleProgram(), ...bundles.map(bundle), packCatalog()])).flat();
  const cli = path.join(dist, "cli.js");
  for (const file of files) {
    const isCli = file.path === cli;
    const hashbang = isCli && !file.text.startsWith("#!") ? "#!/usr/bin/env node\n" : "";
    replace(file.path, Buffer.concat([Buffer.from(hashbang), file.contents]), isCli ? 0o755 : 0o644);
  }
  replace(path.join(dist, "THIRD-PARTY-NOTICES.txt"), Buffer.from(makeNotices(root, bundled)), 0o644);
  removeStale(new Set([...files.map((file) => file.path), ...compileCodes()]));
  if (process.argv.includes("--types")) emitTypes();
} catch (error) {
  // esbuild has already printed what it found in the sources.
  if (!error.errors) console.error(error);
  process.exitCode = 1;
}
