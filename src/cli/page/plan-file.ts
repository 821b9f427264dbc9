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

/** A scenario file with the paths of the files that it names, whether they exist or not. */
export type ReadPlanFile = { readonly told: PlanFile; readonly named: readonly string[] };

/** Only scenarios and tables go to the page, whatever else a scenario names. */
const READABLE = /\.(?:ya?ml|csv)$/i;

/** Reads a scenario file with all that it reads. Fails: never; a missing file has an empty version. */
export function readPlanFile(target: string, environment: Environment): ReadPlanFile {
  const file = path.basename(target);
  const text = readText(target);
  if (text === undefined) return { told: { file, text: "", others: {}, version: "" }, named: [] };
  const version = createHash("sha256").update(text).digest("hex");
  const { others, named } = readOthers(target, text, environment);
  return { told: { file, text, others, version }, named };
}

function readOthers(
  target: string,
  text: string,
  environment: Environment,
): { readonly others: Readonly<Record<string, string>>; readonly named: readonly string[] } {
  const folder = path.dirname(target);
  const file = path.basename(target);
  const { catalog, packed } = shippedCatalog(environment);
  const named = new Set<string>();
  const own = new Set([file, ...catalog.map((name) => resolvePath("", name))]);
  const read = (name: string): string | undefined => {
    if (name === file) return text;
    if (catalog.includes(name)) return readText(name);
    if (!READABLE.test(name)) return undefined;
    named.add(path.resolve(folder, name));
    return readText(path.resolve(folder, name));
  };
  const { sources } = loadScenario({ path: file, catalog, packed, read });
  const others = [...sources].filter(([name]) => !own.has(name) && READABLE.test(name));
  return { others: Object.fromEntries(others), named: [...named] };
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
