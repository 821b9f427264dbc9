import { type Scale, scaleFromZero, stepOf, timeAxis, valueAxis, yearTicks, yearTips } from "../kit/axes.ts";
import type { Measure } from "../kit/measure.ts";
import { shortMonth } from "../kit/months.ts";
import { areaPath, linePath, type Places, placesOf } from "../kit/path.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, circle, fitText, label, round, segment, shape, widthOf } from "../kit/svg.ts";

/** A commitment: months absolute, amounts in table units. */
export type ContractPanel = {
  readonly title: string;
  readonly colour: string;
  readonly commitment: number;
  /** First month of the term, and the one behind its last. */
  readonly start: number;
  readonly end: number;
  /** What it is about in a few words, such as `take or pay`. */
  readonly terms: string;
  /** What is left at the end of each month, from the first reported month on; with its quantiles where a sample was taken. */
  readonly remaining: readonly number[];
  readonly low?: readonly number[];
  readonly high?: readonly number[];
  /** Paid for nothing at the end of the term, and when. */
  readonly shortfall: number;
  readonly shortfallMonth?: number | undefined;
  /** Share of the trials in which it is used up within the horizon. */
  readonly exhausted?: number | undefined;
};

export type ContractsData = {
  readonly start: number;
  readonly months: number;
  readonly panels: readonly ContractPanel[];
  readonly measure: Measure;
};

/** Contracts drawn; of more the largest. */
export const MOST_CONTRACTS = 6;

/** Draws what is left of each commitment against the straight line that would use it up by the end of its term. */
export function drawContracts({ start, months, panels, measure }: ContractsData, width: number): Drawing {
  const columns = width >= 1000 && panels.length > 1 ? 2 : 1;
  const gap = 48;
  const wide = (width - gap * (columns - 1)) / columns;
  const high = isNarrow(width) ? 170 : 210;
  const drawn = panels.map((panel, index) => {
    const x = (index % columns) * (wide + gap);
    const top = 62 + Math.floor(index / columns) * (high + 106);
    const end = Math.max(panel.end, start + months);
    const axis = timeAxis(start, end - start, x + 48, x + wide - 4);
    const y = scaleFromZero([panel.commitment / measure.size], top + high, top, 4);
    return drawPanel(panel, { x, axis, y, top, bottom: top + high, horizon: start + months, measure });
  });
  return { height: 62 + Math.ceil(panels.length / columns) * (high + 106) - 58, body: drawn.join("") };
}

type Frame = {
  readonly x: number;
  readonly axis: ReturnType<typeof timeAxis>;
  readonly y: Scale;
  readonly top: number;
  readonly bottom: number;
  readonly horizon: number;
  readonly measure: Measure;
};

function drawPanel(panel: ContractPanel, frame: Frame): string {
  const { x, axis, y, top, bottom, measure } = frame;
  const { size } = measure;
  const values = y.ticks(4);
  const step = stepOf(values) * size;
  const room = axis.right - x;
  const term = `${measure.full(panel.commitment)}, ${shortMonth(panel.start)} to ${shortMonth(panel.end - 1)}${panel.terms ? `, ${panel.terms}` : ""}`;
  const used =
    panel.exhausted === undefined
      ? ""
      : `Used up within the horizon in ${shareText(panel.exhausted)} of trials`;
  return [
    label(x, top - 42, fitText(panel.title, room, 12, true), "ink b"),
    label(x, top - 26, fitText(term, room, 11), "soft sm"),
    valueAxis(
      y,
      { values, text: (value) => measure.tick(value * size, step) },
      axis.left,
      axis.right,
      measure.unit,
    ),
    yearTicks(axis, bottom, top),
    drawHorizon(frame),
    drawRemaining(panel, frame),
    drawRequired(panel, frame),
    drawEnd(panel, frame),
    used ? label(x, bottom + 36, used, "soft") : "",
    yearTips(axis, top, bottom, (month, absolute) => {
      const left = panel.remaining[month];
      return Number.isFinite(left)
        ? `${panel.title}, ${shortMonth(absolute)}: ${measure.full(left)} left`
        : `${panel.title}, ${shortMonth(absolute)}: after the horizon`;
    }),
  ].join("");
}

function shareText(share: number): string {
  return share > 0 && share < 0.01 ? "<1 %" : `${Math.round(share * 100)} %`;
}

/** What lies beyond the horizon is shaded and named where there is room. */
function drawHorizon({ axis, top, bottom, horizon }: Frame): string {
  const x = axis.at(horizon);
  const wide = axis.right - x;
  if (wide < 1) return "";
  const fits = wide > widthOf("after the", 11) + 8;
  return (
    box(x, top, wide, bottom - top, "f-grid") +
    (fits
      ? label(x + 4, top + 13, "after the", "soft sm") + label(x + 4, top + 26, "horizon", "soft sm")
      : "")
  );
}

/** Months of the term that are reported: the end of each, and what is left then. */
function termMonths({ start, end, remaining }: ContractPanel, first: number): readonly number[] {
  return remaining.map((_, month) => month).filter((month) => first + month >= start && first + month < end);
}

function drawRemaining(panel: ContractPanel, { axis, y, bottom, measure }: Frame): string {
  const { size } = measure;
  const months = termMonths(panel, axis.start);
  const xs = placesOf(months, (month) => axis.at(axis.start + month + 1));
  const heightsOf = (values: readonly number[]): Places =>
    placesOf(
      months.map((month) => values[month] / size),
      y,
    );
  const { low, high, remaining, colour } = panel;
  const ys = heightsOf(remaining);
  const area =
    low && high
      ? areaPath(xs, heightsOf(low), heightsOf(high))
      : areaPath(
          xs,
          xs.map(() => round(bottom)),
          ys,
        );
  return (
    shape(area, `f-${colour}`, { "fill-opacity": 0.28 }) +
    shape(linePath(xs, ys), `s-${colour} no`, { "stroke-width": 2.2 })
  );
}

/** The dashed line that uses the commitment up by the end of its term. */
function drawRequired({ start, end, commitment }: ContractPanel, { axis, y, measure }: Frame): string {
  const leftAt = (month: number) =>
    (commitment * Math.max(0, 1 - (month - start) / Math.max(1, end - start))) / measure.size;
  const from = Math.max(start, axis.start);
  return segment(axis.at(from), y(leftAt(from)), axis.at(end), y(0), "s-ink", {
    "stroke-width": 1.4,
    "stroke-dasharray": "5 3",
  });
}

/** What is paid for nothing, or what is still due when the horizon ends. */
function drawEnd(panel: ContractPanel, { axis, y, bottom, horizon, measure }: Frame): string {
  const { shortfall, shortfallMonth, remaining, colour } = panel;
  if (shortfall > 0 && shortfallMonth !== undefined) {
    const x = axis.at(shortfallMonth + 1);
    const high = y(shortfall / measure.size);
    const text = `shortfall ${measure.full(shortfall)}`;
    return (
      segment(x, high, x, y(0), "s-alarm", { "stroke-width": 4 }) +
      label(x - 6, bottom - 8, text, "t-alarm b halo", "end")
    );
  }
  const left = remaining.at(-1) ?? 0;
  if (!(left > 0) || panel.end <= horizon) return "";
  const x = axis.at(horizon);
  return (
    circle(x, y(left / measure.size), 4, `f-${colour}`) +
    label(x - 6, bottom - 8, `${measure.full(left)} still due`, "t-alarm b halo", "end")
  );
}
