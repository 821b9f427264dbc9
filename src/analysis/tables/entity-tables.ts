import type { Metric, MetricLevel } from "../../metrics/metric.ts";
import { PRECISIONS } from "../../metrics/precision.ts";
import type { Column, Table } from "../../metrics/table.ts";
import type { Results } from "../results/results.ts";
import { metricColumn, monthColumn } from "./columns.ts";
import { interleave, monthlyMetrics, repeatedColumn } from "./entity-columns.ts";
import { statisticsColumns } from "./spread-columns.ts";

/** Every metric of every chip of every fleet, by month. */
export function makeFleets(results: Results): Table {
  const { parts, monthCount } = results;
  return {
    name: "fleets",
    text: "Every chip of every fleet, month by month.",
    columns: [
      monthColumn(results, parts.length),
      repeatedColumn("fleet", "Name of the fleet.", monthCount, parts, ({ fleet }) => fleet),
      repeatedColumn("site", "Site of the fleet.", monthCount, parts, ({ site }) => site),
      repeatedColumn("chip", "Name of the chip.", monthCount, parts, ({ chip }) => chip),
      ...PRECISIONS.map((precision) =>
        repeatedColumn(
          `${precision}_runs_as`,
          `Precision in which ${precision.toUpperCase()} work actually runs on the chip.`,
          monthCount,
          parts,
          ({ runsAs }) => runsAs[precision],
        ),
      ),
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
  return {
    name: "sites",
    text: "Every site, month by month.",
    columns: [
      monthColumn(results, sites.length),
      repeatedColumn("site", "Name of the site.", monthCount, sites, (site) => site),
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
  const levels = ["contract", "tranche"] as const;
  return {
    name: "contracts",
    text: "Every contract and every tranche of financing, month by month.",
    columns: [
      monthColumn(results, names.length),
      repeatedColumn("contract", "Name of the contract or tranche.", monthCount, names, (name) => name),
      repeatedColumn("kind", "Kind of the row: contract or financing.", monthCount, kinds, (kind) => kind),
      ...levels.flatMap((level) =>
        monthlyMetrics(results, level).map((metric) =>
          sparseColumn(metric, interleave(results, level, metric, names), kinds, level),
        ),
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
      repeatedColumn("loan", "Name of the loan.", monthCount, loans, (loan) => loan),
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

/** Metrics of entities by month. */
function entityColumns(results: Results, level: MetricLevel, entities: readonly string[]): readonly Column[] {
  return monthlyMetrics(results, level).map((metric) =>
    metricColumn(metric, interleave(results, level, metric, entities)),
  );
}
