// Whole processes: how long they take by the clock and by the processor, and how much memory.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-meter-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
const usage = path.join(folder, "usage.json");
// Loaded in front of each program alike; it tells at the end what the process used, its threads included.
const meter = path.join(folder, "meter.cjs");
fs.writeFileSync(
  meter,
  `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(usage)}, JSON.stringify(process.resourceUsage())));\n`,
);

/** Runs a program of Node's and gives seconds by the clock, seconds of the processor, peak memory, and what it printed. */
export function measureNode(words, cwd = folder) {
  const began = performance.now();
  const run = spawnSync(process.execPath, ["--require", meter, ...words], {
    encoding: "utf8",
    cwd,
    maxBuffer: 2 ** 26,
  });
  const clock = (performance.now() - began) / 1000;
  if (run.status !== 0)
    throw new Error(`node ${words.join(" ")} ended with ${run.status}\n${run.stderr}${run.error ?? ""}`);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(fs.readFileSync(usage, "utf8"));
  const cpu = (userCPUTime + systemCPUTime) / 1e6;
  return { clock, cpu, megabytes: maxRSS / 1024, said: `${run.stdout}${run.stderr}` };
}

export function median(values) {
  return values.toSorted((one, other) => one - other)[values.length >> 1];
}
