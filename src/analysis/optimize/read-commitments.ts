import { compile } from "../../compile/compile.ts";
import { listFulfilmentIntervals } from "../../compile/contracts/contract-terms.ts";
import { InternalError } from "../../diagnostics/diagnostic.ts";
import type { Plan } from "../../engine/index.ts";
import { BUYERS_CHIP_COSTS } from "../../metrics/buyers-chip-metrics.ts";
import { power } from "../../numbers/plain.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { columnKey, columnsByKey } from "../results/results.ts";
import { endlessContract, withNumber, withoutFleets } from "./derive-scenario.ts";
import { discountFactors, discountRateOf, presentValue } from "./discounting.ts";
import { type Coefficients, isUsageOf, READ_OF_CONTRACTS, runWindow } from "./read-coefficients.ts";
import type { Task } from "./read-task.ts";

/** A contract that may bill purchases, with the amounts and intervals of its commitment. */
export type Commitment = {
  readonly contract: string;
  readonly isUsage: boolean;
  /** Whether a shortfall is charged. */
  readonly isCharged: boolean;
  /** Whether late deliveries of the provider lower it. */
  readonly isForgiven: boolean;
  readonly intervals: readonly CommitmentInterval[];
};

/** A fulfilment interval of a commitment that is settled, at medians (docs/model.md section 10.2). */
export type CommitmentInterval = {
  /** Months whose use counts, absolute, the last inclusive; a shortfall is charged in the month after it. */
  readonly from: number;
  readonly to: number;
  /** Amount left beside the use by the fleets that stay; negative if they use more [USD, or chip-hours]. */
  readonly amount: number;
  /** Charge per unit of shortfall, and its value discounted at the buyer's rate, 0 if due after the horizon [USD]. */
  readonly price: number;
  readonly pricePv: number;
};

/** The buyer's side of a program: commitments to use, and payments independent of the purchases. */
export type BuyersSide = {
  readonly commitments: readonly Commitment[];
  /** Payments by month of the horizon and their present value, without shortfalls of these commitments [USD]. */
  readonly keptPayments: Float64Array;
  readonly keptPaymentPv: number;
};

/**
 * Reads the commitments that a program's fleets may use from the engine: the charge of an unused contract by interval, less
 * the use by the fleets that stay.
 *
 * Fails: never. Cost: two plain runs.
 */
export function readBuyersSide(
  scenario: Scenario,
  { replaced }: Task,
  choices: readonly Coefficients[],
): BuyersSide {
  const names = [
    ...new Set(choices.flatMap(({ billings }) => billings.map(({ contract }) => contract))),
  ].sort();
  const priceIn = (contract: string, month: number) =>
    isUsageOf(scenario, contract) ? meanRate(scenario, contract, choices, month) : 1;
  const unused = readUnused(scenario, names, priceIn);
  const kept = readKept(withoutFleets(scenario, replaced), names);
  const rate = discountRateOf(scenario, "buyer");
  const isSunk = scenario.fields.get("provider.sunk")?.boolean === true;
  const end = scenario.startMonth + scenario.monthCount;
  return {
    keptPayments: kept.payments.slice(kept.originMonth, kept.originMonth + scenario.monthCount),
    keptPaymentPv: kept.paymentPv + unused.paymentPv,
    commitments: names.map((contract) => ({
      contract,
      isUsage: isUsageOf(scenario, contract),
      isCharged: scenario.fields.get(`contracts.${contract}.terms`)?.choice !== "pay_as_you_go",
      isForgiven: scenario.fields.get(`contracts.${contract}.shortfall_relief`)?.choice === "reduce",
      intervals: intervalsOf(scenario, contract).map(({ from, to }) => {
        const due = to + 1;
        const price = priceIn(contract, due);
        const isCosted = due < end && (due >= scenario.startMonth || !isSunk);
        return {
          from,
          to,
          amount: unused.dueIn(contract, due) - kept.usedIn(contract, from, to),
          price,
          pricePv: isCosted ? price * power(1 + rate, -(due - scenario.startMonth + 1) / 12) : 0,
        };
      }),
    })),
  };
}

/** The fulfilment intervals that are settled; with known history, those that end in or after the month before `start`. */
function intervalsOf(scenario: Scenario, contract: string) {
  const { fields, startMonth } = scenario;
  const prefix = `contracts.${contract}`;
  const plainOf = (field: string, month: number) => plainValue(scenario, `${prefix}.${field}`, month) ?? 0;
  const start = Math.floor(plainOf("start", startMonth) + 0.5);
  const ends = listFulfilmentIntervals({
    start,
    term: Math.round(plainOf("term", startMonth)),
    word: fields.get(`${prefix}.fulfillment_interval`)?.choice,
    schedule: fields.get(`${prefix}.schedule`)?.expr,
    shareIn: (month) => plainOf("schedule", month),
  }).map(({ end }) => start + end);
  const hasHistory = fields.has(`${prefix}.consumed_to_date`);
  const settled = hasHistory ? ends.filter((end) => end >= startMonth) : ends;
  const first = hasHistory ? Math.max(start, startMonth) : start;
  return settled.map((end, index) => ({ from: index === 0 ? first : settled[index - 1], to: end - 1 }));
}

/** The charges of contracts that nobody uses, in their own unit, and the payments made in any case. */
function readUnused(
  scenario: Scenario,
  names: readonly string[],
  priceIn: (contract: string, month: number) => number,
) {
  const bare = withoutFleets(scenario, scenario.names.fleets);
  const fields = new Map(bare.fields);
  for (const name of names) {
    const set = (field: string, choice: string) => {
      const value = fields.get(`contracts.${name}.${field}`);
      if (value) fields.set(value.path, { ...value, choice });
    };
    // A commitment of usage is counted like money, so that its shortfall is returned in chip-hours.
    set("category", "spend");
    set("terms", "take_or_pay");
    set("shortfall_relief", "none");
    const upfront = fields.get(`contracts.${name}.upfront`);
    if (upfront) fields.set(upfront.path, withNumber(upfront, 0));
  }
  const unused = { ...bare, fields, names: { ...bare.names, contracts: names } };
  const plan = compile(unused, {
    metrics: ["contract_shortfall_usd", "contract_drawdown_usd"],
    levels: ["contract"],
  });
  const { columns } = runWindow(plan, [scenario.startMonth]);
  const columnOf = readContracts(plan, columns);
  const factors = discountFactors(scenario, plan, "buyer");
  return {
    dueIn: (contract: string, month: number) =>
      columnOf(contract, "contract_shortfall_usd")[month - scenario.startMonth + plan.originMonth] ?? 0,
    // Nobody draws, so the drawdown is known history, in the month before `start`.
    paymentPv: names.reduce((sum, name) => {
      const drawn = columnOf(name, "contract_drawdown_usd");
      return sum + presentValue(drawn, factors) * priceIn(name, scenario.startMonth - 1);
    }, 0),
  };
}

/** The use and payments of the fleets that stay, under program contracts that never run out. */
function readKept(kept: Scenario, names: readonly string[]) {
  const fields = new Map(kept.fields);
  for (const name of names)
    for (const value of endlessContract(kept, name, name)) fields.set(value.path, value);
  const plan = compile(
    { ...kept, fields },
    {
      metrics: [...READ_OF_CONTRACTS, "contract_payment_usd", ...BUYERS_CHIP_COSTS],
      levels: ["contract", "total"],
    },
  );
  const { columns } = runWindow(plan, [kept.startMonth]);
  const columnOf = readContracts(plan, columns);
  const payments = new Float64Array(plan.monthCount);
  for (const contract of kept.names.contracts) {
    const paid = names.includes(contract)
      ? ["contract_drawdown_usd", "contract_overage_usd"]
      : ["contract_payment_usd"];
    for (const metric of paid)
      for (const [month, value] of columnOf(contract, metric).entries()) payments[month] += value;
  }
  const found = columnsByKey(plan, columns);
  for (const metric of BUYERS_CHIP_COSTS)
    for (const [month, value] of (found.get(columnKey("total", metric, "")) ?? []).entries())
      payments[month] += value;
  return {
    originMonth: plan.originMonth,
    payments,
    paymentPv: presentValue(payments, discountFactors(kept, plan, "buyer")),
    usedIn: (contract: string, from: number, to: number) =>
      sumBetween(
        columnOf(contract, READ_OF_CONTRACTS[isUsageOf(kept, contract) ? 0 : 1]),
        kept.startMonth - plan.originMonth,
        from,
        to,
      ),
  };
}

/** Columns of contracts by name and metric, over the window. */
function readContracts(plan: Plan, columns: readonly Float64Array[]) {
  const found = columnsByKey(plan, columns);
  return (contract: string, metric: string): Float64Array => {
    const column = found.get(columnKey("contract", metric, contract));
    if (!column) throw new InternalError(`${metric} of ${contract} is not simulated`);
    return column;
  };
}

/** Sum over inclusive months of values that begin in month `begin`. */
export function sumBetween(values: Float64Array, begin: number, from: number, to: number): number {
  let sum = 0;
  for (let month = Math.max(from, begin); month <= to && month - begin < values.length; month++)
    sum += values[month - begin];
  return sum;
}

/** Plain mean of the rate card over the chips that may be bought under a contract, in one month [USD per chip-hour]. */
function meanRate(
  scenario: Scenario,
  contract: string,
  choices: readonly Coefficients[],
  month: number,
): number {
  const fleets = new Map(
    choices
      .filter(({ candidate }) => candidate.contracts.includes(contract))
      .map(({ candidate }) => [candidate.fleet, candidate.chip]),
  );
  const plainOf = (field: string) => plainValue(scenario, `contracts.${contract}.${field}`, month) ?? 0;
  const years = Math.max(0, Math.floor((month - Math.floor(plainOf("start") + 0.5)) / 12));
  const sum = [...fleets.values()].reduce((total, chip) => total + plainOf(`rates.${chip}`), 0);
  return (sum / fleets.size) * power(1 + plainOf("escalation"), years);
}
