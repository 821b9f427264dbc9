import type { Register } from "../engine/index.ts";
import { TOLERANCE } from "../metrics/tolerance.ts";
import { type FieldPath, pathOf } from "../scenario/fields/index.ts";
import { type Compilation, once } from "./compilation.ts";
import { deliveryOf, firstMonthOf } from "./delivery.ts";
import type { Inputs } from "./inputs.ts";
import { leadOf } from "./lags.ts";
import { absoluteMonths } from "./lower.ts";
import type { Part } from "./parts.ts";

/** A chip that costs less is free of charge [USD]. */
const LEAST_COST = 1e-9;

/** Reads a field, in each trial or at medians. */
type Read = (row: FieldPath, ...names: readonly string[]) => Register;

/** Chips a part buys. */
export function sizeOf(compilation: Compilation, part: Part): Register {
  if (!part.bought) return compilation.inputs.context.builder.constant(0);
  return sizesOf(compilation, part.fleet).get(part.key) as Register;
}

/** Price plus network of a chip that lands in the month. */
export function unitCostOf({ inputs }: Compilation, part: Part): Register {
  return unitCost(inputs, part, (row, ...names) => inputs.number(row, ...names));
}

/** Price and network of a chip that lands in the month, each with its field. */
export function unitPricesOf({ inputs }: Compilation, part: Part) {
  const prices = unitPrices(inputs, part, (row, ...names) => inputs.number(row, ...names));
  return (["chips.*.price", "chips.*.network"] as const).map((row, index) => ({
    stated: inputs.number(row, part.chip),
    price: prices[index],
    path: pathOf(row, part.chip),
  }));
}

/** Chips that each part of a fleet buys (docs/model.md section 3), by the part's key. */
const sizesOf = once((compilation: Compilation, fleet: string): ReadonlyMap<string, Register> => {
  const { inputs, entities } = compilation;
  const parts = entities.parts.filter((part) => part.fleet === fleet && part.bought);
  // Lowered first: the order in which variables are met is that of a sample's columns.
  inputs.context.record.apart(() => parts.map((part) => deliveryOf(compilation, part)));
  const sizes = compileSizes(inputs, fleet, parts);
  return new Map(parts.map(({ key }, index) => [key, sizes[index]]));
});

function compileSizes(inputs: Inputs, fleet: string, parts: readonly Part[]): readonly Register[] {
  const { builder, record } = inputs.context;
  const read: Read =
    inputs.choice("fleets.*.sized", fleet) === "once"
      ? (row, ...names) => inputs.atMedians(row, ...names)
      : (row, ...names) => inputs.number(row, ...names);
  const size = read("fleets.*.size", fleet);
  const kind = inputs.field("fleets.*.size", fleet)?.dimension;
  if (parts.length === 1 && kind === "chips") return [size];
  const shares = compileShares(inputs, parts, read);
  const powers = () => parts.map(({ chip }) => read("chips.*.it_power", chip));
  const costs = () =>
    parts.map((part) => valueAt(inputs, unitCost(inputs, part, read), firstMonthOf(inputs, part)));
  // Lowered even where no size needs them, for the same order of variables.
  record.apart(() => [powers(), costs()]);
  const chips = () => parts.map(() => builder.constant(1));
  const by = inputs.choice("fleets.*.by", fleet) ?? "power";
  if (kind === "money" || by === "spend") checkCosts(inputs, parts, costs());
  const divisors = by === "chips" ? chips() : by === "spend" ? costs() : powers();
  const relative = shares.map((share, index) => builder.op("divide", share, divisors[index]));
  const weights = kind === "chips" ? chips() : kind === "money" ? costs() : powers();
  const sum = relative
    .map((number, index) => builder.op("multiply", number, weights[index]))
    .reduce((x, y) => builder.op("add", x, y));
  const isFacility = kind === "power" && inputs.choice("fleets.*.basis", fleet) !== "it";
  const whole = isFacility ? builder.op("multiply", read("sites.*.pue_design", parts[0].site), sum) : sum;
  return relative.map((number) => builder.op("divide", builder.op("multiply", size, number), whole));
}

/** A chip that is drawn to cost nothing is a fault of its trial: an amount of money buys no definite number of it. */
function checkCosts(
  { context: { builder } }: Inputs,
  parts: readonly Part[],
  costs: readonly Register[],
): void {
  for (const [index, { chip }] of parts.entries())
    builder.check(costs[index], LEAST_COST, Number.POSITIVE_INFINITY, pathOf("chips.*.price", chip));
}

/** Shares of the mix members; `rest` is one minus the others. */
function compileShares(inputs: Inputs, parts: readonly Part[], read: Read): readonly Register[] {
  const { builder } = inputs.context;
  if (!parts[0].mixed) return [builder.constant(1)];
  const stated = parts.map(({ fleet, chip }) =>
    inputs.field("fleets.*.mix.*", fleet, chip)?.rest ? undefined : read("fleets.*.mix.*", fleet, chip),
  );
  const sum = stated
    .filter((share) => share !== undefined)
    .reduce((x, y) => builder.op("add", x, y), builder.constant(0));
  const rest = builder.op("subtract", builder.constant(1), sum);
  for (const [index, { fleet, chip }] of parts.entries()) {
    // Shares that draws push over one leave nothing for the rest: a fault of the field, not a negative fleet.
    if (stated[index] === undefined) {
      builder.check(rest, -TOLERANCE, 1, pathOf("fleets.*.mix.*", fleet, chip));
    }
  }
  return stated.map((share) => share ?? builder.op("max", builder.constant(0), rest));
}

function unitCost(inputs: Inputs, part: Part, read: Read): Register {
  const [price, network] = unitPrices(inputs, part, read);
  return inputs.context.builder.op("add", price, network);
}

/** Prices of a chip and of its network when it is ordered, by the month in which it lands. */
function unitPrices(
  inputs: Inputs,
  { chip }: Part,
  read: Read,
): readonly [price: Register, network: Register] {
  const { builder } = inputs.context;
  const lead = leadOf(inputs, chip, read);
  const price = builder.shift("behindHold", read("chips.*.price", chip), lead);
  return [price, builder.shift("behindHold", read("chips.*.network", chip), lead)];
}

/** A slab's value in a month that may differ by trial; a rare draw outside the window reads its nearest month. */
function valueAt(inputs: Inputs, slab: Register, month: Register): Register {
  const { builder, firstMonth } = inputs.context;
  if (builder.constantOf(slab) !== undefined) return slab;
  const last = builder.constant(firstMonth + builder.window.monthCount - 1);
  const inside = builder.op("max", builder.constant(firstMonth), builder.op("min", last, month));
  const here = builder.op("equal", absoluteMonths(inputs.context), inside);
  const masked = builder.op("select", here, slab, builder.constant(0));
  const vector = builder.monthsOf(masked);
  if (vector) return builder.constant(vector.reduce((x, y) => x + y, 0));
  return builder.total(masked, 0, builder.window.monthCount);
}
