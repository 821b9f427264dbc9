import type { Metric } from "../metrics/metric.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type Cell, plainText, type Sheet, textCell } from "./cells.ts";

/** What a workbook says of its own making. */
export type WorkbookOrigin = {
  readonly title: string;
  readonly description: string | undefined;
  readonly version: string;
  /** The command line that makes it again. */
  readonly command: string;
  readonly files: readonly { readonly file: string; readonly sha256: string }[];
};

/** What the workbook of a scenario says of its making. */
export function originOfWorkbook(
  scenario: Scenario,
  { version, command, files }: Pick<WorkbookOrigin, "version" | "command" | "files">,
): WorkbookOrigin {
  return {
    title: scenario.fields.get("name")?.text ?? scenario.slug,
    description: scenario.fields.get("description")?.text,
    version,
    command,
    files,
  };
}

/**
 * How to read the workbook, where it comes from, and which figures are the program's own.
 *
 * @param kernels figures that have no formula in the workbook
 */
export function makeAboutSheet(
  { title, description, version, command, files }: WorkbookOrigin,
  kernels: readonly Metric[],
): Sheet {
  const legend: readonly (readonly [Cell["style"], string])[] = [
    [{ kind: "live" }, "An input that can be changed, on the sheet Inputs or InputsByMonth."],
    [{ kind: "locked" }, "An input that is locked, with the reason beside it."],
    [{ kind: "formula" }, "A formula: it follows the inputs. The value stored with it is the engine's."],
    [{ kind: "kernel" }, "A value of the engine, which no input that can be changed moves."],
  ];
  const lines: readonly (readonly Cell[])[] = [
    [textCell(title, "title")],
    ...(description === undefined ? [] : [[textCell(description)]]),
    [],
    [textCell("How to read this workbook", "title")],
    ...legend.map(([style, text]): readonly Cell[] => [
      { value: "sample", ...(style ? { style } : {}) },
      textCell(text),
    ]),
    [
      textCell("Months"),
      textCell(
        "Months before the start of the plan and after its end are folded away. They hold only the cells that others read, such as cash spent before the start.",
      ),
    ],
    [
      textCell("Figures"),
      textCell("All figures are at medians, except on Ranges and Fan, which show the trials of the sample."),
    ],
    [
      textCell("Money"),
      textCell(
        "Cells hold USD; large amounts are shown in millions (M) by their number format alone, and tokens in billions (B).",
      ),
    ],
    [
      textCell("#N/A"),
      textCell(
        "A figure that only the program computes is not available once an input that it follows is changed: run the program with the change.",
      ),
    ],
    [
      textCell("Checks"),
      textCell("Summary, Figures, Annual and Quarterly show the engine's values beside the formulas."),
    ],
    [],
    [textCell("Origin", "title")],
    [textCell("Program"), textCell(`Gigafleet ${version}`)],
    [textCell("Command"), textCell(command)],
    ...files.map(({ file, sha256 }) => [textCell(file), textCell(`SHA-256 ${sha256}`)]),
    ...(kernels.length === 0
      ? []
      : [[], [textCell("Figures that the engine computes, which have no formula here", "title")]]),
    ...kernels.map(({ name, text }) => [textCell(name), textCell(plainText(text))]),
  ];
  return { name: "About", widths: [44, 120], rows: lines, frozen: { rows: 0, columns: 0 } };
}
