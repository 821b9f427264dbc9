import { compile } from "../../compile/compile.ts";
import { hoursOfMonths, layOutWindow } from "../../compile/window.ts";
import type { Plan } from "../../engine/index.ts";
import type { MetricLevel } from "../../metrics/metric.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { columnKey, columnsByKey } from "../results/results.ts";
import { withoutFleets } from "./derive-scenario.ts";
import { type Coefficients, flopOf, readCoefficients, runWindow } from "./read-coefficients.ts";
import { type BuyersSide, readBuyersSide } from "./read-commitments.ts";
import { type DemandSide, readDemand } from "./read-demand.ts";
import type { Task } from "./read-task.ts";
import { workloadsOn } from "./runs-on.ts";

/** Cost of a plan in a book, as minimised by the program. */
export function costInBook(
  { book, countsResidual }: Task,
  { costPv, residualPv, paymentPv }: BookValues,
): number {
  return book === "buyer" ? paymentPv : costPv - (countsResidual ? residualPv : 0);
}

/** Present values of a plan, or of a chip, in both books [USD]. */
export type BookValues = {
  readonly costPv: number;
  readonly residualPv: number;
  readonly paymentPv: number;
};

/** The data of a program, read from the engine: possible purchases, fleets that stay, and demand. */
export type Situation = BuyersSide &
  DemandSide & {
    readonly scenario: Scenario;
    readonly task: Task;
    readonly choices: readonly Coefficients[];
    /** First month in which chips may land, absolute; it may lie before `start`. */
    readonly firstMonth: number;
    /** Power still free by site [W], by month from `firstMonth` on. */
    readonly freePower: ReadonlyMap<string, Float64Array>;
    /** Effective FP4 [FLOP/s] and cash [USD] of the fleets that stay and of the sites, by month. */
    readonly keptCompute: Float64Array;
    readonly keptCash: Float64Array;
    readonly kept: BookValues;
    /** Spent on chips by the fleets that stay, by chip and month [USD]. */
    readonly keptChipCash: ReadonlyMap<string, Float64Array>;
    /** Effective FP4 required of the whole plan by month [FLOP/s]. */
    readonly required: Float64Array;
    /** The scenario's own plan; effective FP4 over the horizon [FLOP]. */
    readonly own: BookValues & { readonly flop: number };
    /** Hours by month of the horizon. */
    readonly hours: Float64Array;
  };

const MEASURED = [
  "cost_provider_pv_usd",
  "provider_residual_pv_usd",
  "effective_fp4_eflops",
  "provider_cash_usd",
  "facility_power_mw",
  "power_limit_mw",
  "buyer_cost_pv_usd",
  "chip_cash_usd",
];

/**
 * Reads a program's numbers: the columns of all candidates, and the power, compute and cash of the fleets that stay.
 *
 * Fails: never. Cost: up to seven plain runs, and a block of trials for the candidates.
 */
export function readSituation(scenario: Scenario, task: Task): Situation {
  const own = measure(scenario);
  const kept = measure(withoutFleets(scenario, task.replaced));
  const { sites, chips } = task;
  const candidates = sites.flatMap((site) =>
    chips.map((chip) => ({
      chip,
      site,
      fleet: fleetName(scenario, task, chip, site),
      template: templateAt(scenario, task, site),
      contracts: contractsOf(scenario, task, chip, site),
      workloads: workloadsOn(scenario, task.replaced, { chip, template: templateAt(scenario, task, site) }),
    })),
  );
  const months = landingMonths(scenario, task);
  const [firstMonth] = months;
  const read = readCoefficients(scenario, candidates, months);
  // In the buyer's book a chip that nobody bills would be free.
  const choices =
    task.book === "buyer" ? read.filter(({ candidate }) => candidate.contracts.length > 0) : read;
  const buyers = readBuyersSide(scenario, task, choices);
  const hours = hoursOfMonths(scenario.startMonth, scenario.monthCount);
  const required = own.compute.map(
    (compute, month) => plainValue(scenario, "optimize.supply", scenario.startMonth + month) ?? compute,
  );
  return {
    ...buyers,
    ...readDemand(scenario, task, candidates),
    scenario,
    task,
    choices,
    firstMonth,
    freePower: new Map(
      sites.map((site) => {
        const used = kept.from(firstMonth, "facility_power_mw", site);
        return [
          site,
          kept
            .from(firstMonth, "power_limit_mw", site)
            .map((limit, month) => Math.max(0, limit - used[month])),
        ];
      }),
    ),
    keptCompute: kept.compute,
    keptCash: kept.at("total", "provider_cash_usd", ""),
    kept: { costPv: kept.costPv, residualPv: kept.residualPv, paymentPv: buyers.keptPaymentPv },
    keptChipCash: kept.chipCash,
    required,
    own: {
      costPv: own.costPv,
      residualPv: own.residualPv,
      paymentPv: own.paymentPv,
      flop: flopOf(own.compute, hours),
    },
    hours,
  };
}

/** A name not used by any fleet that stays. */
function fleetName({ names }: Scenario, { replaced }: Task, chip: string, site: string): string {
  const name = `${chip}_at_${site}`.slice(0, 60);
  const isTaken = names.fleets.includes(name) && !replaced.includes(name);
  return isTaken ? `${name}_new` : name;
}

/** The first replaced fleet at a site, else the first of all. */
function templateAt({ fields }: Scenario, { replaced }: Task, site: string): string {
  return replaced.find((fleet) => fields.get(`fleets.${fleet}.site`)?.choice === site) ?? replaced[0];
}

/**
 * Contracts that bill a chip at a site: those of the replaced fleet there with a rate for it, else those of the first other
 * replaced fleet with one.
 */
function contractsOf(scenario: Scenario, task: Task, chip: string, site: string): readonly string[] {
  const { fields } = scenario;
  const template = templateAt(scenario, task, site);
  for (const fleet of [template, ...task.replaced]) {
    const list = fields.get(`fleets.${fleet}.procurement.contract`)?.texts ?? [];
    const rated = list.filter((contract) => fields.has(`contracts.${contract}.rates.${chip}`));
    if (rated.length > 0) return rated;
  }
  return [];
}

/** Months in which chips may land: from the first delivery of the scenario to the end of the horizon. */
function landingMonths(scenario: Scenario, { byQuarter }: Task): readonly number[] {
  const { firstMonth } = layOutWindow(scenario);
  const first = Math.min(scenario.startMonth, Math.max(firstMonth, firstDelivery(scenario)));
  const end = scenario.startMonth + scenario.monthCount;
  const months = Array.from({ length: end - first }, (_, index) => first + index);
  return byQuarter ? months.filter((month) => month % 3 === 0 || month === first) : months;
}

/** Earliest `from`, `at` or date of a schedule of any fleet. */
function firstDelivery(scenario: Scenario): number {
  let earliest = scenario.startMonth;
  for (const [path, { expr }] of scenario.fields) {
    if (!expr || !/^fleets\.[^.]+\.(?:mix\.[^.]+\.)?deliver\.(from|at|schedule)$/.test(path)) continue;
    const dates =
      expr.kind === "table"
        ? expr.points.map(({ month }) => month)
        : expr.kind === "number" && expr.isDate
          ? [expr.value]
          : [];
    earliest = Math.min(earliest, ...dates);
  }
  return earliest;
}

/** A plain run, including the months before `start`. */
function measure(scenario: Scenario) {
  const plan = compile(scenario, { metrics: MEASURED, levels: ["run", "total", "site", "part"] });
  const { columns } = runWindow(plan, [scenario.startMonth]);
  const found = columnsByKey(plan, columns);
  const whole = (level: MetricLevel, metric: string, entity: string) =>
    found.get(columnKey(level, metric, entity)) ?? new Float64Array(plan.monthCount);
  const at = (level: MetricLevel, metric: string, entity: string) =>
    level === "run"
      ? whole(level, metric, entity)
      : whole(level, metric, entity).slice(plan.originMonth, plan.originMonth + plan.horizonMonths);
  // No site has power before the window.
  const from = (month: number, metric: string, site: string) => {
    const values = whole("site", metric, site);
    const early = scenario.startMonth - month;
    return Float64Array.from(
      { length: early + plan.horizonMonths },
      (_, index) => values[plan.originMonth - early + index] ?? 0,
    );
  };
  return {
    at,
    from,
    costPv: at("run", "cost_provider_pv_usd", "")[0],
    residualPv: at("run", "provider_residual_pv_usd", "")[0],
    paymentPv: at("run", "buyer_cost_pv_usd", "")[0],
    compute: at("total", "effective_fp4_eflops", ""),
    chipCash: sumByChip(plan, columns),
  };
}

/** Spent on chips, by chip and month of the horizon [USD]. */
function sumByChip(
  { columns, originMonth, horizonMonths }: Plan,
  values: readonly Float64Array[],
): ReadonlyMap<string, Float64Array> {
  const byChip = new Map<string, Float64Array>();
  for (const [index, { level, metric, entity }] of columns.entries()) {
    if (level !== "part" || metric !== "chip_cash_usd") continue;
    const chip = entity.slice(entity.indexOf("/") + 1);
    const sum = byChip.get(chip) ?? new Float64Array(horizonMonths);
    byChip.set(
      chip,
      sum.map((value, month) => value + values[index][originMonth + month]),
    );
  }
  return byChip;
}
