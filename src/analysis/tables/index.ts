import type { Table } from "../../metrics/table.ts";
import type { Results } from "../results/results.ts";
import { makeDemand, makeServing, makeWorkloads, makeWorkloadsAnnual } from "./demand-tables.ts";
import { makeContracts, makeFleets, makeSites } from "./entity-tables.ts";
import { eventsOf, makeEvents } from "./event-table.ts";
import { makeSummary } from "./summary-table.ts";
import { makeAnnual, makeCosts, makeMonthly, makeQuarterly } from "./total-tables.ts";

export { makeDemand, makeServing, makeWorkloads, makeWorkloadsAnnual } from "./demand-tables.ts";
export { makeContracts, makeFleets, makeSites } from "./entity-tables.ts";
export { makeSummary } from "./summary-table.ts";
export { makeAnnual, makeCosts, makeMonthly, makeQuarterly } from "./total-tables.ts";

/** All tables of a run, in the order in which a reader opens them. */
export function makeTables(results: Results): readonly Table[] {
  return [
    makeSummary(results),
    makeAnnual(results),
    makeMonthly(results),
    makeQuarterly(results),
    makeFleets(results),
    makeSites(results),
    makeCosts(results),
    ...(results.assignments.length > 0
      ? [makeWorkloadsAnnual(results), makeWorkloads(results), makeDemand(results), makeServing(results)]
      : []),
    ...(results.contracts.length + results.tranches.length > 0 ? [makeContracts(results)] : []),
    ...(eventsOf(results).length > 0 ? [makeEvents(results)] : []),
  ];
}
