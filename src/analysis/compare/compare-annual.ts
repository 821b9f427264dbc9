import type { Column, Table } from "../../metrics/table.ts";
import type { Results } from "../results/results.ts";
import { yearsColumn } from "../tables/columns.ts";
import { makeAnnual, makeAnnualRanges } from "../tables/index.ts";
import { chooseColumns } from "../tables/standard-columns.ts";
import type { ComparedRun } from "./comparison.ts";

/**
 * The standard figures of every scenario by year, one column for each scenario: compare_annual.csv. A year that a
 * scenario does not reach is empty in its column.
 *
 * @param sampled for each run its results with a sample, if P5 and P95 are wanted beside each figure
 */
export function makeCompareAnnual(runs: readonly ComparedRun[], sampled: readonly Results[] = []): Table {
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
      ...runs.flatMap(({ name: scenario }, index): readonly Column[] => {
        // A file may be called like one of the columns before.
        const column = ["year", "metric", "unit"].includes(scenario) ? `scenario ${scenario}` : scenario;
        const figure: Column = {
          name: column,
          type: "number",
          text: `The figure in ${scenario}.`,
          values: rows.map(({ name, year }) => annuals[index]?.rows.get(year)?.get(name) ?? null),
        };
        const ranges = sampled[index] && readRanges(sampled[index]);
        if (!ranges) return [figure];
        const quantiles = RANGE_NAMES.map(
          (quantile): Column => ({
            name: `${column} ${quantile}`,
            type: "number",
            text: `${quantile.toUpperCase()} of the figure in ${scenario}, from its trials.`,
            values: rows.map(({ name, year }) => ranges.get(`${year} ${name}`)?.[quantile] ?? null),
          }),
        );
        return [figure, ...quantiles];
      }),
    ],
    rowCount: rows.length,
    primaryKey: ["year", "metric"],
  };
}

const RANGE_NAMES = ["p5", "p95"] as const;

/** P5 and P95 of annual figures by year and name, as annual_ranges.csv has them. */
function readRanges(results: Results) {
  if (!results.spread) return undefined;
  const { columns, rowCount } = makeAnnualRanges(results, results.spread);
  const valuesOf = (name: string) => columns.find((column) => column.name === name)?.values ?? [];
  const [years, metrics, words, low, high] = ["year", "metric", "word", ...RANGE_NAMES].map(valuesOf);
  const rows = Array.from({ length: rowCount }, (_, row) => row).filter((row) => words[row] === null);
  return new Map(
    rows.map((row) => [
      `${years[row]} ${metrics[row]}`,
      { p5: numberOrNull(low[row]), p95: numberOrNull(high[row]) },
    ]),
  );
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
