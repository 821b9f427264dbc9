import { annualKey } from "../../compile/annual-ratios.ts";
import { compile, EVENT } from "../../compile/compile.ts";
import { nearest } from "../../diagnostics/nearest.ts";
import { type Plan, Reduction } from "../../engine/index.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Metric } from "../../metrics/metric.ts";
import { firstMonthOf, yearOf, yearStartOf } from "../../scenario/calendar.ts";
import { eventNames, eventPath } from "../../scenario/events.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { meantMonth, readMonth } from "../../scenario/language/month-text.ts";
import type { Scenario } from "../../scenario/scenario.ts";

/** The figure asked for: a metric of the whole or an event, and optionally a month or a year. */
export type TargetRequest = {
  readonly metric?: string | undefined;
  readonly event?: string | undefined;
  readonly month?: string | undefined;
  readonly year?: string | undefined;
};

/** The figure whose spread is explained: one number per trial. */
export type SensitivityTarget = {
  /** The metric or the event. */
  readonly name: string;
  readonly isEvent: boolean;
  readonly unit: string;
  readonly text: string;
  /** The months it is of, in words: `in 2028-06`; empty for a figure of the whole run. */
  readonly when: string;
  /** The column of the Plan, and how its months become one number. */
  readonly level: "run" | "total";
  readonly column: string;
  readonly entity: string;
  /** Reported months, from `first` up to but excluding `end`. */
  readonly first: number;
  readonly end: number;
  readonly reduction: Reduction;
};

/** The figure in words, with the months it is of: `chips_energised in 2028-06`. */
export function figureName({ name, isEvent, when }: SensitivityTarget): string {
  return `${isEvent ? `the event ${name}` : name}${when && ` ${when}`}`;
}

/** The target, or why there is none: an unknown metric, or words for any other slip. */
export type FoundTarget =
  | { readonly target: SensitivityTarget }
  | { readonly unknownMetric: string }
  | { readonly misuse: string };

/**
 * Finds the figure that a request means: without a month or year a flow is summed over the horizon, and a stock or ratio
 * is that of the last month. A year adds up flows, takes stocks at its end, and ratios from its sums; an event happens in
 * it if it holds in any of its months.
 *
 * Fails: never.
 */
export function findTarget(scenario: Scenario, request: TargetRequest): FoundTarget {
  if (request.event !== undefined && request.metric !== undefined)
    return { misuse: "name a metric or an event, not both" };
  if (request.month !== undefined && request.year !== undefined)
    return { misuse: "name a month or a year, not both" };
  const period = findPeriod(scenario, request);
  if (typeof period === "string") return { misuse: period };
  return request.event === undefined
    ? findMetricTarget(scenario, request.metric ?? STANDARD_METRIC, period)
    : findEventTarget(scenario, request.event, period);
}

/** The metric that is explained if none is named. */
export const STANDARD_METRIC = "cost_provider_pv_usd";

/** Months of the horizon that were asked for; the whole horizon where neither a month nor a year was. */
type Period = {
  readonly kind: "horizon" | "month" | "year";
  readonly first: number;
  readonly end: number;
  readonly label: string;
};

function findPeriod(scenario: Scenario, { month, year }: TargetRequest): Period | string {
  const { startMonth, monthCount } = scenario;
  const yearStart = yearStartOf(scenario);
  const last = startMonth + monthCount - 1;
  const span = `${formatMonth(startMonth)} to ${formatMonth(last)}`;
  const outside = (text: string) => `\`${text}\` is outside the horizon, ${span}`;
  if (month !== undefined) {
    const absolute = readMonth(month);
    if (absolute === undefined) {
      const meant = meantMonth(month) ?? formatMonth(last);
      return `\`${month}\` is not a month; write \`--month ${meant}\``;
    }
    const first = absolute - startMonth;
    if (first < 0 || first >= monthCount) return outside(month);
    return { kind: "month", first, end: first + 1, label: formatMonth(absolute) };
  }
  if (year !== undefined) {
    if (!/^\d{4}$/.test(year))
      return `\`${year}\` is not a year; write \`--year ${yearOf(last, yearStart)}\``;
    const begin = firstMonthOf(Number(year), yearStart) - startMonth;
    const [first, end] = [Math.max(0, begin), Math.min(monthCount, begin + MONTHS)];
    if (first >= end) return outside(year);
    return { kind: "year", first, end, label: year };
  }
  return { kind: "horizon", first: 0, end: monthCount, label: span };
}

const MONTHS = 12;

function findMetricTarget(scenario: Scenario, name: string, period: Period): FoundTarget {
  const metric = findMetric(name);
  const plan = metric && compileMetric(scenario, metric);
  const column = metric && plan?.columns.find((one) => one.metric === name && one.entity === "");
  if (!metric || !column || metric.time === "code") return { unknownMetric: name };
  const { unit, text, time } = metric;
  const common = { name, column: name, isEvent: false, unit, text, reduction: Reduction.sum } as const;
  if (column.isScalar) {
    if (period.kind !== "horizon")
      return { misuse: `\`${name}\` is one figure of the whole run; leave out --${period.kind}` };
    const level = column.level === "run" ? "run" : "total";
    return { target: { ...common, level, entity: "", when: "", first: 0, end: 1 } };
  }
  const total = { ...common, level: "total" } as const;
  const { first, end, kind, label } = period;
  if (time === "flow") {
    const when = kind === "month" ? `in ${label}` : `summed over ${label}`;
    return { target: { ...total, entity: "", when, first, end } };
  }
  const lastMonth = formatMonth(scenario.startMonth + end - 1);
  if (time === "ratio" && kind === "year") {
    const entity = annualKey("", Number(label));
    if (!plan?.columns.some((one) => one.metric === name && one.entity === entity))
      return { misuse: `no sums of a year make \`${name}\`; name a month, such as \`--month ${lastMonth}\`` };
    return { target: { ...total, entity, when: `of the sums of ${label}`, first: 0, end: 1 } };
  }
  const when =
    kind === "horizon"
      ? `in the last month, ${lastMonth}`
      : kind === "year"
        ? `at the end of ${label}, in ${lastMonth}`
        : `in ${label}`;
  return { target: { ...total, entity: "", when, first: end - 1, end } };
}

function compileMetric(scenario: Scenario, { name }: Metric): Plan {
  return compile(scenario, { metrics: [name], levels: ["total", "run"], annualRatios: true });
}

function findEventTarget(scenario: Scenario, name: string, { kind, label, first, end }: Period): FoundTarget {
  const field = scenario.fields.get(eventPath(name));
  if (!field) {
    const known = eventNames(scenario);
    const near = nearest(name, known);
    const offered = (near.length > 0 ? near : known).map((one) => `\`${one}\``).join(", ");
    return {
      misuse: `\`${name}\` is not an event of the scenario; ${offered === "" ? "it states none under `events`" : `there are ${offered}`}`,
    };
  }
  const when =
    kind === "month"
      ? `in ${label}`
      : kind === "year"
        ? `in any month of ${label}`
        : `at any time from ${label}`;
  return {
    target: {
      name,
      column: EVENT,
      isEvent: true,
      unit: "1",
      text: `1 in the trials in which ${field.text} holds, else 0.`,
      when,
      level: "total",
      entity: name,
      first,
      end,
      reduction: Reduction.any,
    },
  };
}

/** True for metrics that a sensitivity can explain: numbers of the whole. */
export function isExplicable(scenario: Scenario, metric: Metric): boolean {
  return metric.time !== "code" && compileMetric(scenario, metric).columns.length > 0;
}
