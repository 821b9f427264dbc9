import type { Register } from "../../engine/index.ts";
import type { Compilation, MetricTable } from "../compilation.ts";
import type { Part } from "../parts.ts";
import { atHorizonEnd, leftValueOf } from "../worth/left-value.ts";
import { landedBookOf, landedPoolOf, worthInService } from "./book.ts";
import { purchaserIn } from "./purchaser.ts";

/** The book of chips that the buyer owns (docs/model.md section 9.6). */
export const buyersChipMetrics: MetricTable<"part"> = {
  buyer_chip_depreciation_usd: ofBuyers((...of) => landedBookOf(...of).depreciation),
  buyer_chip_write_off_usd: ofBuyers((...of) => landedBookOf(...of).writtenOff),
  buyer_chip_book_value_usd: ofBuyers((...of) => landedBookOf(...of).bookValue),
  buyer_stranded_cost_usd: ofBuyers((...of) => landedPoolOf(...of).held),
  buyer_chip_residual_usd: ofBuyers((compilation, part) => {
    const { inputs, metric } = compilation;
    const waiting = metric("buyer_chip_construction_in_progress_usd", { level: "part", part });
    const inService = worthInService(compilation, part, landedBookOf(compilation, part));
    const left = leftValueOf(inputs, inService, waiting, "fleets.*.residual_haircut", part.fleet);
    return atHorizonEnd(inputs, left);
  }),
};

/** A figure of the buyer's chips; 0 for all others. */
function ofBuyers(read: (compilation: Compilation, part: Part) => Register) {
  return (compilation: Compilation, { part }: { readonly part: Part }): Register =>
    purchaserIn(compilation, part) === "buyer"
      ? read(compilation, part)
      : compilation.inputs.context.builder.constant(0);
}
