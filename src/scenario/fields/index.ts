import type { FieldSpec } from "../field.ts";
import { chipFields } from "./chip-fields.ts";
import { contractFields } from "./contract-fields.ts";
import { decisionFields } from "./decision-fields.ts";
import { fleetFields } from "./fleet-fields.ts";
import { scenarioFields } from "./scenario-fields.ts";
import { siteFields } from "./site-fields.ts";

/** The table of fields, in the order of the reference page. */
export const FIELDS: readonly FieldSpec[] = [
  ...scenarioFields,
  ...siteFields,
  ...fleetFields,
  ...contractFields,
  ...chipFields,
  ...decisionFields,
];
