import type { Metric, MetricLevel } from "../../metrics/metric.ts";
import { PRECISIONS, type Precision } from "../../metrics/precision.ts";
import type { Column, Table } from "../../metrics/table.ts";
import { columnKey, metricsAt, type ResultPart, type Results } from "../results/results.ts";
import { metricColumn, monthColumn, textColumn } from "./columns.ts";
import { statisticsColumns } from "./spread-columns.ts";

/** Every metric of every chip of every fleet, by month. */
export function makeFleets(results: Results): Table {
  const { parts, monthCount } = results;
  const repeat = (textOf: (part: ResultPart) => string) => {
    const month = parts.map(textOf);
    return Array.from({ length: monthCount }, () => month).flat();
  };
  const runsAs = (precision: Precision) =>
    textColumn(
      `${precision}_runs_as`,
      `Precision in which ${precision.toUpperCase()} work actually runs on the chip.`,
      repeat((part) => part.runsAs[precision]),
    );
  return {
    name: "fleets",
    text: "Every chip of every fleet, month by month.",
    columns: [
      monthColumn(results, parts.length),
      textColumn(
        "fleet",
        "Name of the fleet.",
        repeat((part) => part.fleet),
      ),
      textColumn(
        "site",
        "Site of the fleet.",
        repeat((part) => part.site),
      ),
      textColumn(
        "chip",
        "Name of the chip.",
        repeat((part) => part.chip),
      ),
      ...PRECISIONS.map(runsAs),
      ...entityColumns(
        results,
        "part",
        parts.map(({ key }) => key),
      ),
    ],
    rowCount: monthCount * parts.length,
    primaryKey: ["month", "fleet", "chip"],
  };
}

/** Every metric of every site, by month. */
export function makeSites(results: Results): Table {
  const { sites, monthCount } = results;
  const names = Array.from({ length: monthCount }, () => sites).flat();
  return {
    name: "sites",
    text: "Every site, month by month.",
    columns: [
      monthColumn(results, sites.length),
      textColumn("site", "Name of the site.", names),
      ...entityColumns(results, "site", sites),
    ],
    rowCount: monthCount * sites.length,
    primaryKey: ["month", "site"],
  };
}

/** Every contract and every tranche, by month: drawdown of commitments, and payments of financing. */
export function makeContracts(results: Results): Table {
  const { contracts, tranches, monthCount } = results;
  const names = [...contracts, ...tranches];
  const kinds = [...contracts.map(() => "contract"), ...tranches.map(() => "financing")];
  const repeat = (month: readonly string[]) => Array.from({ length: monthCount }, () => month).flat();
  const levels = ["contract", "tranche"] as const;
  return {
    name: "contracts",
    text: "Every contract and every tranche of financing, month by month.",
    columns: [
      monthColumn(results, names.length),
      textColumn("contract", "Name of the contract or tranche.", repeat(names)),
      textColumn("kind", "Kind of the row: contract or financing.", repeat(kinds)),
      ...levels.flatMap((level) =>
        metricsAt(results, level)
          .filter(({ isScalar }) => !isScalar)
          .map((metric) => sparseColumn(metric, interleave(results, level, metric, names), kinds, level)),
      ),
      ...remainingSpread(results, names),
    ],
    rowCount: monthCount * names.length,
    primaryKey: ["month", "contract"],
  };
}

/** Every loan by month: draws, interest, repayment, balance and cover. */
export function makeDebt(results: Results): Table {
  const { loans, monthCount } = results;
  return {
    name: "debt",
    text: "Every loan, month by month.",
    columns: [
      monthColumn(results, loans.length),
      textColumn("loan", "Name of the loan.", Array.from({ length: monthCount }, () => loans).flat()),
      ...entityColumns(results, "loan", loans),
    ],
    rowCount: monthCount * loans.length,
    primaryKey: ["month", "loan"],
  };
}

/** What a sample says of what is left of each contract, by month. */
function remainingSpread(results: Results, names: readonly string[]): readonly Column[] {
  const { spread, contracts, monthCount } = results;
  if (!spread) return [];
  const statistics = Array.from({ length: monthCount }, (_, month) =>
    names.map((entity) =>
      contracts.includes(entity)
        ? spread.read({
            level: "contract",
            metric: "contract_remaining_usd",
            entity,
            first: month,
            end: month + 1,
          })
        : undefined,
    ),
  ).flat();
  return statisticsColumns(spread, "contract_remaining_usd", "USD", statistics);
}

/** A column that is empty in rows of the other kind. */
function sparseColumn(
  metric: Metric,
  values: Float64Array,
  kinds: readonly string[],
  level: "contract" | "tranche",
): Column {
  const kind = level === "contract" ? "contract" : "financing";
  const column = metricColumn(metric, values);
  const isOfKind = (row: number) => kinds[row % kinds.length] === kind;
  return { ...column, values: Array.from(column.values, (value, row) => (isOfKind(row) ? value : null)) };
}

/** Metrics by month; metrics with one number for the whole horizon are not columns here. */
function entityColumns(results: Results, level: MetricLevel, entities: readonly string[]): readonly Column[] {
  return metricsAt(results, level)
    .filter(({ isScalar }) => !isScalar)
    .map((metric) => metricColumn(metric, interleave(results, level, metric, entities)));
}

/** Columns of several entities as one column, with the entities of a month in consecutive rows. */
function interleave(
  { columns, monthCount }: Results,
  level: MetricLevel,
  { name }: Metric,
  entities: readonly string[],
): Float64Array {
  const rows = new Float64Array(monthCount * entities.length);
  for (const [index, entity] of entities.entries()) {
    const values = columns.get(columnKey(level, name, entity));
    for (let month = 0; values && month < monthCount; month++)
      rows[month * entities.length + index] = values[month];
  }
  return rows;
}
