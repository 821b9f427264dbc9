import { scaleFromZero, stepOf, timeAxis, valueAxis, yearTicks, yearTips } from "../kit/axes.ts";
import type { Measure } from "../kit/measure.ts";
import { shortMonth } from "../kit/months.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { joinSmall, type Layer, stackedAreas } from "../kit/stack.ts";

export type StackData = {
  readonly start: number;
  readonly layers: readonly Layer[];
  readonly measure: Measure;
};

/** Draws layers by month as a stack; the small of many are joined as others. */
export function drawStackChart({ start, layers, measure }: StackData, width: number): Drawing {
  const [left, right, top, bottom] = [52, width - 12, 46, isNarrow(width) ? 240 : 290];
  const { size } = measure;
  const shown = joinSmall(layers).map((layer) => ({
    ...layer,
    values: layer.values.map((value) => value / size),
  }));
  const months = layers[0]?.values.length ?? 1;
  const axis = timeAxis(start, months, left, right);
  const totals = Array.from({ length: months }, (_, month) =>
    shown.reduce((sum, { values }) => sum + (values[month] || 0), 0),
  );
  const y = scaleFromZero(totals, bottom, top);
  const values = y.ticks(5);
  const step = stepOf(values) * size;
  const body = [
    valueAxis(y, { values, text: (value) => measure.tick(value * size, step) }, left, right, measure.unit),
    yearTicks(axis, bottom, top),
    stackedAreas(shown, axis, y),
    yearTips(axis, top, bottom, (month, absolute) => {
      const parts = shown.map(({ name, values: own }) => `${name} ${measure.full(own[month] * size)}`);
      return `${shortMonth(absolute)}: ${parts.join(", ")}`;
    }),
  ];
  return { height: bottom + 24, body: body.join("") };
}
