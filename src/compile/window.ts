import { partsOf } from "../scenario/language/evaluate.ts";
import type { Expr } from "../scenario/language/expr.ts";
import { definitionsOf, evaluateAt } from "../scenario/plain-value.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { toCanonical } from "../units/dimension.ts";
import { deliveryField, TIMING_FIELDS } from "./delivery-fields.ts";
import { listParts, type Part } from "./parts.ts";

/** Uniforms at which uncertain dates and durations are taken when the window is laid out. */
const EARLY = 0.001;
const LATE = 0.999;

/** The window may not begin or end further from `start` than this [months]. */
const LONGEST_WINDOW = 600;

/** Months that are simulated: the horizon, and around it those that something scheduled reaches into. */
export type Window = {
  /** Absolute month of the first window month. */
  readonly firstMonth: number;
  readonly monthCount: number;
  readonly originMonth: number;
  readonly horizonMonths: number;
};

/**
 * The months to simulate (docs/model.md section 1): from the earliest event, less what looks back from it, to the end
 * of the horizon, plus what looks ahead from there.
 */
export function layOutWindow(scenario: Scenario): Window {
  const { startMonth, monthCount: horizonMonths } = scenario;
  const parts = listParts(scenario);
  const lead = longest(
    scenario,
    parts.map((part) => `chips.${part.chip}.lead`),
  );
  const build = longest(
    scenario,
    // A leased site builds nothing, so nothing is paid ahead of it.
    scenario.names.sites
      .filter((site) => scenario.fields.get(`sites.${site}.tenure`)?.choice !== "leased")
      .map((site) => `sites.${site}.build_time`),
  );
  const ahead = longest(
    scenario,
    parts.flatMap((part) => [
      `fleets.${part.fleet}.replacement.lead`,
      deliveryField(scenario, part, "wait_for_power")?.path ?? "",
    ]),
  );
  const powerDates = scenario.names.sites.flatMap((site) => {
    const dates = datesOf(scenario, `sites.${site}.power`);
    // Power without dates is there from `start`, and paid for ahead of it.
    return dates.length > 0 ? dates : [startMonth];
  });
  const deliveryDates = parts.flatMap((part) => deliveryDatesOf(scenario, part));
  const contractTerms = scenario.names.contracts.map((contract) => termOf(scenario, `contracts.${contract}`));
  const earliest = Math.min(
    startMonth,
    ...powerDates.map((date) => date - build),
    ...deliveryDates.map((date) => date - lead),
    ...contractTerms.map(({ first }) => first),
    ...scenario.names.financing.flatMap((name) => conditionDates(scenario, `financing.${name}.when`)),
  );
  // A tranche that closed in the past did so after a month in which nothing had happened.
  const first = earliest - (scenario.names.financing.length > 0 && earliest < startMonth ? 1 : 0);
  const firstMonth = Math.max(first, startMonth - LONGEST_WINDOW);
  // An order looks ahead to its landing, and that to the power or the retirement it waits for.
  const seen = startMonth + horizonMonths + Math.max(lead + ahead, build);
  const priced = parts.flatMap((part) =>
    isPriced(scenario, part) ? deliveryDatesOf(scenario, part, LATE) : [],
  );
  // What lands in the last months of a term may replace what retires after it.
  const contracted = contractTerms.map(({ end }) => end + ahead);
  const last = Math.max(seen, ...priced.map((date) => date + 1), ...contracted);
  const end = Math.min(last, startMonth + LONGEST_WINDOW);
  return { firstMonth, monthCount: end - firstMonth, originMonth: startMonth - firstMonth, horizonMonths };
}

/** Whether a part's number of chips depends on the price in its first delivery month. */
function isPriced(scenario: Scenario, { fleet, mixed }: Part): boolean {
  const isMoney = scenario.fields.get(`fleets.${fleet}.size`)?.dimension === "money";
  return isMoney || (mixed && scenario.fields.get(`fleets.${fleet}.by`)?.choice === "spend");
}

function deliveryDatesOf(scenario: Scenario, part: Part, uniform = EARLY): readonly number[] {
  return TIMING_FIELDS.flatMap((name) => {
    const field = deliveryField(scenario, part, name);
    return field ? datesOf(scenario, field.path, uniform) : [];
  });
}

/**
 * First month of a contract, and the month after the one in which its last shortfall is charged: that of the term, or of
 * an extension, which is at most as long as the term.
 */
function termOf(scenario: Scenario, path: string): { readonly first: number; readonly end: number } {
  const start = scenario.fields.get(`${path}.start`)?.expr;
  const starts = start ? [EARLY, LATE].map((u) => evaluate(scenario, start, u)) : [scenario.startMonth];
  const first = Math.floor(Math.min(...starts));
  const term = longest(scenario, [`${path}.term`]);
  const extension = scenario.fields.get(`${path}.shortfall_relief`)?.choice === "extend_term" ? term : 0;
  return { first, end: Math.ceil(Math.max(...starts)) + term + extension + 1 };
}

/** The dates of a table, or the one that a date field may well be, at its early or late end. */
function datesOf(scenario: Scenario, path: string, uniform = EARLY): readonly number[] {
  const expr = scenario.fields.get(path)?.expr;
  if (!expr) return [];
  if (expr.kind === "table") return expr.points.map((point) => point.month);
  if (expr.isDate) return [Math.floor(evaluate(scenario, expr, uniform))];
  return [];
}

/** Dates that a condition waits for, at their early ends. */
function conditionDates(scenario: Scenario, path: string): readonly number[] {
  const datesIn = (expr: Expr): readonly number[] => {
    if (expr.kind === "name") {
      const definition = definitionsOf(scenario).get(expr.name);
      return definition ? datesIn(definition) : [];
    }
    if (!expr.isDate) return partsOf(expr).flatMap(datesIn);
    return expr.kind === "clock" ? [] : [Math.floor(evaluate(scenario, expr, EARLY))];
  };
  const expr = scenario.fields.get(path)?.expr;
  return expr ? datesIn(expr) : [];
}

/** The longest of some durations [months], at the late end of their distributions. */
function longest(scenario: Scenario, paths: readonly string[]): number {
  const lengths = paths.map((path) => {
    const expr = scenario.fields.get(path)?.expr;
    if (!expr) return 0;
    const months = [EARLY, LATE].map(
      (u) => toCanonical(evaluate(scenario, expr, u), expr.vector, "duration") ?? 0,
    );
    return Math.ceil(Math.max(0, ...months));
  });
  return Math.max(0, ...lengths);
}

function evaluate(scenario: Scenario, expr: Expr, uniform: number): number {
  return evaluateAt(scenario, expr, scenario.startMonth, () => uniform);
}
