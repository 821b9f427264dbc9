import type { Table } from "../../metrics/table.ts";
import type { Book } from "../results/book.ts";
import { type ColumnOf, numbers, tableOf, words } from "../tables/table-of.ts";
import { type Comparison, compareFigures, type DifferingInput, paretoOf } from "./comparison.ts";
import { measureConcentration } from "./concentration.ts";
import { senseOf } from "./headlines.ts";
import { SAMPLED_COLUMNS } from "./sampled-columns.ts";

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
  type Row = (typeof rows)[number];
  const isSampled = comparisons.some(({ sample }) => sample);
  const sampled: readonly ColumnOf<Row>[] = [
    ...SAMPLED_COLUMNS.map(({ name, hasUnit, text, of }) =>
      numbers<Row>(name, hasUnit ? "as `unit`" : "1", text, ({ paired }) => paired && of(paired)),
    ),
    numbers(
      "pareto_probability",
      "1",
      "Share of trials in which the scenario is in the Pareto set.",
      (row) => row.paretoShare,
    ),
  ];
  return tableOf(
    "compare",
    "Every figure of each scenario with its difference from and ratio to the first, at medians; for headline figures also statistics of a sample with the same draws for all.",
    ["basis", "metric", "scenario"],
    rows,
    [
      words("basis", "Basis of the comparison: as written, or equalised.", (row) => row.basis),
      words("metric", "Name of the figure.", (row) => row.metric),
      words("scenario", "Scenario or mix.", (row) => row.name),
      numbers("value", "as `unit`", "The figure, in the unit beside it.", (row) => row.value),
      words("unit", "Unit of the figure.", (row) => row.unit),
      numbers(
        "difference",
        "as `unit`",
        "Difference from the first scenario's figure.",
        (row) => row.difference,
      ),
      numbers(
        "ratio",
        "1",
        "Ratio to the first scenario's figure; empty if that is 0 or may be negative.",
        (row) => row.ratio,
      ),
      numbers("scale", "1", "Factor by which a mix was scaled to the basis.", (row) => row.scale),
      words(
        "pareto",
        `yes if no other scenario of the basis costs the ${book} less for at least the same compute, or computes more for at most the same cost.`,
        (row) => (row.isPareto ? "yes" : "no"),
      ),
      words("better", "Whether more or less of the figure is better; empty for neither.", (row) =>
        senseOf(row.metric),
      ),
      ...(isSampled ? sampled : []),
    ],
  );
}

/** Inputs that differ between scenarios: differences.csv. */
export function makeDifferencesTable(inputs: readonly DifferingInput[], names: readonly string[]): Table {
  const rows = inputs.flatMap(({ path, texts }) =>
    names.map((name, index) => ({ path, name, text: texts[index] })),
  );
  return tableOf(
    "differences",
    "Inputs that differ between scenarios, as written.",
    ["path", "scenario"],
    rows,
    [
      words("path", "Path of the input.", (row) => row.path),
      words("scenario", "Scenario or mix.", (row) => row.name),
      words("value", "Value as written; empty if the scenario lacks it.", (row) => row.text),
    ],
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
  type Row = (typeof rows)[number];
  const share = (name: string, text: string, of: (row: Row) => number) =>
    numbers(name, "1", text, (row: Row) => emptyIfNone(of(row)));
  const over = "over the months of the horizon";
  return tableOf(
    "concentration",
    "Shares by vendor, site and contract, and how concentrated they are.",
    ["basis", "scenario", "by", "name"],
    rows,
    [
      words("basis", "Basis of the comparison.", (row) => row.basis),
      words("scenario", "Scenario or mix.", (row) => row.run),
      words("by", "vendor, site or contract.", (row) => row.by),
      words("name", "Name of the vendor, site or contract.", (row) => row.name),
      share(
        "facility_power_share",
        `Share of the facility power drawn ${over}; empty if none is.`,
        (row) => row.powerShare,
      ),
      share(
        "effective_fp4_share",
        `Share of effective FP4 ${over}; empty if there is none.`,
        (row) => row.computeShare,
      ),
      share(
        "facility_power_hhi",
        "Sum of the squared shares of power; 1 if all is with one.",
        (row) => row.powerHhi,
      ),
      share("effective_fp4_hhi", "Sum of the squared shares of effective FP4.", (row) => row.computeHhi),
    ],
  );
}
