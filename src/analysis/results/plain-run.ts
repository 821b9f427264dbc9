import { compile } from "../../compile/compile.ts";
import { entitySourceOf } from "../../compile/entities.ts";
import { listParts } from "../../compile/parts.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type Plan, type PlanOutline, plainInputs } from "../../engine/index.ts";
import type { Runner, RunOutput } from "../../run/runner.ts";
import { yearStartOf } from "../../scenario/calendar.ts";
import { precisionRun } from "../../scenario/precision.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { describeFaults } from "./faults.ts";
import { listRatesOfReturn, RETURNS } from "./rates-of-return.ts";
import { columnKey, columnsByKey, type ResultPart, type Results, type RunNotes } from "./results.ts";
import { scalesOf } from "./scales.ts";

/** Results, unless a value is outside its range. */
export type PlainRun = {
  readonly results?: Results;
  /** Paths of the uncertain values that the run reads. */
  readonly uncertain?: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Runs a scenario once with every uncertain value at its median, and returns every metric at every level.
 *
 * This is the run of the medians, not the median of the runs.
 *
 * @param plan of all metrics in all months of its window
 *
 * Fails: never, for a scenario without errors; a value outside its field's range is returned as a diagnostic.
 */
export async function runPlain(
  scenario: Scenario,
  runner: Pick<Runner, "run">,
  plan: Plan = compile(scenario),
): Promise<PlainRun> {
  return plainRunOf(
    scenario,
    plan,
    await runner.run(plan, { inputs: plainInputs(plan), trials: 1, months: "window" }),
  );
}

/** What the one trial at the medians gave, of a Plan of all metrics in all months of its window. Fails: as `runPlain`. */
export function plainRunOf(scenario: Scenario, plan: PlanOutline, output: RunOutput): PlainRun {
  const diagnostics = describeFaults(scenario, output.faults, 1);
  if (diagnostics.length > 0) return { diagnostics };
  return {
    results: toResults(scenario, plan, output),
    uncertain: listUncertain(plan),
    diagnostics,
  };
}

/** The results of one trial of a Plan of all metrics, in all months of its window. Fails: never. */
export function toResults(scenario: Scenario, plan: PlanOutline, output: RunOutput): Results {
  const columns = toShownUnits(plan, output);
  return {
    startMonth: scenario.startMonth,
    monthCount: scenario.monthCount,
    yearStart: yearStartOf(scenario),
    parts: listResultParts(scenario),
    sites: scenario.names.sites,
    contracts: scenario.names.contracts,
    tranches: scenario.names.financing,
    loans: scenario.names.debt,
    ...listDemand(scenario),
    columns,
    notes: { ...noteRun(scenario, plan), otherRates: noteRates(plan, output, columns) },
  };
}

function listDemand(scenario: Scenario): Pick<Results, "workloads" | "assignments"> {
  const { workloads, pairs } = entitySourceOf(scenario);
  return {
    workloads: workloads.map(({ name, kind }) => ({ name, kind })),
    assignments: pairs.map(({ workload, part }) => ({
      key: `${workload.name}/${part.key}`,
      workload: workload.name,
      kind: workload.kind,
      fleet: part.fleet,
      chip: part.chip,
    })),
  };
}

function toShownUnits(plan: PlanOutline, { columns }: RunOutput): ReadonlyMap<string, Float64Array> {
  const scales = scalesOf(plan);
  const { originMonth, horizonMonths } = plan;
  return columnsByKey(
    plan,
    columns.map((values, index) => {
      const shown = values.length > 1 ? values.subarray(originMonth, originMonth + horizonMonths) : values;
      return scaled(shown, scales[index]);
    }),
  );
}

/** Not `map`, which would call a function for each of millions of values. */
function scaled(values: Float64Array, scale: number): Float64Array {
  if (scale === 1) return values;
  const shown = new Float64Array(values.length);
  for (let index = 0; index < shown.length; index++) shown[index] = values[index] / scale;
  return shown;
}

function listResultParts(scenario: Scenario): readonly ResultPart[] {
  return listParts(scenario).map(({ key, fleet, chip, site }) => ({
    key,
    fleet,
    chip,
    site,
    runsAs: {
      fp4: precisionRun(scenario, chip, "fp4"),
      fp8: precisionRun(scenario, chip, "fp8"),
      bf16: precisionRun(scenario, chip, "bf16"),
    },
  }));
}

/** For each rate of return, the other rates that make its cash 0, where there are any. */
function noteRates(
  plan: PlanOutline,
  output: RunOutput,
  shown: ReadonlyMap<string, Float64Array>,
): ReadonlyMap<string, readonly number[]> {
  const figure = (metric: string) => shown.get(columnKey("run", metric))?.[0] ?? Number.NaN;
  const ofWindow = (metric: string) =>
    plan.columns.findIndex((column) => column.level === "total" && column.metric === metric);
  const others = ({ rate: metric, cash, left: end, owed }: (typeof RETURNS)[number]): readonly number[] => {
    const given = figure(metric);
    const left = owed.reduce((rest, one) => rest - figure(one), figure(end));
    const flows = output.columns[ofWindow(cash)]?.slice();
    if (Number.isNaN(given + left) || !flows) return [];
    flows[flows.length - 1] += left;
    const rates = listRatesOfReturn(flows);
    const nearest = rates.reduce(
      (a, b) => (Math.abs(b - given) < Math.abs(a - given) ? b : a),
      Number.POSITIVE_INFINITY,
    );
    return rates.filter((rate) => rate !== nearest);
  };
  return new Map(
    RETURNS.map((each) => [each.rate, others(each)] as const).filter(([, rates]) => rates.length > 0),
  );
}

function listUncertain({ variables }: PlanOutline): readonly string[] {
  return variables.flatMap(({ kind, key }) => (kind === "uniform" ? [key] : []));
}

function noteRun(scenario: Scenario, plan: PlanOutline): RunNotes {
  const mixed = new Set(listParts(scenario).flatMap((part) => (part.mixed ? [part.fleet] : [])));
  const derived = scenario.names.fleets.filter(
    (fleet) => mixed.has(fleet) || scenario.fields.get(`fleets.${fleet}.size`)?.dimension !== "chips",
  );
  const isOnce = (fleet: string) => scenario.fields.get(`fleets.${fleet}.sized`)?.choice === "once";
  return {
    referenceUse: scenario.fields.get("reference_use")?.choice ?? "training",
    uncertainCount: listUncertain(plan).length,
    sizedEachTrial: derived.filter((fleet) => !isOnce(fleet)),
    sizedOnce: derived.filter(isOnce),
  };
}
