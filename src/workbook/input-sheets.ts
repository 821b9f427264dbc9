import type { TraceRun } from "../analysis/trace/trace-run.ts";
import { type Cell, columnName, dayOfMonth, type Sheet, textCell } from "./cells.ts";
import { formatOf, MONTH_FORMAT, RATE_FORMAT } from "./formats.ts";
import {
  INPUT_COLUMN,
  INPUT_SHEET,
  type InputBook,
  MONTHLY_INPUT_SHEET,
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
];

/** The inputs that do not vary by month, one a row, each with a defined name. */
export function makeInputSheet(run: TraceRun, { constants }: InputBook): Sheet {
  return {
    name: INPUT_SHEET,
    widths: [44, 16, 16, 60, 34, 12, 60, 40],
    rows: [
      [
        textCell(
          "Yellow cells can be changed: the workbook then moves as the program would. All others are locked, with the reason.",
          "title",
        ),
      ],
      HEADS.map((head) => textCell(head, "head")),
      ...constants.map((input) => [
        textCell(input.label),
        valueCell(input, 0),
        textCell(input.unit.unit === "%" ? "" : input.unit.unit, "note"),
        textCell(input.lock ?? "yes", "note"),
        ...originCells(run, input),
        textCell(input.definedName, "note"),
      ]),
    ],
    frozen: { rows: HEAD_ROWS, columns: 1 },
    hasFilter: true,
    isProtected: true,
  };
}

/** The inputs that vary by month, one a column; undefined if there are none. */
export function makeMonthlyInputSheet(run: TraceRun, { monthly }: InputBook): Sheet | undefined {
  if (monthly.length === 0) return undefined;
  return {
    name: MONTHLY_INPUT_SHEET,
    widths: [16, ...monthly.map(() => 24)],
    rows: [
      [textCell("month", "head"), ...monthly.map(({ label }) => textCell(label, "head"))],
      [
        textCell("can be changed", "unit"),
        ...monthly.map(({ lock, unit }) =>
          textCell(
            [unit.unit === "%" ? "" : unit.unit, lock ?? "yes"].filter((text) => text !== "").join("; "),
            "unit",
          ),
        ),
      ],
      ...Array.from({ length: run.monthCount }, (_, month) => [
        { value: dayOfMonth(run.firstMonth + month), style: { kind: "text", format: MONTH_FORMAT } } as Cell,
        ...monthly.map((input) => valueCell(input, month)),
      ]),
    ],
    frozen: { rows: HEAD_ROWS, columns: 1 },
    isProtected: true,
  };
}

/** Defined names of the constants. */
export function inputNames({ constants }: InputBook): readonly { name: string; range: string }[] {
  return constants.map(({ definedName, position }) => ({
    name: definedName,
    range: `${INPUT_SHEET}!$${columnName(INPUT_COLUMN)}$${HEAD_ROWS + 1 + position}`,
  }));
}

function valueCell({ values, unit, lock }: WorkbookInput, month: number): Cell {
  const canonical = values[month];
  const format = unit.unit === "%" ? RATE_FORMAT : unit.unit === "" ? "General" : formatOf(unit.unit);
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
