// Prints what starting the program and running a large scenario cost beside `node -e 0`: medians of alternating runs.
// `node tests/bench/startup.mjs [rounds]` measures dist/, so build first. CPU time is compared, since other programs on
// the machine change it less than the time on the clock.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rounds = Math.max(5, Number(process.argv[2] ?? 5));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-bench-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));

const chips = ["h100", "h200", "gb200", "gb300", "trainium3"];

/** 200 fleets in 50 sites over 15 years, power in steps. */
function makeLargeScenario() {
  const sites = Array.from({ length: 50 }, (_, site) => {
    const power = `{ 2026-01: ${100 + site} MW, 2028-01: ${300 + site} MW, 2032-06: ${500 + site} MW }`;
    return `  s${site}: { power: ${power}, pue: 1.15, pue_design: 1.25 }`;
  });
  const fleets = Array.from({ length: 200 }, (_, fleet) => {
    const month = String((fleet % 12) + 1).padStart(2, "0");
    const deliver = `{ from: ${2026 + (fleet % 4)}-${month}, to: ${2030 + (fleet % 3)}-12, delay: ${fleet % 7} months }`;
    const place = `chip: ${chips[fleet % chips.length]}, site: s${fleet % 50}, priority: ${1 + (fleet % 3)}`;
    return `  f${fleet}: { ${place}, size: ${1000 + 10 * fleet} chips, deliver: ${deliver}, life: ${5 + (fleet % 4)} years }`;
  });
  const lines = [
    "schema_version: 1",
    "start: 2026-01",
    "years: 15",
    "sites:",
    ...sites,
    "fleets:",
    ...fleets,
  ];
  return `${lines.join("\n")}\n`;
}

const large = path.join(folder, "large.yaml");
fs.writeFileSync(large, makeLargeScenario());
const usage = path.join(folder, "usage.json");
// Loaded in front of each program alike; it tells at the end what the process used.
const meter = path.join(folder, "meter.cjs");
fs.writeFileSync(
  meter,
  `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(usage)}, JSON.stringify(process.resourceUsage())));\n`,
);

const cli = path.join(root, "dist/cli.js");
const reference = path.join(root, "scenarios/openai-aws.yaml");
const cases = [
  { name: "node -e 0", words: ["-e", "0"] },
  { name: "validate openai-aws", words: [cli, "validate", reference] },
  { name: "run openai-aws", words: [cli, "run", reference, "--out", path.join(folder, "reference")] },
  {
    name: "run 200 fleets, 50 sites, 180 months",
    words: [cli, "run", large, "--out", path.join(folder, "large")],
  },
].map((one) => ({ ...one, runs: [] }));

function measure({ name, words }) {
  const began = performance.now();
  const run = spawnSync(process.execPath, ["--require", meter, ...words], { encoding: "utf8", cwd: folder });
  const wall = (performance.now() - began) / 1000;
  if (run.status !== 0) throw new Error(`${name} ended with ${run.status}\n${run.stderr}`);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(fs.readFileSync(usage, "utf8"));
  return { wall, cpu: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

// Round by round, so that what else the machine does meets all of them alike.
for (let round = 0; round < rounds; round++) for (const one of cases) one.runs.push(measure(one));

const [base] = cases;
const rows = cases.map(({ name, runs }) => ({
  case: name,
  "CPU s": median(runs.map(({ cpu }) => cpu)).toFixed(3),
  "x node": median(runs.map(({ cpu }, round) => cpu / base.runs[round].cpu)).toFixed(1),
  "clock s": median(runs.map(({ wall }) => wall)).toFixed(2),
  "peak MB": median(runs.map(({ megabytes }) => megabytes)).toFixed(0),
}));
console.log(`medians of ${rounds} alternating runs; Node ${process.version}`);
console.table(rows);
