import { expect, test } from "vitest";
import type { Cell, Workbook } from "../../src/workbook/cells.ts";
import { loadWith, scenarioOf } from "../demand/demand-files.ts";
import { workbookOf } from "./recalculate.ts";

/** Numbers with thousands separated, by their decimals. */
const NUMBERS = [0, 1, 2, 3, 4].map(
  (digits) =>
    new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** A number as a spreadsheet shows it in one of the formats of our workbooks. */
function shownAs(value: number, format: string): string {
  const section = format.split(";").find((each) => {
    const [, sign, limit] = /^\[(>=|<=)(-?\d+)\]/.exec(each) ?? [];
    if (sign === undefined) return true;
    return sign === ">=" ? value >= Number(limit) : value <= Number(limit);
  });
  const body = (section ?? "").replace(/^\[[^\]]*\]/, "");
  if (body === "General") return String(Number(value.toPrecision(10)));
  if (body.includes("yy")) return "2027-01";
  const [, number, scaling, rest] = /^\\?-?([#,0.]*0)(?:E\+00)?(,*)(.*)$/.exec(body) ?? [];
  if (number === undefined) throw new Error(`no number format: ${format}`);
  const digits = number.split(".")[1]?.length ?? 0;
  const size = (body.includes("%") ? value * 100 : value) / 1000 ** (scaling?.length ?? 0);
  const text = body.includes("E+") ? size.toExponential(digits) : (NUMBERS[digits]?.format(size) ?? "");
  return `${text}${(rest ?? "").replaceAll('"', "")}`;
}

test("numbers are shown as Excel and Calc show them", () => {
  const money = '[>=1000000]#,##0.0,,"M";[<=-1000000]\\-#,##0.0,,"M";#,##0';
  expect(shownAs(15e9, money)).toBe("15,000.0M");
  expect(shownAs(999_999, money)).toBe("999,999");
  expect(shownAs(0.256, "0.0%")).toBe("25.6%");
  expect(shownAs(6.144, '0.00"x"')).toBe("6.14x");
  expect(shownAs(1.5e21, "[>=1000000000000000]0.000E+00;#,##0")).toBe("1.500e+21");
});

test.each(["openai-aws-with-tax", "plans/coreweave-meta"])(
  "the workbook of %s shows every number whole, covers and counts as numbers, and no word that touches one",
  async (name) => {
    const workbook = await workbookOf(scenarioOf(loadWith(`scenarios/${name}.yaml`)));
    if (!workbook) throw new Error("no workbook");
    expect(faultsOf(workbook).slice(0, 20)).toEqual([]);
  },
);

/** Rates of return are the only percentages that may be above 200. */
const RATES = /_irr/;

function faultsOf({ sheets }: Workbook): readonly string[] {
  return sheets.flatMap(({ name, widths, rows, frozen }) => {
    const [heads = [], second = []] = rows;
    const faults = new Set<string>();
    let index = 0;
    for (const row of rows)
      if (index++ >= frozen.rows)
        for (const [column, cell] of row.entries()) {
          const head = String(
            (frozen.rows > 1 && second[column]?.style?.kind === "head" ? second : heads)[column]?.value,
          );
          const figure = typeof row[1]?.value === "string" ? row[1].value : head;
          const fault = faultOf(cell, row[column - 1], widths[column] ?? 0, figure);
          if (fault) faults.add(`${name} ${head} ${figure}: ${fault}`);
        }
    return [...faults];
  });
}

function faultOf(
  cell: Cell | undefined,
  left: Cell | undefined,
  width: number,
  figure: string,
): string | undefined {
  if (typeof cell?.value === "number") {
    const format = cell.style?.format ?? "General";
    const text = shownAs(cell.value, format);
    if (text.length >= width) return `${text} is wider than ${width}`;
    if (format === "0.0%" && Math.abs(cell.value) > 2 && !RATES.test(figure)) return `${text} is no share`;
  }
  const isWord = typeof cell?.value === "string" && cell.value !== "" && cell.formula === undefined;
  const isIndented = cell?.style?.kind === "label" || cell?.style?.kind === "word";
  if (isWord && typeof left?.value === "number" && !isIndented && left.style?.kind !== "period")
    return `${cell.value} touches the number left of it`;
  return undefined;
}
