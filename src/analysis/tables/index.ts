import type { Table } from "../../metrics/table.ts";
import { eventsOf } from "../results/events.ts";
import type { Results } from "../results/results.ts";
import { makeByChipAnnual } from "./chip-table.ts";
import { makeDemand, makeServing, makeWorkloads, makeWorkloadsAnnual } from "./demand-tables.ts";
import { makeContracts, makeDebt, makeFleets, makeSites } from "./entity-tables.ts";
import { makeEvents } from "./event-table.ts";
import { makeAnnualRanges, makeMonthlyRanges } from "./ranges-tables.ts";
import { makeSummary } from "./summary-table.ts";
import { makeAnnual, makeCosts, makeMonthly, makeQuarterly } from "./total-tables.ts";

export { makeByChipAnnual } from "./chip-table.ts";
export { makeDemand, makeServing, makeWorkloads, makeWorkloadsAnnual } from "./demand-tables.ts";
export { makeContracts, makeFleets, makeSites } from "./entity-tables.ts";
export { makeAnnualRanges, makeMonthlyRanges } from "./ranges-tables.ts";
export { makeFigures, makeSummary } from "./summary-table.ts";
export { makeAnnual, makeCosts, makeMonthly, makeQuarterly } from "./total-tables.ts";

/** A table: how it is made, undefined where the run has none, and whether it reads a sample's statistics. */
type TableMaker = {
  readonly make: (results: Results) => Table | undefined;
  readonly readsSample?: true;
};

/** All tables, in the order in which a reader opens them. */
const TABLES: readonly TableMaker[] = [
  { make: makeSummary, readsSample: true },
  { make: makeAnnual },
  { make: makeQuarterly },
  { make: makeMonthly },
  { make: makeByChipAnnual },
  { make: (results) => results.spread && makeAnnualRanges(results, results.spread), readsSample: true },
  { make: (results) => results.spread && makeMonthlyRanges(results, results.spread), readsSample: true },
  { make: makeFleets },
  { make: makeSites },
  { make: makeCosts },
  ...[makeWorkloadsAnnual, makeWorkloads, makeDemand, makeServing].map((make) => ({
    make: (results: Results) => (results.assignments.length > 0 ? make(results) : undefined),
  })),
  {
    make: (results) =>
      results.contracts.length + results.tranches.length > 0 ? makeContracts(results) : undefined,
    readsSample: true,
  },
  { make: (results) => (results.loans.length > 0 ? makeDebt(results) : undefined) },
  {
    make: (results) => (eventsOf(results).length > 0 ? makeEvents(results) : undefined),
    readsSample: true,
  },
];

/** All tables of a run with all their columns, in the order in which a reader opens them. */
export function makeTables(results: Results): readonly Table[] {
  return TABLES.flatMap(({ make }) => make(results) ?? []);
}

/** Reads all statistics of a sample that tables show, by making those that show some. */
export function readSampleTables(results: Results): void {
  for (const { make, readsSample } of TABLES) if (readsSample) make(results);
}
