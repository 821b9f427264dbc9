// Speed, beside the same model in C, numpy and hand-fused TypeScript. One command prints the table of ratios and writes
// docs/performance.md:
//
//   npm run bench            five rounds; each runs every program once, in turn
//   npm run bench -- 9       nine rounds
//
// Everything is relative: rounds alternate between the programs. Speeds of the model are by processor time, which a busy
// machine disturbs least; whole processes are by the clock.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
process.chdir(root);
const rounds = Number(process.argv[2] ?? 5);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-bench-"));
const here = "tests/bench";
const metrics = "facility_power_mw,effective_fp4_eflops,provider_cash_usd";

function run(command, ...args) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return { seconds: (performance.now() - started) / 1000, stdout };
}

const has = (command, ...args) => spawnSync(command, args, { encoding: "utf8" }).status === 0;
const numberIn = (pattern, text) => Number(pattern.exec(text)?.[1]);

/** Million fleet-months a second of the plain model, and other figures, each measured once a round. */
const measures = {};
const product = path.join(folder, "product.mjs");
const kernelShares = path.join(folder, "kernel-shares.mjs");

async function prepare() {
  run(process.execPath, ".config/build.mjs");
  for (const [program, outfile] of [
    ["product.ts", product],
    ["kernel-shares.ts", kernelShares],
  ]) {
    await build({
      entryPoints: [`${here}/${program}`],
      bundle: true,
      platform: "node",
      format: "esm",
      outfile,
      logLevel: "warning",
      banner: { js: 'import{createRequire as r}from"node:module";const require=r(import.meta.url);' },
    });
  }
  if (has("cc", "--version")) {
    const program = path.join(folder, "plain");
    run("cc", "-O2", `${here}/plain.c`, "-o", program, "-lm");
    measures["C, -O2"] = () => numberIn(/([\d.]+) Mcell/, run(program, "100000").stdout);
    const fast = path.join(folder, "plain-fast");
    run("cc", "-O3", "-march=native", "-ffast-math", `${here}/plain.c`, "-o", fast, "-lm");
    measures["C, -O3 -march=native -ffast-math"] = () =>
      numberIn(/([\d.]+) Mcell/, run(fast, "100000").stdout);
  }
  measures["hand-fused TypeScript"] = () =>
    numberIn(/([\d.]+) Mcell/, run(process.execPath, `${here}/plain_blocked.mjs`, "100000").stdout);
  if (has("python3", "-c", "import numpy, scipy")) {
    measures.numpy = () =>
      numberIn(/([\d.]+) Mcell/, run("python3", `${here}/plain_numpy.py`, "50000").stdout);
  }
  measures["product, with WebAssembly"] = () => measureProduct();
  measures["product, its own loops only"] = () => measureProduct("loops");
}

/** Million fleet-months a second of the product; what quantiles cost besides is kept for the sentence under the tables. */
function measureProduct(...mode) {
  const out = run(process.execPath, product, `${here}/plain-model.yaml`, "20000", metrics, ...mode).stdout;
  const { plain, ranked, cells } = JSON.parse(out);
  if (mode.length === 0) extra.quantiles.push((ranked - plain) / plain);
  return cells / plain / 1000;
}

const extra = { quantiles: [], shares: [] };
const cli = (...args) => run(process.execPath, "dist/cli.js", ...args).seconds;
const out = (name) => path.join(folder, name);
const reference = "scenarios/openai-aws.yaml";
const processes = {
  "node -e 0": () => run(process.execPath, "-e", "0").seconds,
  "validate of the reference scenario": () => cli("validate", reference),
  "run --trials 0 of the reference scenario": () =>
    cli("run", reference, "--trials", "0", "--out", out("tables-plain")),
  "run --trials 10000, one thread": () =>
    cli("run", reference, "--trials", "10000", "--threads", "1", "--out", out("tables-one")),
  "run --trials 10000, two threads": () =>
    cli("run", reference, "--trials", "10000", "--threads", "2", "--out", out("tables-two")),
  "run --trials 10000, two threads, without demand": () =>
    cli("run", withoutDemand, "--trials", "10000", "--threads", "2", "--out", out("tables-without-demand")),
};

/** The reference scenario without its workloads, and what only they name. */
const withoutDemand = out("without-demand.yaml");

function writeWithoutDemand() {
  const text = fs.readFileSync(reference, "utf8");
  const section = /^workloads:\n(?:(?:[ #].*)?\n)*/m;
  if (!section.test(text)) throw new Error(`${reference} has no workloads to leave out`);
  fs.writeFileSync(withoutDemand, text.replace(section, ""));
}

/** 100,000 trials on one thread and on two, once: seconds of each. */
function runLargeSample() {
  const seconds = ["1", "2"].map((threads) =>
    cli(
      "run",
      reference,
      "--trials",
      "100000",
      "--seed",
      "7",
      "--threads",
      threads,
      "--out",
      out(`large-${threads}`),
    ),
  );
  const [one, two] = ["large-1", "large-2"].map(out);
  for (const file of fs.readdirSync(one)) {
    if (!fs.readFileSync(path.join(one, file)).equals(fs.readFileSync(path.join(two, file))))
      throw new Error(`${file} differs between one thread and two`);
  }
  return seconds;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function table(heading, rows) {
  return [
    `| ${heading.join(" | ")} |`,
    `|${heading.map(() => "---|").join("")}`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ];
}

await prepare();
writeWithoutDemand();
const speeds = Object.fromEntries(Object.keys(measures).map((name) => [name, []]));
const times = Object.fromEntries(Object.keys(processes).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, measure] of Object.entries(measures)) speeds[name].push(measure());
  for (const [name, measure] of Object.entries(processes)) times[name].push(measure());
  extra.shares.push(JSON.parse(run(process.execPath, kernelShares, reference).stdout));
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
}
const large = runLargeSample();
const pairs = (all, name, base) => median(all[name].map((value, round) => value / all[base][round]));
const base = speeds["C, -O2"] ? "C, -O2" : "hand-fused TypeScript";
const twoThreads = times["run --trials 10000, one thread"].map(
  (value, round) => value / times["run --trials 10000, two threads"][round],
);
const kinds = Object.keys(extra.shares[0]);
const spent = kinds.map((kind) => ({ kind, time: median(extra.shares.map((shares) => shares[kind])) }));
const simulated = spent.reduce((sum, { time }) => sum + time, 0);
const percent = (...names) =>
  spent
    .filter(({ kind }) => names.includes(kind))
    .reduce((sum, { time }) => sum + (100 * time) / simulated, 0);
const gain = pairs(speeds, "product, with WebAssembly", "product, its own loops only");
const lines = [
  ...table(
    ["plain model, one thread", "million fleet-months a second", `ratio to ${base}`],
    Object.keys(speeds).map((name) => [
      name,
      median(speeds[name]).toFixed(1),
      pairs(speeds, name, base).toFixed(3),
    ]),
  ),
  "",
  ...table(
    ["whole process", "seconds", "times `node -e 0`"],
    Object.keys(times).map((name) => [
      name,
      median(times[name]).toFixed(2),
      pairs(times, name, "node -e 0").toFixed(1),
    ]),
  ),
  "",
  `Quantiles of the plain model (P10, P50, P90 of 288 cells) take ${median(extra.quantiles).toFixed(2)} times as long as its simulation. Two threads are`,
  `${median(twoThreads).toFixed(2)} times as fast as one, for the whole process of 10,000 trials.`,
  "",
  `100,000 trials of the reference scenario (\`--seed 7\`), run once, took ${large[0].toFixed(0)} s on one thread and ${large[1].toFixed(0)} s on two`,
  `(${(large[0] / large[1]).toFixed(2)} times as fast), with identical files.`,
  "",
  ...table(
    ["a trial of the reference scenario", "microseconds", "share of the simulation"],
    spent
      .filter(({ time }) => time >= simulated / 200)
      .sort((one, other) => other.time - one.time)
      .map(({ kind, time }) => [kind, time.toFixed(1), `${percent(kind).toFixed(0)} %`]),
  ),
  "",
  `Demand takes ${percent("serve", "assign").toFixed(0)} % of the simulation in its own kernels (\`serve\`, \`assign\`), in addition to its share of the elementwise`,
  "operations.",
];
console.log(lines.join("\n"));
const load = os.loadavg()[0].toFixed(1);
fs.writeFileSync(
  "docs/performance.md",
  `# Performance

\`npm run bench\` measured this and wrote this page: medians of ${rounds} alternating rounds on ${os.availableParallelism()} cores (${os.cpus()[0].model.trim()}),
Node ${process.versions.node}, load average ${load} at the end. Ratios are medians of pairs within a round. Model speeds use processor
time. Whole processes use wall-clock time, which grows with other load: on a busy machine (a load average above the number of
cores) only ratios between processes of the same kind are reliable.

${lines.join("\n")}

The plain model (\`tests/bench/plain-model.yaml\`) is the model of \`tests/bench/plain.c\` as a scenario: six fleets, 96 months,
28 uncertain values, three columns. The product draws, simulates and aggregates; C only draws and simulates. The reference
scenario has demand and writes all its files.

The targets are:

- per core, 0.2 of the speed of C -O2 in TypeScript and 0.5 with WebAssembly
- quantiles in at most 1.5 times the time of the simulation
- two threads 1.8 times as fast as one
- \`run --trials 0\` in under 5 times the time of \`node -e 0\`
- 10,000 trials of the reference scenario on two cores in under 3 s without demand and 10 s with it

## What was found

**WebAssembly** makes the plain model ${gain.toFixed(1)} times as fast as the engine's own loops. The builder places elementwise
instructions next to each other. \`src/engine/fused/\` turns each such run into one function, which passes over months and trials
once, two trials at a time. Values that only the run reads therefore never reach memory. Powers, exponentials, lags and kernels
with state stay in TypeScript. Results are bit-identical, tested per operation on unusual numbers and on random plans. Without
WebAssembly, for example in a browser that forbids it, the loops do all the work.

**Order statistics** used to take half the time of a sample. Values are now counted in 1,024 cells between the smallest and the
largest, and only the values in the cell of a wanted rank are searched. This takes about a third of the time of selection by
partition alone. The 10,000 trials of the reference scenario need more than 512 MB; beyond that limit each search holds only values
near its rank and narrows as trials go by. One pass completes nearly all samples up to some 200,000 trials, and two passes nearly
all others. The comparisons avoid branches, which the processor could not predict.

**Months.** The window of the reference scenario has 164 months for a horizon of 96. Values needed only within the horizon are no
longer computed outside it, which saved about a quarter of elementwise operations, assignment and books.

**Memory** is the remaining limit. Blocks of about 4,096 elements per slab were fastest, with and without WebAssembly. Fewer loops
over the same rows made the plain model a fifth faster. Sums over months, lags and settlement work on rows of trials. Rates of return
take sixteen bisections and a few Newton steps instead of sixty bisections.

**Missed targets.** The plain model is bound by the stock kernel, which is written in TypeScript and passes over every part and month
several times. Start-up is bound by reading the scenario and the catalog, where no single function dominates.
`,
);
fs.rmSync(folder, { recursive: true, force: true });
