import { InternalError } from "../../diagnostics/diagnostic.ts";
import type { Plan } from "../../engine/index.ts";
import { findMetric } from "../../metrics/index.ts";
import { SECONDS_PER_HOUR } from "../../metrics/unit-factors.ts";
import type { RunOutput } from "../../run/runner.ts";
import type { WorkCase } from "./case.ts";

/** Metrics of a case's workload that predictions use. */
export const WORK_METRICS = [
  "rate_units_per_chip_hour",
  "decode_tokens_per_second_per_chip",
  "prefill_chip_ms_per_token",
  "demand_required_units",
] as const;
type WorkMetric = (typeof WORK_METRICS)[number];

const MS_PER_SECOND = 1000;
const HOURS_PER_DAY = 24;

/**
 * Predicts the published rate or time of work for every trial of its template's run, which has one workload on one part.
 *
 * @return one number per trial, in the unit of the prediction; 0 tokens if the model does not fit
 *
 * Fails: throws `InternalError` if the Plan lacks one of `WORK_METRICS`.
 */
export function predictWork(one: WorkCase, plan: Plan, { columns }: RunOutput, trials: number): Float64Array {
  return Float64Array.from({ length: trials }, (_, trial) => {
    const sumOf = (metric: WorkMetric): number => {
      const column = columns[plan.columns.findIndex(({ metric: name }) => name === metric)];
      if (!column) throw new InternalError(`the plan of a case has no ${metric}`);
      const months = Array.from(
        { length: column.length / trials },
        (__, month) => column[month * trials + trial],
      );
      return months.reduce((sum, value) => sum + value, 0) / (findMetric(metric)?.scale ?? 1);
    };
    return predictOne(one, sumOf);
  });
}

/** The rate of a chip-hour is one number per trial; a training run's FLOP are the sum of its months. */
function predictOne(
  { predict, chips: [{ parts: chips }], promptTokens, answerTokens }: WorkCase,
  sumOf: (metric: WorkMetric) => number,
): number {
  switch (predict) {
    case "service":
      return sumOf("rate_units_per_chip_hour") / SECONDS_PER_HOUR;
    case "decode":
      return sumOf("decode_tokens_per_second_per_chip");
    case "prefill": {
      const time = sumOf("prefill_chip_ms_per_token") * answerTokens;
      return time > 0 ? (MS_PER_SECOND * promptTokens) / time : 0;
    }
    case "training":
      return sumOf("demand_required_units") / (sumOf("rate_units_per_chip_hour") * chips * HOURS_PER_DAY);
  }
}
