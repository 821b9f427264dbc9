import type { Register } from "../../engine/index.ts";
import { MONTHS_PER_YEAR } from "../../metrics/unit-factors.ts";
import { variesByMonth } from "../../scenario/language/binding.ts";
import type { Expr } from "../../scenario/language/expr.ts";
import type { Compilation } from "../compilation.ts";
import type { Inputs } from "../inputs.ts";
import { absoluteMonths } from "../lower.ts";
import type { Part } from "../parts.ts";

/** Contracts a part draws on, in order. */
export function contractsOfPart(inputs: Inputs, { fleet }: Part): readonly string[] {
  return inputs.field("fleets.*.procurement.contract", fleet)?.texts ?? [];
}

/** Parts whose list names a contract. */
export function partsOfContract({ inputs, entities }: Compilation, contract: string): readonly Part[] {
  return entities.parts.filter((part) => contractsOfPart(inputs, part).includes(contract));
}

/** First month of a term, absolute. */
export function startOf(inputs: Inputs, contract: string): Register {
  return inputs.months("contracts.*.start", contract);
}

/** Length of a term in months. */
export function termOf(inputs: Inputs, contract: string): Register {
  return inputs.months("contracts.*.term", contract);
}

/** 1 in the months from a contract's start on. */
export function isStarted(inputs: Inputs, contract: string): Register {
  const { context } = inputs;
  return context.builder.op("greaterEqual", absoluteMonths(context), startOf(inputs, contract));
}

/** 1 in the months of a term. */
export function isTerm(inputs: Inputs, contract: string): Register {
  const { context } = inputs;
  const { builder } = context;
  const end = builder.op("add", startOf(inputs, contract), termOf(inputs, contract));
  const isBefore = builder.op("less", absoluteMonths(context), end);
  return builder.op("and", isStarted(inputs, contract), isBefore);
}

/** Sum of a register over the months of a term. */
export function overTerm({ inputs }: Compilation, contract: string, register: Register): Register {
  const { builder } = inputs.context;
  const inTerm = builder.op("select", isTerm(inputs, contract), register, builder.constant(0));
  return builder.total(inTerm, 0, builder.window.monthCount);
}

/** Nameplate power, of a ramp the mean over the term; undefined where none is stated. */
export function capacityOf(compilation: Compilation, contract: string): Register | undefined {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const capacity = inputs.optional("contracts.*.capacity", contract);
  const binding = inputs.field("contracts.*.capacity", contract)?.expr?.binding;
  if (capacity === undefined || binding === undefined || !variesByMonth(binding)) return capacity;
  return builder.op("divide", overTerm(compilation, contract, capacity), termOf(inputs, contract));
}

/** Whether a contract commits to chip-hours rather than to money. */
export function isUsage(inputs: Inputs, contract: string): boolean {
  return inputs.choice("contracts.*.category", contract) === "usage";
}

/** Growth of a rate card since the contract's start. */
export function escalationOf(inputs: Inputs, contract: string): Register {
  const { context } = inputs;
  const { builder } = context;
  const elapsed = builder.op("subtract", absoluteMonths(context), startOf(inputs, contract));
  const years = builder.op("floor", builder.op("divide", elapsed, builder.constant(MONTHS_PER_YEAR)));
  const growth = builder.op("add", builder.constant(1), inputs.number("contracts.*.escalation", contract));
  return builder.op("power", growth, builder.op("max", builder.constant(0), years));
}

/** Rate card of a part's chip, escalated. */
export function rateOf(inputs: Inputs, contract: string, { chip }: Part): Register {
  const rate = inputs.number("contracts.*.rates.*", contract, chip);
  return inputs.context.builder.op("multiply", rate, escalationOf(inputs, contract));
}

/** Rate of use beyond the commitment, escalated: the rate card where no other is stated. */
export function overageRateOf(inputs: Inputs, contract: string, part: Part): Register {
  const stated = inputs.optional("contracts.*.overage_rates.*", contract, part.chip);
  if (stated === undefined) return rateOf(inputs, contract, part);
  return inputs.context.builder.op("multiply", stated, escalationOf(inputs, contract));
}

/** A commitment in its own unit: money or chip-hours. */
export function commitmentOf(inputs: Inputs, contract: string): Register {
  return inputs.number("contracts.*.commitment", contract);
}

/** A commitment in money; chip-hours at the plain mean of the rates in the first month of the term. */
export function moneyOf(compilation: Compilation, contract: string): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const commitment = commitmentOf(inputs, contract);
  if (!isUsage(inputs, contract)) return commitment;
  const rates = partsOfContract(compilation, contract).map((part) => rateOf(inputs, contract, part));
  const zero = builder.constant(0);
  if (rates.length === 0) return builder.op("multiply", commitment, zero);
  const sum = rates.reduce((x, y) => builder.op("add", x, y));
  const mean = builder.op("divide", sum, builder.constant(rates.length));
  const isFirst = builder.op("equal", absoluteMonths(inputs.context), startOf(inputs, contract));
  const inFirst = builder.op("select", isFirst, mean, zero);
  return builder.op("multiply", commitment, builder.total(inFirst, 0, builder.window.monthCount));
}

/** Upfront payment in money. */
export function upfrontOf(compilation: Compilation, contract: string): Register {
  const { inputs } = compilation;
  const money = moneyOf(compilation, contract);
  return inputs.context.builder.op("multiply", inputs.number("contracts.*.upfront", contract), money);
}

/** Part of a term over which a share of the commitment is to be used; `end` in months since the start, exclusive. */
export type FulfilmentInterval = { readonly end: number; readonly share: number };

/** What splits a commitment: a schedule of shares, or intervals of one length. */
export type Fulfilment = {
  /** First month of the term, absolute, and its length in months. */
  readonly start: number;
  readonly term: number;
  /** Value of `fulfillment_interval`; the full term where absent. */
  readonly word: string | undefined;
  readonly schedule: Expr | undefined;
  /** Share that the schedule has from a month on. */
  readonly shareIn: (month: number) => number;
};

const MONTHS_PER_INTERVAL: Readonly<Record<string, number>> = { annual: 12, quarterly: 3, monthly: 1 };

/**
 * Splits a term into its fulfilment intervals, in order: docs/model.md section 10.2.
 *
 * Fails: never.
 */
export function listFulfilmentIntervals({
  start,
  term,
  word = "full_term",
  schedule,
  shareIn,
}: Fulfilment): readonly FulfilmentInterval[] {
  if (schedule?.kind === "table") {
    return schedule.points.map(({ month }, index) => ({
      end: (schedule.points[index + 1]?.month ?? start + term) - start,
      share: shareIn(month),
    }));
  }
  const length = MONTHS_PER_INTERVAL[word] ?? term;
  const intervals: FulfilmentInterval[] = [];
  for (let begin = 0; begin < term; begin += length) {
    const end = Math.min(term, begin + length);
    intervals.push({ end, share: (end - begin) / term });
  }
  return intervals;
}

/** The fulfilment intervals of a contract at medians. */
export function intervalsOf(inputs: Inputs, contract: string): readonly FulfilmentInterval[] {
  const { builder, firstMonth } = inputs.context;
  const schedule = inputs.field("contracts.*.schedule", contract)?.expr;
  const shares = schedule && builder.monthsOf(inputs.atMedians("contracts.*.schedule", contract));
  const start = builder.op("round", inputs.atMedians("contracts.*.start", contract));
  return listFulfilmentIntervals({
    start: builder.constantOf(start) ?? firstMonth,
    term: builder.constantOf(termOf(inputs, contract)) ?? 1,
    word: inputs.choice("contracts.*.fulfillment_interval", contract),
    schedule,
    shareIn: (month) => shares?.[Math.max(0, month - firstMonth)] ?? 0,
  });
}
