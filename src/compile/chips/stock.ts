import { type MadeLists, type PlanBuilder, type Register, Shape, stock } from "../../engine/index.ts";
import { pathOf } from "../../scenario/fields/index.ts";
import { type Compilation, once, onceForAll } from "../compilation.ts";
import { gateOf } from "../contracts/gates.ts";
import { availableFrom, readDelivery } from "../delivery.ts";
import { isElsewhere } from "../facility.ts";
import type { Inputs } from "../inputs.ts";
import type { Part } from "../parts.ts";
import { unitCostOf } from "../sizes.ts";
import { lifeOf } from "./life.ts";
import { servingOf } from "./retirement.ts";

/** What the stock kernel makes for one part, and what other kernels read beside it. */
export type PartStock = Made & {
  readonly survival: Register;
  readonly life: Register;
};

/** What retires, fails, lands and gets power of a part (docs/model.md sections 4 to 6). */
export const stockOf = once((compilation: Compilation, part: Part): PartStock => {
  const stocks = compilation.inputs.context.record.apart(() => stocksOf(compilation));
  noteSite(compilation, part.site);
  return stocks.get(part.key) as PartStock;
});

/** Records what the stock of a site's parts reads: one kernel makes all parts, but those at other sites change nothing here. */
const noteSite = once((compilation: Compilation, site: string): void => {
  for (const other of inOrder(compilation.entities.parts, site)) {
    givenOf(compilation, other);
    replacementOf(compilation, other);
  }
  limitOf(compilation, site);
});

/** Parts at a site as they get power; those of a rank of equal priority stand together. */
function inOrder(parts: readonly Part[], site: string): readonly Part[] {
  return parts.filter((part) => part.site === site).sort((one, other) => one.priority - other.priority);
}

/** Compiles deliveries, life, power and replacement of all parts. */
const stocksOf = onceForAll((compilation): ReadonlyMap<string, PartStock> => {
  const { builder } = compilation.inputs.context;
  const { names, parts } = compilation.entities;
  const order = names.sites.flatMap((site) => inOrder(parts, site));
  const given = order.map((part) => givenOf(compilation, part));
  const replacements = parts.flatMap((part) => {
    const replacement = replacementOf(compilation, part);
    if (!replacement) return [];
    const { successor, lead, ratio } = replacement;
    return [{ from: order.indexOf(part), to: order.indexOf(successor), ratio, lead }];
  });
  const successors = new Set(replacements.map(({ to }) => to));
  const items = given.map((part, index) => ({ ...part, isSuccessor: successors.has(index) }));
  const made = builder.kernel(stock, {
    parts: items,
    replacements,
    ...placeSites(compilation, order),
  });
  return new Map(
    order.map(({ key }, index) => {
      const { life, survival } = given[index];
      const moved = withoutZeros(builder, made.parts[index], items[index]);
      return [key, { ...moved, life, survival: builder.spread(survival, Shape.slab) }];
    }),
  );
});

type Made = MadeLists<typeof stock.schema>["parts"][number];

/** What decides whether the kernel sets all that it can make of a part. */
type Given = Readonly<{ spares: boolean; isSuccessor: boolean; wait?: Register; gate?: Register }>;

/** What the kernel makes of a part, and a constant for each number that it never sets: what follows from it is folded. */
function withoutZeros(builder: PlanBuilder, made: Made, given: Given): Made {
  const zero = builder.constant(0);
  return {
    ...made,
    replaced: given.spares ? made.replaced : zero,
    held: given.wait === undefined ? zero : made.held,
    unfunded: given.gate === undefined ? zero : made.unfunded,
    successors: given.isSuccessor ? made.successors : zero,
  };
}

/** Sites and the ranks of equal priority in them, as stretches of the parts. */
function placeSites(compilation: Compilation, order: readonly Part[]) {
  const ranks: { readonly parts: readonly [number, number] }[] = [];
  const stretch = (belongs: (part: Part) => boolean): readonly [number, number] => {
    const count = order.filter(belongs).length;
    const from = Math.max(0, order.findIndex(belongs));
    return [from, from + count];
  };
  const sites = compilation.entities.names.sites.map((site) => {
    const here = order.filter((part) => part.site === site);
    const priorities = [...new Set(here.map(({ priority }) => priority))];
    const firstRank = ranks.length;
    for (const priority of priorities)
      ranks.push({ parts: stretch((part) => part.site === site && part.priority === priority) });
    return {
      limit: limitOf(compilation, site),
      parts: stretch((part) => part.site === site),
      ranks: [firstRank, ranks.length] as const,
      hasQueue: here.some((part) => givenOf(compilation, part).wait !== undefined),
    };
  });
  return { sites, ranks };
}

/** What the kernel reads of a part. */
const givenOf = once((compilation: Compilation, part: Part) => {
  const { inputs, metric } = compilation;
  const { builder, firstMonth } = inputs.context;
  const gate = gateOf(compilation, part);
  const wait = readDelivery(inputs, part, "wait_for_power");
  return {
    due: metric("chips_due", { level: "part", part }),
    power: builder.op(
      "multiply",
      inputs.number("chips.*.it_power", part.chip),
      inputs.number("sites.*.pue_design", part.site),
    ),
    life: builder.spread(lifeOf(inputs, part.fleet), Shape.trial),
    serving: servingOf(inputs, part.fleet),
    ...compileSurvival(inputs, part),
    available: builder.op("subtract", availableFrom(inputs, part), builder.constant(firstMonth)),
    spares: hasSpares(inputs, part),
    gate: gate?.register,
    gateAtFirst: gate?.atFirst,
    wait: wait === undefined ? undefined : builder.op("round", wait),
  };
});

function limitOf({ inputs, metric }: Compilation, site: string): Register {
  // Where rented chips stand, the column says what they draw, and so cannot limit them.
  if (isElsewhere(inputs, site)) return inputs.number("sites.*.power", site);
  return metric("power_limit_mw", { level: "site", site });
}

/** What takes the place of a part's retired chips, when and how many; undefined where nothing does. */
const replacementOf = once((compilation: Compilation, part: Part) => {
  const { inputs, entities } = compilation;
  const { builder } = inputs.context;
  const { fleet, successor: chip } = part;
  const successor = entities.parts.find((other) => other.fleet === fleet && other.chip === chip);
  if (!successor) return undefined;
  const lead = inputs.months("fleets.*.replacement.lead", fleet);
  // A successor cannot land before its predecessor is in use.
  const reserve = builder.spread(builder.op("subtract", givenOf(compilation, part).life, lead), Shape.trial);
  builder.check(reserve, 1, Number.POSITIVE_INFINITY, pathOf("fleets.*.replacement.lead", fleet));
  return { successor, lead, ratio: replacementRatio(compilation, part, successor) };
});

/** Chips gained per retired chip, by the successor's landing month. */
function replacementRatio(compilation: Compilation, old: Part, successor: Part): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  if (old.chip === successor.chip) return builder.constant(1);
  const basis = inputs.choice("fleets.*.replacement.basis", old.fleet) ?? "power";
  if (basis === "chips") return builder.constant(1);
  if (basis === "spend")
    return builder.op("ratio", unitCostOf(compilation, old), unitCostOf(compilation, successor));
  const power = ({ chip }: Part) => inputs.number("chips.*.it_power", chip);
  return builder.op("divide", power(old), power(successor));
}

/** Monthly hazard of permanent failure and the survival it leaves; spares keep the count. */
function compileSurvival(inputs: Inputs, part: Part): { hazard: Register; survival: Register } {
  const { builder } = inputs.context;
  const one = builder.constant(1);
  const yearly = builder.op("subtract", one, inputs.number("chips.*.failure_rate", part.chip));
  const monthly = builder.op("power", yearly, builder.constant(1 / 12));
  const hazard = builder.op("subtract", one, monthly);
  if (hasSpares(inputs, part)) return { hazard, survival: one };
  const left = builder.spread(builder.op("subtract", one, hazard), Shape.slab);
  return { hazard, survival: builder.scan("runningProduct", left) };
}

function hasSpares(inputs: Inputs, { fleet }: Part): boolean {
  return inputs.choice("fleets.*.spares", fleet) !== "none";
}

/** What is left of a chip's life at the end of its lease, where it stays. */
export function lifeAfterLease(inputs: Inputs, fleet: string): Register {
  const { builder } = inputs.context;
  const left = builder.op("subtract", lifeOf(inputs, fleet), inputs.months("fleets.*.lease_term", fleet));
  const spread = builder.spread(left, Shape.trial);
  builder.check(spread, 1, Number.POSITIVE_INFINITY, pathOf("fleets.*.lease_term", fleet));
  return spread;
}
