import { WATTS_PER_MEGAWATT } from "../../../metrics/unit-factors.ts";
import { formatMonth } from "../../../scenario/language/format-expr.ts";
import { traceLine } from "../../trace/trace-field.ts";
import type { TraceNode } from "../../trace/trace-node.ts";
import { inMagnitude } from "../../trace/trace-number.ts";
import { runForTrace } from "../../trace/trace-run.ts";
import { sumNode } from "../../trace/trace-sum.ts";
import { describeLimits, type Limit } from "../limits.ts";
import type { Solver } from "../linear-program.ts";
import { bindingLimits, type Optimum, type ShadowPrice } from "../optimize.ts";
import type { Purchase } from "../purchases.ts";
import type { Situation } from "../situation.ts";
import { explainPrices, type PlanChange } from "./explain-price.ts";
import { findPriceSpike, pricesBeside } from "./price-spike.ts";

/** Takes the numbers of a best plan apart; undefined for what it does not have. Fails: never. */
export type OptimumTracer = {
  /** Chips bought of a kind, at one site where it is named: months, megawatts, and the power of a chip. */
  readonly bought: (chip: string, site?: string) => TraceNode | undefined;
  /** The price of a limit in a period: what one more unit of it changes in the plan. */
  readonly price: (limit: LimitName, period: string) => TraceNode | undefined;
  /** The middle one of the prices beside it. */
  readonly typical: (limit: LimitName, period: string) => TraceNode | undefined;
  /** In how many periods a limit binds. */
  readonly binding: (limit: LimitName) => TraceNode | undefined;
  /** How far the plan may be from the best one, where the search ran out of time. */
  readonly gap: () => TraceNode | undefined;
};

type LimitName = Pick<Limit, "kind" | "name">;

/** Fields of a chip that decide most of what it costs, and what it computes. */
const COST_FIELDS = ["price", "network", "it_power"];
const COMPUTE_FIELDS = ["fp4", "fp8", "bf16"];

const leaf = (name: string, value: number, unit: string): TraceNode => ({
  name,
  entity: "",
  ...inMagnitude(value, unit),
  canonical: value,
  operator: "constant",
  how: "",
  children: [],
});

/**
 * Makes what takes the numbers of an optimum apart.
 *
 * @param solver solves the program again for a price, with one more unit of its limit
 *
 * Fails: never.
 */
export function traceOptimum(situation: Situation, optimum: Optimum, solver: Solver): OptimumTracer {
  const { scenario, task } = situation;
  const isCost = task.goal === "minimize_cost";
  const unit = isCost ? "USD" : "EFLOP-hours";
  const { run } = runForTrace(scenario);

  /** Lines that were read, by path and month: hundreds of landings lead to the same ones, which are posted once. */
  const lines = new Map<string, TraceNode | undefined>();

  /** Lines of the scenario as they hold when chips land. */
  function inputs(paths: readonly string[], landing: number): readonly TraceNode[] {
    if (!run) return [];
    const month = Math.max(0, Math.min(run.monthCount - 1, landing - run.firstMonth));
    return paths.flatMap((path) => {
      const key = `${path} ${month}`;
      if (!lines.has(key)) lines.set(key, traceLine(run, path, month));
      return lines.get(key) ?? [];
    });
  }

  function boughtIn(
    { chip, site }: Purchase,
    { at, chips, megawatts }: Purchase["months"][number],
  ): TraceNode {
    const watts = megawatts * WATTS_PER_MEGAWATT;
    const power: TraceNode = {
      ...leaf("facility power bought", megawatts, "MW"),
      canonical: watts,
      sign: "x",
      operator: "rule",
      how: "chosen by the search",
      notes: [
        `together with all other purchases, so that the whole ${isCost ? "costs least" : "computes most"} within the limits; a limit that binds has a price`,
      ],
    };
    const each: TraceNode = {
      ...leaf("facility power of a chip", watts / chips / 1000, "kW"),
      canonical: watts / chips,
      sign: "/",
      operator: "rule",
      how: "simulated",
      notes: ["of one chip that lands then, with its share of cooling, in the month in which it takes most"],
      children: inputs([`chips.${chip}.it_power`, `sites.${site}.pue`, `sites.${site}.pue_design`], at),
    };
    return {
      ...leaf(`${chip} bought`, chips, "chips"),
      entity: site,
      month: formatMonth(at),
      operator: "x",
      how: "power over power of a chip",
      children: [power, each],
    };
  }

  const find = ({ kind, name }: LimitName, period: string) =>
    optimum.shadowPrices.find((one) => one.kind === kind && one.name === name && one.period === period);

  const priceLeaf = (price: ShadowPrice): TraceNode => ({
    ...leaf(
      `${isCost ? "cost" : "compute"} of one more ${price.unit}: ${limitName(price)}`,
      price.value,
      unit,
    ),
    ...(price.period === "" ? {} : { month: price.period }),
  });

  function limitName(price: ShadowPrice): string {
    const [words = ""] = describeLimits([{ ...price, period: "" }]);
    return words.replaceAll("`", "");
  }

  function tracePrice(price: ShadowPrice): TraceNode {
    const whole = priceLeaf(price);
    const change = explainPrices(situation, [price], solver);
    if (change) return changeNode(whole, change);
    // The months of a plateau bind together, and which of them has the price is the solver's choice.
    const all = optimum.shadowPrices.filter(({ kind, name }) => kind === price.kind && name === price.name);
    const together = all.length > 1 ? explainPrices(situation, all, solver) : undefined;
    const note =
      "one more of this period alone would not change the plan evenly, since the periods beside it bind too";
    const sum = all.reduce((total, { value }) => total + value, 0);
    const { month: _period, ...named } = { ...whole, ...inMagnitude(sum, unit), canonical: sum };
    const name = `${whole.name}, in all ${all.length} periods`;
    const children = together ? [changeNode({ ...named, name }, together)] : [];
    return { ...whole, operator: "rule", how: "dual value of the program", notes: [note], children };
  }

  /** The change of the objective as the sum of what one more unit changes in the plan. */
  function changeNode(
    { name, month, unit: shown, value, canonical }: TraceNode,
    change: PlanChange,
  ): TraceNode {
    const charged = leaf("charges for shortfalls of commitments", change.shortfalls, unit);
    const parts = [...change.purchases.map(changed), ...(change.shortfalls === 0 ? [] : [charged])];
    const about = { name, unit: shown, how: "what one more changes in the plan" };
    return sumNode(
      { ...about, ...(month === undefined ? {} : { month }) },
      parts.map((part) => ({ ...part, value: (part.canonical * value) / canonical, unit: shown })),
    );
  }

  /** Lines that decide most of what one chip adds to the objective. */
  function pathsOf({ chip, contracts }: PlanChange["purchases"][number]["candidate"]): readonly string[] {
    if (task.book === "buyer" && isCost) return contracts.map((name) => `contracts.${name}.rates.${chip}`);
    return (isCost ? COST_FIELDS : COMPUTE_FIELDS).map((name) => `chips.${chip}.${name}`);
  }

  function changed({ candidate, landing, chips, each }: PlanChange["purchases"][number]): TraceNode {
    const { chip, site } = candidate;
    const more: TraceNode = {
      ...leaf(chips < 0 ? "fewer chips" : "more chips", chips, "chips"),
      sign: "x",
      operator: "rule",
      how: "for one more unit",
      notes: ["the program solved again with a little more of the limit, as a rate for one unit"],
    };
    const cost: TraceNode = {
      ...leaf(isCost ? "cost of one chip" : "compute of one chip", each, unit),
      sign: "x",
      operator: "rule",
      how: "simulated",
      notes: [costNote()],
      children: inputs(pathsOf(candidate), landing),
    };
    return {
      ...leaf(`${chip} landing`, chips * each, unit),
      entity: site,
      month: formatMonth(landing),
      operator: "x",
      how: "chips times that of one",
      children: [more, cost],
    };
  }

  function costNote(): string {
    if (!isCost) return "effective FP4 of one chip that lands then, over the horizon";
    if (task.book === "buyer")
      return "present value of what its contracts bill for one chip that lands then, until the horizon ends";
    const less = task.countsResidual ? ", less what it is worth then" : "";
    return `present value of one chip that lands then, at medians: the chip, its network, energy and running cost until the horizon ends${less}`;
  }

  return {
    bought: (chip, site) => {
      const some = optimum.purchases.filter(
        (one) => one.chip === chip && (site === undefined || one.site === site),
      );
      if (some.length === 0) return undefined;
      const parts = some.flatMap((one) => one.months.map((month) => boughtIn(one, month)));
      return sumNode(
        { name: `${chip} bought`, entity: site ?? "", unit: "chips", how: "sum of landings" },
        parts,
      );
    },
    price: (limit, period) => {
      const price = find(limit, period);
      return price && tracePrice(price);
    },
    typical: (limit, period) => {
      const price = find(limit, period);
      const spike = price && findPriceSpike(optimum, price);
      if (!price || !spike) return undefined;
      return {
        ...leaf("middle of the prices beside it", spike.typical, unit),
        operator: "rule",
        how: "median, without signs",
        children: pricesBeside(optimum, price).map(priceLeaf),
      };
    },
    gap: () => {
      const { gap } = optimum;
      if (gap === undefined) return undefined;
      return {
        ...leaf("farthest that the best plan can be", gap * 100, "%"),
        canonical: gap,
        shownAs: "share",
        operator: "rule",
        how: "bound of the solver",
        notes: [
          "the search ended at its time limit; the solver\u2019s bound proves that no plan is better by more than this share of what the purchases of this one add",
        ],
      };
    },
    binding: (limit) => {
      const bound = bindingLimits(optimum).find(
        ({ kind, name }) => kind === limit.kind && name === limit.name,
      );
      if (!bound) return undefined;
      const { prices, peak } = bound;
      return {
        ...leaf(`periods in which a limit binds: ${limitName(peak)}`, prices.length, ""),
        operator: "rule",
        how: "counted",
        notes: ["a limit binds where one more unit of it would change the best plan's objective"],
        children: prices.map(priceLeaf),
      };
    },
  };
}
