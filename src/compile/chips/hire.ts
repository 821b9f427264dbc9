import { hire, type Register } from "../../engine/index.ts";
import { leaseEndOf } from "../../scenario/tenure.ts";
import { addUp } from "../arithmetic.ts";
import { type Compilation, type MetricTable, once } from "../compilation.ts";
import type { Part } from "../parts.ts";
import { hoursOfMonths } from "../window.ts";
import { landedPoolOf, tenureIn } from "./book.ts";
import { lifeAfterLease, stockOf } from "./stock.ts";

/** A term is at most this long [months]: how far a clock goes on beyond the window. */
const LONGEST_TERM = 360;

/** What is paid for chips that others own (docs/model.md section 9.5). */
export const hireMetrics: MetricTable<"part"> = {
  chip_lease_cost_usd: (compilation, { part }) => {
    if (tenureIn(compilation, part) !== "leased") return compilation.inputs.context.builder.constant(0);
    const { builder } = compilation.inputs.context;
    return builder.op("add", leaseOf(compilation, part).cost, extensionOf(compilation, part));
  },
  chip_rent_cost_usd: ofRent("cost"),
  chip_rent_bill_usd: ofRent("bill"),
  chip_deposit_usd: ofRent("balance"),
  rent_paid_chip_hours: (compilation, { part }) => {
    const { builder } = compilation.inputs.context;
    const one = builder.constant(1);
    return tenureIn(compilation, part) === "rented"
      ? rentAt(compilation, part, one).cost
      : builder.constant(0);
  },
  chip_hire_obligation_usd: (compilation, { part }) => {
    const tenure = tenureIn(compilation, part);
    if (tenure === "owned") return compilation.inputs.context.builder.constant(0);
    return tenure === "leased" ? leaseOf(compilation, part).owed : rentOf(compilation, part).owed;
  },
  chip_buyout_usd: (compilation, { part }) => buyout(compilation, part),
};

function ofRent(what: "cost" | "bill" | "balance") {
  return (compilation: Compilation, { part }: { readonly part: Part }): Register =>
    tenureIn(compilation, part) === "rented"
      ? rentOf(compilation, part)[what]
      : compilation.inputs.context.builder.constant(0);
}

/** A lease is paid for every chip at the site, by the month. */
const leaseOf = once((compilation: Compilation, part: Part) => {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const { energisedNew, stranded } = stockOf(compilation, part);
  const clock = Array.from({ length: builder.window.monthCount + LONGEST_TERM + 1 }, (_, month) => month);
  const given = {
    energisedNew,
    waiting: stranded,
    used: builder.constant(1),
    rate: inputs.number("fleets.*.lease", part.fleet),
    term: inputs.months("fleets.*.lease_term", part.fleet),
    minimum: builder.constant(1),
    deposit: builder.constant(0),
    clock,
  };
  return builder.kernel(hire, { parts: [given] }).parts[0];
});

/** Rate of the month for chips whose lease is over and whose life is not. */
function extensionOf(compilation: Compilation, part: Part): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  if (leaseEndIn(compilation, part) !== "extend") return builder.constant(0);
  const { cumulative } = stockOf(compilation, part);
  const ended = builder.shift("behind", cumulative, inputs.months("fleets.*.lease_term", part.fleet));
  const gone = builder.shift("behind", ended, lifeAfterLease(inputs, part.fleet));
  const left = builder.op("subtract", ended, gone);
  return builder.op("multiply", left, inputs.number("fleets.*.lease_extension", part.fleet));
}

function leaseEndIn({ inputs }: Compilation, { fleet }: Part) {
  inputs.field("fleets.*.lease_end", fleet);
  return leaseEndOf(inputs.scenario.fields, fleet);
}

const rentOf = once((compilation: Compilation, part: Part) =>
  rentAt(compilation, part, compilation.inputs.number("fleets.*.rent", part.fleet)),
);

/** Rent by the hour at a rate [USD per chip and hour]. */
function rentAt(compilation: Compilation, part: Part, rate: Register) {
  const { inputs } = compilation;
  const { builder, firstMonth } = inputs.context;
  const { energisedNew } = stockOf(compilation, part);
  const minimum = inputs.optional("fleets.*.rent_minimum", part.fleet) ?? builder.constant(1);
  const given = {
    energisedNew,
    waiting: builder.constant(0),
    used: builder.constantOf(minimum) === 1 ? minimum : shareInUse(compilation, part),
    rate,
    term: inputs.months("fleets.*.rent_term", part.fleet),
    minimum,
    deposit: inputs.number("fleets.*.deposit", part.fleet),
    clock: hoursSoFar(firstMonth, builder.window.monthCount + LONGEST_TERM),
  };
  return builder.kernel(hire, { parts: [given] }).parts[0];
}

function hoursSoFar(firstMonth: number, count: number): readonly number[] {
  let sum = 0;
  const later = Array.from(hoursOfMonths(firstMonth, count), (hours) => {
    sum += hours;
    return sum;
  });
  return [0, ...later];
}

/** Share of the energised chips that work: those assigned to workloads, or without workloads those that are productive. */
function shareInUse(compilation: Compilation, part: Part): Register {
  const { inputs, entities, metric } = compilation;
  const { builder } = inputs.context;
  const ofPart = { level: "part", part } as const;
  const energised = metric("chips_energised", ofPart);
  if (entities.workloads.length === 0)
    return builder.op("ratio", metric("chips_productive", ofPart), energised);
  const assigned = entities.pairs
    .filter((pair) => pair.part === part)
    .map((pair) => metric("assigned_chips", { level: "assignment", ...pair }));
  return builder.op("ratio", addUp(builder, assigned), energised);
}

/** What chips cost at the end of their lease, by what they cost their owner when they landed. */
function buyout(compilation: Compilation, part: Part): Register {
  const { inputs } = compilation;
  const { builder } = inputs.context;
  const isBought = tenureIn(compilation, part) === "leased" && leaseEndIn(compilation, part) === "buy";
  if (!isBought) return builder.constant(0);
  const { energisedCost } = landedPoolOf(compilation, part);
  const landed = builder.shift("behind", energisedCost, inputs.months("fleets.*.lease_term", part.fleet));
  return builder.op("multiply", inputs.number("fleets.*.lease_buyout", part.fleet), landed);
}
