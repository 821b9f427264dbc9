// Speed as ratios within one run, which prints them and writes docs/performance.md:
//
//   npm run bench              five rounds; each runs every program once, in turn
//   npm run bench -- 9         nine rounds
//   npm run bench -- --quick   one small round that writes nothing, to see that it works
//
// Rounds alternate between the programs, and a ratio is the median of those within a round, since what else the machine does
// meets all of a round alike. Inputs are the scenarios and the catalog of commit da10757, so that ratios of different days can
// be compared; today's reference scenario stands beside them.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { BASELINE, buildBaseline, packageOver, resolveCommit } from "./baseline/build.mjs";
import { writeManyFleets } from "./many-fleets.mjs";
import { prepareModels } from "./model-speeds.mjs";
import { writePage } from "./performance-page.mjs";
import { measureNode, median } from "./processes.mjs";
import { wholeNumber } from "./words.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
process.chdir(root);
const isQuick = process.argv.includes("--quick");
const rounds = isQuick ? 1 : wholeNumber(process.argv[2], 5, "npm run bench -- [ROUNDS | --quick]");
/** Trials of an ordinary sample, of one on one thread and on two, and of the largest. */
const [usual, large, largest] = isQuick ? [1000, 2000, 4000] : [10_000, 100_000, 1_000_000];
const manyFleets = isQuick ? 100 : 1000;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-bench-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));

measureNode([path.join(root, ".config/build.mjs")], root);
const { speeds: models, sharesOf } = await prepareModels(folder);
const oldPackage = buildBaseline(resolveCommit(BASELINE), console.error);
const frozenPackage = await packageOver(oldPackage, path.join(folder, "frozen"));

/** The programs: that of today on today's scenarios and on frozen ones, and the earlier one on its own. */
const today = { cli: path.join(root, "dist/cli.js"), file: path.join(root, "scenarios/openai-aws.yaml") };
const inPackage = (of) => ({
  cli: path.join(of, "dist/cli.js"),
  file: path.join(of, "scenarios/openai-aws.yaml"),
});
const frozen = inPackage(frozenPackage);
const old = inPackage(oldPackage);
const filesOf = (count) => {
  const file = path.join(folder, `fleets-${count}.yaml`);
  if (!fs.existsSync(file)) fs.writeFileSync(file, writeManyFleets(count));
  return { cli: today.cli, file };
};

/** Runs a program; the earlier one knows no report, so it has none to leave out. */
function run({ cli, file }, trials, threads = 1, name = "tables") {
  const words = [cli, "run", file, "--trials", `${trials}`, "--threads", `${threads}`];
  const rest = ["--yes", "--out", path.join(folder, name), ...(cli === old.cli ? [] : ["--no-report"])];
  return measureNode([...words, ...rest]);
}

const processes = {
  "node -e 0": () => measureNode(["-e", "0"]),
  validate: () => measureNode([frozen.cli, "validate", frozen.file]),
  "run --trials 0": () => run(frozen, 0),
  "run, one thread": () => run(frozen, usual),
  "run, two threads": () => run(frozen, usual, 2),
  "old program, run --trials 0": () => run(old, 0),
  "old program, run, one thread": () => run(old, usual),
  "today's reference: validate": () => measureNode([today.cli, "validate", today.file]),
  "today's reference: run --trials 0": () => run(today, 0),
  "today's reference: run, two threads": () => run(today, usual, 2),
  "4 fleets, run --trials 0": () => run(filesOf(4), 0),
  "4 fleets, run": () => run(filesOf(4), 2048),
  "400 fleets, run --trials 0": () => run(filesOf(400), 0),
  "400 fleets, run": () => run(filesOf(400), isQuick ? 16 : 128),
};

const speeds = Object.fromEntries(Object.keys(models).map((name) => [name, []]));
const times = Object.fromEntries(Object.keys(processes).map((name) => [name, []]));
const shares = [];
for (let round = 0; round < rounds; round++) {
  for (const [name, measure] of Object.entries(models)) speeds[name].push(measure());
  for (const [name, measure] of Object.entries(processes)) times[name].push(measure());
  shares.push(sharesOf("scenarios/openai-aws.yaml"));
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
}

// Once each: they take minutes.
const one = run(today, large, 1, "large-1");
const two = run(today, large, 2, "large-2");
for (const file of fs.readdirSync(path.join(folder, "large-1"))) {
  const [a, b] = ["large-1", "large-2"].map((name) => fs.readFileSync(path.join(folder, name, file)));
  if (!a.equals(b)) throw new Error(`${file} differs between one thread and two`);
}
const million = run(today, largest, 2, "largest");
const thousand = run(filesOf(manyFleets), 16);

/** Median over the rounds of what a function makes of each. */
const perRound = (of) => median(Array.from({ length: rounds }, (_, round) => of(round)));
const clockRatio = (name) => perRound((round) => times[name][round].clock / times["node -e 0"][round].clock);
const sampleCpu = (ofRun, ofNone, round) => times[ofRun][round].cpu - times[ofNone][round].cpu;
const base = speeds["C, -O2"] ? "C, -O2" : "hand-fused TypeScript";
const ratioToBase = (name) => perRound((round) => speeds[name][round] / speeds[base][round]);
const clockOfTrial = ({ clock }, trials) =>
  (clock - perRound((round) => times["today's reference: run --trials 0"][round].clock)) / trials;
const ofUsual = perRound((round) => times["today's reference: run, two threads"][round].clock);

writePage({
  isQuick,
  rounds,
  aims: [
    [
      `plain model, draws and quantiles, to ${base}, processor time`,
      ratioToBase("product: draws, moments and quantiles").toFixed(2),
      "0.5",
    ],
    [
      `${usual.toLocaleString("en-US")} trials, processor time of the sample, to commit ${BASELINE.slice(0, 7)}`,
      perRound(
        (round) =>
          sampleCpu("run, one thread", "run --trials 0", round) /
          sampleCpu("old program, run, one thread", "old program, run --trials 0", round),
      ).toFixed(2),
      "0.2",
    ],
    [
      `whole process by the clock, ${usual.toLocaleString("en-US")} trials, two threads, \`--no-report\`, to \`node -e 0\``,
      clockRatio("run, two threads").toFixed(1),
      "18",
    ],
    [
      "`run --trials 0 --no-report` to `node -e 0`, by the clock",
      clockRatio("run --trials 0").toFixed(1),
      "6",
    ],
    ["`validate` to `node -e 0`, by the clock", clockRatio("validate").toFixed(1), "4"],
    [
      `two threads to one, ${large.toLocaleString("en-US")} trials, by the clock`,
      (one.clock / two.clock).toFixed(2),
      "1.8",
    ],
    [
      `time a trial, ${largest.toLocaleString("en-US")} to ${usual.toLocaleString("en-US")} trials`,
      (clockOfTrial(million, largest) / clockOfTrial({ clock: ofUsual }, usual)).toFixed(2),
      "1.2",
    ],
    [`peak memory of ${largest.toLocaleString("en-US")} trials, MB`, million.megabytes.toFixed(0), "600"],
    [
      "time a trial and fleet, 400 to 4 fleets at one site, processor time",
      perRound((round) => {
        const few = sampleCpu("4 fleets, run", "4 fleets, run --trials 0", round) / 2048 / 4;
        const many =
          sampleCpu("400 fleets, run", "400 fleets, run --trials 0", round) / (isQuick ? 16 : 128) / 400;
        return many / few;
      }).toFixed(2),
      "1.3",
    ],
    [
      `${manyFleets.toLocaleString("en-US")} fleets at one site`,
      thousand.said.includes("no WebAssembly here") ? "plain loops" : "WebAssembly",
      "WebAssembly",
    ],
  ],
  models: Object.keys(speeds).map((name) => [
    name,
    median(speeds[name]).toFixed(1),
    ratioToBase(name).toFixed(3),
  ]),
  base,
  processes: Object.keys(times).map((name) => [
    name,
    median(times[name].map(({ clock }) => clock)).toFixed(2),
    median(times[name].map(({ cpu }) => cpu)).toFixed(2),
    clockRatio(name).toFixed(1),
    median(times[name].map(({ megabytes }) => megabytes)).toFixed(0),
  ]),
  usual,
  shares,
});
