import { type GivenLists, type MadeLists, type Register, settle } from "../../engine/index.ts";
import { type Compilation, once, onceForAll } from "../compilation.ts";
import type { Part } from "../parts.ts";
import { hoursOf } from "../window.ts";
import {
  commitmentOf,
  contractsOfPart,
  escalationOf,
  type FulfilmentInterval,
  intervalsOf,
  isUsage,
  overageRateOf,
  partsOfContract,
  rateOf,
  startOf,
  termOf,
  upfrontOf,
} from "./contract-terms.ts";
import { lateChipsOf } from "./late-chips.ts";
import { extensionOf, terminationOf } from "./options.ts";
import { standingOf } from "./standing.ts";

/** What the settlement makes of a contract by month. */
export type SettledContract = MadeLists<typeof settle.schema>["contracts"][number];

/** What is drawn, owed and paid under a contract (docs/model.md sections 10.1 and 10.2). */
export function settledOf(compilation: Compilation, contract: string): SettledContract {
  return allSettled(compilation).contracts.get(contract) as SettledContract;
}

/** What is billed for capacity and as a fee, drawn or not (docs/model.md section 10.1). */
export function standingBilledOf(compilation: Compilation, contract: string): Register {
  return allSettled(compilation).standing.get(contract) ?? compilation.inputs.context.builder.constant(0);
}

/** Months that options have added to a contract so far; undefined where it has none. */
export function addedMonthsOf(compilation: Compilation, contract: string): Register | undefined {
  return allSettled(compilation).extensions.get(contract);
}

/** What comes of an option to terminate a contract; undefined where it has none. */
export function terminatedOf(
  compilation: Compilation,
  contract: string,
): MadeLists<typeof settle.schema>["terminations"][number] | undefined {
  return allSettled(compilation).terminations.get(contract);
}

/** What a part earns after its last contract (docs/model.md section 10.6). */
export function merchantRevenueOf(compilation: Compilation, part: Part): Register {
  return allSettled(compilation).merchant.get(part) ?? compilation.inputs.context.builder.constant(0);
}

const allSettled = onceForAll((compilation) => {
  const { inputs, entities } = compilation;
  const { builder, record } = inputs.context;
  const names = contractsInOrder(compilation);
  const drawn = entities.parts.filter((part) => contractsOfPart(inputs, part).length > 0);
  // Lowered first: the order in which variables are met is that of a sample's columns.
  record.apart(() => {
    for (const name of names) {
      startOf(inputs, name);
      termOf(inputs, name);
      escalationOf(inputs, name);
      upfrontOf(compilation, name);
    }
  });
  const lists = {
    links: [],
    firstLinks: [],
    claims: [],
    standing: [],
    extensions: [],
    terminations: [],
  } as LinkLists;
  const extended = names.filter((name) => extensionOf(compilation, name) !== undefined);
  const terminable = names.filter((name) => terminationOf(compilation, name) !== undefined);
  const charged = names.filter((name) => standingOf(compilation, name) !== undefined);
  const contracts = names.map((name) => {
    const relief = inputs.choice("contracts.*.shortfall_relief", name) ?? "reduce";
    const links = partsOfContract(compilation, name).map((part) => ({
      part: drawn.indexOf(part),
      rate: rateOf(inputs, name, part),
    }));
    const firstLinks = links.filter(({ part }) => contractsOfPart(inputs, drawn[part])[0] === name);
    return {
      commitment: commitmentOf(inputs, name),
      start: builder.op("subtract", startOf(inputs, name), builder.constant(inputs.context.firstMonth)),
      term: termOf(inputs, name),
      availability: inputs.number("contracts.*.contracted_availability", name),
      upfront: upfrontOf(compilation, name),
      consumed: inputs.optional("contracts.*.consumed_to_date", name) ?? builder.constant(-1),
      isUsage: isUsage(inputs, name),
      takeOrPay: inputs.choice("contracts.*.terms", name) !== "pay_as_you_go",
      relieves: relief !== "none",
      reduces: relief === "reduce",
      extends: relief === "extend_term",
      ...tablesOf(intervalsOf(inputs, name)),
      linkCount: Math.max(1, links.length),
      extensions: stretch(lists.extensions, [extensionOf(compilation, name) ?? []].flat()),
      terminations: stretch(lists.terminations, [terminationOf(compilation, name) ?? []].flat()),
      standing: stretch(lists.standing, [standingOf(compilation, name) ?? []].flat()),
      links: stretch(lists.links, links),
      firstLinks: stretch(lists.firstLinks, firstLinks),
    };
  });
  const parts = drawn.map((part) => {
    const claims = contractsOfPart(inputs, part).map((name) => ({
      contract: names.indexOf(name),
      rate: rateOf(inputs, name, part),
      overageRate: overageRateOf(inputs, name, part),
    }));
    return {
      ...partHours(compilation, part),
      claims: stretch(lists.claims, claims),
      isMerchant: inputs.field("fleets.*.after_term.share", part.fleet) !== undefined,
      merchantShare: inputs.number("fleets.*.after_term.share", part.fleet),
      merchantDecline: inputs.number("fleets.*.after_term.decline", part.fleet),
    };
  });
  const made = builder.kernel(settle, { contracts, parts, ...lists });
  return {
    contracts: new Map(names.map((name, index) => [name, made.contracts[index]])),
    standing: new Map(charged.map((name, index) => [name, made.standing[index].billed])),
    extensions: new Map(extended.map((name, index) => [name, made.extensions[index].added])),
    terminations: new Map(terminable.map((name, index) => [name, made.terminations[index]])),
    merchant: new Map(drawn.map((part, index) => [part, made.parts[index].merchant])),
  };
});

type Given = GivenLists<typeof settle.schema>;
type LinkLists = { [L in Exclude<keyof Given, "contracts" | "parts">]: Given[L][number][] };

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
function contractsInOrder({ inputs, entities }: Compilation): readonly string[] {
  const places = (name: string) =>
    entities.parts.map((part) => contractsOfPart(inputs, part).indexOf(name)).filter((index) => index >= 0);
  const place = (name: string) => Math.min(Number.MAX_SAFE_INTEGER, ...places(name));
  return [...entities.names.contracts].sort((a, b) => place(a) - place(b));
}

/** Productive chip-hours of a part by month, and those planned for it that the provider is late with. */
export const partHours = once((compilation: Compilation, part: Part) => {
  const { inputs, metric } = compilation;
  const { builder } = inputs.context;
  const productive = metric("chips_productive", { level: "part", part });
  const commissioning = inputs.months("fleets.*.commissioning", part.fleet);
  const late = lateChipsOf(compilation, part, commissioning, "chips_productive");
  const hours = hoursOf(inputs.context);
  return {
    hours: builder.op("multiply", productive, hours),
    lateHours: builder.op("multiply", late, hours),
  };
});
