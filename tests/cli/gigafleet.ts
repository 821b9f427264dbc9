import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { afterAll } from "vitest";

/** The built command line: `npm test` builds it first. */
export const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** An empty folder of its own for a test file, removed when its tests are done. */
export function makeFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-cli-"));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The longest that a command may take [ms]. */
const TIMEOUT = 240_000;

type CommandThread = {
  readonly port: MessageChannel["port1"];
  /** The number of the command line that ended last. */
  readonly turn: Int32Array;
};
/** Threads by the command line that they load. */
const threads = new Map<string, CommandThread>();
let given = 0;

function openThread(entry: string): CommandThread {
  const { port1, port2 } = new MessageChannel();
  const turn = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { entry: pathToFileURL(entry).href, port: port2, turn };
  const file = new URL("./command-thread.mjs", import.meta.url);
  const worker = new Worker(file, { workerData, transferList: [port2], execArgv: [] });
  worker.unref();
  port1.unref();
  return { port: port1, turn };
}

/**
 * Runs the program in a folder, without colours and to its end: in a thread that stays for all command lines of a test file.
 * What is about the process itself (signals, streams, options of Node) is for `gigafleetProcess` and `shell`.
 *
 * @param entry the command line to load, by default the built one
 */
export function gigafleet(
  folder: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  entry = cli,
): Ended {
  const { port, turn } = threads.get(entry) ?? openThread(entry);
  threads.set(entry, { port, turn });
  const before = process.cwd();
  const last = turn[0];
  process.chdir(folder);
  try {
    port.postMessage({ id: ++given, words, env });
    if (Atomics.wait(turn, 0, last, TIMEOUT) === "timed-out") throw new Error(`timeout: ${words.join(" ")}`);
    return receiveMessageOnPort(port)?.message;
  } finally {
    process.chdir(before);
  }
}

/** Runs the program in a folder as a process of its own. */
export function gigafleetProcess(
  folder: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Ended {
  return end(folder, process.execPath, [cli, ...words], env);
}

/**
 * Runs the program as a process that a signal ends once it has kept a second chunk of finished points: however busy the machine
 * is, no later and no earlier.
 */
export function gigafleetEnded(folder: string, words: readonly string[], signal: NodeJS.Signals): Ended {
  const hook = path.join(folder, "end-process.cjs");
  const text = `const fs = require("node:fs");
const { writeFileSync } = fs;
let kept = 0;
fs.writeFileSync = (file, ...more) => {
  writeFileSync(file, ...more);
  // Lines are added by descriptor: the head, then chunk after chunk.
  if (typeof file === "number" && ++kept === 3) process.kill(process.pid, "${signal}");
};
`;
  fs.writeFileSync(hook, text);
  return gigafleetProcess(folder, words, { NODE_OPTIONS: `--require ${hook}` });
}

/** Runs a line that calls the program as someone types it: by a shell where it has more than words and quoted words. */
export function typed(folder: string, line: string): Ended {
  if (/[|&;<>$*"\\`]/.test(line)) return shell(folder, line);
  const [, ...words] = (line.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ""));
  return gigafleet(folder, words);
}

/** Runs a line of shell in a folder; `gigafleet` is the program. */
export function shell(folder: string, line: string): Ended {
  const defined = `gigafleet() { "${process.execPath}" "${cli}" "$@"; }; set -o pipefail; ${line}`;
  return end(folder, "bash", ["-c", defined], {});
}

function end(cwd: string, command: string, words: readonly string[], env: NodeJS.ProcessEnv): Ended {
  const options = { cwd, encoding: "utf8", timeout: TIMEOUT, env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(command, words, options);
  return { code: status, stdout, stderr };
}

/**
 * A hundred chips of 1 kW land in March; the site feeds 80 until May. A chip has one rate, a price of 10 thousand USD,
 * and everything that costs or fails besides is set to nothing.
 */
export const smallScenario = `schema_version: 1
name: Chips wait for power
description: A hundred 1 kW chips at a site for eighty.
start: 2027-01
years: 1
provider: { discount_rate: 0 % }
overrides:
  more_power: { sites: { a: { power: 200 kW } } }
scenarios:
  ample: [more_power]
sites:
  a:
    power: { 2027-01: 80 kW, 2027-05: 120 kW }
    pue: 1
    pue_design: 1
    electricity: 0 USD/MWh
    electricity_growth: 0 %
    tenure: leased
    lease: 0 USD/(kW month)
    lease_growth: 0 %
    staff: 0 USD/(kW year)
fleets:
  f:
    chip: tiny
    site: a
    size: 100 chips
    deliver: { at: 2027-03 }
    maintenance: 0 %
    pay_on_order: 0 %
chips:
  tiny:
    title: Tiny
    vendor: Nobody
    bf16: 1 TFLOPS
    hbm: 10 GB
    hbm_bandwidth: 1 TB/s
    it_power: 1 kW
    price: 10 thousand USD
    network: 0 USD
    lead: 0 months
    available_from: 2026-01
    failure_rate: 0 %
`;

/** The same with work for a chip or two from January on, where the chips land in March. */
export const workingScenario = `${smallScenario.replace(
  "failure_rate: 0 %",
  "failure_rate: 0 %\n    mfu: { inference: { bf16: 30 % } }\n    serving: { compute: 40 %, bandwidth: 60 %, reserve: 10 %, exchange: 20 microseconds }",
)}models:
  small: { parameters: 1 billion, layers: 10, hidden: 1024, heads: 16, head_dim: 64, attention: mha, context: 1000 tokens, weight_precision: bf16, compute_precision: bf16, kv_precision: bf16 }
workloads:
  chat: { kind: inference, model: small, requests: 1 requests/s, prompt: 100 tokens, answer: 100 tokens, speed: 20 tokens/s, value: 1 USD/(million tokens) }
`;

/** Cells of a column of a CSV file without quoted commas. */
export function columnOf(file: string, name: string): string[] {
  const [header = "", ...rows] = fs.readFileSync(file, "utf8").trimEnd().split("\n");
  const index = header.split(",").indexOf(name);
  return rows.map((row) => row.split(",")[index] ?? "");
}
