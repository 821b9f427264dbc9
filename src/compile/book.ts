import { chipBook, chipResidual, pool, type Register } from "../engine/index.ts";
import { type Compilation, type MetricTable, once } from "./compilation.ts";
import { residualOf } from "./horizon-end.ts";
import type { Part } from "./parts.ts";
import { unitCostOf } from "./sizes.ts";
import { stockOf } from "./stock.ts";

/** Cost, depreciation and worth of a part's chips (docs/model.md sections 9.1 and 9.3). */
export const bookMetrics: MetricTable<"part"> = {
  chip_energised_cost_usd: (compilation, { part }) => poolOf(compilation, part).energisedCost,
  stranded_cost_usd: (compilation, { part }) => poolOf(compilation, part).held,
  chip_cost_in_service_usd: (compilation, { part }) => bookOf(compilation, part).inService,
  chip_depreciation_usd: (compilation, { part }) => bookOf(compilation, part).depreciation,
  chip_write_off_usd: (compilation, { part }) => bookOf(compilation, part).writtenOff,
  chip_book_value_usd: (compilation, { part }) => bookOf(compilation, part).bookValue,
  chip_residual_usd: (compilation, entity) => {
    const waiting = compilation.metric("chip_construction_in_progress_usd", entity);
    const inService = worthInService(compilation, entity.part);
    return residualOf(compilation.inputs, inService, waiting, "fleets.*.residual_haircut", entity.part.fleet);
  },
};

/** Cost of the chips energised in the month, and of those that wait for power. */
const poolOf = once((compilation: Compilation, part: Part) => {
  const { builder } = compilation.inputs.context;
  const { landed, energisedNew, stranded } = stockOf(compilation, part);
  const landedCost = builder.op("multiply", landed, unitCostOf(compilation, part));
  return builder.kernel(pool, { parts: [{ landedCost, energisedNew, stranded }] }).parts[0];
});

const bookOf = once((compilation: Compilation, part: Part) => {
  const { inputs } = compilation;
  const { survival, life } = stockOf(compilation, part);
  const given = {
    cost: poolOf(compilation, part).energisedCost,
    survival,
    commissioning: inputs.months("fleets.*.commissioning", part.fleet),
    bookLife: inputs.months("fleets.*.book_life", part.fleet),
    life,
  };
  return inputs.context.builder.kernel(chipBook, { parts: [given] }).parts[0];
});

/** Worth of a part's chips in service at the end of the horizon. */
function worthInService(compilation: Compilation, part: Part): Register {
  const { inputs } = compilation;
  const { cumulative, moment } = bookOf(compilation, part);
  const { survival, life } = stockOf(compilation, part);
  const economicLife = inputs.months("fleets.*.economic_life", part.fleet);
  const given = { cumulative, moment, survival, life, economicLife };
  return inputs.context.builder.kernel(chipResidual, { parts: [given] }).parts[0].worth;
}
