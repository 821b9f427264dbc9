import type { TraceRun } from "../analysis/trace/trace-run.ts";
import { type Cell, columnName, columnRange, dayOfMonth, type Sheet, textCell, widthUnder } from "./cells.ts";
import { formatOf, MONTH_STYLE, plainFormatOf, RATE_FORMAT } from "./formats.ts";
import {
  INPUT_COLUMN,
  INPUT_SHEET,
  type InputBook,
  MONTHLY_INPUT_SHEET,
  UNCHANGED_NAME,
  type WorkbookInput,
} from "./input-book.ts";
import { HEAD_ROWS } from "./layout.ts";

const HEADS = [
  "input",
  "value",
  "unit",
  "can be changed",
  "as written",
  "quality",
  "source",
  "name in formulas",
  "value as made",
];

/** Numbers have 14 digits before the point and two behind it, such as the parameters of a model [characters]. */
const VALUE_WIDTH = 22;

/** Widest column of reasons [characters]. */
const LARGEST_REASON = 140;

/** Narrowest column of an input by month, whose unit is read whole. */
const MONTHLY_WIDTH = 24;

/** Where the values as made stand on the sheet of constants. */
const MADE_COLUMN = HEADS.length - 1;

/** The inputs that do not vary by month, one a row, each with a defined name. */
export function makeInputSheet(run: TraceRun, inputs: InputBook): Sheet {
  const constants = orderedInputs(inputs);
  const reasons = constants.map((input) => changeText(inputs, input));
  // A reason is read whole: the text beside it would hide its end.
  const reasonWidth = Math.min(LARGEST_REASON, Math.max(0, ...reasons.map(({ length }) => length)));
  return {
    name: INPUT_SHEET,
    widths: [44, VALUE_WIDTH, 24, reasonWidth, 34, 12, 60, 40, VALUE_WIDTH],
    rows: [
      [
        textCell(
          "Yellow cells can be changed: the workbook then moves as the program would. All others are locked, with the reason.",
          "title",
        ),
        ...new Array<undefined>(MADE_COLUMN - 2).fill(undefined),
        textCell("all inputs as made", "note"),
        { formula: unchangedFormula(run, inputs), value: "yes", style: { kind: "note" } },
      ],
      HEADS.map((head) => textCell(head, "head")),
      ...constants.map((input, index) => [
        textCell(input.label),
        inputCell(inputs, input, 0),
        textCell(input.unit.unit === "%" ? "" : input.unit.unit, "label"),
        textCell(reasons[index] ?? "", "note"),
        ...originCells(run, input),
        textCell(input.definedName, "note"),
        valueCell({ ...input, lock: "as made" }, 0),
      ]),
    ],
    frozen: { rows: HEAD_ROWS, columns: 1 },
    hasFilter: true,
    isProtected: true,
  };
}

/** The inputs that vary by month, one a column; undefined if there are none. */
export function makeMonthlyInputSheet(run: TraceRun, inputs: InputBook): Sheet | undefined {
  const { monthly } = inputs;
  if (monthly.length === 0) return undefined;
  const changeable = monthly.filter(({ lock }) => lock === undefined);
  const heads = [...monthly.map(({ label }) => label), ...changeable.map(({ label }) => `${label}, as made`)];
  return {
    name: MONTHLY_INPUT_SHEET,
    widths: [16, ...heads.map((head) => Math.max(MONTHLY_WIDTH, widthUnder(head)))],
    rows: [
      [textCell("month", "head"), ...heads.map((head) => textCell(head, "head"))],
      [
        textCell("can be changed", "unit"),
        ...monthly.map((input) => {
          const unit = input.unit.unit === "%" ? "" : input.unit.unit;
          const texts = [unit, changeText(inputs, input)];
          return textCell(texts.filter((text) => text !== "").join("; "), "unit");
        }),
      ],
      ...Array.from({ length: run.monthCount }, (_, month) => [
        { value: dayOfMonth(run.firstMonth + month), style: MONTH_STYLE } as Cell,
        ...monthly.map((input) => inputCell(inputs, input, month)),
        ...changeable.map((input) => valueCell({ ...input, lock: "as made" }, month)),
      ]),
    ],
    frozen: { rows: HEAD_ROWS, columns: 1 },
    isProtected: true,
  };
}

/** Defined names of the constants, and of the cell that compares inputs with their values as made. */
export function inputNames(inputs: InputBook): readonly { name: string; range: string }[] {
  return [
    ...orderedInputs(inputs).map(({ definedName }, index) => ({
      name: definedName,
      range: `${INPUT_SHEET}!$${columnName(INPUT_COLUMN)}$${HEAD_ROWS + 1 + index}`,
    })),
    { name: UNCHANGED_NAME, range: `${INPUT_SHEET}!$${columnName(MADE_COLUMN)}$1` },
  ];
}

/** The constants as a person looks for them: those that can be changed first, by name, and the others as formulas met them. */
function orderedInputs({ constants }: InputBook): readonly WorkbookInput[] {
  const live = constants.filter(({ lock }) => lock === undefined);
  const byName = live.sort(({ label: one }, { label: other }) => (one < other ? -1 : 1));
  return [...byName, ...constants.filter(({ lock }) => lock !== undefined)];
}

/** Whether every input that can be changed has the value that the program read: `yes`, or empty. */
function unchangedFormula(run: TraceRun, { constants, monthly }: InputBook): string {
  const differ = (one: string, other: string) => `SUMPRODUCT(--(${one}<>${other}))`;
  const range = (sheet: string, column: number, count: number) =>
    columnRange(sheet, column, HEAD_ROWS + 1, HEAD_ROWS + count);
  const ofConstants =
    constants.length === 0
      ? []
      : [
          differ(
            range(INPUT_SHEET, INPUT_COLUMN, constants.length),
            range(INPUT_SHEET, MADE_COLUMN, constants.length),
          ),
        ];
  const byMonth = monthly
    .filter(({ lock }) => lock === undefined)
    .map(({ position }, index) =>
      differ(
        range(MONTHLY_INPUT_SHEET, 1 + position, run.monthCount),
        range(MONTHLY_INPUT_SHEET, 1 + monthly.length + index, run.monthCount),
      ),
    );
  return `IF(${[...ofConstants, ...byMonth, "0"].join("+")}=0,"yes","")`;
}

/** Whether an input can be changed, in words. */
function changeText(inputs: InputBook, input: WorkbookInput): string {
  const base = inputs.baseOf(input);
  return input.lock ?? (base ? `yes; until then it follows ${base.label}` : "yes");
}

/** The cell of an input: a number, or the cell of the input that it is taken from. */
function inputCell(inputs: InputBook, input: WorkbookInput, month: number): Cell {
  const cell = valueCell(input, month);
  const base = inputs.baseOf(input);
  if (!base || cell.value === null) return cell;
  const address = base.isConstant ? base.definedName : `${inputs.columnOf(base)}${HEAD_ROWS + 1 + month}`;
  const factor = Number((base.unit.scale / input.unit.scale).toPrecision(15));
  return { ...cell, formula: factor === 1 ? address : `${address}*${factor}` };
}

function valueCell({ values, unit, lock }: WorkbookInput, month: number): Cell {
  const canonical = values[month];
  const plain = unit.unit === "" ? plainFormatOf(canonical / unit.scale) : formatOf(unit.unit);
  const format = unit.unit === "%" ? RATE_FORMAT : plain;
  return {
    value: Number.isFinite(canonical) ? Number((canonical / unit.scale).toPrecision(15)) : null,
    style: {
      kind: lock === undefined ? "live" : "locked",
      format: format === formatOf("USD") ? "#,##0.00" : format,
    },
  };
}

function originCells({ scenario }: TraceRun, { path }: WorkbookInput): readonly Cell[] {
  const field = path === undefined ? undefined : scenario.fields.get(path);
  const { quality = "", source = "", url = "" } = field?.origin ?? {};
  return [field?.text ?? "", quality, [source, url].filter((text) => text !== "").join(" ")].map((text) =>
    textCell(text, "note"),
  );
}
