import type { Register } from "../engine/index.ts";
import type { Delivery } from "./delivery.ts";
import type { Inputs } from "./inputs.ts";
import { absoluteMonths } from "./lower.ts";
import type { Part } from "./parts.ts";

/** Reads a field of a part's world, in each trial or at medians. */
type Read = (path: string) => Register;

/**
 * Chips that each part of one fleet buys (docs/model.md section 3), in the order of `parts`.
 *
 * @param parts the bought parts of one fleet
 * @param unitCosts price plus network of a chip by landing month, for each part
 */
export function compileSizes(
  inputs: Inputs,
  parts: readonly Part[],
  deliveries: readonly Delivery[],
  unitCosts: (part: Part, read: Read) => Register,
): readonly Register[] {
  const { builder } = inputs.context;
  const { fleet, site } = parts[0];
  const read: Read =
    inputs.choice(`fleets.${fleet}.sized`) === "once"
      ? (path) => inputs.atMedians(path)
      : (path) => inputs.number(path);
  const size = read(`fleets.${fleet}.size`);
  const kind = inputs.field(`fleets.${fleet}.size`)?.dimension;
  if (parts.length === 1 && kind === "chips") return [size];
  const shares = compileShares(inputs, parts, read);
  const power = parts.map((part) => read(`chips.${part.chip}.it_power`));
  const firstCosts = parts.map((part, index) =>
    valueAt(inputs, unitCosts(part, read), deliveries[index].firstMonth),
  );
  const by = inputs.choice(`fleets.${fleet}.by`) ?? "power";
  const relative = shares.map((share, index) => {
    if (by === "chips") return share;
    return builder.op("divide", share, by === "spend" ? firstCosts[index] : power[index]);
  });
  const sumOf = (weights: readonly Register[] | undefined) =>
    relative
      .map((number, index) => (weights ? builder.op("multiply", number, weights[index]) : number))
      .reduce((x, y) => builder.op("add", x, y));
  let whole: Register;
  if (kind === "chips") whole = sumOf(undefined);
  else if (kind === "money") whole = sumOf(firstCosts);
  else if (inputs.choice(`fleets.${fleet}.basis`) === "it") whole = sumOf(power);
  else whole = builder.op("multiply", read(`sites.${site}.pue_design`), sumOf(power));
  return relative.map((number) => builder.op("divide", builder.op("multiply", size, number), whole));
}

/** Shares of the mix members; `rest` is one minus the others. */
function compileShares(inputs: Inputs, parts: readonly Part[], read: Read): readonly Register[] {
  const { builder } = inputs.context;
  if (!parts[0].mixed) return [builder.constant(1)];
  const paths = parts.map((part) => `fleets.${part.fleet}.mix.${part.chip}`);
  const stated = paths.map((path) => (inputs.field(path)?.rest ? undefined : read(path)));
  const sum = stated
    .filter((share) => share !== undefined)
    .reduce((x, y) => builder.op("add", x, y), builder.constant(0));
  const rest = builder.op("subtract", builder.constant(1), sum);
  for (const [index, share] of stated.entries()) {
    // Shares that draws push over one leave nothing for the rest: a fault of the field, not a negative fleet.
    if (share === undefined) builder.check(rest, -1e-9, 1, paths[index]);
  }
  return stated.map((share) => share ?? builder.op("max", builder.constant(0), rest));
}

/** A slab's value in a month that may differ by trial; where a rare draw leaves the window, in its nearest month. */
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
