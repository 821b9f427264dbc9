import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { readText, shippedCatalog } from "../../node/package-files.ts";
import { resolvePath } from "../../scenario/files/resolve-path.ts";
import { loadScenario } from "../../scenario/load.ts";
import type { Environment } from "../io/command.ts";
import { temporaryName } from "../io/temporary-files.ts";

/** A scenario file as the page gets it. */
export type PlanFile = {
  /** Its name without folder. */
  readonly file: string;
  readonly text: string;
  /** Texts of the scenarios and tables that it reads, by path from its folder. */
  readonly others: Readonly<Record<string, string>>;
  /** Changes with the text; empty where there is no file. */
  readonly version: string;
};

/** Only scenarios and tables go to the page, whatever else a scenario names. */
const READABLE = /\.(?:ya?ml|csv)$/i;

/** Reads a scenario file with all that it reads. Fails: never; a missing file has an empty version. */
export function readPlanFile(target: string, environment: Environment): PlanFile {
  const file = path.basename(target);
  const text = readText(target);
  if (text === undefined) return { file, text: "", others: {}, version: "" };
  const version = createHash("sha256").update(text).digest("hex");
  return { file, text, others: readOthers(target, text, environment), version };
}

function readOthers(
  target: string,
  text: string,
  environment: Environment,
): Readonly<Record<string, string>> {
  const folder = path.dirname(target);
  const file = path.basename(target);
  const { catalog, packed } = shippedCatalog(environment);
  const own = new Set([file, ...catalog.map((name) => resolvePath("", name))]);
  const read = (name: string): string | undefined => {
    if (name === file) return text;
    if (catalog.includes(name)) return readText(name);
    return READABLE.test(name) ? readText(path.resolve(folder, name)) : undefined;
  };
  const { sources } = loadScenario({ path: file, catalog, packed, read });
  return Object.fromEntries([...sources].filter(([name]) => !own.has(name) && READABLE.test(name)));
}

/** Replaces the text of a file in one step, so that no reader sees half of it. Fails: throws as the file system does. */
export function writePlanFile(target: string, text: string): void {
  // A link stays a link: what it leads to is replaced.
  const file = fs.existsSync(target) ? fs.realpathSync(target) : target;
  const mode = fs.statSync(file, { throwIfNoEntry: false })?.mode ?? 0o644;
  const temporary = temporaryName(path.dirname(file), path.basename(file), "new");
  try {
    fs.writeFileSync(temporary, text, { mode });
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}
