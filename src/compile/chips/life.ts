import type { Register } from "../../engine/index.ts";
import { lifeRowOf } from "../../scenario/tenure.ts";
import type { Inputs } from "../inputs.ts";

/** How long a chip of a fleet stays from its energised month. */
export function lifeOf(inputs: Inputs, fleet: string): Register {
  // Which row says it is decided by the tenure, and for leased chips by the end of their lease.
  const tenure = inputs.choice("fleets.*.tenure", fleet);
  if (tenure === "leased") inputs.field("fleets.*.lease_end", fleet);
  return inputs.months(lifeRowOf(inputs.scenario.fields, fleet), fleet);
}
