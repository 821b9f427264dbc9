/** Chips that others own: section 9.5 of docs/model.md, cohort by cohort. */

import { duration, hoursOf, orZero, type ReferenceInput, ratio, required, sumOf } from "./reference-input.ts";

/** What the hire of a part needs to know of its cohorts. */
export type HiredCohort = { readonly energisedMonth: number; readonly chips: number; readonly cost: number };

/** A part whose chips others own, while the months go by. */
export type Hire = {
  readonly fleet: string;
  readonly tenure: "leased" | "rented";
  readonly term: number;
  readonly leaseEnd: string;
  /** Deposits not yet drawn, in money and in chip-hours. */
  balance: number;
  hoursBalance: number;
};

export function openHire(input: ReferenceInput, fleet: string): Hire | undefined {
  const tenure = input.word(`fleets.${fleet}.tenure`);
  if (tenure !== "leased" && tenure !== "rented") return undefined;
  return {
    fleet,
    tenure,
    term: duration(input, `fleets.${fleet}.${tenure === "leased" ? "lease_term" : "rent_term"}`),
    leaseEnd: input.word(`fleets.${fleet}.lease_end`) ?? "return",
    balance: 0,
    hoursBalance: 0,
  };
}

/** Months from energisation after which a chip leaves. */
export function stayOf(input: ReferenceInput, fleet: string): number {
  const hire = openHire(input, fleet);
  const leaves = hire?.tenure === "rented" || (hire?.tenure === "leased" && hire.leaseEnd === "return");
  return leaves && hire ? hire.term : duration(input, `fleets.${fleet}.life`);
}

type Month = {
  readonly month: number;
  readonly cohorts: readonly HiredCohort[];
  readonly stranded: number;
  readonly productive: number;
};

/** The columns of the month, by name. */
export function payHire(input: ReferenceInput, hire: Hire, now: Month): ReadonlyMap<string, number> {
  return hire.tenure === "leased" ? payLease(input, hire, now) : payRent(input, hire, now);
}

function payLease(input: ReferenceInput, { fleet, term, leaseEnd }: Hire, now: Month): Map<string, number> {
  const { month, cohorts, stranded } = now;
  const rate = (of: number) => required(input, `fleets.${fleet}.lease`, of);
  let cost = stranded * rate(month);
  let owed = 0;
  let buyout = 0;
  for (const { energisedMonth, chips, cost: landed } of cohorts) {
    const age = month - energisedMonth;
    if (age < term) {
      cost += chips * rate(energisedMonth);
      owed += chips * rate(energisedMonth) * (term - age - 1);
    } else if (leaseEnd === "extend") {
      cost += chips * orZero(input, `fleets.${fleet}.lease_extension`, month);
    }
    if (age === term && leaseEnd === "buy") buyout += landed * orZero(input, `fleets.${fleet}.lease_buyout`);
  }
  return new Map([
    ["chip_lease_cost_usd", cost],
    ["chip_hire_obligation_usd", owed],
    ["chip_buyout_usd", buyout],
  ]);
}

function payRent(input: ReferenceInput, hire: Hire, now: Month): Map<string, number> {
  const { month, cohorts, productive } = now;
  const { fleet, term } = hire;
  const rent = (of: number) => required(input, `fleets.${fleet}.rent`, of);
  const minimum = input.number(`fleets.${fleet}.rent_minimum`, input.startMonth) ?? 1;
  const share = orZero(input, `fleets.${fleet}.deposit`);
  const inUse = ratio(
    productive,
    sumOf(cohorts, ({ chips }) => chips),
  );
  const paidHours = hoursOf(month) * Math.max(inUse, minimum);
  let [bill, prepaid, owed, billHours, prepaidHours] = [0, 0, 0, 0, 0];
  for (const { energisedMonth, chips } of cohorts) {
    const rate = rent(energisedMonth);
    bill += chips * rate * paidHours;
    billHours += chips * paidHours;
    let left = 0;
    for (let later = month + 1; later < energisedMonth + term; later++) left += hoursOf(later);
    owed += chips * rate * left * minimum;
    if (energisedMonth !== month) continue;
    const least = chips * (left + hoursOf(month)) * minimum * share;
    prepaid += least * rate;
    prepaidHours += least;
  }
  const drawn = Math.min(hire.balance + prepaid, bill);
  const drawnHours = Math.min(hire.hoursBalance + prepaidHours, billHours);
  const goesOn = cohorts.some(({ energisedMonth }) => month + 1 < energisedMonth + term);
  hire.balance = goesOn ? hire.balance + prepaid - drawn : 0;
  hire.hoursBalance = goesOn ? hire.hoursBalance + prepaidHours - drawnHours : 0;
  return new Map([
    ["chip_rent_bill_usd", bill],
    ["chip_rent_cost_usd", bill - drawn + prepaid],
    ["rent_paid_chip_hours", billHours - drawnHours + prepaidHours],
    ["chip_deposit_usd", hire.balance],
    ["chip_hire_obligation_usd", owed - hire.balance <= 1e-9 * owed ? 0 : owed - hire.balance],
  ]);
}

/** What the provider has of chips bought at the end of their lease: each is written down over the rest of its life. */
export function boughtBook(
  input: ReferenceInput,
  { fleet, term, leaseEnd }: Hire,
  { month, cohorts }: Pick<Month, "month" | "cohorts">,
): { readonly depreciation: number; readonly bookValue: number; readonly worth: number } {
  const sums = { depreciation: 0, bookValue: 0, worth: 0 };
  if (leaseEnd !== "buy") return sums;
  const rest = duration(input, `fleets.${fleet}.life`) - term;
  const worthMonths = Math.max(1, duration(input, `fleets.${fleet}.economic_life`) - term);
  const share = orZero(input, `fleets.${fleet}.lease_buyout`);
  for (const { energisedMonth, cost } of cohorts) {
    const months = month + 1 - energisedMonth - term;
    if (months < 1) continue;
    sums.depreciation += (share * cost) / rest;
    sums.bookValue += share * cost * (1 - months / rest);
    sums.worth += share * cost * Math.max(0, 1 - months / worthMonths);
  }
  return sums;
}
