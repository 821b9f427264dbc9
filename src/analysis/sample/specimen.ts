import { annualKey } from "../../compile/annual-ratios.ts";
import { METRICS } from "../../metrics/index.ts";
import { existsAt } from "../../metrics/metric.ts";
import type { Table } from "../../metrics/table.ts";
import { columnKey, type Results } from "../results/results.ts";
import { makeTables } from "../tables/index.ts";

const months = 12;
const year = 2026;
const entities = {
  part: "fleet/chip",
  site: "site",
  contract: "contract",
  tranche: "tranche",
  total: "",
  run: "",
  workload: "workload",
  assignment: "workload/fleet/chip",
};
const levels = ["part", "site", "contract", "tranche", "total", "run", "workload", "assignment"] as const;

/**
 * Makes the tables of an empty run, with every number 0 and every possible column, for `explain` and the reference.
 *
 * Fails: never.
 */
export function makeSpecimenTables(): readonly Table[] {
  return makeTables(makeSpecimenResults());
}

/** Results with every metric at every level where it is a column. */
export function makeSpecimenResults(): Results {
  const ratios = (["total", "workload"] as const).flatMap((level) =>
    METRICS.filter((metric) => metric.level === level && metric.time === "ratio" && !metric.isScalar).map(
      ({ name }) => [columnKey(level, name, annualKey(entities[level], year)), new Float64Array(1)] as const,
    ),
  );
  const columns = levels.flatMap((level) =>
    METRICS.filter((metric) => existsAt(metric, level)).map(
      ({ name, isScalar }) =>
        [columnKey(level, name, entities[level]), new Float64Array(isScalar ? 1 : months)] as const,
    ),
  );
  return {
    startMonth: year * months,
    monthCount: months,
    parts: [
      {
        key: entities.part,
        fleet: "fleet",
        chip: "chip",
        site: entities.site,
        runsAs: { fp4: "fp4", fp8: "fp8", bf16: "bf16" },
      },
    ],
    sites: [entities.site],
    contracts: [entities.contract],
    tranches: [entities.tranche],
    workloads: [{ name: entities.workload, kind: "inference" }],
    assignments: [
      {
        key: entities.assignment,
        workload: entities.workload,
        kind: "inference",
        fleet: "fleet",
        chip: "chip",
      },
    ],
    columns: new Map([...columns, ...ratios]),
    notes: { referenceUse: "training", uncertainCount: 0, sizedEachTrial: [], sizedOnce: [] },
  };
}
