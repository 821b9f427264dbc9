// Says how close V8 comes to native code: the functions that simulate a scenario, translated from WebAssembly to C, compiled by gcc and
// run on the same draws. `node tests/bench/native/run.mjs [SCENARIO]`; needs gcc and wasm-objdump (Debian: wabt). The numbers have to be the same bits.
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { readableFile } from "../words.mjs";
import { translate } from "./translate.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const usage = "node tests/bench/native/run.mjs [SCENARIO]";
const scenario = readableFile(process.argv[2] ?? "scenarios/openai-aws.yaml", usage);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-native-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
const run = (command, ...args) => execFileSync(command, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
const inFolder = (name) => path.join(folder, name);

await build({
  entryPoints: [path.join(here, "dump.ts")],
  bundle: true,
  platform: "node",
  format: "esm",
  outfile: inFolder("dump.mjs"),
  logLevel: "warning",
  banner: { js: 'import{createRequire as r}from"node:module";const require=r(import.meta.url);' },
});
const dumped = spawnSync(process.execPath, [inFolder("dump.mjs"), scenario, folder], { encoding: "utf8" });
if (dumped.status !== 0) {
  process.stderr.write(dumped.stderr);
  process.exit(1);
}
const inV8 = Number(dumped.stdout);
const [listing, disassembly] = ["-x", "-d"].map((what) => run("wasm-objdump", what, inFolder("plan.wasm")));
const globals = [...new Float64Array(new Uint8Array(fs.readFileSync(inFolder("globals.bin"))).buffer)];
fs.writeFileSync(inFolder("plan.c"), translate(listing, disassembly, globals));
for (const flags of [["-O2"], ["-O2", "-march=native"], ["-O3", "-march=native"]]) {
  const program = inFolder("native");
  // Contraction would change bits.
  run(
    "gcc",
    ...flags,
    "-msse4.1",
    "-ffp-contract=off",
    "-fno-strict-aliasing",
    `-I${here}`,
    inFolder("plan.c"),
    path.join(here, "main.c"),
    "-o",
    program,
    "-lm",
  );
  const [differ, native] = execFileSync(program, { cwd: folder, encoding: "utf8" }).split(" ").map(Number);
  if (differ > 0) throw new Error(`${differ} numbers differ from V8's`);
  console.log(
    `gcc ${flags.join(" ").padEnd(20)} ${native.toFixed(1)} µs a trial; V8 ${inV8.toFixed(1)}, ${(inV8 / native).toFixed(2)} times as long`,
  );
}
