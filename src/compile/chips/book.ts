import { chipBook, chipResidual, pool, type Register } from "../../engine/index.ts";
import { leaseEndOf, tenureOf } from "../../scenario/tenure.ts";
import { type Compilation, type MetricTable, once } from "../compilation.ts";
import { checkPaidPrice } from "../paid-prices.ts";
import type { Part } from "../parts.ts";
import { unitCostOf, unitPricesOf } from "../sizes.ts";
import { atHorizonEnd, leftValueOf } from "../worth/left-value.ts";
import { worthByAge } from "../worth/resale.ts";
import { purchaserIn } from "./purchaser.ts";
import { servingOf, whileServing } from "./retirement.ts";
import { lifeAfterLease, stockOf } from "./stock.ts";

/** Cost, depreciation and worth of a part's chips (docs/model.md sections 9.1 and 9.3). */
export const bookMetrics: MetricTable<"part"> = {
  chip_energised_cost_usd: (compilation, { part }) =>
    ifBought(compilation, part, () => landedPoolOf(compilation, part).energisedCost),
  stranded_cost_usd: (compilation, { part }) =>
    ifBought(compilation, part, () => landedPoolOf(compilation, part).held),
  chip_cost_in_service_usd: (compilation, { part }) => landedBookOf(compilation, part).inService,
  chip_depreciation_usd: (compilation, { part }) => bookOf(compilation, part).depreciation,
  chip_write_off_usd: (compilation, { part }) => bookOf(compilation, part).writtenOff,
  chip_book_value_usd: (compilation, { part }) => bookOf(compilation, part).bookValue,
  chip_residual_usd: (compilation, { part }) =>
    atHorizonEnd(compilation.inputs, chipsLeftOf(compilation, part)),
};

/** What a part's chips are worth at the end of each month, with those that are under construction. */
export const chipsLeftOf = once((compilation: Compilation, part: Part) => {
  const waiting = compilation.metric("chip_construction_in_progress_usd", { level: "part", part });
  const inService = worthInService(compilation, part, bookOf(compilation, part));
  return leftValueOf(compilation.inputs, inService, waiting, "fleets.*.residual_haircut", part.fleet);
});

/** A fleet's tenure, recorded as read. */
export function tenureIn({ inputs }: Compilation, { fleet }: Part) {
  inputs.field("fleets.*.tenure", fleet);
  return tenureOf(inputs.scenario.fields, fleet);
}

/** A figure of the provider's book: 0 for chips that others buy. */
function ifBought(compilation: Compilation, part: Part, register: () => Register): Register {
  return purchaserIn(compilation, part) === "provider"
    ? register()
    : compilation.inputs.context.builder.constant(0);
}

/** Cost of the chips energised in the month, and of those that wait for power, to whoever buys them; rented ones cost rent alone. */
export const landedPoolOf = once((compilation: Compilation, part: Part) => {
  const { builder } = compilation.inputs.context;
  const { landed, energisedNew, stranded } = stockOf(compilation, part);
  const isRented = tenureIn(compilation, part) === "rented";
  const unitCost = isRented ? builder.constant(0) : unitCostOf(compilation, part);
  if (!isRented)
    for (const price of unitPricesOf(compilation, part))
      checkPaidPrice(compilation.inputs, { ...price, amount: landed });
  const landedCost = builder.op("multiply", landed, unitCost);
  return builder.kernel(pool, { parts: [{ landedCost, energisedNew, stranded }] }).parts[0];
});

/** The book of whoever bought the chips when they landed. */
export const landedBookOf = once((compilation: Compilation, part: Part) => {
  const { inputs } = compilation;
  const { survival, life } = stockOf(compilation, part);
  const given = {
    cost: landedPoolOf(compilation, part).energisedCost,
    survival,
    commissioning: inputs.months("fleets.*.commissioning", part.fleet),
    bookLife: inputs.months("fleets.*.book_life", part.fleet),
    life,
    serving: servingOf(inputs, part.fleet),
  };
  return inputs.context.builder.kernel(chipBook, { parts: [given] }).parts[0];
});

/** The provider's book: chips of others enter it when they are bought at the end of their lease, for what is left of their life. */
const bookOf = once((compilation: Compilation, part: Part) => {
  if (purchaserIn(compilation, part) === "provider") return landedBookOf(compilation, part);
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  if (!isBoughtOut(compilation, part)) {
    const none = builder.constant(0);
    return { cumulative: none, moment: none, depreciation: none, writtenOff: none, bookValue: none };
  }
  const cost = metric("chip_buyout_usd", { level: "part", part });
  const { survival } = stockOf(compilation, part);
  const life = lifeInBook(compilation, part);
  const given = {
    cost,
    survival,
    commissioning: builder.constant(0),
    bookLife: life,
    life,
    serving: undefined,
  };
  return builder.kernel(chipBook, { parts: [given] }).parts[0];
});

function isBoughtOut(compilation: Compilation, part: Part): boolean {
  const { inputs } = compilation;
  inputs.field("fleets.*.lease_end", part.fleet);
  const isLeased = tenureIn(compilation, part) === "leased";
  return isLeased && leaseEndOf(inputs.scenario.fields, part.fleet) === "buy";
}

/** Months that a chip is in the provider's book: its life, less the lease before it was bought. */
function lifeInBook(compilation: Compilation, part: Part): Register {
  const isOwned = tenureIn(compilation, part) === "owned";
  return isOwned ? stockOf(compilation, part).life : lifeAfterLease(compilation.inputs, part.fleet);
}

/** Worth of a part's chips in service at the end of each month, by a book that they are in. */
export function worthInService(compilation: Compilation, part: Part, book: Book): Register {
  return whileServing(compilation.inputs, part.fleet, worthOfBook(compilation, part, book));
}

/** The cost of the chips in service by cohort. */
type Book = Readonly<Record<"cumulative" | "moment", Register>>;

function worthOfBook(compilation: Compilation, part: Part, { cumulative, moment }: Book): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  if (builder.constantOf(cumulative) === 0) return builder.constant(0);
  const { survival } = stockOf(compilation, part);
  const life = lifeInBook(compilation, part);
  const isOwned = tenureIn(compilation, part) === "owned";
  const table = isOwned ? inputs.field("chips.*.resale", part.chip)?.curve : undefined;
  if (table) return worthByAge(inputs, { cumulative, moment, survival, life }, table);
  const stated = inputs.months("fleets.*.economic_life", part.fleet);
  const given = {
    cumulative,
    moment,
    survival,
    life,
    economicLife: isOwned ? stated : economicLifeLeft(compilation, part, stated),
  };
  return builder.kernel(chipResidual, { parts: [given] }).parts[0].worth;
}

function economicLifeLeft({ inputs }: Compilation, { fleet }: Part, stated: Register): Register {
  const { builder } = inputs.context;
  const left = builder.op("subtract", stated, inputs.months("fleets.*.lease_term", fleet));
  return builder.op("max", builder.constant(1), left);
}
