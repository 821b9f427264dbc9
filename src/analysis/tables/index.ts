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

/** All tables of a run with all their columns, in the order in which a reader opens them. */
export function makeTables(results: Results): readonly Table[] {
  const { spread } = results;
  return [
    makeSummary(results),
    makeAnnual(results),
    makeQuarterly(results),
    makeMonthly(results),
    makeByChipAnnual(results),
    ...(spread ? [makeAnnualRanges(results, spread), makeMonthlyRanges(results, spread)] : []),
    makeFleets(results),
    makeSites(results),
    makeCosts(results),
    ...(results.assignments.length > 0
      ? [makeWorkloadsAnnual(results), makeWorkloads(results), makeDemand(results), makeServing(results)]
      : []),
    ...(results.contracts.length + results.tranches.length > 0 ? [makeContracts(results)] : []),
    ...(results.loans.length > 0 ? [makeDebt(results)] : []),
    ...(eventsOf(results).length > 0 ? [makeEvents(results)] : []),
  ];
}
