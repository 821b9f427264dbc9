import { FIELDS, type FieldPath, pathOf } from "../fields/index.ts";
import { type MapNode, valueAtPath } from "../files/tree.ts";
import type { FieldValue, Scenario } from "../scenario.ts";
import { ELSEWHERE } from "../tenure.ts";
import { isFaulty } from "./check-context.ts";
import { type FieldReaderContext, readField } from "./field-reader.ts";
import type { FieldTable } from "./fill-defaults.ts";

/** What stands in for a site that others pay: it limits and costs nothing. */
const SITE: readonly (readonly [row: FieldPath, text: string])[] = [
  ["sites.*.power", "1 TW"],
  ["sites.*.pue", "1"],
  ["sites.*.pue_design", "1"],
  ["sites.*.electricity", "0 USD/MWh"],
  ["sites.*.demand_charge", "0 USD/(kW month)"],
  ["sites.*.tenure", "leased"],
  ["sites.*.lease", "0 USD/(kW month)"],
  ["sites.*.staff", "0 USD/(W year)"],
];

/** Fleets that are written as rented, or are by default. */
function rentedFleets(merged: MapNode, fleets: readonly string[]): readonly string[] {
  const word = (...keys: readonly string[]) => {
    const node = valueAtPath(merged, keys);
    if (node?.kind === "map") return textOf(valueAtPath(node, ["value"]));
    return textOf(node);
  };
  const usual = word("defaults", "fleets", "tenure");
  return fleets.filter((fleet) => (word("fleets", fleet, "tenure") ?? usual) === "rented");
}

function textOf(node: ReturnType<typeof valueAtPath>): string | undefined {
  return node?.kind === "scalar" && !node.isNull ? node.text : undefined;
}

/** The names of a scenario, with the site of its rented fleets. */
export function withElsewhere(names: Scenario["names"], merged: MapNode): Scenario["names"] {
  if (names.sites.includes(ELSEWHERE) || rentedFleets(merged, names.fleets).length === 0) return names;
  return { ...names, sites: [...names.sites, ELSEWHERE].sort() };
}

/**
 * Gives rented fleets their site, and that site its fields. A site that a rented fleet names is left for the checks to reject.
 *
 * Fails: never.
 */
export function placeElsewhere(
  stated: FieldTable,
  names: Scenario["names"],
  merged: MapNode,
  context: FieldReaderContext,
): void {
  const fleets = rentedFleets(merged, names.fleets);
  if (fleets.length === 0) return;
  const add = (row: FieldPath, name: string, text: string) => {
    const path = pathOf(row, name);
    if (stated.fields.has(path) || isFaulty(stated, path)) return;
    const value = literal(path, row, text, context);
    if (value) stated.fields.set(path, value);
  };
  for (const [row, text] of SITE) add(row, ELSEWHERE, text);
  for (const fleet of fleets) add("fleets.*.site", fleet, ELSEWHERE);
}

function literal(
  path: string,
  row: FieldPath,
  text: string,
  context: FieldReaderContext,
): FieldValue | undefined {
  const spec = FIELDS.find((one) => one.path === row);
  if (!spec) return undefined;
  const span = { file: "", line: 1, column: 1, length: 1 };
  const layer = { kind: "default", from: "a rented fleet" } as const;
  const node = { kind: "scalar", text, quoted: false, isNull: false, span, layer } as const;
  return readField({ path, spec, node, keySpan: span }, context);
}
