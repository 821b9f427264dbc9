import { linearScale, numberAxis } from "../kit/axes.ts";
import type { Measure } from "../kit/measure.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { circle, fitText, label, segment, widthOf } from "../kit/svg.ts";

/** A figure of a book in both plans: the middle, with P5 and P95 where a sample was taken; in table units. */
export type BookRow = {
  readonly title: string;
  readonly scenario: readonly number[];
  readonly plan: readonly number[];
};

export type BooksData = {
  readonly names: readonly [scenario: string, plan: string];
  readonly rows: readonly BookRow[];
  readonly measure: Measure;
};

const ROW = 66;

/** Draws both books: scenario hollow, plan full, each from its P5 to its P95. */
export function drawBooks({ names, rows, measure }: BooksData, width: number): Drawing {
  const { size } = measure;
  const top = 46;
  const bottom = top + rows.length * ROW;
  const ends = rows.flatMap(({ scenario, plan }) => [...scenario, ...plan]).filter(Number.isFinite);
  const cut = names.map((name) => fitText(name, width * 0.3, 12, true));
  const room =
    Math.max(...cut.map((name) => widthOf(`${name} ${measure.text(Math.max(...ends, 0))}0`, 12, true))) + 14;
  const [low, high] = [Math.min(0, ...ends) / size, Math.max(0, ...ends) / size];
  const x = linearScale(low === high ? [0, 1] : [low, high], [10, width - room]);
  const axis = numberAxis(
    x,
    (value, step) => measure.tick(value * size, step * size),
    top - 18,
    bottom,
    isNarrow(width) ? 4 : 6,
  );
  const drawn = rows.map(({ title, scenario, plan }, index) => {
    const y = top + index * ROW;
    return [
      label(
        Math.max(10, x(0) + 6),
        y - 2,
        fitText(title, width - Math.max(10, x(0) + 6), 12, true),
        "ink b halo",
      ),
      drawLine(cut[0], scenario, y + 16, false),
      drawLine(cut[1], plan, y + 36, true),
    ].join("");
  });
  function drawLine(name: string, values: readonly number[], y: number, isPlan: boolean): string {
    const [from, middle, to] = values.length === 3 ? values : [values[0], values[0], values[0]];
    if (!Number.isFinite(middle)) return label(x(0) + 9, y + 4, `${name}: none`, "soft");
    const at = (value: number) => x((Number.isFinite(value) ? value : middle) / size);
    const bar = segment(at(from), y, at(to), y, isPlan ? "s-main" : "s-inner", {
      "stroke-width": 5,
      "stroke-linecap": "round",
    });
    return (
      bar +
      circle(at(middle), y, 5, isPlan ? "f-main s-paper" : "f-paper s-ink", "", { "stroke-width": 1.6 }) +
      label(at(to) + 9, y + 4, `${name} ${measure.text(middle)}`, isPlan ? "ink b halo" : "ink halo")
    );
  }
  return {
    height: bottom + 40,
    body: axis + drawn.join("") + label(width, bottom + 33, measure.unit, "soft sm", "end"),
  };
}
