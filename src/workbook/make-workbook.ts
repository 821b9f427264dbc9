import type { Results } from "../analysis/results/results.ts";
import { makeAnnual, makeAnnualRanges, makeQuarterly } from "../analysis/tables/index.ts";
import { quartersOf, yearsOf } from "../analysis/tables/periods.ts";
import { chooseColumns } from "../analysis/tables/standard-columns.ts";
import type { TraceRun } from "../analysis/trace/trace-run.ts";
import { makeAboutSheet, type WorkbookOrigin } from "./about-sheet.ts";
import type { Workbook } from "./cells.ts";
import { makeChartSheet } from "./charts.ts";
import { Coverage } from "./coverage.ts";
import { guardFigures, makeFigureSheet } from "./figure-sheet.ts";
import { InputBook } from "./input-book.ts";
import { inputNames, makeInputSheet, makeMonthlyInputSheet } from "./input-sheets.ts";
import { layOut, type RowLevel } from "./layout.ts";
import { makeLevelSheet } from "./level-sheet.ts";
import { makeCostSheet, makeFanSheet, makeTableSheet } from "./other-sheets.ts";
import { makePeriodSheet } from "./period-sheet.ts";
import { Translator } from "./translate.ts";

/**
 * Makes the workbook of a run: every figure with a formula is a formula of cells, every other one the engine's value.
 *
 * @param run     the plain run over all months of its window
 * @param results the reported months, with the statistics of a sample if one was taken
 *
 * Fails: never; `findExcess` says whether spreadsheets can hold it. Cost: number of cells.
 */
export function makeWorkbook(run: TraceRun, results: Results, origin: WorkbookOrigin): Workbook {
  const layout = layOut(run);
  const inputs = new InputBook(run);
  const translator = new Translator(layout, inputs);
  const summary = makeFigureSheet(translator, layout.summary, origin.title);
  const figures = makeFigureSheet(translator, layout.figures, "Figures without months");
  const years = yearsOf(results);
  const annual = makeAnnual(results);
  const costs = makeCostSheet(translator, annual, years);
  const fan = makeFanSheet(results);
  const periods = [
    makePeriodSheet(translator, "Annual", chooseColumns(annual, "standard"), years),
    makePeriodSheet(
      translator,
      "Quarterly",
      chooseColumns(makeQuarterly(results), "standard"),
      quartersOf(results),
    ),
  ];
  // Now it is known what figures and periods read by month.
  const coverage = new Coverage(translator);
  const sheets = [
    guardFigures(summary, layout.summary, inputs),
    ...periods,
    costs,
    makeChartSheet(layout, costs, fan),
    ...SHEET_ORDER.flatMap((level) => {
      const sheet = layout.levels.get(level);
      return sheet ? [makeLevelSheet(translator, sheet, coverage)] : [];
    }),
    ...(figures.rows.length > 2 ? [guardFigures(figures, layout.figures, inputs)] : []),
    ...(results.spread ? [makeTableSheet("Ranges", makeAnnualRanges(results, results.spread))] : []),
    ...(fan ? [fan] : []),
    makeInputSheet(run, inputs),
    ...[makeMonthlyInputSheet(run, inputs)].filter((sheet) => sheet !== undefined),
    makeAboutSheet(origin),
  ];
  return { title: origin.title, sheets, names: inputNames(inputs) };
}

/** Levels as their sheets follow each other. */
const SHEET_ORDER: readonly RowLevel[] = [
  "total",
  "part",
  "site",
  "contract",
  "tranche",
  "loan",
  "workload",
  "assignment",
];

/** Limits of Excel and LibreOffice Calc for one sheet. */
const [mostRows, mostColumns, mostCharacters] = [1_048_576, 16_384, 32_767];

/**
 * Says what of a workbook spreadsheets cannot hold.
 *
 * @return undefined if it fits
 */
export function findExcess({ sheets }: Workbook): string | undefined {
  for (const { name, rows, widths } of sheets) {
    const size = (count: number) => count.toLocaleString("en-US");
    if (rows.length > mostRows)
      return `the sheet ${name} has ${size(rows.length)} rows; spreadsheets hold ${size(mostRows)}`;
    if (widths.length > mostColumns)
      return `the sheet ${name} has ${size(widths.length)} columns; spreadsheets hold ${size(mostColumns)}`;
    // Rows that are made while they are read have names for texts, which are short.
    if (rows.styles) continue;
    for (const row of rows)
      for (const cell of row)
        if (typeof cell?.value === "string" && cell.value.length > mostCharacters)
          return `a text on the sheet ${name} has ${size(cell.value.length)} characters; spreadsheets hold ${size(mostCharacters)}`;
  }
  return undefined;
}
