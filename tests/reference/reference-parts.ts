/** Fleets become parts, one per chip, with sizes and deliveries: sections 3 and 4 of docs/model.md. */

import {
  date,
  duration,
  orZero,
  type ReferenceInput,
  required,
  sorted,
  type Window,
} from "./reference-input.ts";

export type Part = {
  readonly key: string;
  readonly fleet: string;
  readonly chip: string;
  readonly site: string;
  /** Where its delivery is written: `fleets.f.deliver` or `fleets.f.mix.k.deliver`. */
  readonly deliver: string;
  readonly isMember: boolean;
  /** Chips of the first purchase; 0 for a successor that is in no mix. */
  readonly size: number;
  /** Chip that takes the place of what retires. */
  readonly successor: string | undefined;
};

export function makeParts(input: ReferenceInput, window: Window): Part[] {
  const parts: Part[] = [];
  for (const fleet of sorted(input.names.fleets)) {
    const site = input.word(`fleets.${fleet}.site`) ?? "";
    const mix = input.names.mixOf(fleet);
    const chips = mix.length > 0 ? [...mix] : [input.word(`fleets.${fleet}.chip`) ?? ""];
    const sizes = partSizes(input, window, fleet, chips, mix.length > 0);
    const successor = input.word(`fleets.${fleet}.replacement.with`);
    if (successor !== undefined && !chips.includes(successor)) chips.push(successor);
    for (const chip of sorted(chips)) {
      parts.push({
        key: `${fleet}/${chip}`,
        fleet,
        chip,
        site,
        isMember: mix.includes(chip),
        deliver: mix.includes(chip) ? deliverOf(input, fleet, chip) : `fleets.${fleet}.deliver`,
        size: sizes.get(chip) ?? 0,
        successor,
      });
    }
  }
  return parts;
}

/** A member that says when it is delivered has a timing of its own. */
function deliverOf(input: ReferenceInput, fleet: string, chip: string): string {
  const own = `fleets.${fleet}.mix.${chip}.deliver`;
  const statesOne = ["from", "to", "at", "schedule"].some(
    (field) => input.number(`${own}.${field}`, input.startMonth) !== undefined,
  );
  return statesOne ? own : `fleets.${fleet}.deliver`;
}

/** Price plus network of chips that land in `month`: the price is that of the order month. */
export function unitCost(
  input: ReferenceInput,
  chip: string,
  month: number,
): { chip: number; network: number } {
  const orderMonth = month - duration(input, `chips.${chip}.lead`);
  return {
    chip: required(input, `chips.${chip}.price`, orderMonth),
    network: required(input, `chips.${chip}.network`, orderMonth),
  };
}

/** The design PUE of a site; where it is left out, the PUE of the first month reported. */
export function designPue(input: ReferenceInput, site: string): number {
  return input.number(`sites.${site}.pue_design`, input.startMonth) ?? required(input, `sites.${site}.pue`);
}

function partSizes(
  input: ReferenceInput,
  window: Window,
  fleet: string,
  chips: readonly string[],
  isMix: boolean,
): Map<string, number> {
  const bought = purchasesOf(input, `fleets.${fleet}.deliver`);
  const size =
    bought.length > 0
      ? bought.reduce((sum, { chips }) => sum + chips, 0)
      : required(input, `fleets.${fleet}.size`);
  const sizeIn = input.names.sizeIn(fleet);
  const by = input.word(`fleets.${fleet}.by`) ?? "power";
  const basis = input.word(`fleets.${fleet}.basis`) ?? "facility";
  const needsMoney = sizeIn === "money" || by === "spend";
  const members = chips.map((chip) => {
    const share = isMix ? required(input, `fleets.${fleet}.mix.${chip}`) : 1;
    const watts = required(input, `chips.${chip}.it_power`);
    let dollars = 0;
    if (needsMoney) {
      const deliver = isMix ? deliverOf(input, fleet, chip) : `fleets.${fleet}.deliver`;
      const cost = unitCost(input, chip, firstUndelayedMonth(input, window, deliver));
      dollars = cost.chip + cost.network;
    }
    const relative = by === "chips" ? share : by === "spend" ? share / dollars : share / watts;
    return { chip, watts, dollars, relative };
  });
  let sumRelative = 0;
  let sumWatts = 0;
  let sumDollars = 0;
  for (const member of members) {
    sumRelative += member.relative;
    sumWatts += member.relative * member.watts;
    sumDollars += member.relative * member.dollars;
  }
  const site = input.word(`fleets.${fleet}.site`) ?? "";
  const perRelative =
    sizeIn === "chips"
      ? size / sumRelative
      : sizeIn === "money"
        ? size / sumDollars
        : basis === "it"
          ? size / sumWatts
          : size / (designPue(input, site) * sumWatts);
  return new Map(members.map((member) => [member.chip, perRelative * member.relative]));
}

function firstUndelayedMonth(input: ReferenceInput, window: Window, deliver: string): number {
  const single = date(input, `${deliver}.at`) ?? date(input, `${deliver}.from`);
  if (single !== undefined) return single;
  for (let month = window.first; month < window.end; month++) {
    if (orZero(input, `${deliver}.schedule`, month) > 0) return month;
  }
  return input.startMonth;
}

/** Chips that a delivery states by month, in place of a size. */
function purchasesOf(input: ReferenceInput, deliver: string): { month: number; chips: number }[] {
  const path = `${deliver}.chips`;
  const months = input.tableMonths?.(path) ?? [];
  return months.map((month) => ({ month, chips: required(input, path, month) }));
}

/** The month from which on a fleet has no chips. */
export function retireMonthOf(input: ReferenceInput, fleet: string): number {
  return date(input, `fleets.${fleet}.retire`) ?? Number.POSITIVE_INFINITY;
}

/** F(m): the cumulative share planned, without any delay; from the month on in which the fleet retires it grows no more. */
export function plannedShare(input: ReferenceInput, part: Part, month: number): number {
  return shareAt(input, part, lastLanding(input, part, month));
}

/** A month, or the last one in which chips of the fleet may land. */
function lastLanding(input: ReferenceInput, part: Part, month: number): number {
  return Math.min(month, retireMonthOf(input, part.fleet) - 1);
}

function shareAt(input: ReferenceInput, part: Part, month: number): number {
  if (part.size === 0) return 0;
  const bought = purchasesOf(input, part.deliver);
  if (bought.length > 0) {
    const upTo = (last: number): number =>
      bought.reduce((sum, one) => sum + (one.month <= last ? one.chips : 0), 0);
    return upTo(month) / upTo(Number.POSITIVE_INFINITY);
  }
  const at = date(input, `${part.deliver}.at`);
  if (at !== undefined) return month >= at ? 1 : 0;
  const from = date(input, `${part.deliver}.from`);
  if (from === undefined) return mostPlanned(input, `${part.deliver}.schedule`, month);
  const stated = date(input, `${part.deliver}.to`);
  if (stated === undefined) throw new Error(`The referee needs ${part.deliver}.to.`);
  const to = Math.max(from, stated);
  const linear = Math.min(1, Math.max(0, (month - from + 1) / (to - from + 1)));
  return input.word(deliverPath(input, part, "shape")) === "s_curve"
    ? 3 * linear ** 2 - 2 * linear ** 3
    : linear;
}

/** The largest share of a schedule so far: on straight lines or in steps it stands at a date or in the month itself. */
function mostPlanned(input: ReferenceInput, path: string, month: number): number {
  const dates = (input.tableMonths?.(path) ?? []).filter((date) => date < month);
  return Math.max(...[...dates, month].map((each) => required(input, path, each)));
}

/** F(m - d): the share after the delivery's own delay. */
export function delayedShare(input: ReferenceInput, part: Part, month: number): number {
  if (part.size === 0) return 0;
  const delay = duration(input, deliverPath(input, part, "delay"));
  return shareAt(input, part, lastLanding(input, part, month) - delay);
}

/** D(m): the share due, 0 until the chip exists. */
export function dueShare(input: ReferenceInput, part: Part, month: number): number {
  if (part.size === 0) return 0;
  const isAvailable = lastLanding(input, part, month) >= availableFrom(input, part.chip);
  return isAvailable ? delayedShare(input, part, month) : 0;
}

export function availableFrom(input: ReferenceInput, chip: string): number {
  return (date(input, `chips.${chip}.available_from`) ?? 0) + duration(input, `chips.${chip}.slip`);
}

/** Where a field of a delivery other than its timing is written: at the mix member if it states it, else at the fleet. */
export function deliverPath(input: ReferenceInput, part: Part, field: string): string {
  const own = `fleets.${part.fleet}.mix.${part.chip}.deliver.${field}`;
  if (!part.isMember) return `fleets.${part.fleet}.deliver.${field}`;
  const isStated = input.number(own, input.startMonth) !== undefined || input.word(own) !== undefined;
  return isStated ? own : `fleets.${part.fleet}.deliver.${field}`;
}
