import { type Diagnostic, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import { checkCatalogChips } from "./check/check-chips.ts";
import { checkModel } from "./check/check-models.ts";
import { checkRequiredOf } from "./check/check-required.ts";
import { checkStacks } from "./check/check-stacks.ts";
import type { ReadContext } from "./files/layers.ts";
import { emptyLog } from "./files/merge.ts";
import { loadWithPack, type PackedCatalog } from "./files/packed-catalog.ts";
import { readCatalog } from "./files/read-catalog.ts";
import type { ReadFile } from "./files/structure.ts";
import { namesOf, readFields } from "./read/read-fields.ts";
import type { FieldValue } from "./scenario.ts";

/** Contents of the catalog: its chips by name, and each field with its value and origin. */
export type Catalog = {
  readonly chips: readonly string[];
  /** Fields of chips and sites, defaults included, by path. */
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** Fields under `defaults`, by path. */
  readonly defaults: ReadonlyMap<string, FieldValue>;
  /** Every figure with its origin: fields, defaults and named values. */
  readonly figures: readonly FieldValue[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
};

/** The files of a catalog. Paths are in the form that `read` takes. */
type CatalogInput = {
  readonly catalog: readonly string[];
  readonly read: ReadFile;
  /** These files as the build packed them. */
  readonly packed?: PackedCatalog | undefined;
};

/**
 * Loads catalog files without a scenario, for commands that show the catalog and for tests of the data.
 *
 * Returns all problems at once, sorted by place. Reads files only through `read`.
 *
 * Fails: never. Cost: size of the files, which are bounded.
 */
export function loadCatalog(input: CatalogInput): Catalog {
  return loadWithPack(input, load);
}

function load({ catalog, read, packed }: CatalogInput): Catalog {
  const context: ReadContext = {
    read,
    ...(packed ? { packed } : {}),
    figures: new Map(),
    sources: new Map(),
    diagnostics: [],
    faulty: new Set(),
  };
  const log = emptyLog();
  const merged = readCatalog(catalog, log, context);
  if (!merged)
    return {
      chips: [],
      fields: new Map(),
      defaults: new Map(),
      figures: [],
      diagnostics: sortDiagnostics(context.diagnostics),
      sources: context.sources,
    };
  const { context: checked, names, defaults, lets } = readFields(merged, namesOf(merged), log, context);
  checkRequiredOf(checked, "chips", names);
  checkRequiredOf(checked, "models", names);
  checkRequiredOf(checked, "stacks", names);
  for (const model of names.models) checkModel(checked, model);
  checkStacks(checked, names.stacks);
  checkCatalogChips(checked, names.chips, true);
  const fields = new Map([...checked.fields].filter(([path]) => /^(chips|models|sites|stacks)\./.test(path)));
  return {
    chips: names.chips,
    fields,
    defaults,
    figures: [...checked.fields.values(), ...defaults.values(), ...lets].filter(
      ({ path, origin }) => origin.layer === "catalog" && origin.declaredAt === path,
    ),
    diagnostics: sortDiagnostics(context.diagnostics),
    sources: context.sources,
  };
}
