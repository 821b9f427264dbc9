import { EVENT } from "../../compile/compile.ts";
import { Reduction, type Statistics } from "../../engine/index.ts";
import { findMetric } from "../../metrics/index.ts";
import type { Metric, MetricLevel } from "../../metrics/metric.ts";
import type { Table } from "../../metrics/table.ts";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { MONTHS_FROM_START } from "../../metrics/units.ts";
import { formatMonth } from "../../scenario/language/format-expr.ts";
import { eventsOf } from "../results/events.ts";
import {
  columnKey,
  entitiesAt,
  findColumn,
  metricsAt,
  type Results,
  type RunNotes,
} from "../results/results.ts";
import { wordOf } from "./columns.ts";
import { statisticsColumns } from "./spread-columns.ts";

/** One row: a number with its unit, or a text. */
export type Figure = {
  readonly metric: string;
  readonly value: number | string;
  readonly unit?: string;
  readonly text: string;
  /** The figure's statistics. */
  readonly statistics?: Statistics | undefined;
};

/**
 * The figures of the whole run, and facts that a reader must know besides them.
 *
 * @param names the only figures wanted, by default all and the events
 */
export function makeSummary(results: Results, names?: readonly string[]): Table {
  const rows = [
    ...makeFigures(results).filter(({ metric }) => names?.includes(metric) ?? true),
    ...(names ? [] : eventRows(results)),
    ...noteRows(results.notes),
    ...sampleRows(results),
  ];
  const { spread } = results;
  return {
    name: "summary",
    text: "The figures of the whole run, one per row.",
    columns: [
      { name: "metric", type: "string", text: "Name of the figure.", values: rows.map((row) => row.metric) },
      {
        name: "value",
        type: "number",
        text: "The figure, in the unit beside it.",
        values: rows.map(({ value }) => (typeof value === "number" ? value : null)),
      },
      {
        name: "unit",
        type: "string",
        text: "Unit of the figure.",
        values: rows.map(({ unit }) => unit ?? null),
      },
      {
        name: "value_text",
        type: "string",
        text: "The value if it is not a number: a month or a word.",
        values: rows.map(({ value }) => (typeof value === "string" ? value : null)),
      },
      ...(spread
        ? statisticsColumns(
            spread,
            "value",
            undefined,
            rows.map(({ statistics }) => statistics),
          ).concat({
            name: "value_share",
            type: "number",
            unit: "1",
            text: "Share of trials in which the figure exists; mean and error refer to these.",
            values: rows.map(({ statistics }) => statistics?.share ?? null),
          })
        : []),
      { name: "text", type: "string", text: "Meaning of the figure.", values: rows.map((row) => row.text) },
    ],
    rowCount: rows.length,
    primaryKey: ["metric"],
  };
}

/** Monthly metrics of the whole from which figures are taken. */
export const SUMMARY_TOTALS: readonly string[] = [
  "chips_energised",
  "chips_stranded",
  "facility_power_mw",
  "effective_fp4_eflops",
  "cumulative_effective_fp4_yflop",
  "binding",
  "chips_undelivered",
];

/**
 * The figures of the whole run without notes: those of `SUMMARY_TOTALS` and of the level `run` that exist.
 *
 * @param isWanted figures by name, all where absent; the statistics of others are not asked for
 */
export function makeFigures(
  results: Results,
  isWanted: (name: string) => boolean = () => true,
): readonly Figure[] {
  return [
    ...runRows(results, isWanted),
    ...contractRows(results, isWanted),
    ...extremeRows(results, isWanted),
  ];
}

function runRows(results: Results, isWanted: (name: string) => boolean): Figure[] {
  return metricsAt(results, "run")
    .filter(({ name }) => isWanted(name))
    .map((metric) => scalarRow(results, metric, "run", ""));
}

/** Figures of each contract, tranche and loan, the contract's name in front: `nov_2025.implied_usd_per_chip_hour`. */
function contractRows(results: Results, isWanted: (name: string) => boolean): Figure[] {
  return (["contract", "tranche", "loan"] as const).flatMap((level) =>
    entitiesAt(results, level).flatMap((entity) =>
      metricsAt(results, level)
        .filter(({ isScalar, name }) => isScalar && isWanted(`${entity}.${name}`))
        .map((metric) => {
          const row = scalarRow(results, metric, level, entity);
          return { ...row, metric: `${entity}.${metric.name}` };
        }),
    ),
  );
}

/**
 * One number of the whole run. A month is shown as such, and its statistics as months from the start; a figure that does
 * not exist, such as a payback that is never reached, is `none`.
 */
function scalarRow(results: Results, metric: Metric, level: MetricLevel, entity: string): Figure {
  const { name, unit, text } = metric;
  const value = findColumn(results, level, name, entity)?.[0] ?? Number.NaN;
  const statistics = results.spread?.read({ level, metric: name, entity, first: 0, end: 1 });
  const isMonth = unit === MONTHS_FROM_START;
  const common = { metric: name, text, statistics, ...(isMonth && !statistics ? {} : { unit }) };
  if (Number.isNaN(value)) return { ...common, value: "none" };
  return { ...common, value: isMonth ? formatMonth(results.startMonth + value) : value };
}

/** Extremes and values at the end of the horizon that a planner needs. */
function extremeRows(results: Results, isWanted: (name: string) => boolean): Figure[] {
  const peaks = ["chips_energised", "chips_stranded", "facility_power_mw", "effective_fp4_eflops"];
  const finals = ["cumulative_effective_fp4_yflop", "chips_undelivered"];
  const isPeakWanted = (name: string) => isWanted(`peak_${name}`) || isWanted(`peak_${name}_month`);
  return [
    ...peaks.filter(isPeakWanted).flatMap((name) => peakRows(results, name)),
    ...boundRows(results, isWanted),
    ...finals.filter((name) => isWanted(`final_${name}`)).flatMap((name) => finalRows(results, name)),
  ].filter(({ metric }) => isWanted(metric));
}

/** The largest value of a metric and the first month that has it; no month if it is never above 0. */
function peakRows(results: Results, name: string): Figure[] {
  const metric = findMetric(name);
  const values = findColumn(results, "total", name);
  if (!metric || !values) return [];
  const peak = values.reduce((most, value) => Math.max(most, value), 0);
  // Months within rounding of the peak have it too: renewals must not decide by the last bit which is first.
  const first = values.findIndex((value) => value >= peak * (1 - TOLERANCE));
  const month = peak > 0 ? formatMonth(results.startMonth + first) : "none";
  return [
    {
      metric: `peak_${name}`,
      value: peak,
      unit: metric.unit,
      text: `Largest of the months. ${metric.text}`,
      statistics: readTotal(results, name, { reduction: Reduction.peak }),
    },
    { metric: `peak_${name}_month`, value: month, text: `First month of the largest ${name}.` },
  ];
}

/** Number of months in which each cause keeps the whole plan short. */
function boundRows(results: Results, isWanted: (name: string) => boolean): Figure[] {
  const metric = findMetric("binding");
  const values = findColumn(results, "total", "binding");
  if (!metric || !values) return [];
  return (metric.words ?? [])
    .filter((word) => word !== "none" && isWanted(`months_bound_by_${word}`))
    .map((word) => ({
      metric: `months_bound_by_${word}`,
      value: values.filter((value) => wordOf(metric, value) === word).length,
      unit: "months",
      text: `Months in which ${word} keeps the whole plan short.`,
      statistics: readTotal(results, "binding", {
        reduction: Reduction.count,
        code: metric.words?.indexOf(word) ?? 0,
      }),
    }));
}

function finalRows(results: Results, name: string): Figure[] {
  const metric = findMetric(name);
  const value = findColumn(results, "total", name)?.at(-1);
  if (!metric || value === undefined) return [];
  return [
    {
      metric: `final_${name}`,
      value,
      unit: metric.unit,
      text: `In the last month. ${metric.text}`,
      statistics: readTotal(results, name, { first: results.monthCount - 1 }),
    },
  ];
}

/** Statistics of a metric of the whole, by default over the horizon. */
function readTotal(
  { spread, monthCount }: Results,
  metric: string,
  how: { readonly first?: number; readonly reduction?: Reduction; readonly code?: number },
): Statistics | undefined {
  return spread?.read({ level: "total", metric, first: 0, end: monthCount, ...how });
}

/** First month of each event; its share is the probability that it ever happens. */
export function eventRows(results: Results): Figure[] {
  return eventsOf(results).map((event) => {
    const holds = results.columns.get(columnKey("total", EVENT, event)) ?? new Float64Array();
    const first = holds.findIndex((value) => value !== 0);
    const statistics = results.spread?.read({
      level: "total",
      metric: EVENT,
      entity: event,
      first: 0,
      end: results.monthCount,
      reduction: Reduction.firstMonth,
    });
    return {
      metric: `event_${event}_first_month`,
      value: first < 0 ? "none" : formatMonth(results.startMonth + first),
      ...(statistics ? { unit: MONTHS_FROM_START } : {}),
      text: `First month at the end of which the event ${event} is true.`,
      statistics,
    };
  });
}

/** The definition of the sample. */
function sampleRows({ spread }: Results): Figure[] {
  if (!spread) return [];
  return [
    {
      metric: "trials",
      value: spread.trials,
      unit: "1",
      text: "Trials of the sample that the statistics come from.",
    },
    { metric: "seed", value: spread.seed, text: "Seed of the sample: the same seed gives the same figures." },
  ];
}

function noteRows(notes: RunNotes): Figure[] {
  const sized = [
    ...(notes.sizedEachTrial.length > 0 ? [`each_trial: ${notes.sizedEachTrial.join(" ")}`] : []),
    ...(notes.sizedOnce.length > 0 ? [`once: ${notes.sizedOnce.join(" ")}`] : []),
  ];
  return [
    ...[...(notes.otherRates ?? [])].flatMap(([metric, rates]) =>
      rates.map((rate, index) => ({
        metric: `other_${metric.replace(/^provider_/, "")}_${index + 1}`,
        value: rate,
        unit: "1",
        text: `Another yearly rate at which the cash of the run of medians and what is left at its end add to 0; \`${metric}\` is the one nearest to 10 %.`,
      })),
    ),
    {
      metric: "quantities",
      value: "medians",
      text: "Every uncertain value is at its median. The figures are those of this one run, not the P50 of a result.",
    },
    {
      metric: "uncertain_values",
      value: notes.uncertainCount,
      unit: "1",
      text: "Values given as a distribution.",
    },
    {
      metric: "sized",
      value: sized.join("; ") || "chips",
      text: "Sizing of fleets whose number of chips depends on a power, an amount or a mix: with each trial's values (each_trial) or with medians (once).",
    },
    {
      metric: "reference_use",
      value: notes.referenceUse,
      text: "Utilisation that turns peak into effective compute: of training steps or of inference.",
    },
  ];
}
