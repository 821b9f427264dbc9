// Builds the program of an earlier commit from git history, with the scenarios and the catalog of that day:
//
//   node tests/bench/baseline/build.mjs [commit]     prints the folder, a package with dist/, scenarios/ and node_modules/
//
// What is built is kept in a cache outside the tree (GIGAFLEET_CACHE, else ~/.cache/gigafleet), which all worktrees share
// and which may be deleted at any time. Nothing is copied into the repository: history holds the program and its inputs.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { packedCatalog } from "../../../.config/pack-catalog.mjs";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The last commit before the program was laid out anew: what its tables say is what later changes are held against. */
export const BASELINE = "da1075743beb55ee0607794c0f9bcad9693adcdd";

/** What the person who started the script can mend; shown without a stack. */
export class BaselineError extends Error {}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error?.code === "ENOENT") throw new BaselineError(`${command} is not installed; it is needed here`);
  return { isDone: status === 0, stdout: stdout ?? "", said: `${stdout}${stderr}`.trim() };
}

function must(command, args, cwd) {
  const { isDone, stdout, said } = run(command, args, cwd);
  if (!isDone) throw new BaselineError(`\`${command} ${args.join(" ")}\` failed in ${cwd}:\n${said}`);
  return stdout.trim();
}

/** The full name of a commit; one that is not in this clone is told with the way to get it. */
export function resolveCommit(commit) {
  if (!run("git", ["rev-parse", "--git-dir"], root).isDone)
    throw new BaselineError(
      `${root} is no git clone, so the earlier program cannot be taken out of its history`,
    );
  const { isDone, stdout } = run("git", ["rev-parse", "--verify", "--quiet", `${commit}^{commit}`], root);
  if (isDone) return stdout.trim();
  const isShallow = must("git", ["rev-parse", "--is-shallow-repository"], root) === "true";
  const remedy = isShallow
    ? "this clone is shallow: `git fetch --unshallow` gets the rest (on GitHub: actions/checkout with `fetch-depth: 0`)"
    : "`git fetch` may get it";
  throw new BaselineError(`commit ${commit} is not in this clone; ${remedy}`);
}

export function cacheFolder(commit) {
  const home = process.env.GIGAFLEET_CACHE || path.join(os.homedir(), ".cache", "gigafleet");
  return path.join(home, commit.slice(0, 12));
}

/**
 * Builds the program of a commit, or finds it built.
 *
 * @return the folder of the package. Beside it there is room for results: it is the cache of this commit.
 */
export function buildBaseline(commit, say = () => {}) {
  const base = cacheFolder(commit);
  const folder = path.join(base, "package");
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(base, { recursive: true });
  // Under a name of its own until it is whole: another process may build the same, and this one may be stopped.
  const making = fs.mkdtempSync(path.join(base, "making-"));
  try {
    say(`building ${commit.slice(0, 7)} in ${base}`);
    const tar = path.join(making, "tree.tar");
    must("git", ["archive", "--format=tar", "-o", tar, commit], root);
    const made = path.join(making, "package");
    fs.mkdirSync(made);
    must("tar", ["-xf", "../tree.tar"], made);
    installPackages(made, say);
    must(process.execPath, [".config/build.mjs"], made);
    try {
      fs.renameSync(made, folder);
    } catch (error) {
      if (!fs.existsSync(folder)) throw error;
    }
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
  return folder;
}

/**
 * A package of this tree's dist/ over the scenarios and the catalog of another, which is packed as the build packs its own: a program
 * finds its catalog beside dist/.
 *
 * @param folder where it is made; it does not exist yet
 */
export async function packageOver(otherPackage, folder) {
  const dist = path.join(root, "dist");
  if (!fs.existsSync(path.join(dist, "cli.js"))) throw new BaselineError("there is no dist/; build first");
  fs.mkdirSync(folder, { recursive: true });
  fs.cpSync(dist, path.join(folder, "dist"), { recursive: true });
  fs.copyFileSync(path.join(root, "package.json"), path.join(folder, "package.json"));
  fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  fs.symlinkSync(path.join(otherPackage, "scenarios"), path.join(folder, "scenarios"), "junction");
  const packed = path.join(folder, "dist/catalog.packed");
  fs.rmSync(packed, { force: true });
  const text = await packedCatalog(path.join(folder, "scenarios/catalog"));
  if (text !== undefined) fs.writeFileSync(packed, text);
  return folder;
}

/** Copies the packages of this tree where they are those of the commit's lockfile, else installs them. */
function installPackages(made, say) {
  const here = path.join(root, "node_modules");
  if (hasPackages(here, path.join(made, "package-lock.json"))) {
    fs.cpSync(here, path.join(made, "node_modules"), { recursive: true, verbatimSymlinks: true });
    return;
  }
  say("installing the packages of its lockfile");
  // --ignore-scripts: the `prepare` script builds with declarations, which nobody needs here.
  must("npm", ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"], made);
}

function hasPackages(folder, lockfile) {
  try {
    const read = (file) => JSON.parse(fs.readFileSync(file, "utf8")).packages;
    const wanted = Object.entries(read(lockfile)).filter(([name]) => name !== "");
    const present = read(path.join(folder, ".package-lock.json"));
    return wanted.every(([name, { version, optional }]) =>
      present[name] ? present[name].version === version : optional === true,
    );
  } catch {
    return false;
  }
}

if (fileURLToPath(import.meta.url) === path.resolve(process.argv[1] ?? "")) {
  try {
    console.log(buildBaseline(resolveCommit(process.argv[2] ?? BASELINE), console.error));
  } catch (error) {
    if (!(error instanceof BaselineError)) throw error;
    console.error(error.message);
    process.exitCode = 3;
  }
}
