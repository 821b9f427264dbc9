import { type TreeNode, valueAtPath } from "../../scenario/files/tree.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { isOwnField } from "./derive-scenario.ts";
import { listOptionChanges, type NestedChanges } from "./plan-changes.ts";
import type { Purchase } from "./purchases.ts";
import type { Task } from "./read-task.ts";

/** The first line of every plan that is written. */
export const FIRST_LINE = "# Written by `gigafleet optimize`.";

/**
 * Writes the plan as a scenario that extends the original one: it removes the replaced fleets and adds a fleet for each
 * chip and site, with the other fields of the first of them. It repeats changes made by options, so that the plan runs
 * without them.
 *
 * @param base path of the original scenario, relative to the plan's file
 *
 * Fails: never.
 */
export function writePlanFile(
  scenario: Scenario,
  task: Task,
  purchases: readonly Purchase[],
  base: string,
): string {
  const title = scenario.fields.get("name")?.text ?? scenario.slug;
  const linesOf = (fleet: string) => {
    const template = valueAtPath(scenario.tree, ["fleets", fleet]);
    return template?.kind === "map" ? sharedLines(template) : { fields: [], delivery: [] };
  };
  const taken = new Set(purchases.map(({ fleet }) => fleet));
  const emptied = new Set(fleetsEmptied(scenario, task, purchases));
  const changes = listOptionChanges(scenario, task.replaced);
  const changedFleets = changes.get("fleets");
  changes.delete("fleets");
  const changedWorkloads = changes.get("workloads");
  changes.delete("workloads");
  const changedLoans = changes.get("debt");
  changes.delete("debt");
  const allowed = new Set([
    ...(scenario.fields.get("allow")?.texts ?? []),
    "unused-site",
    "unused-name",
    "unused-contract",
  ]);
  const changedTask = changes.get("optimize");
  changes.delete("optimize");
  const lines = [
    FIRST_LINE,
    `extends: ${JSON.stringify(base)}`,
    "schema_version: 1",
    `name: ${JSON.stringify(`${title}: the plan of \`optimize\``)}`,
    `allow: [${[...allowed].join(", ")}]`,
    ...linesOfChanges(changes, ""),
    ...linesOfTask(scenario, changedTask, [...taken, ...emptied]),
    ...linesOfOwners("workloads", changedWorkloads, fleetsOfWorkloads(scenario, task, purchases)),
    ...linesOfOwners("debt", changedLoans, fleetsOfLoans(scenario, task, purchases)),
    "fleets:",
    ...(changedFleets instanceof Map ? linesOfChanges(changedFleets, "  ") : []),
    ...task.replaced
      .filter((fleet) => !taken.has(fleet))
      .map((fleet) => `  ${fleet}: ${emptied.has(fleet) ? "{ size: 0 chips }" : "null"}`),
    ...purchases.flatMap((purchase) => [
      `  ${purchase.fleet}:`,
      `    chip: ${purchase.chip}`,
      `    site: ${purchase.site}`,
      `    size: ${purchase.chips} chips`,
      ...(purchase.contracts.length > 0
        ? [`    procurement: { contract: [${purchase.contracts.join(", ")}] }`]
        : []),
      ...linesOf(purchase.template).fields.map((line) => `    ${line}`),
      "    deliver:",
      ...linesOf(purchase.template).delivery.map((line) => `      ${line}`),
      `      schedule: { ${scheduleText(purchase)} }`,
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * Replaced fleets that remain without chips, one for each workload that would otherwise have no fleet: a workload names at
 * least one fleet, and its demand is unserved.
 */
function fleetsEmptied(
  { names, fields }: Scenario,
  { replaced }: Task,
  purchases: readonly Purchase[],
): readonly string[] {
  return names.workloads.flatMap((workload) => {
    const before = fields.get(`workloads.${workload}.fleets`)?.texts ?? [];
    const isServed =
      before.length === 0 ||
      before.some((fleet) => !replaced.includes(fleet)) ||
      purchases.some((purchase) => purchase.workloads.includes(workload));
    return isServed ? [] : [before[0]];
  });
}

/** The fleets that an entity names in the plan: `none` where it names no more, `gone` where it has no purpose without. */
type FleetsNow = readonly string[] | "none" | "gone";

/**
 * What each entity of a collection that names replaced fleets names in the plan.
 *
 * @param takesPlace whether a purchase takes the place of a replaced fleet among those that the entity names
 * @param without    what it names where no fleet is left
 */
function fleetsNow(
  collection: "workloads" | "debt",
  { names, fields }: Scenario,
  { replaced }: Task,
  purchases: readonly Purchase[],
  takesPlace: (purchase: Purchase, entity: string, named: readonly string[]) => boolean,
  without: (entity: string, named: readonly string[]) => FleetsNow,
): ReadonlyMap<string, FleetsNow> {
  const lists = new Map<string, FleetsNow>();
  for (const entity of names[collection]) {
    const named = fields.get(`${collection}.${entity}.fleets`)?.texts;
    if (!named?.some((fleet) => replaced.includes(fleet))) continue;
    const bought = purchases.filter((purchase) => takesPlace(purchase, entity, named));
    const now = [...named.filter((fleet) => !replaced.includes(fleet)), ...bought.map(({ fleet }) => fleet)];
    lists.set(entity, now.length > 0 ? now : without(entity, named));
  }
  return lists;
}

/** Workloads that name replaced fleets run on those that take their place. */
function fleetsOfWorkloads(scenario: Scenario, task: Task, purchases: readonly Purchase[]) {
  return fleetsNow(
    "workloads",
    scenario,
    task,
    purchases,
    ({ workloads }, workload) => workloads.includes(workload),
    (_, named) => named.slice(0, 1),
  );
}

/** Loans on replaced fleets pay for the fleets that have the other fields of these. */
function fleetsOfLoans(scenario: Scenario, task: Task, purchases: readonly Purchase[]) {
  return fleetsNow(
    "debt",
    scenario,
    task,
    purchases,
    ({ template }, _, named) => named.includes(template),
    (loan) => (scenario.fields.has(`debt.${loan}.sites`) ? "none" : "gone"),
  );
}

/** Entities of a collection with the changes of options and the fleets that they name in the plan. */
function linesOfOwners(
  collection: "workloads" | "debt",
  changes: NestedChanges | TreeNode | null | undefined,
  lists: ReadonlyMap<string, FleetsNow>,
): string[] {
  const owners: NestedChanges = changes instanceof Map ? changes : new Map();
  for (const [owner, fleets] of lists) {
    const own = owners.get(owner);
    const kept: NestedChanges = own instanceof Map ? own : new Map();
    kept.delete("fleets");
    owners.set(owner, fleets === "gone" ? null : kept);
  }
  if (owners.size === 0) return [];
  const fleetsLine = (fleets: FleetsNow | undefined): string[] => {
    if (fleets === undefined || fleets === "gone") return [];
    return [`    fleets: ${fleets === "none" ? "null" : `[${fleets.join(", ")}]`}`];
  };
  return [
    `${collection}:`,
    ...[...owners].flatMap(([owner, own]) => [
      ...linesOfChanges(new Map([[owner, own]]), "  "),
      ...fleetsLine(lists.get(owner)),
    ]),
  ];
}

/** The section `optimize` with the changes of options; another search replaces the fleets in place of those of this one. */
function linesOfTask(
  { fields }: Scenario,
  changes: NestedChanges | TreeNode | null | undefined,
  successors: readonly string[],
): string[] {
  const own: NestedChanges = changes instanceof Map ? changes : new Map();
  const isNamed = fields.has("optimize.replace");
  own.delete("replace");
  if (own.size === 0 && !isNamed) return [];
  const replaced = successors.length > 0 ? `[${successors.join(", ")}]` : "null";
  return ["optimize:", ...linesOfChanges(own, "  "), ...(isNamed ? [`  replace: ${replaced}`] : [])];
}

function linesOfChanges(changes: NestedChanges, indent: string): string[] {
  return [...changes].flatMap(([key, value]) =>
    value instanceof Map
      ? [`${indent}${quoted(key, false)}:`, ...linesOfChanges(value, `${indent}  `)]
      : [`${indent}${quoted(key, false)}: ${value === null ? "null" : flowText(value)}`],
  );
}

/** Cumulative shares by month, ending with 1. */
function scheduleText({ months, chips }: Purchase): string {
  let landed = 0;
  return months
    .map(({ at, chips: own }, index) => {
      landed += own;
      return `${formatMonth(at)}: ${index === months.length - 1 ? 1 : Math.min(1, landed / chips)}`;
    })
    .join(", ");
}

function sharedLines(template: TreeNode & { readonly kind: "map" }) {
  const fields: string[] = [];
  const delivery: string[] = [];
  for (const [key, { value }] of template.entries) {
    if (key === "deliver" && value.kind === "map") {
      for (const [name, entry] of value.entries)
        if (!isOwnField(`deliver.${name}`)) delivery.push(`${name}: ${flowText(entry.value)}`);
    } else if (!isOwnField(key)) fields.push(`${key}: ${flowText(value)}`);
  }
  return { fields, delivery };
}

/** A value of any length on one line, as YAML reads it back: texts in quotes unless they are clearly safe. */
function flowText(node: TreeNode): string {
  if (node.kind === "scalar") return node.isNull ? "null" : quoted(node.text, node.quoted);
  if (node.kind === "list") return `[${node.items.map(flowText).join(", ")}]`;
  const parts = [...node.entries].map(([key, { value }]) => `${quoted(key, false)}: ${flowText(value)}`);
  return `{ ${parts.join(", ")} }`;
}

function quoted(text: string, wasQuoted: boolean): string {
  return !wasQuoted && /^[A-Za-z0-9_.+-][A-Za-z0-9_.+ %/*()-]*$/.test(text) ? text : JSON.stringify(text);
}
