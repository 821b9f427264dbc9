// Times the program of optimize.yaml (96 months, six chips, four sites): reading it off the engine, solving it, and a frontier of 20
// points; beside a native solver on the same program where one is installed (highs, cbc or glpsol), as a ratio.
//
//   node tests/bench/optimize.mjs
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
const folder = fs.mkdtempSync(path.join("dist", ".bench-"));
try {
  const source = [
    "optimize/build-program",
    "optimize/optimize",
    "optimize/read-task",
    "optimize/situation",
  ].map((file) => `export * from "./src/analysis/${file}.ts";`);
  source.push('export * from "./src/solver/highs-solver.ts";', 'export * from "./src/scenario/load.ts";');
  const outfile = path.join(folder, "bench.mjs");
  await build({
    stdin: { contents: source.join("\n"), resolveDir: "." },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile,
    logLevel: "error",
  });
  const own = await import(pathToFileURL(path.resolve(outfile)));
  const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined);
  const catalog = fs
    .readdirSync("scenarios/catalog")
    .sort()
    .map((name) => `scenarios/catalog/${name}`);
  const { scenario } = own.loadScenario({ path: "tests/bench/optimize.yaml", read, catalog });
  const { task } = own.readTask(scenario, { goal: "minimize_cost" });
  const solver = await own.loadSolver();
  const time = (name, work) => {
    const times = Array.from({ length: 5 }, () => {
      // Time of the processor, of which other programs on a busy machine take nothing; a native solver's is its child's.
      const cpu = process.cpuUsage();
      const child = work();
      const { user, system } = process.cpuUsage(cpu);
      return child ?? (user + system) / 1e3;
    }).sort((a, b) => a - b);
    console.log(
      `${name}: min ${times[0].toFixed(0)} ms, median ${times[2].toFixed(0)} ms, max ${times[4].toFixed(0)} ms`,
    );
    return times[2];
  };
  let situation;
  time("read off the engine", () => {
    situation = own.readSituation(scenario, task);
  });
  let built;
  time("build the program", () => {
    built = own.buildProgram(situation);
  });
  const { program } = built;
  console.log(
    `${program.costs.length} columns, ${program.rowLower.length} rows, ${program.values.length} entries`,
  );
  const ours = time("HiGHS in WebAssembly", () => {
    const open = solver.open(program);
    console.assert(open.solve().status === "optimal");
    open.close();
  });
  time("frontier of 20 points", () => {
    console.assert(own.findFrontier(situation, solver, 20).frontier.length === 20);
  });
  const mps = path.join(folder, "program.mps");
  fs.writeFileSync(mps, toMps(program));
  for (const [name, flags] of [
    ["highs", [mps]],
    ["cbc", [mps, "solve"]],
    ["glpsol", ["--freemps", mps]],
  ]) {
    if (spawnSync(name, ["--version"]).error) continue;
    const native = time(`native ${name}`, () => timeOfChild(name, flags));
    console.log(`ratio to native ${name}: ${(ours / native).toFixed(2)}`);
  }
  console.log(`${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}`);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Processor time of a program [ms], as the shell tells it. */
function timeOfChild(name, flags) {
  const { stderr } = spawnSync("bash", [
    "-c",
    'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1',
    name,
    name,
    ...flags,
  ]);
  const [user, system] = String(stderr).trim().split(" ").map(Number);
  return (user + system) * 1e3;
}

/** Free MPS. */
function toMps({ costs, columnLower, columnUpper, rowLower, rowUpper, starts, indices, values }) {
  const entries = costs.length ? Array.from(costs, (cost, column) => [` x${column} cost ${cost}`]) : [];
  for (let row = 0; row < rowLower.length; row++)
    for (let at = starts[row]; at < starts[row + 1]; at++)
      entries[indices[at]].push(` x${indices[at]} r${row} ${values[at]}`);
  const isLess = (row) => rowLower[row] === Number.NEGATIVE_INFINITY;
  const rows = Array.from(rowLower, (_, row) => ` ${isLess(row) ? "L" : "G"} r${row}`);
  const sides = Array.from(rowLower, (lower, row) => ` rhs r${row} ${isLess(row) ? rowUpper[row] : lower}`);
  const bounds = Array.from(columnLower, (lower, column) =>
    lower === columnUpper[column] ? [` FX bnd x${column} ${lower}`] : [],
  ).flat();
  return [
    "NAME program",
    "ROWS",
    " N cost",
    ...rows,
    "COLUMNS",
    ...entries.flat(),
    "RHS",
    ...sides,
    "BOUNDS",
    ...bounds,
    "ENDATA",
    "",
  ].join("\n");
}
