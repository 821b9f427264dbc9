import { purchaserOf } from "../../scenario/tenure.ts";
import type { Compilation } from "../compilation.ts";
import type { Part } from "../parts.ts";

/** Who buys a part's chips. Records that both fields are read. */
export function purchaserIn({ inputs }: Compilation, { fleet }: Part): ReturnType<typeof purchaserOf> {
  inputs.field("fleets.*.tenure", fleet);
  inputs.field("fleets.*.owner", fleet);
  return purchaserOf(inputs.scenario.fields, fleet);
}
