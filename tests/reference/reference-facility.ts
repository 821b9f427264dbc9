/** The site's building: section 9.2 of docs/model.md, as a list of steps that are paid, opened and written down. */

import {
  type Columns,
  column,
  duration,
  orZero,
  type ReferenceInput,
  required,
  type Window,
} from "./reference-input.ts";
import { isElsewhere, powerLimit } from "./reference-ledger.ts";
import { designPue } from "./reference-parts.ts";

type Step = {
  readonly cost: number;
  /** Month in which it enters service, delay included. */
  readonly serviceMonth: number;
  /** Months in which one equal part of the cost is paid. */
  readonly paymentMonths: readonly number[];
};

/** Successors of a fleet at a site: their chip, the chips that were bought, and how many stand in refitted halls by month. */
export type Successors = {
  readonly chip: string;
  readonly bought: readonly string[];
  readonly standing: (month: number) => number;
};

/** A site's columns over the window; `powerIn` is the power taken [W], `_worth` the building's before the haircut. */
export function facilityOf(
  input: ReferenceInput,
  window: Window,
  site: string,
  powerIn: (month: number) => number,
  successors: readonly Successors[],
): Columns {
  const columns: Columns = new Map();
  const write = (name: string, month: number, value: number): void => {
    column(columns, name, window.end - window.first)[month - window.first] = value;
  };
  const isLeased = input.word(`sites.${site}.tenure`) === "leased";
  const pue = designPue(input, site);
  const refits = isLeased ? [] : refitsOf(input, window, site, successors);
  const steps = isLeased ? [] : [...stepsOf(input, window, site), ...refits];
  const bookLife = duration(input, `sites.${site}.book_life`);
  const economicLife = duration(input, `sites.${site}.economic_life`);

  for (let month = window.first; month < window.end; month++) {
    let cash = 0;
    let inProgress = 0;
    let inService = 0;
    let depreciation = 0;
    let book = 0;
    let worth = 0;
    let opened = 0;
    for (const step of steps) {
      const part = step.cost / step.paymentMonths.length;
      for (const paymentMonth of step.paymentMonths) {
        if (paymentMonth === month) cash += part;
        if (paymentMonth <= month && step.serviceMonth > month) inProgress += part;
      }
      if (step.serviceMonth > month) continue;
      if (step.serviceMonth === month) opened += step.cost;
      inService += step.cost;
      const monthsWritten = Math.min(bookLife, month + 1 - step.serviceMonth);
      if (month - step.serviceMonth < bookLife) depreciation += step.cost / bookLife;
      book += step.cost * (1 - monthsWritten / bookLife);
      worth += step.cost * Math.max(0, 1 - (month + 1 - step.serviceMonth) / economicLife);
    }

    const limit = powerLimit(input, site, month);
    const designWatts = limit / pue;
    const years = (month - input.startMonth) / 12;
    const leaseGrowth = (1 + orZero(input, `sites.${site}.lease_growth`)) ** years;
    write("power_limit_mw", month, isElsewhere(input, site) ? powerIn(month) : limit);
    write("_worth", month, worth);
    write("_opened", month, opened);
    write("facility_cash_usd", month, cash);
    write(
      "retrofit_cash_usd",
      month,
      refits.reduce((sum, { cost, serviceMonth }) => sum + (serviceMonth === month ? cost : 0), 0),
    );
    write("facility_depreciation_usd", month, depreciation);
    write("facility_book_value_usd", month, book);
    write("facility_construction_in_progress_usd", month, inProgress);
    write(
      "facility_maintenance_cost_usd",
      month,
      (required(input, `sites.${site}.maintenance`) / 12) * inService,
    );
    write("staff_cost_usd", month, (required(input, `sites.${site}.staff`, month) / 12) * designWatts);
    write(
      "lease_cost_usd",
      month,
      isLeased ? orZero(input, `sites.${site}.lease`, month) * leaseGrowth * designWatts : 0,
    );
    const billed = Math.max(powerIn(month), orZero(input, `sites.${site}.demand_minimum`) * limit);
    write("demand_charge_usd", month, orZero(input, `sites.${site}.demand_charge`, month) * billed);
  }
  return columns;
}

/** A step for every month in which successors with racks of more than 1.5 times the power land, but not for their own kind. */
function refitsOf(
  input: ReferenceInput,
  window: Window,
  site: string,
  successors: readonly Successors[],
): Step[] {
  return successors.flatMap(({ chip, bought, standing }) => {
    const rackOf = (each: string) => input.number(`chips.${each}.rack_power`, input.startMonth);
    const [own, others] = [rackOf(chip), bought.map(rackOf)];
    if (own === undefined || others.some((each) => each === undefined || own <= 1.5 * (1 + 1e-9) * each))
      return [];
    const steps: Step[] = [];
    let most = 0;
    for (let month = window.first; month < window.end; month++) {
      const watts = standing(month) * required(input, `chips.${chip}.it_power`);
      if (watts <= most) continue;
      const price = orZero(input, `sites.${site}.facility`, month) * orZero(input, `sites.${site}.retrofit`);
      steps.push({ cost: (watts - most) * price, serviceMonth: month, paymentMonths: [month] });
      most = watts;
    }
    return steps;
  });
}

/** One step for every month in which the undelayed table of power passes its highest value so far. */
function stepsOf(input: ReferenceInput, window: Window, site: string): Step[] {
  const steps: Step[] = [];
  const pue = designPue(input, site);
  const delay = duration(input, `sites.${site}.delay`);
  const buildTime = duration(input, `sites.${site}.build_time`);
  let highest = 0;
  for (let month = window.first; month < window.end; month++) {
    const power = required(input, `sites.${site}.power`, month);
    if (power <= highest) continue;
    const cost = ((power - highest) / pue) * orZero(input, `sites.${site}.facility`, month);
    highest = power;
    if (cost === 0) continue;
    if (month === window.first) {
      // Power without a first date: docs/model.md would pay for it before the window, where everything is 0.
      throw new Error(`sites.${site}.power is on before anything happens: its facility cost is not defined.`);
    }
    const paymentMonths: number[] = [];
    for (let planned = month - buildTime; planned < month; planned++) {
      paymentMonths.push(planned < input.startMonth ? planned : planned + delay);
    }
    steps.push({ cost, serviceMonth: month + delay, paymentMonths });
  }
  return steps;
}
