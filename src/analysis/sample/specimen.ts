import { annualKey } from "../../compile/annual-ratios.ts";
import { METRICS } from "../../metrics/index.ts";
import { existsAt } from "../../metrics/metric.ts";
import type { Table } from "../../metrics/table.ts";
import { columnKey, type Results } from "../results/results.ts";
import { makeTables } from "../tables/index.ts";

const MONTHS = 12;
const YEAR = 2026;
const ENTITIES = {
  part: "fleet/chip",
  site: "site",
  contract: "contract",
  tranche: "tranche",
  loan: "loan",
  total: "",
  run: "",
  workload: "workload",
  assignment: "workload/fleet/chip",
};
const LEVELS = [
  "part",
  "site",
  "contract",
  "tranche",
  "loan",
  "total",
  "run",
  "workload",
  "assignment",
] as const;

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
      ({ name }) => [columnKey(level, name, annualKey(ENTITIES[level], YEAR)), new Float64Array(1)] as const,
    ),
  );
  const columns = LEVELS.flatMap((level) =>
    METRICS.filter((metric) => existsAt(metric, level)).map(
      ({ name, isScalar }) =>
        [columnKey(level, name, ENTITIES[level]), new Float64Array(isScalar ? 1 : MONTHS)] as const,
    ),
  );
  return {
    startMonth: YEAR * MONTHS,
    monthCount: MONTHS,
    yearStart: 1,
    parts: [
      {
        key: ENTITIES.part,
        fleet: "fleet",
        chip: "chip",
        site: ENTITIES.site,
        runsAs: { fp4: "fp4", fp8: "fp8", bf16: "bf16" },
      },
    ],
    sites: [ENTITIES.site],
    contracts: [ENTITIES.contract],
    tranches: [ENTITIES.tranche],
    loans: [ENTITIES.loan],
    workloads: [{ name: ENTITIES.workload, kind: "inference" }],
    assignments: [
      {
        key: ENTITIES.assignment,
        workload: ENTITIES.workload,
        kind: "inference",
        fleet: "fleet",
        chip: "chip",
      },
    ],
    columns: new Map([...columns, ...ratios]),
    notes: { referenceUse: "training", uncertainCount: 0, sizedEachTrial: [], sizedOnce: [] },
  };
}
