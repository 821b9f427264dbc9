import { diagnose } from "../../diagnostics/diagnostic.ts";
import { offerNearest } from "../../diagnostics/nearest.ts";
import type { Collection } from "../fields/field.ts";
import { valueAtPath } from "../files/tree.ts";
import { type CheckContext, isFaulty, keySpanAt } from "../read/check-context.ts";
import { unknownReference } from "../read/read-word.ts";
import type { FieldValue, Scenario } from "../scenario.ts";
import { vendorsOf } from "../vendor.ts";

/** The name in `optimize.serve` for the workloads it does not name. */
export const ALL_WORKLOADS = "all";

/** Sections whose keys are chips. */
const BY_CHIP = ["chip_supply", "min_share", "max_share"] as const;

/** Reports names in `compare` and `optimize` that are those of nothing, where no field of its own refers to them. */
export function checkDecisions(
  context: CheckContext,
  names: Scenario["names"],
  lets: readonly FieldValue[],
): void {
  checkScale(context, lets);
  for (const section of BY_CHIP) checkKeys(context, section, "chips");
  const { workloads } = names;
  checkKeys(context, "serve", "workloads", workloads.length > 0 ? [ALL_WORKLOADS] : []);
  const vendors = vendorsOf(context.fields, names.chips);
  for (const key of keysOf(context, "vendor_spend"))
    if (!vendors.includes(key))
      reportUnknown(context, `optimize.vendor_spend.${key}`, "vendor", key, vendors);
}

/** The value that scales mixes is a number under `let`. */
function checkScale(context: CheckContext, lets: readonly FieldValue[]): void {
  const scale = context.fields.get("compare.scale")?.choice;
  if (scale === undefined || isFaulty(context, `let.${scale}`)) return;
  const numbers = lets
    .filter(({ path, expr }) => path.startsWith("let.") && expr?.kind === "number")
    .map(({ path }) => path.slice("let.".length));
  if (!numbers.includes(scale)) reportUnknown(context, "compare.scale", "number under `let`", scale, numbers);
}

/** The keys of a section are names of a collection, or words besides. */
function checkKeys(
  context: CheckContext,
  section: string,
  collection: Collection,
  words: readonly string[] = [],
): void {
  const known = context.namesOf(collection);
  const list = [...known.list, ...words];
  for (const key of keysOf(context, section)) {
    if (known.has(key) || words.includes(key)) continue;
    const path = `optimize.${section}.${key}`;
    const span = keySpanAt(context.merged, path.split("."));
    const names = { has: known.has, list };
    context.diagnostics.push(unknownReference(key, collection, names, path, span));
  }
}

function keysOf({ merged }: CheckContext, section: string): readonly string[] {
  const written = valueAtPath(merged, ["optimize", section]);
  return written?.kind === "map" ? [...written.entries.keys()] : [];
}

function reportUnknown(
  context: CheckContext,
  path: string,
  kind: string,
  name: string,
  known: readonly string[],
): void {
  const span = context.fields.get(path)?.origin.span ?? keySpanAt(context.merged, path.split("."));
  const expected = offerNearest(name, known);
  context.diagnostics.push(diagnose("unknown-reference", { values: { kind, name }, path, span, expected }));
}
