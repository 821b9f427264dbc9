import type { PlainRun } from "../analysis/results/plain-run.ts";
import type { Results } from "../analysis/results/results.ts";
import { makeAnnual, makeAnnualRanges, makeQuarterly } from "../analysis/tables/index.ts";
import { quartersOf, yearsOf } from "../analysis/tables/periods.ts";
import { chooseColumns } from "../analysis/tables/standard-columns.ts";
import { runForTrace, type TraceRun } from "../analysis/trace/trace-run.ts";
import type { OpenProgram } from "../compile/record/open-program.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { makeAboutSheet, type WorkbookOrigin } from "./about-sheet.ts";
import type { Rows, RowsAhead, Workbook } from "./cells.ts";
import { makeChartSheet } from "./charts.ts";
import { guardFigures, makeFigureSheet } from "./figure-sheet.ts";
import { Coverage } from "./formulas/coverage.ts";
import { RETURN_METRICS } from "./formulas/flows.ts";
import { OPEN_FIELDS } from "./formulas/open-fields.ts";
import { Translator } from "./formulas/translate.ts";
import { InputBook } from "./input-book.ts";
import { inputNames, makeInputSheet, makeMonthlyInputSheet } from "./input-sheets.ts";
import { layOut, type RowLevel } from "./layout.ts";
import { makeLevelSheet } from "./level-sheet.ts";
import { makeCostSheet, makeFanSheet, makeTableSheet } from "./other-sheets.ts";
import { makePeriodSheet } from "./period-sheet.ts";

/** A plain run whose program says what follows from inputs that are worth changing. */
export type OpenRun = TraceRun & { readonly program: OpenProgram; readonly plain: PlainRun };

/** Runs a scenario for its workbook; undefined where a value leaves its range. */
export function runForWorkbook(scenario: Scenario): OpenRun | undefined {
  const { run } = runForTrace(scenario, OPEN_FIELDS);
  return run?.program && run.plain && { ...run, program: run.program, plain: run.plain };
}

/**
 * Makes the workbook of a run: every figure with a formula is a formula of cells, every other one the engine's value.
 *
 * @param run     the plain run over all months of its window
 * @param results the reported months, with the statistics of a sample if one was taken
 *
 * Fails: never; `findExcess` says whether spreadsheets can hold it. Cost: number of cells.
 */
export function makeWorkbook(run: OpenRun, results: Results, origin: WorkbookOrigin): Workbook {
  const layout = layOut(run);
  const { program } = run;
  const inputs = new InputBook(run, program);
  const translator = new Translator(layout, inputs, program);
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
  const sheetsOfFigures = [
    guardFigures(summary, layout.summary, translator),
    ...periods,
    costs,
    makeChartSheet(layout, costs, fan),
    ...SHEET_ORDER.flatMap((level) => {
      const sheet = layout.levels.get(level);
      return sheet ? [makeLevelSheet(translator, sheet, coverage)] : [];
    }),
    ...(figures.rows.length > 2 ? [guardFigures(figures, layout.figures, translator)] : []),
    ...(results.spread ? [makeTableSheet("Ranges", makeAnnualRanges(results, results.spread))] : []),
    ...(fan ? [fan] : []),
  ];
  inputs.addOthers();
  const sheets = [
    ...sheetsOfFigures,
    makeInputSheet(run, inputs),
    ...[makeMonthlyInputSheet(run, inputs)].filter((sheet) => sheet !== undefined),
    makeAboutSheet(origin, listKernels(translator)),
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

/** Figures without a formula of cells anywhere in the workbook. */
function listKernels(translator: Translator): readonly Metric[] {
  const { layout } = translator;
  const shown = [
    ...[...layout.levels.values()].flatMap(({ metrics, entities }) =>
      metrics.flatMap((metric) => entities.map((entity) => ({ metric, entity }))),
    ),
    ...layout.summary.rows,
    ...layout.figures.rows,
  ];
  const live = new Set(
    shown.filter(({ metric, entity }) => translator.hasFormula(metric, entity)).map(({ metric }) => metric),
  );
  return [...new Set(shown.map(({ metric }) => metric))].filter(
    (metric) => !live.has(metric) && !RETURN_METRICS.has(metric.name),
  );
}

/** Limits of Excel and LibreOffice Calc for one sheet, and of Excel for the characters of a text and of a formula. */
const [mostRows, mostColumns, mostCharacters, mostOfFormula] = [1_048_576, 16_384, 32_767, 8_192];

const PLAN_LESS = "plan fewer months, parts or changes";

/**
 * Says what of a workbook spreadsheets cannot hold, and what helps.
 *
 * @return undefined if it fits
 */
export function findExcess({ sheets }: Workbook): string | undefined {
  for (const { name, rows, widths } of sheets) {
    const size = (count: number) => count.toLocaleString("en-US");
    if (rows.length > mostRows)
      return `the sheet ${name} has ${size(rows.length)} rows; spreadsheets hold ${size(mostRows)}: ${PLAN_LESS}`;
    if (widths.length > mostColumns)
      return `the sheet ${name} has ${size(widths.length)} columns; spreadsheets hold ${size(mostColumns)}: ${PLAN_LESS}`;
    const { longestText, longestFormula } = rows.ahead ?? longestIn(rows);
    if (longestText > mostCharacters)
      return `a text on the sheet ${name} has ${size(longestText)} characters; spreadsheets hold ${size(mostCharacters)}: shorten it`;
    if (longestFormula > mostOfFormula)
      return `a formula on the sheet ${name} has ${size(longestFormula)} characters; spreadsheets hold ${size(mostOfFormula)}: ${PLAN_LESS}`;
  }
  return undefined;
}

function longestIn(rows: Rows): Omit<RowsAhead, "styles"> {
  let [longestText, longestFormula] = [0, 0];
  for (const row of rows)
    for (const cell of row) {
      if (typeof cell?.value === "string") longestText = Math.max(longestText, cell.value.length);
      if (typeof cell?.formula === "string") longestFormula = Math.max(longestFormula, cell.formula.length);
    }
  return { longestText, longestFormula };
}
