import { InternalError } from "../../diagnostics/diagnostic.ts";
import type { Plan } from "../../engine/index.ts";
import { findMetric } from "../../metrics/index.ts";
import type { RunOutput } from "../../run/runner.ts";
import type { Basis, DeploymentCase } from "./case.ts";

/** Metrics of the whole that predictions use. */
export const PREDICTION_METRICS = [
  "chips_energised",
  "facility_power_mw",
  "it_power_mw",
  "power_limit_mw",
  "chip_landed_cost_usd",
  "network_landed_cost_usd",
  "facility_cost_in_service_usd",
  "peak_fp4_eflops",
  "peak_fp8_eflops",
  "peak_bf16_eflops",
] as const;
type PredictionMetric = (typeof PREDICTION_METRICS)[number];

/** A metric of one trial by reported month, in its display unit. */
type MonthsOf = (metric: PredictionMetric) => readonly number[];

/**
 * Predicts the figure of a deployment for every trial of its template's run.
 *
 * Stocks are those of the last month, purchases the sum of the months. The facility counts in proportion to the power of
 * the chips, since the template's site has more power.
 *
 * @param basis of the power that is given or predicted
 * @return one number per trial, in the unit of the prediction
 *
 * Fails: throws `InternalError` if the Plan lacks one of `PREDICTION_METRICS`.
 */
export function predictTrials(
  one: DeploymentCase,
  basis: Basis | undefined,
  plan: Plan,
  { columns }: RunOutput,
  trials: number,
): Float64Array {
  return Float64Array.from({ length: trials }, (_, trial) => {
    const monthsOf: MonthsOf = (metric) => {
      const index = plan.columns.findIndex(({ level, metric: name }) => level === "total" && name === metric);
      const scale = findMetric(metric)?.scale ?? 1;
      const column = columns[index];
      if (!column) throw new InternalError(`the plan of a case has no ${metric}`);
      return Array.from(
        { length: column.length / trials },
        (__, month) => column[month * trials + trial] / scale,
      );
    };
    return predictOne(one, basis, monthsOf);
  });
}

const USD_PER_BILLION = 1e9;
const MILLION_PER_BILLION = 1e3;

function predictOne(
  { predict, amountBusd = 0, termYears = 1 }: DeploymentCase,
  basis: Basis | undefined,
  monthsOf: MonthsOf,
): number {
  const last = (metric: PredictionMetric) => monthsOf(metric).at(-1) ?? 0;
  const billions = (metric: PredictionMetric) =>
    monthsOf(metric).reduce((sum, value) => sum + value, 0) / USD_PER_BILLION;
  const power = () => last(basis === "it" ? "it_power_mw" : "facility_power_mw");
  const servers = () => billions("chip_landed_cost_usd") + billions("network_landed_cost_usd");
  const facility = () =>
    (last("facility_cost_in_service_usd") / USD_PER_BILLION) *
    (last("facility_power_mw") / last("power_limit_mw"));
  switch (predict) {
    case "power":
      return power();
    case "facility_power":
      return last("facility_power_mw");
    case "it_power":
      return last("it_power_mw");
    case "chips":
      return last("chips_energised");
    case "capital":
      return servers() + facility();
    case "chip_purchase":
      return billions("chip_landed_cost_usd");
    case "server_purchase":
      return servers();
    case "facility_capital":
      return facility();
    case "peak_fp4":
      return last("peak_fp4_eflops");
    case "peak_fp8":
      return last("peak_fp8_eflops");
    case "peak_bf16":
      return last("peak_bf16_eflops");
    case "rate":
      return (amountBusd * MILLION_PER_BILLION) / (power() * termYears);
    case "months_late":
      return monthsOf("power_limit_mw").filter((limit) => limit === 0).length;
  }
}
