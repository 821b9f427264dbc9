// What moved, and where: compares the tables of this tree's program with those of an earlier one, byte for byte, on the
// scenarios and the catalog of that day and on random scenarios. The earlier program is built from git history
// (tests/bench/baseline/build.mjs); the new one reads the same catalog, from a package of its own.
//
//   node tests/bench/old-and-new.mjs                     two to three minutes of one core, five the first time: results of
//                                                        the old program are kept
//   node tests/bench/old-and-new.mjs --quick             about half a minute
//   node tests/bench/old-and-new.mjs --commands run,optimize --only '*openai-aws*'
//
// Exits with 1 where anything differs that tests/bench/baseline/expected.yaml does not allow, with 2 where the command
// line is at fault, with 3 where the earlier program cannot be built. Every difference, allowed or not, goes to --json.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import {
  BASELINE,
  BaselineError,
  buildBaseline,
  packageOver,
  resolveCommit,
  root,
} from "./baseline/build.mjs";
import { listCases, RANDOM } from "./baseline/cases.mjs";
import { compareResults } from "./baseline/differences.mjs";
import { findExpected, matches, readExpected } from "./baseline/expected.mjs";
import { reportLines } from "./baseline/report.mjs";
import { readResult, resultName, runCases } from "./baseline/run-cases.mjs";

const HELP = `node tests/bench/old-and-new.mjs [options]

  --quick            fewer scenarios, frozen and random
  --commands LIST    of run, compare, sweep, sensitivity, optimize (default: all)
  --only PATTERN     cases of this name, as in --only 'optimize *' or --only '*random-00*'
  --random COUNT     random scenarios (default ${RANDOM.whole}; ${RANDOM.quick} with --quick)
  --against COMMIT   the earlier program (default ${BASELINE.slice(0, 7)}); its own scenarios and catalog are used
  --expected FILE    differences that are meant (default tests/bench/baseline/expected.yaml, for the default commit)
  --keep FOLDER      keep what both programs wrote where they differ, as FOLDER/CASE/old and FOLDER/CASE/new
  --json FILE        write every difference
  --all              list every column in the report
  --fresh            run the old program again, too
  --no-build         compare dist/ as it is
`;

const COMMANDS = ["run", "compare", "sweep", "sensitivity", "optimize"];

class UsageError extends Error {}

function readOptions() {
  const text = { type: "string" };
  const flag = { type: "boolean", default: false };
  const { values } = parseArgs({
    options: {
      ...{ commands: text, only: text, random: text, against: text, expected: text, keep: text, json: text },
      ...{ quick: flag, all: flag, fresh: flag, "no-build": flag, help: { ...flag, short: "h" } },
    },
  });
  const commands = values.commands?.split(",") ?? COMMANDS;
  const unknown = commands.find((name) => !COMMANDS.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`there is no command ${unknown} here; there is ${COMMANDS.join(", ")}`);
  const count = Number(values.random ?? (values.quick ? RANDOM.quick : RANDOM.whole));
  if (!Number.isInteger(count) || count < 0) throw new UsageError("--random is a number of scenarios");
  return { ...values, commands, count };
}

/** A package of the tree's own program over the frozen scenarios. */
function makeNewPackage(oldPackage, work, isBuilt) {
  if (!isBuilt) {
    const { status } = spawnSync(process.execPath, [".config/build.mjs"], { cwd: root, stdio: "inherit" });
    if (status !== 0) throw new BaselineError("the program of this tree does not build");
  }
  return packageOver(oldPackage, path.join(work, "package"));
}

/** Runs the old program where its results are not kept from before. */
async function runOld(oldPackage, cases, work, isFresh) {
  const kept = path.join(path.dirname(oldPackage), `results-${process.version}-${process.arch}`);
  fs.mkdirSync(kept, { recursive: true });
  const missing = cases.filter((one) => isFresh || !fs.existsSync(path.join(kept, resultName(one))));
  const count = progress("old program", missing.length);
  const cell = path.join(work, "old");
  fs.mkdirSync(cell);
  await runCases(oldPackage, missing, cell, (one, folder) => {
    const target = path.join(kept, resultName(one));
    // Another comparison may just have kept the same.
    fs.rmSync(target, { recursive: true, force: true });
    fs.renameSync(folder, target);
    count(one.name);
  });
  return (one) => path.join(kept, resultName(one));
}

/** Says how far it is: one line on a terminal, nothing elsewhere. */
function progress(title, total) {
  let done = 0;
  return (name) => {
    done++;
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\r\x1b[K${done < total ? `${title}: ${done} of ${total}, ${name}` : ""}`);
  };
}

/** Texts without what is no news: the packages' places, and those in the bundle that a stack names. */
function normalise({ stdout, stderr, ...rest }, packageFolder) {
  const plain = (text) =>
    text
      .replaceAll(packageFolder, "PACKAGE")
      .replace(/dist\/[\w/.-]+\.js\S*/g, "dist")
      .replace(/^ +at .*\n/gm, "");
  return { ...rest, stdout: plain(stdout), stderr: plain(stderr) };
}

async function compare(options, work, oldPackage) {
  const wanted = await listCases(oldPackage, { count: options.count, isQuick: options.quick });
  const cases = wanted.filter(
    ({ command, name }) => options.commands.includes(command) && matches(options.only ?? "*", name),
  );
  if (cases.length === 0) throw new UsageError("no case has such a name");
  const newPackage = await makeNewPackage(oldPackage, work, options["no-build"]);
  const oldFolder = await runOld(oldPackage, cases, work, options.fresh);
  const found = [];
  const codes = new Map();
  const count = progress("new program", cases.length);
  const cell = path.join(work, "new");
  fs.mkdirSync(cell);
  await runCases(newPackage, cases, cell, (one, folder) => {
    const old = normalise(readResult(oldFolder(one)), oldPackage);
    const now = normalise(readResult(folder), newPackage);
    codes.set(now.code, (codes.get(now.code) ?? 0) + 1);
    const differences = compareResults(old, now);
    found.push(...differences.map((each) => ({ command: one.command, case: one.name, ...each })));
    if (options.keep && differences.length > 0) {
      const target = path.join(options.keep, one.name.replace(/[^\w.-]+/g, "-"));
      fs.cpSync(oldFolder(one), path.join(target, "old"), { recursive: true });
      fs.cpSync(folder, path.join(target, "new"), { recursive: true });
    }
    fs.rmSync(folder, { recursive: true, force: true });
    count(one.name);
  });
  return { cases, found, codes };
}

function tell({ cases, found, codes }, entries, options) {
  const allowed = new Map(entries.map((entry) => [entry, 0]));
  const strange = found.filter((each) => {
    const entry = findExpected(entries, each);
    if (entry) allowed.set(entry, allowed.get(entry) + 1);
    return !entry;
  });
  const perCommand = new Map();
  for (const { command } of cases) perCommand.set(command, (perCommand.get(command) ?? 0) + 1);
  const counts = [...perCommand].map(([command, count]) => `${count} ${command}`).join(", ");
  const ends = [...codes].sort().map(([code, count]) => `${count} with ${code}`);
  console.log(`${cases.length} cases: ${counts}; of the new program end ${ends.join(", ")}`);
  for (const [entry, count] of allowed)
    console.log(`meant: ${count} differences; ${entry.reason}${count === 0 ? " (not seen here)" : ""}`);
  for (const line of reportLines(strange, { isWhole: options.all, cases: perCommand })) console.log(line);
  const touched = new Set(strange.map((each) => each.case)).size;
  console.log(
    strange.length === 0
      ? "nothing else differs"
      : `\n${touched} of ${cases.length} cases differ where nothing was meant to`,
  );
  return strange.length;
}

async function main() {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  const commit = resolveCommit(options.against ?? BASELINE);
  const list =
    options.expected ??
    (commit === BASELINE ? path.join(root, "tests/bench/baseline/expected.yaml") : undefined);
  const entries = list === undefined ? [] : readExpected(list);
  const oldPackage = fs.realpathSync(buildBaseline(commit, console.error));
  const works = path.join(path.dirname(oldPackage), "work");
  fs.mkdirSync(works, { recursive: true });
  const work = fs.mkdtempSync(path.join(works, "w-"));
  process.on("exit", () => fs.rmSync(work, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));
  const result = await compare(options, work, oldPackage);
  if (options.json) fs.writeFileSync(options.json, `${JSON.stringify(result.found, undefined, 1)}\n`);
  if (tell(result, entries, options) > 0) process.exitCode = 1;
}

const isUsage = (error) => error instanceof UsageError || error.code?.startsWith("ERR_PARSE_ARGS") === true;

try {
  await main();
} catch (error) {
  // A stack says nothing to who mistyped an option, or has half a history.
  const code = error instanceof BaselineError ? 3 : isUsage(error) ? 2 : undefined;
  if (code === undefined) throw error;
  console.error(code === 2 ? `${error.message}\n\n${HELP}` : error.message);
  process.exitCode = code;
}
