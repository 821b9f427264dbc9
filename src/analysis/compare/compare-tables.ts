import type { Column, Table } from "../../metrics/table.ts";
import type { Book } from "../results/book.ts";
import { type Comparison, compareFigures, type DifferingInput, paretoOf } from "./comparison.ts";
import { measureConcentration } from "./concentration.ts";
import { senseOf } from "./headlines.ts";
import { SAMPLED_COLUMNS } from "./sampled-columns.ts";

/** Columns of records: name, description, and value in each record. */
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
 * Every figure of every run beside that of the first, with statistics of the sampled ones: compare.csv.
 *
 * @param book book whose cost defines the Pareto set
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
    "Every figure of each scenario with its difference from and ratio to the first, at medians; for headline figures also statistics of a sample with the same draws for all.",
    ["basis", "metric", "scenario"],
    [
      {
        ...word("basis", "Basis of the comparison: as written, or equalised."),
        of: (row) => row.basis,
      },
      { ...word("metric", "Name of the figure."), of: (row) => row.metric },
      { ...word("scenario", "Scenario or mix."), of: (row) => row.name },
      { ...number("value", "as `unit`", "The figure, in the unit beside it."), of: (row) => row.value },
      { ...word("unit", "Unit of the figure."), of: (row) => row.unit },
      {
        ...number("difference", "as `unit`", "Difference from the first scenario's figure."),
        of: (row) => row.difference,
      },
      {
        ...number(
          "ratio",
          "1",
          "Ratio to the first scenario's figure; empty if that is 0 or may be negative.",
        ),
        of: (row) => row.ratio ?? null,
      },
      { ...number("scale", "1", "Factor by which a mix was scaled to the basis."), of: (row) => row.scale },
      {
        ...word(
          "pareto",
          `yes if no other scenario of the basis costs the ${book} less for at least the same compute, or computes more for at most the same cost.`,
        ),
        of: (row) => (row.isPareto ? "yes" : "no"),
      },
      {
        ...word("better", "Whether more or less of the figure is better; empty for neither."),
        of: (row) => senseOf(row.metric) ?? null,
      },
      ...(isSampled
        ? [
            ...SAMPLED_COLUMNS.map(({ name, hasUnit, text, of }) => ({
              ...number(name, hasUnit ? "as `unit`" : "1", text),
              of: (row: (typeof rows)[number]) => (row.paired && of(row.paired)) ?? null,
            })),
            {
              ...number(
                "pareto_probability",
                "1",
                "Share of trials in which the scenario is in the Pareto set.",
              ),
              of: (row: (typeof rows)[number]) => row.paretoShare,
            },
          ]
        : []),
    ],
    rows,
  );
}

/** Inputs that differ between scenarios: differences.csv. */
export function makeDifferencesTable(inputs: readonly DifferingInput[], names: readonly string[]): Table {
  const rows = inputs.flatMap(({ path, texts }) =>
    names.map((name, index) => ({ path, name, text: texts[index] ?? "" })),
  );
  return tableOf(
    "differences",
    "Inputs that differ between scenarios, as written.",
    ["path", "scenario"],
    [
      { ...word("path", "Path of the input."), of: (row) => row.path },
      { ...word("scenario", "Scenario or mix."), of: (row) => row.name },
      {
        ...word("value", "Value as written; empty if the scenario lacks it."),
        of: (row) => row.text || null,
      },
    ],
    rows,
  );
}

/** Shares of nothing do not exist. */
function emptyIfNone(share: number): number | null {
  return Number.isNaN(share) ? null : share;
}

/** The concentration of each scenario: concentration.csv. */
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
      { ...word("basis", "Basis of the comparison."), of: (row) => row.basis },
      { ...word("scenario", "Scenario or mix."), of: (row) => row.run },
      { ...word("by", "vendor, site or contract."), of: (row) => row.by },
      { ...word("name", "Name of the vendor, site or contract."), of: (row) => row.name },
      {
        ...number(
          "facility_power_share",
          "1",
          `Share of the facility power drawn ${over}; empty if none is.`,
        ),
        of: (row) => emptyIfNone(row.powerShare),
      },
      {
        ...number("effective_fp4_share", "1", `Share of effective FP4 ${over}; empty if there is none.`),
        of: (row) => emptyIfNone(row.computeShare),
      },
      {
        ...number("facility_power_hhi", "1", "Sum of the squared shares of power; 1 if all is with one."),
        of: (row) => emptyIfNone(row.powerHhi),
      },
      {
        ...number("effective_fp4_hhi", "1", "Sum of the squared shares of effective FP4."),
        of: (row) => emptyIfNone(row.computeHhi),
      },
    ],
    rows,
  );
}
