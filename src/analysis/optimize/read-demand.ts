import { compile } from "../../compile/compile.ts";
import { listWorkloads } from "../../compile/demand/workloads.ts";
import { listParts } from "../../compile/parts.ts";
import type { MetricLevel } from "../../metrics/metric.ts";
import { ALL_WORKLOADS } from "../../scenario/check/check-decisions.ts";
import { plainValue } from "../../scenario/plain-value.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { columnKey, columnsByKey } from "../results/results.ts";
import { type Candidate, unitFleets, withoutFleets } from "./derive-scenario.ts";
import { runWindow } from "./read-coefficients.ts";
import type { Task } from "./read-task.ts";

/** A workload with a share that must be served. */
export type ServedWorkload = {
  readonly name: string;
  /** Share of the requirement, month by month, or for a training run by the end of its window. */
  readonly share: number;
  readonly isTraining: boolean;
  readonly isDeferrable: boolean;
  /** Chips held over chips used on average: 1 for work that can wait. */
  readonly reserve: number;
  /** Fewest chips of a part that it runs on, which a linear program cannot express. */
  readonly minChips: number;
  /** Output tokens or FLOP due by month of the horizon. */
  readonly required: Float64Array;
  /** Units per chip-hour, by new fleet and by part that stays; absent where it may not run. */
  readonly rates: ReadonlyMap<string, number>;
};

/** The demand of a program: workloads to serve, and the chips of the fleets that stay. */
export type DemandSide = {
  readonly served: readonly ServedWorkload[];
  /** Productive chips by month of the horizon, by part that stays. */
  readonly keptProductive: ReadonlyMap<string, Float64Array>;
};

/**
 * Reads the demand to serve from the engine: required units, and the rate of each workload on each fleet.
 *
 * Fails: never. Cost: three plain runs of the demand metrics, or none if there is nothing to serve.
 */
export function readDemand(
  scenario: Scenario,
  { replaced }: Task,
  candidates: readonly Candidate[],
): DemandSide {
  const shares = readShares(scenario);
  if (shares.size === 0) return { served: [], keptProductive: new Map() };
  const asked = readColumns(scenario, ["demand_required_units"]);
  const kept = withoutFleets(scenario, replaced);
  const stays = readColumns(kept, [RATE, "chips_productive"]);
  const bought = readColumns(unitFleets(scenario, candidates, scenario.startMonth), [RATE]);
  const keptParts = listParts(kept).map(({ key }) => key);
  const served = listWorkloads(scenario).flatMap(({ name, kind, deferrable }): ServedWorkload[] => {
    const share = shares.get(name) ?? 0;
    if (share === 0) return [];
    const rateOf = (from: typeof stays, part: string) => from("assignment", RATE, `${name}/${part}`)[0] ?? 0;
    const rates = [
      ...candidates.map(({ fleet, chip }) => [fleet, rateOf(bought, `${fleet}/${chip}`)] as const),
      ...keptParts.map((part) => [part, rateOf(stays, part)] as const),
    ];
    const peak = asked("workload", "input workload.peak_over_mean", name)[0] ?? 1;
    return [
      {
        name,
        share,
        isTraining: kind === "training",
        isDeferrable: deferrable,
        reserve: deferrable ? 1 : peak,
        minChips: asked("workload", "input workload.min_chips", name)[0] ?? 0,
        required: asked("workload", "demand_required_units", name),
        rates: new Map(rates.filter(([, rate]) => rate > 0)),
      },
    ];
  });
  const keptProductive = keptParts.map((part) => [part, stays("part", "chips_productive", part)] as const);
  return { served, keptProductive: new Map(keptProductive) };
}

const RATE = "rate_units_per_chip_hour";

/** Share to serve by workload: its own, else that of `all`. */
function readShares(scenario: Scenario): ReadonlyMap<string, number> {
  const shareOf = (name: string) => plainValue(scenario, `optimize.serve.${name}`);
  const ofAll = shareOf(ALL_WORKLOADS);
  return new Map(
    scenario.names.workloads.flatMap((name) => {
      const share = shareOf(name) ?? ofAll;
      return share === undefined ? [] : [[name, share] as const];
    }),
  );
}

/** Columns of a plain run by level, metric and entity, over the horizon. */
function readColumns(scenario: Scenario, metrics: readonly string[]) {
  const plan = compile(scenario, {
    metrics,
    levels: ["part", "workload", "assignment"],
    formulaInputs: ["workload.peak_over_mean", "workload.min_chips"],
  });
  const { columns } = runWindow(plan, [scenario.startMonth]);
  const end = plan.originMonth + plan.horizonMonths;
  const found = columnsByKey(
    plan,
    columns.map((values) => values.subarray(plan.originMonth, end)),
  );
  return (level: MetricLevel, metric: string, entity: string) =>
    found.get(columnKey(level, metric, entity)) ?? new Float64Array(plan.horizonMonths);
}
