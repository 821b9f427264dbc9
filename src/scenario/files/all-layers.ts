import { type Diagnostic, diagnose } from "../../diagnostics/diagnostic.ts";
import { type ReadContext, readScenarioFiles } from "./layers.ts";
import { type Blank, emptyLog, type MergeLog, mergeAll } from "./merge.ts";
import { readSets, selectMix, selectOverrides } from "./overrides.ts";
import { readCatalog } from "./read-catalog.ts";
import type { MapNode } from "./tree.ts";

/** The layers of a scenario, by name. */
export type LayerInput = {
  /** The scenario file. */
  readonly path: string;
  /** Catalog files, in the order in which they are merged; none by default. */
  readonly catalog?: readonly string[];
  /** Names of overrides to apply after those of `scenario`, in order. */
  readonly overrides?: readonly string[];
  /** Name of a list under `scenarios`. */
  readonly scenario?: string;
  /** Name of a set of changes under `mixes`, applied after the overrides. */
  readonly mix?: string;
  /** Texts `path=value`, applied last. */
  readonly sets?: readonly string[];
};

/** All layers merged, `undefined` if there is no file at all; and the values they replaced. */
export type MergedLayers = { readonly merged?: MapNode; readonly log: MergeLog };

/**
 * Reads and merges all layers in order: catalog, extended files, the file, overrides, `--set`.
 *
 * Fails: never; faults are added to the context.
 */
export function readAllLayers(input: LayerInput, context: ReadContext): MergedLayers {
  const log = emptyLog();
  const catalog = readCatalog(input.catalog ?? [], log, context);
  const [first, ...extending] = readScenarioFiles(input.path, context);
  let merged = mergeAll(catalog, first ? [first] : [], log, false);
  if (!merged) return { log };
  merged = mergeAll(merged, extending, log, true);
  const overrides = selectOverrides(merged, input.scenario, input.overrides ?? [], context.diagnostics);
  merged = mergeAll(merged, overrides, log, true);
  merged = mergeAll(merged, selectMix(merged, input.mix, context.diagnostics), log, true);
  merged = mergeAll(merged, readSets(input.sets ?? [], merged, context), log, true);
  context.diagnostics.push(...log.blanks.map(warnOfBlank));
  return { merged, log };
}

/** Warns of `a:` with nothing behind it: an edit left half done looks like a removal that was meant. */
function warnOfBlank({ path, span, removed }: Blank): Diagnostic {
  const effect = removed ? "what was written before is removed" : "nothing is made of it";
  const related = removed && [{ span: removed, note: "removed" }];
  const help = removed
    ? "fill it in, or write `null` to remove it on purpose"
    : "fill it in, or delete the line";
  return diagnose("missing-value", { values: { effect }, path, span, related, help });
}
