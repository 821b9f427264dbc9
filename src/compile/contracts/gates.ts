import { type Register, Shape } from "../../engine/index.ts";
import type { Compilation, Gate } from "../compilation.ts";
import { compareWithin } from "../condition.ts";
import type { Part } from "../parts.ts";
import { unlockedOf } from "./financing.ts";

/**
 * What keeps a part's deliveries back; undefined where nothing does. `register` is 1 in the months after which they may
 * land, `atFirst` says whether they may in the first month of the window.
 */
export function gateOf(
  { inputs, gates }: Compilation,
  { fleet }: Part,
): { readonly register: Register; readonly atFirst: Register } | undefined {
  const { builder, record } = inputs.context;
  const tranche = inputs.choice("fleets.*.funded_by", fleet);
  const isUnderContract = inputs.field("fleets.*.procurement.contract", fleet) !== undefined;
  const hasFloor = isUnderContract && inputs.field("buyer.cash.floor") !== undefined;
  if (tranche === undefined && !hasFloor) return undefined;
  const key = `${hasFloor} ${tranche}`;
  const gate = gates.get(key) ?? {
    tranche,
    hasFloor,
    placeholder: builder.feedback(),
    reading: record.start({ kind: "step" }),
  };
  gates.set(key, gate);
  record.note(gate.reading);
  const atFirst = builder.spread(builder.constant(tranche === undefined ? 1 : 0), Shape.trial);
  return { register: gate.placeholder, atFirst };
}

/** Binds the gates of deliveries after everything else, because their conditions may read deliveries. */
export function bindGates(compilation: Compilation): void {
  const { builder, record } = compilation.inputs.context;
  for (const gate of compilation.gates.values()) {
    const register = record.during(gate.reading, () => compileGate(compilation, gate));
    builder.bindFeedback(gate.placeholder, register);
  }
}

function compileGate(compilation: Compilation, { tranche, hasFloor }: Gate): Register {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const unlocked = tranche === undefined ? builder.constant(1) : unlockedOf(compilation, tranche);
  if (!hasFloor) return unlocked;
  const floor = inputs.number("buyer.cash.floor");
  const cash = metric("buyer_cash_usd", { level: "total" });
  const size = builder.op("max", builder.op("abs", cash), builder.op("abs", floor));
  return builder.op("and", unlocked, compareWithin(builder, "greater_equal", cash, floor, size));
}
