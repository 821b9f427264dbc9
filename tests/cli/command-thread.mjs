// Runs command lines of the built program one after another in one thread, for `gigafleet` in gigafleet.ts: what a process
// of its own takes to start, this takes once.
import { createRequire } from "node:module";
import v8 from "node:v8";
import { workerData } from "node:worker_threads";

const { entry, port, turn } = workerData;
const { loadProgram } = createRequire(entry)("./start.js");
// A short command turns the optimising compiler off, which pays here, where many follow.
v8.setFlagsFromString = () => {};
// Every command line listens to the streams and signals anew.
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);

port.on("message", async ({ id, words, env }) => {
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"])
    process[name].write = (text) => {
      printed[name] += text;
      return true;
    };
  process.argv = [process.execPath, entry, ...words];
  process.exitCode = undefined;
  Object.assign(process.env, env);
  try {
    // Loaded with the first command: a program for each would take a third of the time of most tests of commands.
    await loadProgram("run").main(words);
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    port.postMessage({ code: process.exitCode ?? 0, ...printed });
    Atomics.store(turn, 0, id);
    Atomics.notify(turn, 0);
  }
});
