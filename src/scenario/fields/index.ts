import { chipFields } from "./chip-fields.ts";
import { contractFields } from "./contract-fields.ts";
import { decisionFields } from "./decision-fields.ts";
import type { FieldSpec } from "./field.ts";
import { fleetFields } from "./fleet-fields.ts";
import { modelFields } from "./model-fields.ts";
import { scenarioFields } from "./scenario-fields.ts";
import { servingFields } from "./serving-fields.ts";
import { siteFields } from "./site-fields.ts";
import { workloadFields } from "./workload-fields.ts";

/** The table of fields, in the order of the reference page. */
export const FIELDS: readonly FieldSpec[] = [
  ...scenarioFields,
  ...siteFields,
  ...fleetFields,
  ...contractFields,
  ...chipFields,
  ...servingFields,
  ...modelFields,
  ...workloadFields,
  ...decisionFields,
];
