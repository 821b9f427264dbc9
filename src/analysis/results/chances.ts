import { Reduction } from "../../engine/index.ts";
import { BINDING_WORDS } from "../../metrics/metric.ts";
import type { Results } from "./results.ts";

/** Share of the trials in which any work goes unserved, by month; undefined without a sample or workloads. */
export function unservedChances(results: Results): readonly number[] | undefined {
  return meansOf(results, "demand_unserved_share", Reduction.any);
}

/** Share of the trials in which each limit binds, by month, as monthly_ranges.csv has it. */
export function bindingChances(
  results: Results,
): readonly { readonly limit: string; readonly values: readonly number[] }[] {
  return BINDING_WORDS.flatMap((limit, code) => {
    const values = limit === "none" ? undefined : meansOf(results, "binding", Reduction.count, code);
    return values ? [{ limit, values }] : [];
  });
}

function meansOf(
  { spread, monthCount }: Results,
  metric: string,
  reduction: Reduction,
  code = 0,
): readonly number[] | undefined {
  const means: number[] = [];
  for (let first = 0; first < monthCount; first++) {
    const end = first + 1;
    const statistics = spread?.read({ level: "total", metric, first, end, reduction, code, ranked: false });
    if (!statistics) return undefined;
    means.push(statistics.mean);
  }
  return means;
}
