import { wordOf } from "../analysis/tables/columns.ts";
import { columnOf } from "../analysis/trace/trace-run.ts";
import { entityKey } from "../compile/entities.ts";
import { type Cell, type CellStyle, plainText, type Sheet, shownNumber, textCell } from "./cells.ts";
import { formatOf } from "./formats.ts";
import { returnFormula } from "./formulas/returns.ts";
import type { Translator } from "./formulas/translate.ts";
import { UNCHANGED_NAME } from "./input-book.ts";
import { FIGURE_COLUMN, type FigureRow, type FigureSheet, HEAD_ROWS } from "./layout.ts";

const HEADS = ["of", "figure", "value", "engine's value", "difference", "unit", "meaning"];

/** A sheet of figures without months: each live where it has a formula, with the engine's value beside it. */
export function makeFigureSheet(translator: Translator, { name, rows }: FigureSheet, title: string): Sheet {
  return {
    name,
    widths: [24, 44, 18, 18, 14, 26, 90],
    rows: [
      [textCell(title, "title")],
      HEADS.map((head) => textCell(head, "head")),
      ...rows.map((row, index) => figureCells(translator, name, row, HEAD_ROWS + 1 + index)),
    ],
    frozen: { rows: HEAD_ROWS, columns: 2 },
    hasFilter: true,
  };
}

/**
 * Guards values of the engine that follow an input which can be changed and that no cell formula computes: after a change they are
 * not available, so that no figure is left behind. Call it when all inputs are known.
 */
export function guardFigures(sheet: Sheet, { rows }: FigureSheet, { chain, inputs }: Translator): Sheet {
  const isGuarded = ({ metric, entity }: FigureRow) =>
    inputs.isGuarded(metric.name) || chain.isLost(metric, entity);
  const guarded = new Set(rows.flatMap((row, index) => (isGuarded(row) ? [HEAD_ROWS + index] : [])));
  return {
    ...sheet,
    rows: [...sheet.rows].map((cells, row) =>
      guarded.has(row)
        ? cells.map((cell, column) =>
            cell && column === FIGURE_COLUMN && cell.formula === undefined && typeof cell.value === "number"
              ? { ...cell, formula: `IF(${UNCHANGED_NAME}="yes",${cell.value},NA())` }
              : cell,
          )
        : cells,
    ),
  };
}

function figureCells(
  translator: Translator,
  sheet: string,
  { entity, metric }: FigureRow,
  row: number,
): readonly Cell[] {
  const { run } = translator.layout;
  const canonical = columnOf(run, metric.name, entity)?.[0] ?? Number.NaN;
  const isWord = metric.time === "code";
  const number = shownNumber(canonical, metric.scale);
  const value = isWord && number !== null ? wordOf(metric, canonical) : number;
  const formula =
    returnFormula(translator.layout, metric.name) ??
    translator.writeFigure(metric, { entity, month: run.originMonth, sheet });
  const format = formatOf(metric.unit, metric.name);
  const kernel: CellStyle = isWord ? { kind: "word" } : { kind: "kernel", format };
  const isNone = value === null || isWord;
  return [
    textCell(entityKey(entity) || "the whole plan"),
    textCell(metric.name),
    formula === undefined
      ? { value, style: kernel }
      : { formula, value: isNone ? "" : value, style: { kind: "formula", format } },
    { value, style: kernel },
    {
      formula: `IF(AND(ISNUMBER(C${row}),ISNUMBER(D${row})),C${row}-D${row},"")`,
      value: isNone ? "" : 0,
      style: { kind: "note", format },
    },
    textCell(metric.unit === "1" ? "" : metric.unit, "label"),
    textCell(plainText(metric.text), "label"),
  ];
}
