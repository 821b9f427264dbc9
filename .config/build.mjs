// Builds dist/: cli.js, worker.js and sweep-worker.js (one bundle, so that they share chunks), index.js (the library)
// and engine.js (for a browser). With --types also the library's declarations, dist/types.
// Entries that do not exist are left out. Files that did not change are not touched, and each file is
// replaced in one step, so that a program that runs from dist/ meanwhile is not disturbed.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { makeNotices, packagesIn } from "./notices.mjs";

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

/** CommonJS packages inside an ESM bundle still ask for Node's own modules with require(). */
const requireShim =
  'import{createRequire as gigafleetCreateRequire}from"node:module";const require=gigafleetCreateRequire(import.meta.url);';

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
    entries: { cli: "src/cli/main.ts", worker: "src/run/worker.ts", "sweep-worker": "src/cli/sweep/sweep-worker.ts" },
    options: {
      ...small,
      // The solver finds its WebAssembly beside itself, so it stays a package.
      platform: "node",
      external: ["highs"],
      chunkNames: "chunks/[name]-[hash]",
      banner: { js: requireShim },
      plugins: [ownStringWidth],
    },
  },
  {
    // The packages are dependencies of ours, hence installed with the library; a user's bundler sees them too.
    entries: { index: "src/index.ts", node: "src/node/index.ts" },
    options: { platform: "neutral", packages: "external", chunkNames: "chunks/lib-[name]-[hash]" },
  },
  {
    entries: { engine: "src/engine/index.ts" },
    options: { ...small, platform: "browser", splitting: false },
    selfContained: true,
  },
];

/** Folders of the packages whose code is in the bundles. */
const bundled = new Set();

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

/** Chunks of an earlier build that no current file refers to. */
function removeStale(written) {
  const folders = [dist, path.join(dist, "chunks")].filter(exists);
  for (const folder of folders) {
    for (const name of fs.readdirSync(folder)) {
      const file = path.join(folder, name);
      if (/\.js$/.test(name) && !written.has(file)) fs.rmSync(file, { force: true });
    }
  }
}

/** The catalog, parsed and checked once here so that no start of the program does it again. */
async function packCatalog() {
  const source = "src/scenario/pack-catalog.ts";
  const folder = "scenarios/catalog";
  if (!exists(source) || !exists(folder)) return [];
  const options = { ...common, entryPoints: [source], platform: "node", packages: "external", splitting: false };
  const { outputFiles } = await build(options);
  const temporary = path.join(dist, `pack-${process.pid}.mjs`);
  fs.writeFileSync(temporary, outputFiles[0].contents);
  try {
    const { packCatalog: pack } = await import(pathToFileURL(temporary).href);
    const names = fs.readdirSync(folder).filter((name) => name.endsWith(".yaml"));
    const texts = names.map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]);
    const packed = pack(Object.fromEntries(texts));
    return [{ path: path.join(dist, "catalog.json"), contents: Buffer.from(JSON.stringify(packed)) }];
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

function emitTypes() {
  if (!exists("src/index.ts")) return;
  const outDir = path.join(dist, "types");
  fs.rmSync(outDir, { recursive: true, force: true });
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
  const files = (await Promise.all([...bundles.map(bundle), packCatalog()])).flat();
  const cli = path.join(dist, "cli.js");
  for (const file of files) {
    const isCli = file.path === cli;
    const hashbang = isCli && !file.text.startsWith("#!") ? "#!/usr/bin/env node\n" : "";
    replace(file.path, Buffer.concat([Buffer.from(hashbang), file.contents]), isCli ? 0o755 : 0o644);
  }
  replace(path.join(dist, "THIRD-PARTY-NOTICES.txt"), Buffer.from(makeNotices(root, bundled)), 0o644);
  removeStale(new Set(files.map((file) => file.path)));
  if (process.argv.includes("--types")) emitTypes();
} catch (error) {
  // esbuild has already printed what it found in the sources.
  if (!error.errors) console.error(error);
  process.exitCode = 1;
}
