import {
  OPTIONAL_STOCK_OUTPUTS,
  type Register,
  Shape,
  STOCK_OUTPUTS,
  type StockPartOutput,
  type StockPartRegisters,
  writeStockOperands,
} from "../engine/index.ts";
import { availableFrom } from "./delivery.ts";
import { deliveryField } from "./delivery-fields.ts";
import type { Inputs } from "./inputs.ts";
import type { Part } from "./parts.ts";

/** What the stock kernel made for one part, and what other kernels read beside it. */
export type PartStock = Readonly<Record<StockPartOutput, Register>> & {
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
  const slab = (register: Register) => builder.spread(register, Shape.slab);
  const trial = (register: Register) => builder.spread(register, Shape.trial);
  const consumed: Register[] = [];
  const use = (register: Register) => {
    consumed.push(register);
    return register;
  };
  const useGate = (gate: ReturnType<typeof gateOf>) =>
    gate && { register: use(gate.register), atFirst: use(trial(gate.atFirst)) };
  const prepared = parts.map((part) => {
    const { hazard, survival } = compileSurvival(inputs, part);
    const wait = deliveryField(inputs.scenario, part, "wait_for_power");
    const power = builder.op(
      "multiply",
      inputs.number(`chips.${part.chip}.it_power`),
      inputs.number(`sites.${part.site}.pue_design`),
    );
    return {
      due: use(slab(inputsOf(part).due)),
      power: use(trial(power)),
      life: use(trial(inputs.months(`fleets.${part.fleet}.life`))),
      survival: use(slab(survival)),
      hazard: use(slab(hazard)),
      available: use(trial(availableMonth(inputs, part))),
      spares: inputs.choice(`fleets.${part.fleet}.spares`) !== "none",
      gate: useGate(gateOf(part)),
      wait: wait ? use(trial(inputs.months(wait.path))) : undefined,
    };
  });
  const sites = inputs.scenario.names.sites.map((site) => {
    const order = parts
      .map((part, index) => ({ part, index }))
      .filter(({ part }) => part.site === site)
      .sort((a, b) => a.part.priority - b.part.priority || a.index - b.index);
    const rankEnds = order.flatMap(({ part }, position) =>
      order[position + 1]?.part.priority === part.priority ? [] : [position + 1],
    );
    return { limit: use(slab(limitOf(site))), parts: order.map(({ index }) => index), rankEnds };
  });
  const replacements = parts.flatMap((part, from) => {
    if (part.successor === undefined) return [];
    const to = parts.findIndex((other) => other.fleet === part.fleet && other.chip === part.successor);
    const lead = trial(inputs.months(`fleets.${part.fleet}.replacement.lead`));
    // A successor cannot land before its predecessor is in use.
    const reserve = builder.op("subtract", prepared[from].life, lead);
    builder.check(reserve, 1, Number.POSITIVE_INFINITY, `fleets.${part.fleet}.replacement.lead`);
    return [{ from, to, ratio: use(slab(inputsOf(part).ratioTo(parts[to]))), lead: use(lead) }];
  });
  const shapes = parts.flatMap(() => STOCK_OUTPUTS.map(() => Shape.slab));
  const outputs = builder.handWritten(
    "stock",
    shapes,
    consumed,
    (made) =>
      writeStockOperands(
        prepared.map((part, index) => ({ ...part, ...outputsOf(made, index) }) as StockPartRegisters),
        sites,
        replacements,
      ),
    (output) => OPTIONAL_STOCK_OUTPUTS.includes(STOCK_OUTPUTS[output % STOCK_OUTPUTS.length]),
  );
  return new Map(
    parts.map((part, index) => [
      part.key,
      { ...outputsOf(outputs, index), survival: prepared[index].survival, life: prepared[index].life },
    ]),
  );
}

function outputsOf(made: readonly Register[], part: number): Readonly<Record<StockPartOutput, Register>> {
  const start = part * STOCK_OUTPUTS.length;
  return Object.fromEntries(STOCK_OUTPUTS.map((name, index) => [name, made[start + index]])) as Record<
    StockPartOutput,
    Register
  >;
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
