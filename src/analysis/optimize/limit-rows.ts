import { TOLERANCE } from "../../metrics/tolerance.ts";
import { FLOPS_PER_EXAFLOPS, WATTS_PER_MEGAWATT } from "../../metrics/unit-factors.ts";
import { firstMonthOfQuarter, quarterText, yearOf, yearStartOf, yearText } from "../../scenario/calendar.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import { vendorKey } from "../../scenario/vendor.ts";
import type { Shortfall } from "./commitment-rows.ts";
import { type AddLimit, MILLION, THOUSAND } from "./limits.ts";
import type { Situation } from "./situation.ts";

/** Facility power by site and month, less that of the fleets that stay. */
export function addPower({ firstMonth, choices, freePower }: Situation, add: AddLimit): void {
  for (const [site, free] of freePower) {
    const here = [...choices.entries()].filter(([, { candidate }]) => candidate.site === site);
    for (const [month, limit] of free.entries()) {
      const entries = here.map(([column, { power, size }]): [number, number] => [
        column,
        power[month] / size,
      ]);
      const period = formatMonth(firstMonth + month);
      add(
        { kind: "power", name: site, period, unit: "MW", scale: 1 },
        entries,
        Number.NEGATIVE_INFINITY,
        limit / WATTS_PER_MEGAWATT,
      );
    }
  }
}

/** Effective FP4 of the whole plan, by month or as the mean of years. */
export function addSupply(situation: Situation, supplyColumn: number, add: AddLimit): void {
  const { choices, keptCompute, required, hours, task } = situation;
  for (const { period, months } of periodsOf(situation, task.supplyPerYear ? "year" : "month")) {
    const total = months.reduce((sum, month) => sum + hours[month], 0);
    const meanOf = (values: Float64Array) =>
      months.reduce((sum, month) => sum + values[month] * hours[month], 0) / total;
    const need = meanOf(required) * (1 - TOLERANCE);
    // A month without required supply needs no row.
    if (need <= 0) continue;
    const entries: [number, number][] = choices.map((choice, column) => [
      column,
      (meanOf(choice.compute) * WATTS_PER_MEGAWATT) / choice.size / FLOPS_PER_EXAFLOPS,
    ]);
    entries.push([supplyColumn, -need / FLOPS_PER_EXAFLOPS]);
    add(
      { kind: "supply", name: "", period, unit: "EFLOP/s", scale: 1 },
      entries,
      -meanOf(keptCompute) / FLOPS_PER_EXAFLOPS,
      Number.POSITIVE_INFINITY,
    );
  }
}

/** Chips by kind and quarter of landing. */
export function addChipSupply({ scenario, choices }: Situation, add: AddLimit): void {
  for (const path of scenario.fields.keys()) {
    const chip = /^optimize\.chip_supply\.(.*)$/.exec(path)?.[1];
    if (chip === undefined) continue;
    const start = yearStartOf(scenario);
    const quarters = new Map<string, [number, number][]>();
    for (const [column, { candidate, landing, size }] of choices.entries()) {
      if (candidate.chip !== chip) continue;
      const quarter = quarterText(landing, start);
      quarters.set(quarter, [
        ...(quarters.get(quarter) ?? []),
        [column, WATTS_PER_MEGAWATT / size / THOUSAND],
      ]);
    }
    for (const [period, entries] of quarters) {
      const [first = 0] = entries.map(([column]) => firstMonthOfQuarter(choices[column].landing, start));
      const limit = plainValue(scenario, path, first) ?? 0;
      add(
        { kind: "chip_supply", name: chip, period, unit: "chip", scale: THOUSAND },
        entries,
        Number.NEGATIVE_INFINITY,
        limit / THOUSAND,
      );
    }
  }
}

/** Cash of the book by year: the provider's spending, or the buyer's payments including shortfalls of commitments. */
export function addBudget(situation: Situation, shortfalls: readonly Shortfall[], add: AddLimit): void {
  const { scenario, choices, task } = situation;
  const isBuyers = task.book === "buyer";
  const kept = isBuyers ? situation.keptPayments : situation.keptCash;
  for (const { period, months } of periodsOf(situation, "year")) {
    const entries: [number, number][] = choices.map((choice, column) => [
      column,
      (sumOver(months, isBuyers ? choice.payments : choice.cash) * WATTS_PER_MEGAWATT) /
        choice.size /
        MILLION,
    ]);
    for (const { column, interval } of shortfalls)
      if (months.includes(interval.to + 1 - scenario.startMonth)) entries.push([column, interval.price]);
    const budget = plainValue(scenario, "optimize.budget", scenario.startMonth + months[0]);
    if (budget === undefined) return;
    add(
      { kind: "budget", name: "", period, unit: "USD", scale: MILLION },
      entries,
      Number.NEGATIVE_INFINITY,
      (budget - sumOver(months, kept)) / MILLION,
    );
  }
}

/** Least spending on chips of a vendor by year. */
export function addVendorSpend(situation: Situation, add: AddLimit): void {
  const { scenario, choices, keptChipCash } = situation;
  for (const path of scenario.fields.keys()) {
    const vendor = /^optimize\.vendor_spend\.(.*)$/.exec(path)?.[1];
    if (vendor === undefined) continue;
    const kept = [...keptChipCash].filter(([chip]) => vendorKey(scenario.fields, chip) === vendor);
    for (const { period, months } of periodsOf(situation, "year")) {
      const entries: [number, number][] = choices.map((choice, column) => [
        column,
        vendorKey(scenario.fields, choice.candidate.chip) === vendor
          ? (sumOver(months, choice.chipCash) * WATTS_PER_MEGAWATT) / choice.size / MILLION
          : 0,
      ]);
      const spent = kept.reduce((sum, [, cash]) => sum + sumOver(months, cash), 0);
      const least = (plainValue(scenario, path, scenario.startMonth + months[0]) ?? 0) - spent;
      if (least <= 0) continue;
      const limit = { kind: "vendor_spend", name: vendor, period, unit: "USD", scale: MILLION } as const;
      add(limit, entries, least / MILLION, Number.POSITIVE_INFINITY);
    }
  }
}

/** Shares refer to all megawatts bought over the horizon. */
export function addShares({ scenario, choices }: Situation, add: AddLimit): void {
  for (const path of scenario.fields.keys()) {
    const [, kind, chip] = /^optimize\.(min_share|max_share)\.(.*)$/.exec(path) ?? [];
    if (kind !== "min_share" && kind !== "max_share") continue;
    const share = plainValue(scenario, path) ?? 0;
    const entries: [number, number][] = choices.map(({ candidate }, column) => [
      column,
      (candidate.chip === chip ? 1 : 0) - share,
    ]);
    const limit = { kind, name: chip ?? "", period: "", unit: "MW", scale: 1 } as const;
    if (kind === "min_share") add(limit, entries, 0, Number.POSITIVE_INFINITY);
    else add(limit, entries, Number.NEGATIVE_INFINITY, 0);
  }
}

/** Months of the horizon, grouped by the period of a limit. */
function periodsOf(
  { scenario }: Situation,
  by: "month" | "year",
): readonly { readonly period: string; readonly months: readonly number[] }[] {
  const periods = new Map<string, number[]>();
  const start = yearStartOf(scenario);
  for (let month = 0; month < scenario.monthCount; month++) {
    const absolute = scenario.startMonth + month;
    const period = by === "month" ? formatMonth(absolute) : yearText(yearOf(absolute, start), start);
    periods.set(period, [...(periods.get(period) ?? []), month]);
  }
  return [...periods].map(([period, months]) => ({ period, months }));
}

function sumOver(months: readonly number[], values: Float64Array): number {
  return months.reduce((sum, month) => sum + values[month], 0);
}
