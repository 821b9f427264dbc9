import { scaleLinear } from "d3-scale";
import { TOLERANCE } from "../../metrics/tolerance.ts";
import { scaleFromZero, stepOf, timeAxis, valueAxis, yearTicks, yearTips } from "../kit/axes.ts";
import { legend } from "../kit/legend.ts";
import type { Measure } from "../kit/measure.ts";
import { shortMonth } from "../kit/months.ts";
import { decimalsOf, fixed, significant } from "../kit/numbers.ts";
import { linePath, monthPlaces, placesOf } from "../kit/path.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { joinSmall, type Layer, stackedBands } from "../kit/stack.ts";
import { box, fitText, label, segment, shape } from "../kit/svg.ts";
import type { Period } from "./cash.ts";

/** The cover of a loan: cash available over what is due, in the twelve months up to each. */
export type LoanCover = {
  readonly title: string;
  readonly colour: string;
  /** By month; NaN in months in which nothing is due. */
  readonly values: readonly number[];
  /** The least cover that the loan's covenant allows, and the first month of the horizon in which it is tested. */
  readonly covenant?: number | undefined;
  readonly testedFrom: number;
};

/** Loans: months absolute, amounts in table units. */
export type DebtData = {
  readonly start: number;
  readonly months: number;
  /** What is owed at the end of each month, by loan. */
  readonly balance: readonly Layer[];
  readonly measure: Measure;
  readonly years: readonly Period[];
  /** Paid to lenders by year: interest, fees, principal. */
  readonly service: readonly Layer[];
  /** Cash available for debt service by year, of the months in which something is due; NaN where nothing is. */
  readonly available: readonly number[];
  readonly serviceMeasure: Measure;
  readonly cover: readonly LoanCover[];
};

/** At most so many covers are drawn: those of the largest loans. */
export const MOST_LOANS = 6;

/** Farthest ends of the axis of cover; values beyond are drawn at its edge, since how far beyond matters little. */
const MOST_COVER = 4;
const LEAST_COVER = -1;

/** Draws loans on one axis of time: what is owed, what is paid a year against the cash available, and the cover of twelve months. */
export function drawDebt(data: DebtData, width: number): Drawing {
  const narrow = isNarrow(width);
  const axis = timeAxis(data.start, data.months, 48, width - 12);
  const room = width - axis.left;
  const first = { top: 50, bottom: 50 + (narrow ? 130 : 150) };
  const owed = legend(
    joinSmall(data.balance).map(({ name, colour }) => ({ text: name, colour })),
    axis.left,
    first.bottom + 38,
    room,
  );
  const second = { top: owed.bottom + 74, bottom: owed.bottom + 74 + (narrow ? 150 : 170) };
  const paid = legend(
    [
      ...data.service.map(({ name, colour }) => ({ text: name, colour })),
      { text: "cash available for it", colour: "ink", line: "solid" as const },
    ],
    axis.left,
    second.bottom + 38,
    room,
  );
  const third = { top: paid.bottom + 74, bottom: paid.bottom + 74 + (narrow ? 110 : 120) };
  const covers = legend(
    [
      ...data.cover.map(({ title, colour }) => ({ text: title, colour, line: "solid" as const })),
      ...(data.cover.some(({ covenant }) => covenant !== undefined)
        ? [{ text: "covenant", colour: "soft", line: "dashed" as const }]
        : []),
      ...(data.cover.some(isShortInAny) ? [{ text: "short of it, or of 1", colour: "alarm" }] : []),
    ],
    axis.left,
    third.bottom + 38,
    room,
  );
  return {
    height: covers.bottom + 12,
    body: [
      heading("Owed at the end of the month", first.top, width),
      drawBalance(data, axis, first.top, first.bottom),
      owed.body,
      heading("Debt service a year, and the cash for it", second.top, width),
      drawService(data, axis, second.top, second.bottom),
      paid.body,
      heading("Cover over twelve months: cash available by what is due", third.top, width),
      drawCover(data, axis, third.top, third.bottom),
      covers.body,
    ].join(""),
  };
}

/** Whether the cover of a month is below the covenant, or without one below 1. */
function isShort({ values, covenant, testedFrom }: LoanCover, month: number): boolean {
  const floor = covenant !== undefined && month >= testedFrom ? covenant : 1;
  return values[month] < floor - TOLERANCE;
}

function isShortInAny(cover: LoanCover): boolean {
  return cover.values.some((_, month) => isShort(cover, month));
}

function heading(text: string, top: number, width: number): string {
  return label(0, top - 32, fitText(text, width, 12, true), "ink b");
}

type Axis = ReturnType<typeof timeAxis>;

function drawBalance({ balance, measure }: DebtData, axis: Axis, top: number, bottom: number): string {
  const { size } = measure;
  const layers = joinSmall(balance).map((layer) => ({
    ...layer,
    values: layer.values.map((value) => value / size),
  }));
  const months = balance[0]?.values.map((_, month) => month) ?? [];
  const totals = months.map((month) => layers.reduce((sum, { values }) => sum + (values[month] || 0), 0));
  const y = scaleFromZero(totals, bottom, top);
  const ticks = y.ticks(4);
  const step = stepOf(ticks) * size;
  const text = (value: number) => measure.tick(value * size, step);
  return [
    valueAxis(y, { values: ticks, text }, axis.left, axis.right, measure.unit),
    yearTicks(axis, bottom, top),
    stackedBands(layers, axis, y),
    yearTips(axis, top, bottom, (month, absolute) => {
      const parts = balance.map(({ name, values }) => `${name} ${measure.full(values[month])}`);
      return `${shortMonth(absolute)}: ${parts.join(", ")}`;
    }),
  ].join("");
}

function drawService(data: DebtData, axis: Axis, top: number, bottom: number): string {
  const { years, service, available, serviceMeasure: measure } = data;
  const { size } = measure;
  const totals = years.map((_, year) => service.reduce((sum, { values }) => sum + values[year], 0));
  const y = scaleFromZero(
    [...totals, ...available].map((value) => value / size),
    bottom,
    top,
  );
  const ticks = y.ticks(4);
  const step = stepOf(ticks) * size;
  const text = (value: number) => measure.tick(value * size, step);
  const drawn = years.map(({ name, first, end }, year) => {
    const gap = Math.min(6, (axis.at(end) - axis.at(first)) * 0.12);
    const [x, wide] = [axis.at(first) + gap, axis.at(end) - axis.at(first) - 2 * gap];
    let height = 0;
    const parts = service.map((part) => {
      const value = part.values[year];
      if (!(value > 0)) return "";
      const from = height;
      height += value;
      const tip = `${name} ${part.name}: ${measure.full(value)}`;
      return box(x, y(height / size), wide, y(from / size) - y(height / size), `f-${part.colour}`, tip);
    });
    const cash = available[year];
    const mark = Number.isFinite(cash)
      ? segment(axis.at(first), y(cash / size), axis.at(end), y(cash / size), "s-ink", {
          "stroke-width": 2.2,
        })
      : "";
    return parts.join("") + mark;
  });
  return [
    valueAxis(y, { values: ticks, text }, axis.left, axis.right, measure.unit),
    yearTicks(axis, bottom, top),
    ...drawn,
    segment(axis.left, y(0), axis.right, y(0), "s-ink"),
  ].join("");
}

function drawCover({ cover, start }: DebtData, axis: Axis, top: number, bottom: number): string {
  const shown = cover.flatMap(({ values, covenant }) => [...values, covenant ?? 1]).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...shown), Math.min(MOST_COVER, Math.max(1.5, ...shown))];
  const y = scaleLinear()
    .domain([Math.max(LEAST_COVER, low), high])
    .range([bottom, top])
    .clamp(true)
    .nice(4);
  const ticks = y.ticks(4);
  const isCut = shown.some((value) => value > y.domain()[1]);
  const text = (value: number) =>
    `${isCut && value === y.domain()[1] ? "\u2265" : ""}${fixed(value, decimalsOf(stepOf(ticks), 1))}`;
  const drawn = cover.map((loan) => {
    const { colour, values } = loan;
    const [xs, ys] = [monthPlaces(axis, values.length), placesOf(values, y)];
    const short = linePath(
      xs,
      ys.map((place, month) => (isShort(loan, month) ? place : Number.NaN)),
    );
    return (
      shape(linePath(xs, ys), `s-${colour} no`, { "stroke-width": 2 }) +
      // A month alone is a point, which a round cap shows.
      shape(short, "s-alarm no", { "stroke-width": 4, "stroke-linecap": "round" })
    );
  });
  const covenants = cover.flatMap(({ covenant, testedFrom }) =>
    covenant === undefined
      ? []
      : segment(axis.at(start + testedFrom), y(covenant), axis.right, y(covenant), "s-soft", {
          "stroke-width": 1.4,
          "stroke-dasharray": "5 3",
        }),
  );
  return [
    valueAxis(y, { values: ticks, text }, axis.left, axis.right, "times what is due"),
    yearTicks(axis, bottom, top),
    segment(axis.left, y(1), axis.right, y(1), "s-ink", { "stroke-width": 1 }),
    ...new Set(covenants),
    ...drawn,
    yearTips(axis, top, bottom, (month, absolute) => {
      const parts = cover
        .filter(({ values }) => Number.isFinite(values[month]))
        .map(({ title, values }) => `${title} ${significant(values[month])} times`);
      return `${shortMonth(absolute)}: ${parts.join(", ") || "nothing is due"}`;
    }),
  ].join("");
}
