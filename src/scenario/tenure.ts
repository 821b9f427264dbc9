import { type FieldPath, pathOf } from "./fields/index.ts";
import type { Scenario } from "./scenario.ts";

/** Whose the chips of a fleet are: the provider's, a lessor's at a site of ours, or someone's at a site of theirs. */
export type Tenure = "owned" | "leased" | "rented";

/** Where rented chips stand: the sites of others, of which a scenario says nothing. */
export const ELSEWHERE = "elsewhere";

/** The tenure of a fleet. */
export function tenureOf(fields: Scenario["fields"], fleet: string): Tenure {
  return (fields.get(pathOf("fleets.*.tenure", fleet))?.choice ?? "owned") as Tenure;
}

/** Who buys the chips of a fleet: the provider, the buyer for the provider's site, or those that lease or rent them out. */
export function purchaserOf(fields: Scenario["fields"], fleet: string): "provider" | "buyer" | "others" {
  if (tenureOf(fields, fleet) !== "owned") return "others";
  return (fields.get(pathOf("fleets.*.owner", fleet))?.choice ?? "provider") as "provider" | "buyer";
}

/** What happens at the end of a fleet's lease. */
export function leaseEndOf(fields: Scenario["fields"], fleet: string): "return" | "buy" | "extend" {
  return (fields.get(pathOf("fleets.*.lease_end", fleet))?.choice ?? "return") as "return" | "buy" | "extend";
}

/** The field that says how long a chip of a fleet stays from its energised month: its life, or the term after which it leaves. */
export function lifeRowOf(fields: Scenario["fields"], fleet: string): FieldPath {
  const tenure = tenureOf(fields, fleet);
  if (tenure === "rented") return "fleets.*.rent_term";
  const isReturned = tenure === "leased" && leaseEndOf(fields, fleet) === "return";
  return isReturned ? "fleets.*.lease_term" : "fleets.*.life";
}
