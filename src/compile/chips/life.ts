import type { Register } from "../../engine/index.ts";
import { lifeRowOf } from "../../scenario/tenure.ts";
import type { Inputs } from "../inputs.ts";

/** How long a chip of a fleet stays from its energised month. */
export function lifeOf(inputs: Inputs, fleet: string): Register {
  inputs.field("fleets.*.tenure", fleet);
  // The row depends on both.
  if (inputs.choice("fleets.*.tenure", fleet) === "leased") inputs.field("fleets.*.lease_end", fleet);
  return inputs.months(lifeRowOf(inputs.scenario.fields, fleet), fleet);
}
