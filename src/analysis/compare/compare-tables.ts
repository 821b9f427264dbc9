import type { Column, Table } from "../../metrics/table.ts";
import type { Book } from "../results/book.ts";
import { type Comparison, compareFigures, type DifferingInput, paretoOf } from "./comparison.ts";
import { measureConcentration } from "./concentration.ts";
import { senseOf } from "./headlines.ts";
import { SAMPLED_COLUMNS } from "./sampled-columns.ts";

/** Columns of records: a name, how it is described, and its value in each. */
type ColumnOf<Row> = Omit<Column, "values"> & { readonly of: (row: Row) => string | number | null };

function tableOf<Row>(
  name: string,
  text: string,
  primaryKey: readonly string[],
  columns: readonly ColumnOf<Row>[],
  rows: readonly Row[],
): Table {
  const made = columns.map(({ of, ...head }) => ({ ...head, values: rows.map(of) }));
  return { name, text, columns: made, rowCount: rows.length, primaryKey };
}

const number = (name: string, unit: string, text: string) => ({ name, type: "number", unit, text }) as const;
const word = (name: string, text: string) => ({ name, type: "string", text }) as const;

/**
 * Every figure of every run beside that of the first, and what a sample says of those that were sampled: compare.csv.
 *
 * @param book whose cost the Pareto set is of
 */
export function makeCompareTable(comparisons: readonly Comparison[], book: Book): Table {
  const rows = comparisons.flatMap((comparison) => {
    const figures = compareFigures(comparison);
    const best = paretoOf(figures, comparison.runs.length, book);
    return figures.map((figure) => ({
      ...figure,
      basis: comparison.basis,
      name: comparison.runs[figure.run]?.name ?? "",
      scale: comparison.runs[figure.run]?.scale ?? null,
      isPareto: best[figure.run],
      paretoShare: comparison.sample?.paretoShares[figure.run] ?? null,
    }));
  });
  const isSampled = comparisons.some(({ sample }) => sample);
  return tableOf(
    "compare",
    "Every figure of each scenario with its difference from and ratio to the first, at medians; of headline figures what a sample with the same draws for all says.",
    ["basis", "metric", "scenario"],
    [
      {
        ...word("basis", "What the scenarios have in common: as written, or made equal in something."),
        of: (row) => row.basis,
      },
      { ...word("metric", "Name of the figure."), of: (row) => row.metric },
      { ...word("scenario", "Scenario or mix."), of: (row) => row.name },
      { ...number("value", "as `unit`", "The figure, in the unit beside it."), of: (row) => row.value },
      { ...word("unit", "Unit of the figure."), of: (row) => row.unit },
      {
        ...number("difference", "as `unit`", "From the first scenario's figure."),
        of: (row) => row.difference,
      },
      {
        ...number("ratio", "1", "To the first scenario's figure; empty where that is 0 or may be negative."),
        of: (row) => row.ratio ?? null,
      },
      { ...number("scale", "1", "Factor that brought a mix onto the basis."), of: (row) => row.scale },
      {
        ...word(
          "pareto",
          `yes where no other scenario of the basis costs the ${book} less and computes as much, or computes more for as much.`,
        ),
        of: (row) => (row.isPareto ? "yes" : "no"),
      },
      {
        ...word("better", "Which way the figure is better, more or less; empty for one that is neither."),
        of: (row) => senseOf(row.metric) ?? null,
      },
      ...(isSampled
        ? [
            ...SAMPLED_COLUMNS.map(({ name, hasUnit, text, of }) => ({
              ...number(name, hasUnit ? "as `unit`" : "1", text),
              of: (row: (typeof rows)[number]) => (row.paired && of(row.paired)) ?? null,
            })),
            {
              ...number("pareto_probability", "1", "Share of the trials in which the scenario is so."),
              of: (row: (typeof rows)[number]) => row.paretoShare,
            },
          ]
        : []),
    ],
    rows,
  );
}

/** Inputs that are not the same in all scenarios: differences.csv. */
export function makeDifferencesTable(inputs: readonly DifferingInput[], names: readonly string[]): Table {
  const rows = inputs.flatMap(({ path, texts }) =>
    names.map((name, index) => ({ path, name, text: texts[index] ?? "" })),
  );
  return tableOf(
    "differences",
    "Inputs that are not the same in all scenarios, as they are written.",
    ["path", "scenario"],
    [
      { ...word("path", "Path of the input."), of: (row) => row.path },
      { ...word("scenario", "Scenario or mix."), of: (row) => row.name },
      {
        ...word("value", "What is written; empty where the scenario does not have it."),
        of: (row) => row.text || null,
      },
    ],
    rows,
  );
}

/** What each scenario leans on: concentration.csv. */
export function makeConcentrationTable(comparisons: readonly Comparison[]): Table {
  const rows = comparisons.flatMap(({ basis, runs }) =>
    runs.flatMap((run) => measureConcentration(run).map((one) => ({ ...one, basis, run: run.name }))),
  );
  const over = "over the months of the horizon";
  return tableOf(
    "concentration",
    "Shares by vendor, site and contract, and how concentrated they are.",
    ["basis", "scenario", "by", "name"],
    [
      { ...word("basis", "What the scenarios have in common."), of: (row) => row.basis },
      { ...word("scenario", "Scenario or mix."), of: (row) => row.run },
      { ...word("by", "vendor, site or contract."), of: (row) => row.by },
      { ...word("name", "Name of the vendor, site or contract."), of: (row) => row.name },
      {
        ...number("facility_power_share", "1", `Share of the facility power drawn ${over}.`),
        of: (row) => row.powerShare,
      },
      {
        ...number("effective_fp4_share", "1", `Share of effective FP4 ${over}.`),
        of: (row) => row.computeShare,
      },
      {
        ...number("facility_power_hhi", "1", "Sum of the squared shares of power; 1 where all is of one."),
        of: (row) => row.powerHhi,
      },
      {
        ...number("effective_fp4_hhi", "1", "Sum of the squared shares of effective FP4."),
        of: (row) => row.computeHhi,
      },
    ],
    rows,
  );
}
