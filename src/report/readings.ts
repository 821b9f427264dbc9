import { findColumn, type Results } from "../analysis/results/results.ts";
import type { FigureRequest } from "../analysis/results/spread.ts";
import { type Figure, makeFigures } from "../analysis/tables/summary-table.ts";
import type { Bands } from "../charts/kit/fan.ts";
import type { FigureName } from "../charts/kit/figure-name.ts";
import { type Measure, measureOf } from "../charts/kit/measure.ts";
import { readMonth } from "../charts/kit/months.ts";
import { fixed, NARROW_SPACE } from "../charts/kit/numbers.ts";
import { type Sentence, told } from "../charts/kit/sentence.ts";
import { annualKey } from "../compile/annual-ratios.ts";
import { findMetric } from "../metrics/index.ts";
import type { MetricLevel } from "../metrics/metric.ts";
import { firstMonthOf, yearOf } from "../scenario/calendar.ts";

/** A figure as sentences and key figures tell it: the median of the trials, or the plain run where there is no sample. */
export type Reading = {
  readonly middle: number;
  /** P5 and P95; absent without a sample. */
  readonly low?: number;
  readonly high?: number;
  readonly plain: number;
  readonly unit: string;
};

/** Quantiles that pictures and sentences tell, as positions among those of the sample; absent where it has others. */
function positionsOf(results: Results): readonly [number, number, number] | undefined {
  const probabilities = results.spread?.probabilities ?? [];
  const positions = [0.05, 0.5, 0.95].map((one) => probabilities.indexOf(one));
  return positions.every((one) => one >= 0) ? (positions as [number, number, number]) : undefined;
}

const known = new WeakMap<Results, Map<string, Figure | undefined>>();

/** A figure of a run by its name, made once; the statistics of no other are asked for, so that no sample has to make them. */
function figureOf(results: Results, name: string): Figure | undefined {
  const made = known.get(results) ?? new Map<string, Figure | undefined>();
  known.set(results, made);
  if (!made.has(name)) made.set(name, makeFigures(results, (one) => one === name)[0]);
  return made.get(name);
}

/** Whether a sample was taken that has P5, median and P95. */
export function isSampled(results: Results): boolean {
  return positionsOf(results) !== undefined;
}

/** A figure of the whole run by its name in summary.csv, or undefined where the run has none that is a number. */
export function readFigure(results: Results, name: string): Reading | undefined {
  const figure = figureOf(results, name);
  if (!figure || typeof figure.value !== "number") return undefined;
  const unit = figure.unit ?? "1";
  const positions = positionsOf(results);
  const quantiles = figure.statistics?.quantiles;
  const [low, middle, high] = positions && quantiles ? positions.map((one) => quantiles[one]) : [];
  const isKnown = [low, middle, high].every(Number.isFinite);
  if (!isKnown) return { middle: figure.value, plain: figure.value, unit };
  return { middle, low, high, plain: figure.value, unit };
}

/** A month among the figures, absolute; undefined where there is none. */
export function readFigureMonth(results: Results, name: string): number | undefined {
  const figure = figureOf(results, name);
  const month = typeof figure?.value === "string" ? readMonth(figure.value) : Number.NaN;
  return Number.isNaN(month) ? undefined : month;
}

/** A metric by month with its quantiles, in table units; undefined where the results do not have it. */
export function readBands(
  results: Results,
  level: MetricLevel,
  metric: string,
  entity?: string,
): Bands | undefined {
  const plain = findColumn(results, level, metric, entity);
  if (!plain) return undefined;
  const positions = positionsOf(results);
  if (!positions || !results.spread) return { plain: [...plain] };
  const request = { level, metric, ...(entity === undefined ? {} : { entity }) };
  const rows = [...plain].map((_, month) =>
    results.spread?.read({ ...request, first: month, end: month + 1 }),
  );
  if (rows.some((row) => row === undefined)) return { plain: [...plain] };
  const quantile = (position: number) => rows.map((row) => finite(row?.quantiles[position]));
  const [low, middle, high] = positions.map(quantile);
  return { plain: [...plain], low, middle, high };
}

/** Whether a month of an entity counts for a figure that is of some months only. */
export function countsIn(
  results: Results,
  { where, unless }: Pick<FigureName, "where" | "unless">,
  entity: string,
  month: number,
): boolean {
  const isAbove = (metric: string) => {
    const level = findMetric(metric)?.level ?? "total";
    return (findColumn(results, level, metric, entity)?.[month] ?? 0) > 0;
  };
  return (where === undefined || isAbove(where)) && (unless === undefined || !isAbove(unless));
}

/** A metric by month in the plain run; zeros where the results do not have it. */
export function readPlain(
  results: Results,
  level: MetricLevel,
  metric: string,
  entity?: string,
): readonly number[] {
  const values = findColumn(results, level, metric, entity);
  return values ? [...values] : new Array<number>(results.monthCount).fill(0);
}

function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : Number.NaN;
}

/** How a reading is shown: its measure by its largest end. */
export function measureReading({ middle, low, high, unit }: Reading): Measure {
  return measureOf(unit, [middle, low ?? 0, high ?? 0]);
}

/**
 * A number of trials, `10 000 trials`, which opens what a trial is.
 *
 * @param run of those that are compared, one whose trials they are
 */
export function trialsTold(trials: number, run?: number): Sentence {
  const of = { metric: "trials", of: "trials", ...(run === undefined ? {} : { run }) } as const;
  return [told(`${fixed(trials)} trials`, of)];
}

/** How many of the first trials are kept one by one, `1 024 trials`. */
export function keptTrialsTold(trials: number): Sentence {
  return [told(`${fixed(trials)} trials`, { metric: "trials", entity: String(trials), of: "trials" })];
}

/** What stands for a range whose ends are the same as shown. */
export const SAME_ENDS = "P5 and P95 the same";

/**
 * P5 to P95 in brackets, `" (53.8 to 77.1)"`; empty without a sample.
 *
 * @param isFirst whether the range is the first of an answer, which says what its ends are
 */
export function rangeText(reading: Reading, measure: Measure, isFirst = false): string {
  const { low, high } = reading;
  if (low === undefined || high === undefined) return "";
  if (!isSpread(reading, measure)) return ` (${SAME_ENDS})`;
  const unit = measure.unit === "%" ? `${NARROW_SPACE}%` : "";
  return ` (${isFirst ? "P5 to P95: " : ""}${measure.text(low)} to ${measure.text(high)}${unit})`;
}

/**
 * P5 to P95 in brackets, which open the trace of their median; no line breaks after the opening bracket.
 *
 * @param labelled the figure whose range says what its ends are
 */
export function rangePart(reading: Reading, metric: string, labelled?: string): Sentence {
  const text = rangeText(reading, measureReading(reading), labelled === metric);
  const [, label, numbers = ""] = /^ (\(P5 to P95: )(.*)\)$/.exec(text) ?? [];
  if (label !== undefined) return [` ${label}`, told(numbers, { metric }), ")"];
  // The brackets are a part of it, so that no line ends between them and the numbers.
  return text === "" ? [] : [" ", told(text.trimStart(), { metric })];
}

/** Whether P5 and P95 differ as they are shown. */
export function isSpread({ low, high }: Reading, measure: Measure): boolean {
  return low !== undefined && high !== undefined && measure.text(low) !== measure.text(high);
}

/** A rate of return whose P5 and P95 lie further apart than this says only that it is not known [a year]. */
const OPEN_RETURN = 1;

/** Whether the range of a yearly return is so wide that its median would read as a finding; then only the range is given. */
export function isOpenReturn({ low, high }: Reading): boolean {
  return low !== undefined && high !== undefined && high - low > OPEN_RETURN;
}

/** The middle with its unit. */
export function middleText({ middle }: Reading, measure: Measure): string {
  const unit = measure.unit === "" ? "" : NARROW_SPACE + measure.unit;
  return measure.text(middle) + unit;
}

/** A metric by year: flows are sums, stocks those of the last month, ratios of the year's sums; undefined where there is none. */
export function readYears(
  results: Results,
  metric: string,
): { readonly years: readonly number[]; readonly bands: Bands } | undefined {
  const rule = findMetric(metric)?.time;
  const months = findColumn(results, "total", metric);
  if (!rule || !months) return undefined;
  const { startMonth, monthCount, yearStart } = results;
  const first = yearOf(startMonth, yearStart);
  const years = Array.from(
    { length: yearOf(startMonth + monthCount - 1, yearStart) - first + 1 },
    (_, index) => first + index,
  );
  const requests = years.map((year): Omit<FigureRequest, "level" | "metric"> => {
    const [from, end] = [
      Math.max(0, firstMonthOf(year, yearStart) - startMonth),
      Math.min(monthCount, firstMonthOf(year + 1, yearStart) - startMonth),
    ];
    if (rule === "ratio") return { entity: annualKey("", year), first: 0, end: 1 };
    return rule === "flow" ? { first: from, end } : { first: end - 1, end };
  });
  const plain = requests.map(({ entity, first: from, end }) => {
    if (entity !== undefined) return findColumn(results, "total", metric, entity)?.[0] ?? Number.NaN;
    return months.slice(from, end).reduce((sum, value) => sum + value, 0);
  });
  const positions = positionsOf(results);
  const rows = requests.map((request) => results.spread?.read({ level: "total", metric, ...request }));
  if (!positions || rows.some((row) => row === undefined)) return { years, bands: { plain } };
  const [low, middle, high] = positions.map((position) =>
    rows.map((row) => finite(row?.quantiles[position])),
  );
  return { years, bands: { plain, low, middle, high } };
}

/** Whether a share of the trials lies above a bound by more than chance: by two of its standard errors. */
export function isSurelyAbove(share: number, bound: number, trials: number): boolean {
  return share - 2 * Math.sqrt((share * (1 - share)) / Math.max(1, trials)) > bound;
}
