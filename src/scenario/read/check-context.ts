import { type Diagnostic, diagnose, type RelatedPlace, type Span } from "../../diagnostics/diagnostic.ts";
import { listNames, listWords } from "../fields/words.ts";
import { isLater, isOfCatalog, type MapNode, textOf, valueAtPath } from "../files/tree.ts";
import { withoutNotes } from "../files/value-shape.ts";
import { constantOf } from "../language/evaluate.ts";
import type { NameResolver } from "../language/value-reader.ts";
import type { FieldValue } from "../scenario.ts";
import type { NamesOf } from "./read-word.ts";

/** The input of rules over several fields, and the list they report to. */
export type CheckContext = {
  /** Fields read without an error, by path. */
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** Paths that are written but faulty; a rule over them would only repeat the fault. */
  readonly faulty: ReadonlySet<string>;
  /** All layers merged. */
  readonly merged: MapNode;
  readonly names: NameResolver;
  readonly namesOf: NamesOf;
  readonly lets: readonly FieldValue[];
  readonly startMonth: number;
  readonly monthCount: number;
  readonly diagnostics: Diagnostic[];
};

/** True for a field with a value, a default or a faulty value. */
export function isGiven(context: CheckContext, path: string): boolean {
  return context.fields.has(path) || isFaulty(context, path);
}

/** True for a path that is faulty itself or below a faulty one. */
export function isFaulty({ faulty }: Pick<CheckContext, "faulty">, path: string): boolean {
  if (faulty.size === 0) return false;
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) {
    if (faulty.has(path.slice(0, end))) return true;
  }
  return false;
}

/** True for a field that is 0 in every month and trial, or absent. */
export function isZero({ fields, names }: CheckContext, path: string): boolean {
  const expr = fields.get(path)?.expr;
  return !expr || constantOf(expr, names) === 0;
}

/** The place of the key at a path of the merged tree. */
export function keySpanAt(merged: MapNode, keys: readonly string[]): Span | undefined {
  const parent = valueAtPath(merged, keys.slice(0, -1));
  return parent?.kind === "map" ? parent.entries.get(keys.at(-1) ?? "")?.keySpan : undefined;
}

/** The place of a field's value, as a related place of a diagnostic. */
export function placeOf(
  { fields, merged }: Pick<CheckContext, "fields" | "merged">,
  path: string,
  note: string,
): RelatedPlace[] {
  const span = fields.get(path)?.origin.span ?? keySpanAt(merged, path.split("."));
  return span ? [{ span, note }] : [];
}

/**
 * Reports that an entity lacks a field.
 *
 * @param because path of what needs the field, shown where the scenario writes nothing of the entity
 */
export function reportMissing(
  { merged, diagnostics }: CheckContext,
  entity: string,
  field: string,
  help?: string,
  because = entity,
): void {
  const written = valueAtPath(merged, entity.split("."));
  const place = written && !isOfCatalog(written) ? entity : because;
  const span = keySpanAt(merged, place.split("."));
  diagnostics.push(diagnose("missing-field", { values: { field }, path: `${entity}.${field}`, span, help }));
}

/**
 * Reports that a field's value contradicts another one.
 *
 * @param beside path of the other field, shown as a related place
 */
export function reportInvalid(
  context: CheckContext,
  path: string,
  reason: string,
  { beside, help }: { readonly beside?: string | undefined; readonly help?: string } = {},
): void {
  const value = context.fields.get(path);
  const span = value?.origin.span ?? keySpanAt(context.merged, path.split("."));
  const written = valueAtPath(context.merged, path.split("."));
  const values = { text: value?.text ?? (written ? textOf(withoutNotes(written)) : ""), reason };
  const related = beside === undefined ? [] : placeOf(context, beside, `\`${beside.split(".").at(-1)}\``);
  context.diagnostics.push(diagnose("invalid-value", { values, path, span, related, help }));
}

/**
 * Reports fields that say the same in different ways, at the one that the last layer wrote. Where earlier layers wrote others, the
 * help says how to drop these.
 *
 * @param names paths of the fields below the entity's, at least two
 */
export function reportConflict(
  context: Pick<CheckContext, "fields" | "merged" | "diagnostics">,
  entity: string,
  names: readonly string[],
): void {
  const { merged, diagnostics } = context;
  const places = names.flatMap((name) => {
    const layer = valueAtPath(merged, `${entity}.${name}`.split("."))?.layer;
    return placeOf(context, `${entity}.${name}`, `\`${name}\``).map((place) => ({ name, layer, place }));
  });
  const last = places.reduce<(typeof places)[number] | undefined>(
    (found, each) => (found?.layer && each.layer && isLater(found.layer, each.layer) ? found : each),
    undefined,
  );
  const earlier = places.filter(({ layer }) => layer && last?.layer && isLater(last.layer, layer));
  const from = new Set(earlier.map(({ layer }) => `\`${layer?.from}\``));
  const nulls = nullsOf(earlier.map(({ name }) => name));
  const help =
    earlier.length === 0
      ? undefined
      : `to drop what ${listWords([...from], "and")} says, write ${listWords(nulls, "and")} here`;
  const values = { fields: listNames(names) };
  const related = places.filter((each) => each !== last).map(({ place }) => place);
  diagnostics.push(
    diagnose("conflict-fields", { values, path: entity, span: last?.place.span, related, help }),
  );
}

/** How a scenario drops fields: `size: null`, `deliver: { from: null, to: null }`. */
function nullsOf(names: readonly string[]): string[] {
  const written = new Map<string, string[]>();
  for (const name of names) {
    const parent = name.slice(0, Math.max(0, name.lastIndexOf(".")));
    const nulls = written.get(parent) ?? [];
    nulls.push(`${name.slice(name.lastIndexOf(".") + 1)}: null`);
    written.set(parent, nulls);
  }
  return [...written].flatMap(([parent, nulls]) =>
    parent === "" ? nulls.map((one) => `\`${one}\``) : [`\`${parent}: { ${nulls.join(", ")} }\``],
  );
}

/** Writes a fraction for a message: 1.05 is `105 %`. */
export function formatShare(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(10))} %`;
}

/** A fleet's mix in the merged layers. */
export function mixOf(context: CheckContext, fleet: string): MapNode | undefined {
  const mix = valueAtPath(context.merged, ["fleets", fleet, "mix"]);
  return mix?.kind === "map" ? mix : undefined;
}

/** Chips that a fleet has or will have. */
export function chipsOf(context: CheckContext, fleet: string): readonly string[] {
  const mix = mixOf(context, fleet);
  const single = context.fields.get(`fleets.${fleet}.chip`)?.choice;
  const successor = context.fields.get(`fleets.${fleet}.replacement.with`)?.choice;
  const chips = mix ? [...mix.entries.keys()] : single === undefined ? [] : [single];
  return [...new Set(successor === undefined ? chips : [...chips, successor])];
}
