import { type MadeLists, type Register, Shape, stock } from "../engine/index.ts";
import { availableFrom } from "./delivery.ts";
import { deliveryField } from "./delivery-fields.ts";
import type { Inputs } from "./inputs.ts";
import type { Part } from "./parts.ts";

/** What the stock kernel made for one part, and what other kernels read beside it. */
export type PartStock = MadeLists<typeof stock.schema>["parts"][number] & {
  readonly survival: Register;
  readonly life: Register;
};

/** Registers of a part that the stock kernel reads. */
export type StockInputs = {
  readonly due: Register;
  /** Chips gained per retired chip, by successor's landing month. */
  readonly ratioTo: (successor: Part) => Register;
};

/** Compiles deliveries, life, power and replacement of all parts (docs/model.md sections 4 to 6). */
export function compileStock(
  inputs: Inputs,
  parts: readonly Part[],
  inputsOf: (part: Part) => StockInputs,
  limitOf: (site: string) => Register,
  gateOf: (part: Part) => { readonly register: Register; readonly atFirst: Register } | undefined,
): ReadonlyMap<string, PartStock> {
  const { builder } = inputs.context;
  const { sites } = inputs.scenario.names;
  // Those of a site, and of a rank of equal priority in it, stand together.
  const order = sites.flatMap((site) =>
    parts.filter((part) => part.site === site).sort((one, other) => one.priority - other.priority),
  );
  const placeOf = (part: Part) => order.indexOf(part);
  const successorOf = (part: Part) =>
    order.find((other) => other.fleet === part.fleet && other.chip === part.successor);
  const successors = new Set(parts.map(successorOf));
  const given = order.map((part) => {
    const wait = deliveryField(inputs.scenario, part, "wait_for_power");
    const gate = gateOf(part);
    return {
      due: inputsOf(part).due,
      power: builder.op(
        "multiply",
        inputs.number(`chips.${part.chip}.it_power`),
        inputs.number(`sites.${part.site}.pue_design`),
      ),
      life: builder.spread(inputs.months(`fleets.${part.fleet}.life`), Shape.trial),
      ...compileSurvival(inputs, part),
      available: availableMonth(inputs, part),
      spares: inputs.choice(`fleets.${part.fleet}.spares`) !== "none",
      isSuccessor: successors.has(part),
      gate: gate?.register,
      gateAtFirst: gate?.atFirst,
      wait: wait && inputs.months(wait.path),
    };
  });
  const replacements = parts.flatMap((part) => {
    const successor = successorOf(part);
    if (!successor) return [];
    const [from, to] = [placeOf(part), placeOf(successor)];
    const lead = inputs.months(`fleets.${part.fleet}.replacement.lead`);
    // A successor cannot land before what it replaces is in use.
    const reserve = builder.spread(builder.op("subtract", given[from].life, lead), Shape.trial);
    builder.check(reserve, 1, Number.POSITIVE_INFINITY, `fleets.${part.fleet}.replacement.lead`);
    return [{ from, to, ratio: inputsOf(part).ratioTo(successor), lead }];
  });
  const waits = (part: Part) => given[placeOf(part)].wait !== undefined;
  const made = builder.kernel(stock, {
    parts: given,
    replacements,
    ...placeSites(order, sites, limitOf, waits),
  });
  return new Map(
    order.map((part, index) => {
      const { life, survival } = given[index];
      return [part.key, { ...made.parts[index], life, survival: builder.spread(survival, Shape.slab) }];
    }),
  );
}

/** Sites and the ranks of equal priority in them, as stretches of the parts. */
function placeSites(
  order: readonly Part[],
  sites: readonly string[],
  limitOf: (site: string) => Register,
  waits: (part: Part) => boolean,
) {
  const ranks: { readonly parts: readonly [number, number] }[] = [];
  const stretch = (belongs: (part: Part) => boolean): readonly [number, number] => {
    const count = order.filter(belongs).length;
    const from = Math.max(0, order.findIndex(belongs));
    return [from, from + count];
  };
  const placed = sites.map((site) => {
    const here = order.filter((part) => part.site === site);
    const priorities = [...new Set(here.map(({ priority }) => priority))];
    const firstRank = ranks.length;
    for (const priority of priorities)
      ranks.push({ parts: stretch((part) => part.site === site && part.priority === priority) });
    return {
      limit: limitOf(site),
      parts: stretch((part) => part.site === site),
      ranks: [firstRank, ranks.length] as const,
      hasQueue: here.some(waits),
    };
  });
  return { sites: placed, ranks };
}

/** Window month from which a part's chip can land. */
function availableMonth(inputs: Inputs, part: Part): Register {
  const { builder, firstMonth } = inputs.context;
  return builder.op("subtract", availableFrom(inputs, part), builder.constant(firstMonth));
}

/** Monthly hazard of permanent failure and the survival it leaves; spares keep the count. */
function compileSurvival(inputs: Inputs, part: Part): { hazard: Register; survival: Register } {
  const { builder } = inputs.context;
  const one = builder.constant(1);
  const yearly = builder.op("subtract", one, inputs.number(`chips.${part.chip}.failure_rate`));
  const monthly = builder.op("power", yearly, builder.constant(1 / 12));
  const hazard = builder.op("subtract", one, monthly);
  if (inputs.choice(`fleets.${part.fleet}.spares`) !== "none") return { hazard, survival: one };
  const left = builder.spread(builder.op("subtract", one, hazard), Shape.slab);
  return { hazard, survival: builder.scan("runningProduct", left) };
}
