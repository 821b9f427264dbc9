import { chipFields } from "./chip-fields.ts";
import { contractFields } from "./contract-fields.ts";
import { debtFields } from "./debt-fields.ts";
import { decisionFields } from "./decision-fields.ts";
import type { FieldSpec } from "./field.ts";
import { fleetFields } from "./fleet-fields.ts";
import { likeFields } from "./like-fields.ts";
import { modelFields } from "./model-fields.ts";
import { scenarioFields } from "./scenario-fields.ts";
import { servingFields } from "./serving-fields.ts";
import { siteFields } from "./site-fields.ts";
import { stackFields } from "./stack-fields.ts";
import { taxFields } from "./tax-fields.ts";
import { tenureFields } from "./tenure-fields.ts";
import { workloadFields } from "./workload-fields.ts";

const ROWS = [
  ...scenarioFields,
  ...siteFields,
  ...fleetFields,
  ...tenureFields,
  ...contractFields,
  ...debtFields,
  ...taxFields,
  ...chipFields,
  ...servingFields,
  ...modelFields,
  ...stackFields,
  ...workloadFields,
  ...decisionFields,
  ...likeFields,
] as const;

/** The table of fields, in the order of the reference page. */
export const FIELDS: readonly FieldSpec[] = ROWS;

/** Path of a row of the table of fields, with `*` for names the user chooses: how code refers to a field. */
export type FieldPath = (typeof ROWS)[number]["path"];

/** What stands between the names of each row met so far: a run asks for thousands of paths of some hundred rows. */
const partsOfRows = new Map<FieldPath, readonly string[]>();

/** The path of one field in a scenario: its row's, with the names in place of `*`. */
export function pathOf(row: FieldPath, ...names: readonly string[]): string {
  let parts = partsOfRows.get(row);
  if (!parts) {
    parts = row.split("*");
    partsOfRows.set(row, parts);
  }
  let path = parts[0];
  for (let next = 1; next < parts.length; next++) path += `${names[next - 1] ?? "*"}${parts[next]}`;
  return path;
}
