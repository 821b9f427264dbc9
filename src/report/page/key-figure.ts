import { type FigureName, type MarkNumber, unmarked } from "../../charts/kit/figure-name.ts";
import { escapeText, segment } from "../../charts/kit/svg.ts";
import { isSpread, measureReading, type Reading, SAME_ENDS } from "../readings.ts";

/** A number of the answer: large, with its range as a bar on a scale that holds zero. */
export type KeyFigure = {
  readonly label: string;
  readonly reading: Reading;
  readonly figure?: FigureName;
  /** A line below the range, such as the same figure of the other plan. */
  readonly note?: string;
};

const WIDTH = 200;

/** A key figure: the number, its unit, a bar from P5 to P95 with a mark at the median, both ends written. */
export function keyFigureHtml(
  { label, reading, note, figure }: KeyFigure,
  mark: MarkNumber = unmarked,
): string {
  const measure = measureReading(reading);
  const { middle, low, high } = reading;
  const heading = `<dt>${escapeText(label)}</dt><dd><b>${mark(escapeText(measure.text(middle)), figure)}</b> ${escapeText(measure.unit)}</dd>`;
  const lines: string[] = [];
  if (low !== undefined && high !== undefined) {
    const ends = isSpread(reading, measure) ? `${measure.text(low)} to ${measure.text(high)}` : SAME_ENDS;
    lines.push(mark(escapeText(ends), figure));
  }
  if (note !== undefined) lines.push(escapeText(note));
  const bar = low === undefined || high === undefined ? "" : rangeBar(low, middle, high);
  const text = lines.length > 0 ? `<small>${lines.join("<br>")}</small>` : "";
  return `<div class="key">${heading}<dd class="range">${bar}${text}</dd></div>`;
}

function rangeBar(low: number, middle: number, high: number): string {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const x = (value: number) => (to > from ? ((value - from) / (to - from)) * WIDTH : 0);
  const lines = [
    segment(0, 6, WIDTH, 6, "s-rule", { "stroke-width": 1 }),
    segment(x(low), 6, x(high), 6, "s-inner", { "stroke-width": 5 }),
    segment(x(middle), 0, x(middle), 12, "s-middle", { "stroke-width": 3 }),
  ];
  return `<svg class="gf rng" viewBox="0 0 ${WIDTH} 12" preserveAspectRatio="none" aria-hidden="true">${lines.join("")}</svg>`;
}
