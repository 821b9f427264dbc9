import type { FieldValue, Scenario } from "../scenario/scenario.ts";
import type { Part } from "./parts.ts";

/** Fields that say when a delivery happens; a mix member that states one has a timing of its own. */
export const TIMING_FIELDS = ["from", "to", "at", "schedule"] as const;

/** A field under `deliver`, of a fleet or of a member of its mix. */
export type DeliveryField =
  | (typeof TIMING_FIELDS)[number]
  | "shape"
  | "interpolate"
  | "delay"
  | "wait_for_power";

/** A field of a part's delivery: the mix member's own, else the fleet's. */
export function deliveryField(scenario: Scenario, part: Part, name: DeliveryField): FieldValue | undefined {
  const fleet = scenario.fields.get(`fleets.${part.fleet}.deliver.${name}`);
  if (!part.mixed) return fleet;
  const member = stated(scenario, part, name);
  const isTiming = (TIMING_FIELDS as readonly string[]).includes(name);
  if (isTiming && TIMING_FIELDS.some((timing) => stated(scenario, part, timing))) return member;
  return member ?? fleet;
}

function stated(scenario: Scenario, part: Part, name: DeliveryField): FieldValue | undefined {
  const value = scenario.fields.get(`fleets.${part.fleet}.mix.${part.chip}.deliver.${name}`);
  return value?.origin.layer === "default" ? undefined : value;
}
