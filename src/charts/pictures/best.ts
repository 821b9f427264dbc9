import type { Measure } from "../kit/measure.ts";
import { drawMark, type Mark } from "../kit/mix.ts";
import { percent } from "../kit/numbers.ts";
import { type Drawing, isNarrow } from "../kit/picture.ts";
import { box, fitText, label, widthOf } from "../kit/svg.ts";

/** How often each scenario is best in a figure, and what choosing it loses on average, in table units. */
export type BestColumn = {
  readonly title: string;
  readonly measure: Measure;
  readonly chances: readonly number[];
  readonly regrets: readonly number[];
};

export type BestData = { readonly marks: readonly Mark[]; readonly columns: readonly BestColumn[] };

/** Draws the chance of being best as bars, with the mean regret beside each. */
export function drawBest({ marks, columns }: BestData, width: number): Drawing {
  const narrow = isNarrow(width);
  const names = narrow ? 0 : Math.min(220, Math.max(60, ...marks.map(({ name }) => widthOf(name) + 34)));
  const abreast = Math.min(columns.length, width < 800 ? 2 : 4) || 1;
  const gap = 18;
  const cell = (width - names - gap * (abreast - 1)) / abreast;
  const rowHigh = narrow ? 38 : 34;
  const blockHigh = marks.length * rowHigh + 66;
  const out: string[] = [];
  for (let first = 0; first < columns.length; first += abreast) {
    const top = (first / abreast) * blockHigh + 44;
    if (!narrow) out.push(drawNames(marks, names, top, rowHigh));
    for (const [index, column] of columns.slice(first, first + abreast).entries()) {
      const x = names + index * (cell + gap);
      out.push(
        label(x, top - 26, fitText(column.title, cell, 12, true), "ink b"),
        label(x, top - 10, fitText(`regret in ${column.measure.unit}`, cell, 11), "soft sm"),
        ...marks.map((mark, row) =>
          drawCell(column, mark, row, { x, cell, top: top + row * rowHigh, narrow }),
        ),
      );
    }
  }
  return { height: Math.ceil(columns.length / abreast) * blockHigh + 4, body: out.join("") };
}

function drawNames(marks: readonly Mark[], room: number, top: number, rowHigh: number): string {
  return marks
    .map((mark, row) => {
      const y = top + row * rowHigh + 11;
      return drawMark(10, y, mark, 5.5) + label(26, y + 4, fitText(mark.name, room - 30));
    })
    .join("");
}

function drawCell(
  { title, chances, regrets, measure }: BestColumn,
  { name }: Mark,
  row: number,
  {
    x,
    cell,
    top,
    narrow,
  }: { readonly x: number; readonly cell: number; readonly top: number; readonly narrow: boolean },
): string {
  const [chance, regret] = [chances[row], measure.text(regrets[row])];
  const room = Math.max(...regrets.map((value) => widthOf(measure.text(value)))) + 50;
  const track = Math.max(20, cell - room);
  const isLead = chance === Math.max(...chances);
  const y = narrow ? top + 16 : top + 4;
  const tip = `${name} is best in ${title} in ${percent(chance)} of trials`;
  const style = isLead ? "ink b" : chance < 0.005 ? "soft" : "ink";
  return [
    narrow ? label(x, top + 11, fitText(name, cell, 11), "soft sm") : "",
    box(x, y, track, 14, "f-grid"),
    box(x, y, track * chance, 14, isLead ? "f-main" : "f-inner", tip),
    label(x + track + 42, y + 11, percent(chance), style, "end"),
    label(x + cell, y + 11, regret, "soft", "end"),
  ].join("");
}
