import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** An unfinished file of another process is left alone this long where nobody can tell whether the process lives [ms]. */
const GRACE_TIME = 24 * 60 * 60 * 1000;

/** Which process of which start of which machine wrote a file, in characters that names of files may hold. */
const owner = [machineName(), bootName(), process.pid, startOf(process.pid) ?? "0"].join(".");

const PATTERN = /^\..+\.([\w-]+)\.([\w-]+)\.(\d+)\.(\d+)\.(?:new|old)$/;

/** Name for a file while it is written, or for the one it replaces until all files are in place. */
export function temporaryName(folder: string, name: string, kind: "new" | "old"): string {
  return path.join(folder, `.${name}.${owner}.${kind}`);
}

/**
 * Removes temporary files that processes left in a folder when they were killed: at once where the process ran on this
 * machine since its last start and is gone, after a day where it ran elsewhere.
 *
 * Fails: never; what cannot be removed stays.
 */
export function clearTemporaryFiles(folder: string): void {
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const [, machine, boot, pid, start] = PATTERN.exec(name) ?? [];
    if (machine === undefined) continue;
    const file = path.join(folder, name);
    const isHere = machine === machineName() && boot === bootName();
    const isLeft = isHere ? startOf(Number(pid)) !== start : isOld(file);
    if (isLeft) fs.rmSync(file, { force: true });
  }
}

function isOld(file: string): boolean {
  const changed = fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return changed !== undefined && Date.now() - changed > GRACE_TIME;
}

function machineName(): string {
  return os.hostname().replace(/[^\w-]/g, "-") || "-";
}

/** Of the machine's last start; process numbers are given anew after each. */
function bootName(): string {
  try {
    return fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  } catch {
    return "-";
  }
}

/** When a process started, in ticks since the machine did; "0" where the system does not tell; undefined for no process. */
function startOf(pid: number): string | undefined {
  try {
    // The name of the program, in brackets, may hold blanks.
    const fields = fs
      .readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[19] ?? "0";
  } catch {
    return isRunning(pid) ? "0" : undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
