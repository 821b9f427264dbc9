import { type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import { type LayerInput, readAllLayers } from "./files/all-layers.ts";
import type { ReadContext } from "./files/layers.ts";
import type { PackedFiles } from "./files/packed-tree.ts";
import { resolvePath } from "./files/resolve-path.ts";
import type { ReadFile } from "./files/structure.ts";
import { allowWarnings } from "./read/allow.ts";
import { readScenario } from "./read-scenario.ts";
import type { FieldValue, Scenario } from "./scenario.ts";

/** What to load. Paths are as `read` takes them. */
export type LoadInput = LayerInput & {
  /** Gives the text of a file, or `undefined` where there is none. */
  readonly read: ReadFile;
  /** Trees of catalog files as they were when they were packed, to save parsing them; one that has changed is parsed. */
  readonly packed?: PackedFiles;
};

/** A scenario, if nothing is wrong with it, all that is, and the texts that spans point into. */
export type LoadResult = {
  readonly scenario?: Scenario;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
};

/**
 * Loads a scenario: catalog, the files it extends, the file itself, overrides and `--set`, checked against the table of
 * fields.
 *
 * All problems come back at once, sorted by place; what only follows from another problem is left out. A scenario is
 * given if there is no error. Files come in through `read` alone.
 *
 * Fails: never. Cost: size of the files, which are bounded.
 */
export function loadScenario(input: LoadInput): LoadResult {
  const { read, packed } = input;
  const context: ReadContext = {
    read,
    ...(packed ? { packed } : {}),
    sources: new Map(),
    diagnostics: [],
    faulty: new Set(),
  };
  const { merged, log } = readAllLayers(input, context);
  // Without one of the files nearly everything would seem to be missing.
  if (!merged || context.faulty.has("")) return finish(undefined, context);
  const file = resolvePath("", input.path);
  const scenario = readScenario(merged, log, file, context);
  return finish(scenario, context, scenario.fields.get("allow"));
}

function finish(scenario: Scenario | undefined, context: ReadContext, allow?: FieldValue): LoadResult {
  // Where `let` itself is misspelt, every name that is read is unknown.
  const isLetLost = context.faulty.has("let");
  const found = context.diagnostics.filter(({ code }) => !(isLetLost && code === "unknown-name"));
  const diagnostics = sortDiagnostics(allowWarnings(found, allow));
  const isSound = scenario !== undefined && !hasErrors(diagnostics);
  return { ...(isSound ? { scenario } : {}), diagnostics, sources: context.sources };
}
