// Prints what starting the program and running a large scenario cost beside `node -e 0`: medians of alternating runs.
// `node tests/bench/startup.mjs [rounds]` measures dist/, so build first. CPU time is compared, since other programs on
// the machine change it less than the time on the clock.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { measureNode, median } from "./processes.mjs";
import { wholeNumber } from "./words.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rounds = Math.max(5, wholeNumber(process.argv[2], 5, "node tests/bench/startup.mjs [ROUNDS]"));
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
const cli = path.join(root, "dist/cli.js");
const reference = path.join(root, "scenarios/openai-aws.yaml");
const cases = [
  { name: "node -e 0", words: ["-e", "0"] },
  { name: "validate openai-aws", words: [cli, "validate", reference] },
  {
    name: "run openai-aws --trials 0 --no-report",
    words: [cli, "run", reference, "--trials", "0", "--no-report", "--out", path.join(folder, "reference")],
  },
  {
    name: "run 200 fleets, 50 sites, 180 months",
    words: [cli, "run", large, "--trials", "0", "--no-report", "--out", path.join(folder, "large")],
  },
].map((one) => ({ ...one, runs: [] }));

// Round by round, so that what else the machine does meets all of them alike.
for (let round = 0; round < rounds; round++)
  for (const one of cases) one.runs.push(measureNode(one.words, folder));

const [base] = cases;
const rows = cases.map(({ name, runs }) => ({
  case: name,
  "CPU s": median(runs.map(({ cpu }) => cpu)).toFixed(3),
  "x node": median(runs.map(({ cpu }, round) => cpu / base.runs[round].cpu)).toFixed(1),
  "clock s": median(runs.map(({ clock }) => clock)).toFixed(2),
  "peak MB": median(runs.map(({ megabytes }) => megabytes)).toFixed(0),
}));
console.log(`medians of ${rounds} alternating runs; Node ${process.version}`);
console.table(rows);
