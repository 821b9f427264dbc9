import { withoutUnusedOffers } from "./catalog-offers.ts";
import { checkCatalogChips } from "./check-chips.ts";
import { checkConditions } from "./check-conditions.ts";
import { checkContracts } from "./check-contracts.ts";
import { checkCorrelations } from "./check-correlations.ts";
import { checkCurrencyYears } from "./check-currency.ts";
import { checkFleet } from "./check-fleets.ts";
import { checkModel } from "./check-models.ts";
import { checkRequired, checkRequiredOf } from "./check-required.ts";
import { checkSite } from "./check-sites.ts";
import { warnOfEmptiness, warnOfLateValues, warnOfUnusedNames, warnOfUnusedSites } from "./check-usage.ts";
import { checkWorkload } from "./check-workloads.ts";
import { COLLECTIONS } from "./field.ts";
import { defaultPathOf } from "./field-tree.ts";
import { FIELDS } from "./fields/index.ts";
import type { ReadContext } from "./layers.ts";
import type { MergeLog } from "./merge.ts";
import { SET_FILE } from "./overrides.ts";
import { namesOf, type ReadFields, readFields } from "./read-fields.ts";
import { baseName } from "./resolve-path.ts";
import type { FieldValue, Scenario } from "./scenario.ts";
import type { MapNode } from "./tree.ts";
import { warnOfDoubts } from "./warn-of-doubts.ts";

/**
 * Reads every field of merged layers and checks them, one by one and together.
 *
 * @param merged all layers as one tree
 * @param log    what they replaced
 * @param file   the scenario's own file, where what it lacks is reported
 * @return the scenario, which is to be used only if the diagnostics of the context hold no error
 *
 * Fails: never.
 */
export function readScenario(merged: MapNode, log: MergeLog, file: string, files: ReadContext): Scenario {
  const read = readFields(withoutUnusedOffers(merged), namesOf(merged), log, files);
  const isWholeCatalog = namesOf(merged).chips.length === read.names.chips.length;
  checkCatalogChips(read.context, read.names.chips, isWholeCatalog);
  checkTogether(read, file);
  const { context, names, lets, defaults } = read;
  const { fields, startMonth, monthCount } = context;
  return {
    slug: slugOf(file),
    fields: sortFields(fields),
    names,
    lets,
    changes: log.changes.map((change) => ({
      ...change,
      old: change.old ?? defaultText(change.path, defaults),
    })),
    files: new Map([...files.sources].filter(([name]) => name !== SET_FILE)),
    tree: merged,
    startMonth,
    monthCount,
  };
}

function checkTogether({ context, names, lets, defaults }: ReadFields, file: string): void {
  checkRequired(context, file);
  for (const collection of COLLECTIONS) checkRequiredOf(context, collection, names);
  for (const site of names.sites) checkSite(context, site);
  for (const fleet of names.fleets) checkFleet(context, fleet);
  for (const model of names.models) checkModel(context, model);
  for (const workload of names.workloads) checkWorkload(context, workload, names.fleets);
  checkContracts(context, names);
  checkConditions(context, names);
  checkCurrencyYears(context, lets);
  checkCorrelations(context, lets);
  warnOfUnusedSites(context, names.sites, names.fleets);
  warnOfEmptiness(context, names, file);
  warnOfLateValues(context);
  warnOfDoubts(context, names, lets);
  warnOfUnusedNames(context, lets, [...context.fields.values(), ...defaults.values()], file);
}

/** By path, in the order of code units, which is the order that `sort` has by itself. */
function sortFields(fields: ReadonlyMap<string, FieldValue>): ReadonlyMap<string, FieldValue> {
  return new Map([...fields.keys()].sort().map((path) => [path, fields.get(path) as FieldValue]));
}

/** What held for a field that no layer had set: the scenario's default, or that of the table of fields. */
function defaultText(path: string, defaults: ReadonlyMap<string, FieldValue>): string {
  const keys = path.split(".");
  const pattern = [keys[0], "*", ...keys.slice(2)].join(".");
  const spec = FIELDS.find((one) => one.path === path || one.path === pattern);
  return defaults.get(defaultPathOf(pattern) ?? "")?.text ?? spec?.default ?? "";
}

/** The file's name made safe as that of a folder, on every system. */
function slugOf(file: string): string {
  const safe = baseName(file)
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 100);
  return safe === "" || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(safe)
    ? `scenario-${safe}`.replace(/-$/, "")
    : safe;
}
