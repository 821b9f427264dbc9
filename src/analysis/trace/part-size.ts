import { deliveryField } from "../../compile/delivery-fields.ts";
import type { Part } from "../../compile/parts.ts";
import { fieldNumber } from "./field-number.ts";
import { metricAt, type TraceRun } from "./trace-run.ts";

/** How many chips a part buys, by docs/model.md section 3, with the rule in words and the fields it reads. */
export type PartSize = { readonly chips: number; readonly rule: string; readonly paths: readonly string[] };

/**
 * Works out the size of a part from plain values of its fields, apart from the compiler's own way.
 *
 * Fails: never.
 */
export function sizePart(run: TraceRun, part: Part): PartSize {
  if (!part.bought) return { chips: 0, rule: "replacements only, none bought", paths: [] };
  const { fleet, site } = part;
  const members = run.parts.filter((other) => other.fleet === fleet && other.bought);
  const size = `fleets.${fleet}.size`;
  const number = (path: string) => fieldNumber(run, path, run.originMonth) ?? 0;
  const word = (name: string) => run.scenario.fields.get(`fleets.${fleet}.${name}`)?.choice;
  const kind = run.scenario.fields.get(size)?.dimension;
  if (members.length === 1 && kind === "chips")
    return { chips: number(size), rule: "the size as written", paths: [size] };
  const by = word("by") ?? "power";
  const isIt = word("basis") === "it";
  const shares = members.map(({ mixed, chip }) => (mixed ? number(`fleets.${fleet}.mix.${chip}`) : 1));
  const watts = members.map(({ chip }) => number(`chips.${chip}.it_power`));
  const needsCost = kind === "money" || by === "spend";
  const costs = needsCost ? members.map((member) => firstUnitCost(run, member)) : [];
  const divisors = by === "chips" ? shares.map(() => 1) : by === "spend" ? costs : watts;
  const relative = shares.map((share, index) => share / (divisors[index] ?? 1));
  const weights = kind === "chips" ? shares.map(() => 1) : kind === "money" ? costs : watts;
  const sum = relative.reduce((total, each, index) => total + each * (weights[index] ?? 0), 0);
  const design = kind === "power" && !isIt ? number(`sites.${site}.pue_design`) : 1;
  const chips = (number(size) * (relative[members.indexOf(part)] ?? 0)) / (design * sum);
  return {
    chips,
    rule: `${kind === "power" ? `${isIt ? "IT" : "facility"} power` : kind}, shared by ${by}`,
    paths: [
      size,
      ...members.flatMap(({ mixed, chip }) => (mixed ? [`fleets.${fleet}.mix.${chip}`] : [])),
      ...(kind === "power" || by === "power" ? members.map(({ chip }) => `chips.${chip}.it_power`) : []),
      ...(kind === "power" && !isIt ? [`sites.${site}.pue_design`] : []),
      ...(needsCost ? members.flatMap(({ chip }) => [`chips.${chip}.price`, `chips.${chip}.network`]) : []),
    ],
  };
}

/** Price plus network of a chip that lands in the first undelayed month of its delivery. */
function firstUnitCost(run: TraceRun, part: Part): number {
  const month = firstDeliveryMonth(run, part);
  const entity = { level: "part", part } as const;
  return metricAt(run, "chip_price_usd", entity, month) + metricAt(run, "network_price_usd", entity, month);
}

function firstDeliveryMonth(run: TraceRun, part: Part): number {
  const schedule = deliveryField(run.scenario, part, "schedule");
  if (schedule) {
    const months = Array.from({ length: run.monthCount }, (_, month) => month);
    return months.find((month) => (fieldNumber(run, schedule.path, month) ?? 0) > 0) ?? run.monthCount - 1;
  }
  const date = deliveryField(run.scenario, part, "at") ?? deliveryField(run.scenario, part, "from");
  return Math.floor((date ? (fieldNumber(run, date.path, run.originMonth) ?? 0) : 0) + 0.5) - run.firstMonth;
}
