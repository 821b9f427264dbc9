import type { Register } from "../engine/index.ts";
import { MONTHS_PER_YEAR } from "../metrics/unit-factors.ts";
import { timesOf } from "../scenario/contract-options.ts";
import { type FieldPath, pathOf } from "../scenario/fields/index.ts";
import { MEDIAN, partsOf } from "../scenario/language/evaluate.ts";
import type { Expr } from "../scenario/language/expr.ts";
import { definitionsOf, evaluateAt } from "../scenario/plain-value.ts";
import type { FieldValue, Scenario } from "../scenario/scenario.ts";
import { toCanonical } from "../units/dimension.ts";
import type { LowerContext } from "./lower.ts";
import { deliveryField, listParts, type Part, TIMING_FIELDS } from "./parts.ts";

/** Uniforms between which uncertain dates and durations are taken when the window is laid out. */
const ENDS = [0.001, 0.999] as const;

/** The window may not begin or end further from `start` than this [months]. */
const LONGEST_WINDOW = 600;

/** Months that are simulated: the horizon, and around it those that something scheduled reaches into. */
export type Window = {
  /** Absolute month of the first window month. */
  readonly firstMonth: number;
  readonly monthCount: number;
  readonly originMonth: number;
  readonly horizonMonths: number;
  /** The longest order lead of a chip that a fleet has, and the longest build time of a site that builds: draws are at most as long. */
  readonly longestLead: number;
  readonly longestBuildTime: number;
};

/**
 * The months to simulate (docs/model.md section 1): from the earliest event and what looks back from it, to the end of the
 * horizon and what looks ahead from there.
 */
export function layOutWindow(scenario: Scenario): Window {
  const { startMonth, monthCount: horizonMonths, names, fields } = scenario;
  const field = (row: FieldPath, ...of: readonly string[]) => fields.get(pathOf(row, ...of));
  const parts = listParts(scenario);
  const lead = longest(
    scenario,
    parts.map(({ chip }) => field("chips.*.lead", chip)),
  );
  // A leased site builds nothing, so nothing is paid ahead of it.
  const owned = names.sites.filter((site) => field("sites.*.tenure", site)?.choice !== "leased");
  const build = longest(
    scenario,
    owned.map((site) => field("sites.*.build_time", site)),
  );
  const ahead = longest(
    scenario,
    parts.flatMap((part) => [
      field("fleets.*.replacement.lead", part.fleet),
      deliveryField(fields, part, "wait_for_power"),
    ]),
  );
  const powerDates = names.sites.flatMap((site) => {
    const dates = datesOf(scenario, field("sites.*.power", site), "earliest");
    // Power without dates is there from `start`, and paid for ahead of it.
    return dates.length > 0 ? dates : [startMonth];
  });
  const deliveryDates = parts.flatMap((part) => deliveryDatesOf(scenario, part));
  const contractTerms = names.contracts.map((contract) => termOf(scenario, contract));
  const earliest = Math.min(
    // A chip that lands at `start` has the price of its order month, whether or not one does land.
    startMonth - lead,
    ...powerDates.map((date) => date - build),
    ...deliveryDates.map((date) => date - lead),
    ...contractTerms.map(({ first }) => first),
    ...names.financing.flatMap((name) => conditionDates(scenario, field("financing.*.when", name))),
  );
  // A tranche that closed in the past needs a month before in which its condition was false.
  const first = earliest - (names.financing.length > 0 && earliest < startMonth ? 1 : 0);
  const firstMonth = Math.max(first, startMonth - LONGEST_WINDOW);
  // An order looks ahead to its landing, and that to the power or the retirement it waits for.
  const seen = startMonth + horizonMonths + Math.max(lead + ahead, build);
  const priced = parts.flatMap((part) =>
    isPriced(scenario, part) ? deliveryDatesOf(scenario, part, "latest") : [],
  );
  // Contracts have a worth to their end: what is on order or under construction then looks ahead as at the horizon.
  const contracted = contractTerms.map(({ end }) => end + Math.max(lead + ahead, build));
  const last = Math.max(seen, ...priced.map((date) => date + 1), ...contracted);
  const end = Math.min(last, startMonth + LONGEST_WINDOW);
  return {
    firstMonth,
    monthCount: end - firstMonth,
    originMonth: startMonth - firstMonth,
    horizonMonths,
    longestLead: lead,
    longestBuildTime: build,
  };
}

/** Whether a part's number of chips depends on the price in its first delivery month. */
function isPriced({ fields }: Scenario, { fleet, mixed }: Part): boolean {
  const isMoney = fields.get(pathOf("fleets.*.size", fleet))?.dimension === "money";
  return isMoney || (mixed && fields.get(pathOf("fleets.*.by", fleet))?.choice === "spend");
}

function deliveryDatesOf(
  scenario: Scenario,
  part: Part,
  which: "earliest" | "latest" = "earliest",
): readonly number[] {
  return TIMING_FIELDS.flatMap((name) =>
    datesOf(scenario, deliveryField(scenario.fields, part, name), which),
  );
}

/**
 * First month of a contract, and the month after the one in which its last shortfall is charged: that of the term, or of
 * all extensions; one for late deliveries is at most as long as the term.
 */
function termOf(scenario: Scenario, contract: string): { readonly first: number; readonly end: number } {
  const field = (row: FieldPath) => scenario.fields.get(pathOf(row, contract));
  const start = field("contracts.*.start")?.expr;
  const [earliest, latest] = start ? endsOf(scenario, start) : [scenario.startMonth, scenario.startMonth];
  const first = Math.floor(earliest);
  const term = longest(scenario, [field("contracts.*.term")]);
  const relief = field("contracts.*.shortfall_relief")?.choice === "extend_term" ? term : 0;
  const options =
    timesOf(scenario.fields, contract) * longest(scenario, [field("contracts.*.extension.term")]);
  return { first, end: Math.ceil(latest) + term + relief + options + 1 };
}

/** The dates of a table, or the date of a date field at its early or late end. */
function datesOf(
  scenario: Scenario,
  field: FieldValue | undefined,
  which: "earliest" | "latest",
): readonly number[] {
  const expr = field?.expr;
  if (!expr) return [];
  if (expr.kind === "table") return expr.points.map((point) => point.month);
  return expr.isDate ? [Math.floor(endsOf(scenario, expr)[which === "earliest" ? 0 : 1])] : [];
}

/** Dates that a condition waits for, at their early end. */
function conditionDates(scenario: Scenario, field: FieldValue | undefined): readonly number[] {
  const datesIn = (expr: Expr): readonly number[] => {
    if (expr.kind === "name") {
      const definition = definitionsOf(scenario).get(expr.name);
      return definition ? datesIn(definition) : [];
    }
    if (!expr.isDate) return partsOf(expr).flatMap(datesIn);
    return expr.kind === "clock" ? [] : [Math.floor(endsOf(scenario, expr)[0])];
  };
  return field?.expr ? datesIn(field.expr) : [];
}

/** The longest of some durations [months], at the late end of their distributions. */
function longest(scenario: Scenario, fields: readonly (FieldValue | undefined)[]): number {
  const lengths = fields.map((field) => {
    const expr = field?.expr;
    if (!expr) return 0;
    return Math.ceil(Math.max(0, toCanonical(endsOf(scenario, expr)[1], expr.vector, "duration") ?? 0));
  });
  return Math.max(0, ...lengths);
}

/**
 * The smallest and the largest value of an expression while its uncertain values lie between their ends: each stands at the
 * end at which it alone makes the value smaller or larger, so that a difference of two is as wide as it can be.
 */
function endsOf(scenario: Scenario, expr: Expr): readonly [smallest: number, largest: number] {
  const variables = new Set<string>();
  const at = (uniform: (variable: string) => number) =>
    evaluateAt(scenario, expr, scenario.startMonth, uniform);
  const [one, other] = ENDS.map((end) =>
    at((variable) => {
      variables.add(variable);
      return end;
    }),
  );
  if (variables.size < 2) return [Math.min(one, other), Math.max(one, other)];
  const alone = (variable: string, end: number) => at((each) => (each === variable ? end : MEDIAN));
  const falling = new Set(
    [...variables].filter((variable) => alone(variable, ENDS[0]) > alone(variable, ENDS[1])),
  );
  const [early, late] = ENDS;
  return [
    at((variable) => (falling.has(variable) ? late : early)),
    at((variable) => (falling.has(variable) ? early : late)),
  ];
}

/** Hours of every month of the window. */
export function hoursOf({ builder, firstMonth }: Pick<LowerContext, "builder" | "firstMonth">): Register {
  return builder.monthsBy("hours", (month) => hoursInMonth(firstMonth + month));
}

/** Hours of the months from an absolute month on. */
export function hoursOfMonths(firstMonth: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => hoursInMonth(firstMonth + index));
}

function hoursInMonth(absoluteMonth: number): number {
  const year = Math.floor(absoluteMonth / MONTHS_PER_YEAR);
  const month = absoluteMonth - year * MONTHS_PER_YEAR;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 1) return 24 * (isLeap ? 29 : 28);
  return 24 * (month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31);
}
