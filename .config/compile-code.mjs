// Stores what V8 compiles of the command's script, beside it in dist/: build.mjs starts this as a process of its own for each code.
//
// The script runs the commands that people start most, so that V8 compiles what these need, and only that: compiled code that
// no start uses would be read by all of them.
//
//   node .config/compile-code.mjs validate|run|workbook
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import { loadProgram } from "../dist/start.js";

const scenario = fileURLToPath(new URL("../scenarios/openai-aws.yaml", import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-build-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));

const validate = ["validate", scenario];
// With a report, whose many functions run once or twice each: 30 ms to compile, 2 ms more of stored code to read.
const run = ["run", scenario, "--trials", "100", "--out", folder];
const workbook = [...run, "--xlsx"];
const COMMANDS = { validate: [validate], run: [validate, run], workbook: [validate, workbook] };

const code = process.argv[2];
const { main, script, codeFile } = loadProgram(code);
// An earlier build stored code of this text already.
if (script.cachedDataRejected !== false) await store();
console.log(codeFile);

async function store() {
  // V8 otherwise forgets the code of what has not run for a while.
  v8.setFlagsFromString("--no-flush-bytecode");
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  for (const { stream } of streams) stream.write = () => true;
  // A command that fails, say for a scenario that is being edited, compiles less; the tests are what tells.
  for (const words of COMMANDS[code]) await main(words);
  for (const { stream, write } of streams) stream.write = write;
  process.exitCode = 0;
  // Code is bound to the flags under which it is stored, and these are the ones of every start.
  for (const flag of ["--flush-bytecode", "--opt"]) v8.setFlagsFromString(flag);
  const temporary = `${codeFile}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, script.createCachedData());
  fs.renameSync(temporary, codeFile);
}
