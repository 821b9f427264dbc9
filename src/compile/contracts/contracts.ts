import { type GivenLists, type MadeLists, type Register, settle } from "../../engine/index.ts";
import type { Inputs } from "../inputs.ts";
import { absoluteMonths } from "../lower.ts";
import type { Part } from "../parts.ts";
import { type FulfilmentInterval, listFulfilmentIntervals } from "./fulfilment-intervals.ts";

/** A contract as other registers read it. */
export type CompiledContract = MadeLists<typeof settle.schema>["contracts"][number] & {
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
  const drawn = parts.filter((part) => contractsOf(inputs, part).length > 0);
  const drafts = names.map((name) => draftContract(inputs, name, drawn));
  const lists = { links: [], firstLinks: [], claims: [] } as LinkLists;
  const contracts = drafts.map((draft) => {
    const relief = inputs.choice(`contracts.${draft.name}.shortfall_relief`) ?? "reduce";
    const links = draft.parts.map((part) => ({ part: drawn.indexOf(part), rate: draft.rateOf(part) }));
    const firstLinks = links.filter(({ part }) => contractsOf(inputs, drawn[part])[0] === draft.name);
    return {
      commitment: draft.commitment,
      start: builder.op("subtract", draft.start, builder.constant(inputs.context.firstMonth)),
      term: draft.term,
      availability: inputs.number(`contracts.${draft.name}.contracted_availability`),
      upfront: draft.upfront,
      consumed: inputs.optional(`contracts.${draft.name}.consumed_to_date`) ?? builder.constant(-1),
      isUsage: draft.isUsage,
      takeOrPay: inputs.choice(`contracts.${draft.name}.terms`) !== "pay_as_you_go",
      relieves: relief !== "none",
      reduces: relief === "reduce",
      extends: relief === "extend_term",
      ...tablesOf(draft.intervals),
      linkCount: Math.max(1, links.length),
      links: stretch(lists.links, links),
      firstLinks: stretch(lists.firstLinks, firstLinks),
    };
  });
  const settleParts = drawn.map((part) => {
    const claims = contractsOf(inputs, part).map((name, index) => {
      const contract = names.indexOf(name);
      return { contract, isFirst: index === 0, overageRate: drafts[contract].overageRateOf(part) };
    });
    return { ...hoursOf(part), claims: stretch(lists.claims, claims) };
  });
  const made = builder.kernel(settle, { contracts, parts: settleParts, ...lists });
  return drafts.map((draft, index) => ({ ...draft, ...made.contracts[index] }));
}

type Given = GivenLists<typeof settle.schema>;
type LinkLists = { [L in "links" | "firstLinks" | "claims"]: Given[L][number][] };

/** Adds items to a list, and returns where they stand in it. */
function stretch<Item>(list: Item[], items: readonly Item[]): readonly [from: number, end: number] {
  const from = list.length;
  for (const item of items) list.push(item);
  return [from, list.length];
}

/** By months since the start: share due where an interval ends, that with all before it, and the end before; NaN elsewhere. */
function tablesOf(intervals: readonly FulfilmentInterval[]) {
  const size = Math.max(0, ...intervals.map(({ end }) => end)) + 1;
  const table = () => new Array<number>(size).fill(Number.NaN);
  const [shareAt, shareToDate, endBefore] = [table(), table(), table()];
  // Of intervals that end together the first counts.
  for (const [index, { end, share }] of [...intervals.entries()].reverse()) {
    const earlier = intervals.slice(0, index);
    shareAt[end] = share;
    shareToDate[end] = earlier.reduce((sum, one) => sum + one.share, share);
    endBefore[end] = earlier.at(-1)?.end ?? Number.NaN;
  }
  return { shareAt, shareToDate, endBefore };
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
