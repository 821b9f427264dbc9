// Runs commands of one program one after another in this process: `run-batch.mjs dist/cli.js jobs.json`. Starting the
// program and warming it up is four fifths of a small run, and this is paid once here. A job is done when nothing is left
// to wait for, which is when its own process would have ended.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [cli, jobs] = process.argv.slice(2).map((file) => path.resolve(file));
const address = pathToFileURL(cli).href;
const require = createRequire(address);
const tell = process.stdout.write.bind(process.stdout);
// Each job adds the program's own listeners.
process.setMaxListeners(0);
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);

for (const [index, { folder, words }] of JSON.parse(fs.readFileSync(jobs, "utf8")).entries()) {
  fs.mkdirSync(folder, { recursive: true });
  process.chdir(folder);
  process.argv = [process.argv[0], cli, ...words];
  process.exitCode = undefined;
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    process[name].write = (text) => {
      said[name] += text;
      return true;
    };
  }
  const isIdle = new Promise((resolve) => process.once("beforeExit", resolve));
  // An ES module runs again under another address, a CommonJS module where it is forgotten; what it imports is there already.
  delete require.cache[cli];
  await import(`${address}?job=${index}`);
  await isIdle;
  fs.writeFileSync("screen.json", JSON.stringify({ code: process.exitCode ?? 0, ...said }));
  tell(`${index}\n`);
}
process.exitCode = 0;
