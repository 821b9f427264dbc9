import { checkDuplicateEntries } from "./check-entries.ts";
import { type ReadContext, readText, readTree } from "./layers.ts";
import { type MergeLog, mergeAll } from "./merge.ts";
import { unpackCatalog } from "./packed-catalog.ts";
import { resolvePath } from "./resolve-path.ts";
import type { MapNode } from "./tree.ts";

/**
 * Reads catalog files and merges them, in the order given: from the pack, where it is of these texts.
 *
 * Fails: never; a file with a fault is left out and its diagnostics are added to the context.
 *
 * @return undefined where there is no file
 */
export function readCatalog(
  paths: readonly string[],
  log: MergeLog,
  context: ReadContext,
): MapNode | undefined {
  const files = paths.map((path) => resolvePath("", path));
  const texts = files.map((file) => readText(file, undefined, context));
  const unpacked = context.packed && unpackCatalog(context.packed, files, texts);
  if (unpacked) {
    for (const [file, figures] of unpacked.figures) context.figures.set(file, figures);
    return unpacked.tree;
  }
  const layers = files.flatMap((file, index) => {
    const text = texts[index];
    const tree =
      text === undefined ? undefined : readTree(text, file, { kind: "catalog", from: file }, context);
    return tree ? [tree] : [];
  });
  checkDuplicateEntries(layers, context);
  return mergeAll(undefined, layers, log, false);
}
