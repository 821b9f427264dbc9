// Runs cases with a program and keeps what came of them: the files written, what was printed, the exit code.
import { spawn } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const BATCH = fileURLToPath(new URL("./run-batch.mjs", import.meta.url));
/** A case that takes longer is stopped and counts as one that died. */
const MOST_SECONDS = 300;

/** A name for the results of a case: its words are all that they depend on. */
export function resultName({ words }) {
  return crypto.createHash("sha256").update(JSON.stringify(words)).digest("hex").slice(0, 20);
}

/**
 * Runs each case in a folder of its own under `work`.
 *
 * @param packageFolder the program's package, with dist/cli.js
 * @param finish called with the case and its folder as soon as it is done
 */
export async function runCases(packageFolder, cases, work, finish) {
  let rest = cases.map((one) => ({ one, folder: path.join(work, resultName(one)) }));
  // A case that takes the process with it is noted; the others go on in a new one.
  while (rest.length > 0) {
    const { done, end } = await runBatch(packageFolder, rest, work, finish);
    if (done < rest.length) {
      const { one, folder } = rest[done];
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, "screen.json"), JSON.stringify(end));
      finish(one, folder);
    }
    rest = rest.slice(done + 1);
  }
}

function runBatch(packageFolder, rest, work, finish) {
  const jobs = path.join(work, "jobs.json");
  fs.writeFileSync(jobs, JSON.stringify(rest.map(({ one, folder }) => ({ folder, words: one.words }))));
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: "1" };
    const child = spawn(process.execPath, [BATCH, path.join(packageFolder, "dist", "cli.js"), jobs], { env });
    const stop = () => child.kill("SIGKILL");
    let timer = setTimeout(stop, 1000 * MOST_SECONDS);
    let done = 0;
    let stderr = "";
    child.stderr.on("data", (data) => (stderr += data));
    child.stdout.on("data", (data) => {
      clearTimeout(timer);
      timer = setTimeout(stop, 1000 * MOST_SECONDS);
      for (const _ of String(data).matchAll(/\n/g)) {
        finish(rest[done].one, rest[done].folder);
        done++;
      }
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ done, end: { code: signal ?? `died with ${code}`, stdout: "", stderr } });
    });
  });
}

/** What a case left: its exit code, what it printed, and its files by name. */
export function readResult(folder) {
  const screen = JSON.parse(fs.readFileSync(path.join(folder, "screen.json"), "utf8"));
  const out = path.join(folder, "out");
  const names = fs.existsSync(out) ? fs.readdirSync(out).sort() : [];
  return {
    ...screen,
    files: new Map(names.map((name) => [name, fs.readFileSync(path.join(out, name), "utf8")])),
  };
}
