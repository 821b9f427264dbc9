import { type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import { type LayerInput, readAllLayers } from "./files/all-layers.ts";
import type { ReadContext } from "./files/layers.ts";
import { loadWithPack, type PackedCatalog } from "./files/packed-catalog.ts";
import { resolvePath } from "./files/resolve-path.ts";
import type { ReadFile } from "./files/structure.ts";
import type { MapNode } from "./files/tree.ts";
import { allowWarnings } from "./read/allow.ts";
import { keySpanAt } from "./read/check-context.ts";
import { readScenario } from "./read-scenario.ts";
import type { FieldValue, Scenario } from "./scenario.ts";

/** The files to load. Paths are in the form that `read` takes. */
export type LoadInput = LayerInput & {
  /** Returns the text of a file, or `undefined` if it does not exist. */
  readonly read: ReadFile;
  /** The catalog as the build packed it, which saves parsing; if a file has changed since, all are parsed. */
  readonly packed?: PackedCatalog | undefined;
};

/** A scenario if there is no error, all diagnostics, and the texts that spans point into. */
export type LoadResult = {
  readonly scenario?: Scenario;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
};

/**
 * Loads a scenario: catalog, the files it extends, the file itself, overrides and `--set`, checked against the table of
 * fields.
 *
 * Returns all problems at once, sorted by place, without those that only follow from another one. Returns a scenario
 * if there is no error. Reads files only through `read`.
 *
 * Fails: never. Cost: size of the files, which are bounded.
 */
export function loadScenario(input: LoadInput): LoadResult {
  return loadWithPack(input, load);
}

function load(input: LoadInput): LoadResult {
  const { read, packed } = input;
  const context: ReadContext = {
    read,
    ...(packed ? { packed } : {}),
    figures: new Map(),
    sources: new Map(),
    diagnostics: [],
    faulty: new Set(),
  };
  const { merged, log } = readAllLayers(input, context);
  // Without one of the files, almost everything would be reported as missing.
  if (!merged || context.faulty.has("")) return finish(undefined, context);
  const file = resolvePath("", input.path);
  const scenario = readScenario(merged, log, file, context);
  const placed = context.diagnostics.map((one) => placeFault(one, merged, file));
  return finish(scenario, { ...context, diagnostics: placed }, scenario.fields.get("allow"));
}

function finish(scenario: Scenario | undefined, context: ReadContext, allow?: FieldValue): LoadResult {
  // If `let` itself is misspelt, every name is unknown.
  const isLetLost = context.faulty.has("let");
  const found = context.diagnostics.filter(({ code }) => !(isLetLost && code === "unknown-name"));
  const diagnostics = sortDiagnostics(allowWarnings(found, allow));
  const isSound = scenario !== undefined && !hasErrors(diagnostics);
  return { ...(isSound ? { scenario } : {}), diagnostics, sources: context.sources };
}

/**
 * Gives a fault of a field without a place that of the nearest key above it, else the beginning of the file: a default that
 * conflicts with the scenario stands in no file of the user's.
 */
function placeFault(fault: Diagnostic, merged: MapNode, file: string): Diagnostic {
  // Names on the command line have neither path nor place.
  if (fault.span || fault.path === undefined) return fault;
  const keys = fault.path.split(".");
  for (let count = keys.length; count > 0; count--) {
    const span = keySpanAt(merged, keys.slice(0, count));
    if (span) return { ...fault, span };
  }
  return { ...fault, span: { file, line: 1, column: 1, length: 1 } };
}
