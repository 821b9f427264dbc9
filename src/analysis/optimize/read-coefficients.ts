import { compile } from "../../compile/compile.ts";
import { hoursOfMonths } from "../../compile/window.ts";
import { type Plan, plainInputs, simulate } from "../../engine/index.ts";
import { CAPITAL_COSTS, costNames, RUNNING_COSTS } from "../../metrics/provider-costs.ts";
import { SECONDS_PER_HOUR } from "../../metrics/unit-factors.ts";
import { power } from "../../numbers/plain.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { type Candidate, contractCopy, LANDING, unitFleets } from "./derive-scenario.ts";
import { discountFactors, discountRateOf, presentValue } from "./discounting.ts";

/** The effects of a chip that lands in some month. */
export type Coefficients = {
  readonly candidate: Candidate;
  /** Absolute month in which it lands. */
  readonly landing: number;
  /** The `deliver.at` for which it lands then. */
  readonly at: number;
  /** Facility power by month from the first landing month on, which may lie before `start` [W]. */
  readonly power: Float64Array;
  /** Effective FP4 [FLOP/s] and cash [USD] by month of the horizon. */
  readonly compute: Float64Array;
  readonly cash: Float64Array;
  /** Largest facility power, a unit of size that suits a solver [W]. */
  readonly size: number;
  /** Present value of all cash, including the opening unless sunk, and of the residual value [USD]. */
  readonly costPv: number;
  readonly residualPv: number;
  /** Effective FP4 over the horizon [FLOP]. */
  readonly flop: number;
  /** Productive chips by month of the horizon. */
  readonly productive: Float64Array;
  /** Spent on chips by month of the horizon [USD]. */
  readonly chipCash: Float64Array;
  /** Billed by its contracts by month of the horizon, and discounted at the buyer's rate [USD]. */
  readonly payments: Float64Array;
  readonly paymentPv: number;
  readonly billings: readonly Billing[];
};

/** The billing of a chip's hours by a contract that never runs out, by month of the window. */
export type Billing = {
  readonly contract: string;
  /** First month of the window, absolute. */
  readonly from: number;
  /**
   * Use within the term: USD, or chip-hours for a commitment of usage; and late deliveries of the provider, in the same
   * unit.
   */
  readonly used: Float64Array;
  readonly late: Float64Array;
};

/** Cash of a part: the terms of capital spending and running cost that a part has. */
const PART_CASH = costNames([...CAPITAL_COSTS, ...RUNNING_COSTS], "part");

const READ = [
  "facility_power_mw",
  "effective_fp4_eflops",
  "chips_landed",
  "chips_productive",
  "chip_residual_usd",
  ...PART_CASH,
];

/** Metrics read for contracts; the first counts the use of a contract of usage. */
export const READ_OF_CONTRACTS = [
  "contract_billable_chip_hours",
  "contract_drawdown_usd",
  "contract_overage_usd",
  "contract_relief_usd",
] as const;

/**
 * Reads the columns of a program from the engine: every candidate and landing month is one trial of one Plan.
 *
 * Leaves out months in which the engine would defer the delivery because the chip is not available.
 *
 * Fails: never. Cost: candidates x months trials of the engine.
 *
 * @param months values of `deliver.at`, absolute
 */
export function readCoefficients(
  scenario: Scenario,
  candidates: readonly Candidate[],
  months: readonly number[],
): readonly Coefficients[] {
  const units = unitFleets(scenario, candidates, Math.min(...months, scenario.startMonth));
  const plan = compile(units, {
    metrics: [...READ, ...READ_OF_CONTRACTS],
    levels: ["part", "contract"],
    inputs: [LANDING],
  });
  const sheet = runWindow(plan, months);
  const factors = discountFactors(scenario, plan, "provider");
  const buyersFactors = discountFactors(scenario, plan, "buyer");
  const finalFactor = power(1 + discountRateOf(scenario, "provider"), -plan.horizonMonths / 12);
  const hours = hoursOfMonths(scenario.startMonth, plan.horizonMonths);
  return candidates.flatMap((candidate) => {
    const part = `${candidate.fleet}/${candidate.chip}`;
    const columnsOf = (one: string) =>
      new Map(
        plan.columns.flatMap(({ metric, entity }, index) =>
          entity === one ? [[metric, sheet.columns[index]] as const] : [],
        ),
      );
    const columns = columnsOf(part);
    const contracts = candidate.contracts.map((contract) => ({
      contract,
      isUsage: isUsageOf(scenario, contract),
      columns: columnsOf(contractCopy(contract, candidate)),
    }));
    const own = {
      contracts,
      scenario,
      plan,
      trials: sheet.trials,
      candidate,
      columns,
      hours,
      factors,
      buyersFactors,
      finalFactor,
      first: months[0],
    };
    const found = months.map((at, trial) => readTrial(own, at, trial));
    // A chip that lands later than planned was deferred.
    const delay = Math.min(...found.map((one) => one.landing - one.at));
    const end = scenario.startMonth + scenario.monthCount;
    return found.filter((one) => one.landing - one.at === delay && one.landing < end && one.size > 0);
  });
}

/** Columns of the whole window in canonical units: [column][month][trial]. */
export type Sheet = {
  readonly trials: number;
  readonly columns: readonly Float64Array[];
  readonly plan: Plan;
};

/** Simulates the given landing months, one per trial, and keeps every month of the window. */
export function runWindow(plan: Plan, months: readonly number[]): Sheet {
  const trials = months.length;
  const plain = plainInputs(plan);
  const inputs = new Float64Array(plan.variables.length * trials);
  for (const [variable, { key, kind }] of plan.variables.entries())
    for (let trial = 0; trial < trials; trial++)
      inputs[variable * trials + trial] =
        kind === "value" && key === LANDING ? months[trial] : plain[variable];
  const columns = plan.columns.map(() => new Float64Array(plan.monthCount * trials));
  simulate(plan, inputs, trials, (column, firstTrial, count, values, offset, monthStride, trialStride) => {
    for (let month = 0; month < plan.monthCount; month++)
      for (let trial = 0; trial < count; trial++)
        columns[column][month * trials + firstTrial + trial] =
          values[offset + month * monthStride + trial * trialStride];
  });
  return { trials, columns, plan };
}

/** The context for reading one trial: the sheet, the columns of one part, and the months that count. */
type PartSheet = {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly trials: number;
  readonly candidate: Candidate;
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly contracts: readonly {
    readonly contract: string;
    readonly isUsage: boolean;
    readonly columns: ReadonlyMap<string, Float64Array>;
  }[];
  readonly hours: Float64Array;
  /** Discount factors by month of the window, and that of the residual value. */
  readonly factors: Float64Array;
  readonly buyersFactors: Float64Array;
  readonly finalFactor: number;
  /** First landing month, absolute. */
  readonly first: number;
};

function readTrial(sheet: PartSheet, at: number, trial: number): Coefficients {
  const { scenario, plan, trials, candidate, hours, first } = sheet;
  const { originMonth, horizonMonths, monthCount } = plan;
  // Loops rather than callbacks, because it reads several million values.
  const sumOf = (columns: PartSheet["columns"], metrics: readonly string[], from: number, count: number) => {
    const sum = new Float64Array(count);
    for (const metric of metrics) {
      const values = columns.get(metric);
      if (!values) continue;
      for (let month = 0, index = from * trials + trial; month < count; month++, index += trials)
        sum[month] += values[index] ?? 0;
    }
    return sum;
  };
  const overHorizon = (...metrics: readonly string[]) =>
    sumOf(sheet.columns, metrics, originMonth, horizonMonths);
  const overWindow = (columns: PartSheet["columns"], ...metrics: readonly string[]) =>
    sumOf(columns, metrics, 0, monthCount);
  const landedIndex = overWindow(sheet.columns, "chips_landed").findIndex((chips) => chips > 0);
  const early = Math.max(0, scenario.startMonth - first);
  const power = sumOf(sheet.columns, ["facility_power_mw"], originMonth - early, early + horizonMonths);
  const compute = overHorizon("effective_fp4_eflops");
  const bills = new Float64Array(monthCount);
  const billings = sheet.contracts.map(({ contract, isUsage, columns }): Billing => {
    const [chipHours, drawn, beyond, late] = READ_OF_CONTRACTS;
    const billed = overWindow(columns, drawn, beyond);
    for (let month = 0; month < monthCount; month++) bills[month] += billed[month];
    return {
      contract,
      from: scenario.startMonth - originMonth,
      used: overWindow(columns, isUsage ? chipHours : drawn),
      late: overWindow(columns, late),
    };
  });
  return {
    candidate,
    landing: scenario.startMonth - originMonth + (landedIndex < 0 ? monthCount : landedIndex),
    at,
    power,
    compute,
    cash: overHorizon(...PART_CASH),
    size: power.reduce((most, value) => Math.max(most, value), 0),
    costPv: presentValue(overWindow(sheet.columns, ...PART_CASH), sheet.factors),
    residualPv: (sheet.columns.get("chip_residual_usd")?.[trial] ?? 0) * sheet.finalFactor,
    flop: flopOf(compute, hours),
    productive: overHorizon("chips_productive"),
    chipCash: overHorizon("chip_cash_usd"),
    payments: bills.slice(originMonth, originMonth + horizonMonths),
    paymentPv: presentValue(bills, sheet.buyersFactors),
    billings,
  };
}

/** Effective FP4 over months [FLOP], from its rates [FLOP/s] and the months' hours. */
export function flopOf(compute: Float64Array, hours: Float64Array): number {
  return compute.reduce((sum, value, month) => sum + value * hours[month] * SECONDS_PER_HOUR, 0);
}

/** Whether a contract counts chip-hours instead of money. */
export function isUsageOf({ fields }: Scenario, contract: string): boolean {
  return fields.get(`contracts.${contract}.category`)?.choice === "usage";
}
