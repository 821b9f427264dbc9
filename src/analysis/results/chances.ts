import { Reduction } from "../../engine/index.ts";
import { BINDING_WORDS } from "../../metrics/metric.ts";
import type { Results } from "./results.ts";
import type { FigureRequest } from "./spread.ts";

/** Share of the trials in which any work goes unserved, by month; undefined without a sample or workloads. */
export function unservedChances(results: Results): readonly number[] | undefined {
  return meansOf(results, { level: "total", metric: "demand_unserved_share", reduction: Reduction.any });
}

/** Share of the trials in which each limit binds, by month, as monthly_ranges.csv has it. */
export function bindingChances(
  results: Results,
): readonly { readonly limit: string; readonly values: readonly number[] }[] {
  return BINDING_WORDS.flatMap((limit, code) => {
    const request = { level: "total", metric: "binding", reduction: Reduction.count, code } as const;
    const values = limit === "none" ? undefined : meansOf(results, request);
    return values ? [{ limit, values }] : [];
  });
}

function meansOf(
  { spread, monthCount }: Results,
  request: Omit<FigureRequest, "first" | "end">,
): readonly number[] | undefined {
  const means: number[] = [];
  for (let month = 0; month < monthCount; month++) {
    const statistics = spread?.read({ ...request, first: month, end: month + 1, ranked: false });
    if (!statistics) return undefined;
    means.push(statistics.mean);
  }
  return means;
}
