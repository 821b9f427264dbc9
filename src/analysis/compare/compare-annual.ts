import type { Column, Table } from "../../metrics/table.ts";
import { yearsColumn } from "../tables/columns.ts";
import { makeAnnual } from "../tables/index.ts";
import { chooseColumns } from "../tables/standard-columns.ts";
import type { ComparedRun } from "./comparison.ts";

/**
 * The standard figures of every scenario by year, one column for each scenario: compare_annual.csv. A year that a
 * scenario does not reach is empty in its column.
 */
export function makeCompareAnnual(runs: readonly ComparedRun[]): Table {
  const annuals = runs.map(({ results }) => readAnnual(chooseColumns(makeAnnual(results), "standard")));
  const years = [...new Set(annuals.flatMap((annual) => [...annual.rows.keys()]))].sort((a, b) => a - b);
  const [figures = []] = annuals.map((annual) => annual.figures);
  const rows = figures.flatMap((figure) => years.map((year) => ({ ...figure, year })));
  return {
    name: "compare_annual",
    text: "The standard figures of every scenario as written, by year: flows are sums, stocks those of the last month.",
    columns: [
      yearsColumn(
        rows.map(({ year }) => year),
        { yearStart: runs[0]?.results.yearStart ?? 1 },
      ),
      { name: "metric", type: "string", text: "Name of the figure.", values: rows.map(({ name }) => name) },
      {
        name: "unit",
        type: "string",
        text: "Unit of the figure.",
        values: rows.map(({ unit }) => unit ?? null),
      },
      ...runs.map(
        ({ name: scenario }, index): Column => ({
          // A file may be called like one of the columns before.
          name: ["year", "metric", "unit"].includes(scenario) ? `scenario ${scenario}` : scenario,
          type: "number",
          text: `The figure in ${scenario}.`,
          values: rows.map(({ name, year }) => annuals[index]?.rows.get(year)?.get(name) ?? null),
        }),
      ),
    ],
    rowCount: rows.length,
    primaryKey: ["year", "metric"],
  };
}

/** Numbers of an annual table by year and name; words, such as what binds, are no numbers to compare. */
function readAnnual({ columns, rowCount }: Table) {
  const years = columns.find(({ name }) => name === "year")?.values ?? [];
  const figures = columns.filter(({ name, type }) => type === "number" && name !== "months");
  const rows = new Map(
    Array.from({ length: rowCount }, (_, row) => [
      Number(years[row]),
      new Map(figures.map(({ name, values }) => [name, numberOrNull(values[row])])),
    ]),
  );
  return { figures: figures.map(({ name, unit }) => ({ name, unit })), rows };
}

function numberOrNull(value: string | number | null | undefined): number | null {
  return typeof value === "number" ? value : null;
}
