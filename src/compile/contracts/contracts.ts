import {
  type Register,
  SETTLE_OUTPUTS,
  type SettleOutput,
  Shape,
  writeSettleOperands,
} from "../../engine/index.ts";
import type { Inputs } from "../inputs.ts";
import { absoluteMonths } from "../lower.ts";
import type { Part } from "../parts.ts";
import { type FulfilmentInterval, listFulfilmentIntervals } from "./fulfilment-intervals.ts";

/** A contract as other registers read it. */
export type CompiledContract = Readonly<Record<SettleOutput, Register>> & {
  readonly name: string;
  /** Parts whose list names it. */
  readonly parts: readonly Part[];
  /** Rate card of a part's chip, escalated. */
  readonly rateOf: (part: Part) => Register;
  readonly isUsage: boolean;
  readonly commitment: Register;
  /** The commitment in money. */
  readonly money: Register;
  /** Upfront payment in money. */
  readonly upfront: Register;
  /** 1 in the months of the term. */
  readonly isTerm: Register;
  readonly isStarted: Register;
  /** First month of the term, absolute. */
  readonly start: Register;
  readonly term: Register;
};

/** Productive chip-hours of a part by month, and those the provider is late with. */
export type PartHours = { readonly hours: Register; readonly lateHours: Register };

/** Contracts a part draws on, in order. */
export function contractsOf(inputs: Inputs, part: Part): readonly string[] {
  return inputs.field(`fleets.${part.fleet}.procurement.contract`)?.texts ?? [];
}

/** Compiles the settlement of all contracts (docs/model.md sections 10.1 and 10.2). */
export function compileContracts(
  inputs: Inputs,
  parts: readonly Part[],
  hoursOf: (part: Part) => PartHours,
): readonly CompiledContract[] {
  const { builder } = inputs.context;
  const names = contractsInOrder(inputs, parts);
  const consumed: Register[] = [];
  const use = (register: Register) => {
    consumed.push(register);
    return register;
  };
  const slab = (register: Register) => use(builder.spread(register, Shape.slab));
  const trial = (register: Register) => use(builder.spread(register, Shape.trial));
  const drawn = parts.filter((part) => contractsOf(inputs, part).length > 0);
  const settleParts = drawn.map((part) => ({
    hours: slab(hoursOf(part).hours),
    lateHours: slab(hoursOf(part).lateHours),
    contracts: contractsOf(inputs, part).map((name) => names.indexOf(name)),
  }));
  const drafts = names.map((name) => draftContract(inputs, name, drawn));
  const operands = drafts.map((draft) => ({
    commitment: trial(draft.commitment),
    start: trial(builder.op("subtract", draft.start, builder.constant(inputs.context.firstMonth))),
    term: trial(draft.term),
    availability: trial(inputs.number(`contracts.${draft.name}.contracted_availability`)),
    upfront: trial(draft.upfront),
    consumed: trial(inputs.optional(`contracts.${draft.name}.consumed_to_date`) ?? builder.constant(-1)),
    isUsage: draft.isUsage,
    takeOrPay: inputs.choice(`contracts.${draft.name}.terms`) !== "pay_as_you_go",
    relief: (inputs.choice(`contracts.${draft.name}.shortfall_relief`) ?? "reduce") as
      | "none"
      | "reduce"
      | "extend_term",
    intervalEnds: draft.intervals.map(({ end }) => end),
    sharesStart: builder.numbers(draft.intervals.map(({ share }) => share)),
    links: draft.parts.map((part) => ({
      part: drawn.indexOf(part),
      rate: slab(draft.rateOf(part)),
      overageRate: slab(draft.overageRateOf(part)),
    })),
  }));
  const shapes = names.flatMap(() => SETTLE_OUTPUTS.map(() => Shape.slab));
  const made = builder.handWritten("settle", shapes, consumed, (outputs) =>
    writeSettleOperands(
      operands.map((terms, index) => ({ ...terms, ...outputsOf(outputs, index) })),
      settleParts,
    ),
  );
  return drafts.map((draft, index) => ({ ...draft, ...outputsOf(made, index) }));
}

function outputsOf(made: readonly Register[], contract: number): Readonly<Record<SettleOutput, Register>> {
  const start = contract * SETTLE_OUTPUTS.length;
  return Object.fromEntries(SETTLE_OUTPUTS.map((name, index) => [name, made[start + index]])) as Record<
    SettleOutput,
    Register
  >;
}

/** Contracts in the order in which use reaches them: by their earliest place in a fleet's list, then by name. */
function contractsInOrder(inputs: Inputs, parts: readonly Part[]): readonly string[] {
  const place = (name: string) =>
    Math.min(
      Number.MAX_SAFE_INTEGER,
      ...parts.map((part) => contractsOf(inputs, part).indexOf(name)).filter((index) => index >= 0),
    );
  return [...inputs.scenario.names.contracts].sort((a, b) => place(a) - place(b));
}

function draftContract(inputs: Inputs, name: string, parts: readonly Part[]) {
  const { context } = inputs;
  const { builder } = context;
  const path = `contracts.${name}`;
  const months = absoluteMonths(context);
  const start = inputs.months(`${path}.start`);
  const term = inputs.months(`${path}.term`);
  const isStarted = builder.op("greaterEqual", months, start);
  const isTerm = builder.op("and", isStarted, builder.op("less", months, builder.op("add", start, term)));
  const elapsed = builder.op("subtract", months, start);
  const years = builder.op(
    "max",
    builder.constant(0),
    builder.op("floor", builder.op("divide", elapsed, builder.constant(12))),
  );
  const growth = builder.op("add", builder.constant(1), inputs.number(`${path}.escalation`));
  const steps = builder.op("power", growth, years);
  const rateOf = (part: Part) => builder.op("multiply", inputs.number(`${path}.rates.${part.chip}`), steps);
  const overageRateOf = (part: Part) => {
    const stated = inputs.optional(`${path}.overage_rates.${part.chip}`);
    return stated === undefined ? rateOf(part) : builder.op("multiply", stated, steps);
  };
  const own = parts.filter((part) => contractsOf(inputs, part).includes(name));
  const isUsage = inputs.choice(`${path}.category`) === "usage";
  const commitment = inputs.number(`${path}.commitment`);
  const money = isUsage
    ? builder.op("multiply", commitment, firstRate(inputs, own.map(rateOf), start))
    : commitment;
  return {
    name,
    parts: own,
    rateOf,
    overageRateOf,
    isUsage,
    commitment,
    money,
    upfront: builder.op("multiply", inputs.number(`${path}.upfront`), money),
    start,
    term,
    isStarted,
    isTerm,
    intervals: intervalsOf(inputs, path, builder.constantOf(term) ?? 1),
  };
}

/** Plain mean of some rates in the first month of a term. */
function firstRate(inputs: Inputs, rates: readonly Register[], start: Register): Register {
  const { builder } = inputs.context;
  const zero = builder.constant(0);
  if (rates.length === 0) return zero;
  const sum = rates.reduce((x, y) => builder.op("add", x, y));
  const mean = builder.op("divide", sum, builder.constant(rates.length));
  const isFirst = builder.op("equal", absoluteMonths(inputs.context), start);
  return builder.total(builder.op("select", isFirst, mean, zero), 0, builder.window.monthCount);
}

/** The fulfilment intervals of a contract at medians. */
function intervalsOf(inputs: Inputs, path: string, term: number): readonly FulfilmentInterval[] {
  const { builder, firstMonth } = inputs.context;
  const schedule = inputs.field(`${path}.schedule`)?.expr;
  const shares = (schedule && builder.monthsOf(inputs.atMedians(`${path}.schedule`))) ?? new Float64Array();
  return listFulfilmentIntervals({
    start: builder.constantOf(builder.op("round", inputs.atMedians(`${path}.start`))) ?? firstMonth,
    term,
    word: inputs.choice(`${path}.fulfillment_interval`),
    schedule,
    shareIn: (month) => shares[Math.max(0, month - firstMonth)] ?? 0,
  });
}
