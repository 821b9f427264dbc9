import { warnOfStrandedFleet } from "./check/check-capacity.ts";
import { checkCatalogChips } from "./check/check-chips.ts";
import { checkConditions } from "./check/check-conditions.ts";
import { checkCorrelations } from "./check/check-correlations.ts";
import { checkDebt } from "./check/check-debt.ts";
import { checkDecisions } from "./check/check-decisions.ts";
import { checkFleet } from "./check/check-fleets.ts";
import { checkModel } from "./check/check-models.ts";
import { checkRequired, checkRequiredOf } from "./check/check-required.ts";
import { warnOfSharedPower } from "./check/check-shared-power.ts";
import { checkSite } from "./check/check-sites.ts";
import { checkStacks } from "./check/check-stacks.ts";
import { checkTax } from "./check/check-tax.ts";
import {
  checkUnusedNames,
  warnOfEmptiness,
  warnOfLateValues,
  warnOfUnusedSites,
} from "./check/check-usage.ts";
import { checkWorkload } from "./check/check-workloads.ts";
import { checkContracts } from "./check/contracts/check-contracts.ts";
import { checkCurrencyYears } from "./check/currencies/check-currency.ts";
import { checkRates, warnOfRates } from "./check/currencies/check-rates.ts";
import { warnOfChip } from "./check/warn-of-chips.ts";
import { warnOfDoubts } from "./check/warn-of-doubts.ts";
import { warnOfRefit } from "./check/warn-of-refit.ts";
import { COLLECTIONS } from "./fields/field.ts";
import { defaultPathOf } from "./fields/field-tree.ts";
import { FIELDS } from "./fields/index.ts";
import { withoutUnusedOffers } from "./files/catalog-offers.ts";
import type { ReadContext } from "./files/layers.ts";
import type { MergeLog } from "./files/merge.ts";
import { SET_FILE } from "./files/overrides.ts";
import { baseName } from "./files/resolve-path.ts";
import type { MapNode } from "./files/tree.ts";
import { floorLets } from "./read/floor-lets.ts";
import { namesOf, type ReadFields, readFields } from "./read/read-fields.ts";
import type { FieldValue, Scenario } from "./scenario.ts";

/**
 * Reads every field of merged layers and checks the fields one by one and together.
 *
 * @param merged all layers as one tree
 * @param log    values that layers replaced
 * @param file   the scenario's own file, where missing fields are reported
 * @return the scenario, to be used only if the context has no error
 *
 * Fails: never.
 */
export function readScenario(merged: MapNode, log: MergeLog, file: string, files: ReadContext): Scenario {
  const read = readFields(withoutUnusedOffers(merged), namesOf(merged), log, files);
  const isWholeCatalog = namesOf(merged).chips.length === read.names.chips.length;
  checkCatalogChips(read.context, read.names.chips, isWholeCatalog);
  checkTogether(read, file);
  const { context, names, defaults } = read;
  const lets = floorLets(read.lets, context.fields, context.names);
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
  checkStacks(context, names.stacks);
  for (const workload of names.workloads) checkWorkload(context, workload, names.fleets);
  checkContracts(context, names);
  checkDebt(context, names);
  checkTax(context);
  checkConditions(context, names);
  checkDecisions(context, names, lets);
  checkCurrencyYears(context, lets);
  checkRates(context, lets);
  checkCorrelations(context, lets);
  warnOfUnusedSites(context, names.sites, names.fleets);
  warnOfEmptiness(context, names, file);
  warnOfLateValues(context);
  for (const fleet of names.fleets) {
    warnOfStrandedFleet(context, fleet);
    warnOfRefit(context, fleet);
  }
  for (const site of names.sites) warnOfSharedPower(context, site, names.fleets);
  warnOfDoubts(context, names, lets);
  warnOfRates(context, lets);
  for (const chip of names.chips) warnOfChip(context, chip);
  checkUnusedNames(context, lets, [...context.fields.values(), ...defaults.values()], file);
}

/** Sorts by path in code units, which is the default of `sort`. */
function sortFields(fields: ReadonlyMap<string, FieldValue>): ReadonlyMap<string, FieldValue> {
  return new Map([...fields.keys()].sort().map((path) => [path, fields.get(path) as FieldValue]));
}

/** The value of a field before the first layer set it: the scenario's default, or that of the table of fields. */
function defaultText(path: string, defaults: ReadonlyMap<string, FieldValue>): string {
  const keys = path.split(".");
  const pattern = [keys[0], "*", ...keys.slice(2)].join(".");
  const spec = FIELDS.find((one) => one.path === path || one.path === pattern);
  return defaults.get(defaultPathOf(pattern) ?? "")?.text ?? spec?.default ?? "";
}

/** The file's name as a folder name that is safe on every system. */
function slugOf(file: string): string {
  const safe = baseName(file)
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 100);
  return safe === "" || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(safe)
    ? `scenario-${safe}`.replace(/-$/, "")
    : safe;
}
