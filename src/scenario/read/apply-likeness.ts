import { diagnose } from "../../diagnostics/diagnostic.ts";
import { LIKE_COLLECTIONS } from "../fields/like-fields.ts";
import type { MapNode } from "../files/tree.ts";
import type { Scenario } from "../scenario.ts";
import { isFaulty } from "./check-context.ts";
import type { FieldReaderContext } from "./field-reader.ts";
import { ALTERNATIVES, type FieldTable, isSupplanted } from "./fill-defaults.ts";

/** What is a member's own whatever it is like. */
const OWN = /^(like|title|chip|mix\..*)$/;

/**
 * Gives members that are `like` another one the fields that they do not state, before any default: its values with its draws and
 * its origin. A member may be like one that is itself like another.
 *
 * Fails: never; a circle is added to the diagnostics.
 */
export function applyLikeness(
  stated: FieldTable,
  names: Scenario["names"],
  merged: MapNode,
  context: FieldReaderContext,
): void {
  for (const collection of LIKE_COLLECTIONS) {
    const done = new Set<string>();
    const visit = (name: string, path: readonly string[]): void => {
      if (done.has(name)) return;
      done.add(name);
      const field = `${collection}.${name}.like`;
      const base = stated.fields.get(field)?.choice;
      if (base === undefined) return;
      if (base === name || path.includes(base)) {
        reportCircle(stated, field, [...path.slice(Math.max(0, path.indexOf(base))), name, base], context);
        return;
      }
      visit(base, [...path, name]);
      copyFields(stated, merged, `${collection}.${base}`, `${collection}.${name}`);
    };
    for (const name of names[collection]) visit(name, []);
  }
}

function copyFields(stated: FieldTable, merged: MapNode, base: string, own: string): void {
  for (const [path, value] of [...stated.fields]) {
    if (!path.startsWith(`${base}.`)) continue;
    const field = path.slice(base.length + 1);
    const target = `${own}.${field}`;
    if (OWN.test(field)) continue;
    if (stated.fields.has(target) || isFaulty(stated, target)) continue;
    const group = ALTERNATIVES.find((ways) => ways.some((way) => way.includes(field)));
    const others = group?.filter((way) => !way.includes(field)).flat() ?? [];
    if (isSupplanted(merged, own, others)) continue;
    stated.fields.set(target, { ...value, path: target, takenFrom: path });
  }
  for (const path of [...stated.faulty])
    if (path.startsWith(`${base}.`)) stated.faulty.add(`${own}.${path.slice(base.length + 1)}`);
}

function reportCircle(
  { fields, faulty }: FieldTable,
  path: string,
  circle: readonly string[],
  { diagnostics }: FieldReaderContext,
): void {
  const value = fields.get(path);
  const reason = `it is like itself: ${circle.join(", ")}`;
  const values = { text: value?.text ?? "", reason };
  const help = "leave out one `like`, and state the values there";
  diagnostics.push(diagnose("invalid-value", { values, path, span: value?.origin.span, help }));
  faulty.add(path.replace(/\.like$/, ""));
}
