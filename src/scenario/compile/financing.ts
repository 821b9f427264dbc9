import { type Register, Shape } from "../../engine/index.ts";
import { absoluteMonths, lower } from "./lower.ts";
import type { Part } from "./parts.ts";
import type { World } from "./world.ts";

/** Cash that is short of the floor by less than this share of it is not short. */
const TOLERANCE = 1e-9;

/** What a tranche comes to by month: whether it is unlocked by the end of the month, and what it pays. */
export type CompiledTranche = { readonly unlocked: Register; readonly receipt: Register };

/** Compiles a tranche: latched in the first month whose end meets its condition in time, paid `lag` later. */
export function compileTranche(world: World, name: string): CompiledTranche {
  const { inputs } = world;
  const { context } = inputs;
  const { builder } = context;
  const expr = inputs.field(`financing.${name}.when`)?.expr;
  const condition = expr ? lower(context, expr) : builder.constant(0);
  const before = inputs.field(`financing.${name}.before`);
  const inTime = before
    ? builder.op("lessEqual", absoluteMonths(context), inputs.months(before.path))
    : builder.constant(1);
  const met = builder.op("and", condition, inTime);
  const unlocked = builder.scan("runningMax", met);
  const paid = builder.op(
    "multiply",
    builder.scan("difference", unlocked),
    inputs.number(`financing.${name}.amount`),
  );
  return { unlocked, receipt: builder.shift("behind", paid, inputs.months(`financing.${name}.lag`)) };
}

/** The register of a metric of a tranche. */
export function trancheRegister(world: World, name: string, tranche: string): Register {
  const { builder } = world.inputs.context;
  const { unlocked, receipt } = world.tranche(tranche);
  if (name === "tranche_receipt_usd") return receipt;
  const slab = builder.spread(unlocked, Shape.slab);
  return builder.kernel("monthOfFirst", [Shape.trial], [slab], (outputs) => [slab, ...outputs])[0];
}

/** What keeps a part's deliveries back, by name; undefined where nothing does. */
export function gateOf(
  world: World,
  part: Part,
): { readonly tranche?: string; readonly floor: boolean } | undefined {
  const { inputs } = world;
  const tranche = inputs.choice(`fleets.${part.fleet}.funded_by`);
  const underContract = inputs.field(`fleets.${part.fleet}.procurement.contract`) !== undefined;
  const floor = underContract && inputs.field("buyer.cash.floor") !== undefined;
  if (tranche === undefined && !floor) return undefined;
  return { ...(tranche === undefined ? {} : { tranche }), floor };
}

/** 1 in the months after which a gated part's deliveries may land. */
export function compileGate(
  world: World,
  gate: { readonly tranche?: string; readonly floor: boolean },
): Register {
  const { builder } = world.inputs.context;
  const unlocked = gate.tranche === undefined ? builder.constant(1) : world.tranche(gate.tranche).unlocked;
  if (!gate.floor) return unlocked;
  const floor = world.inputs.number("buyer.cash.floor");
  const slack = builder.op("multiply", builder.constant(TOLERANCE), builder.op("abs", floor));
  const enough = builder.op(
    "greaterEqual",
    world.totalMetric("buyer_cash_usd"),
    builder.op("subtract", floor, slack),
  );
  return builder.op("and", unlocked, enough);
}
