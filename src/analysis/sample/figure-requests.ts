import type { Statistics } from "../../engine/index.ts";
import type { Results } from "../results/results.ts";
import { type FigureRequest, placeholderStatistics } from "../results/spread.ts";
import { makeFigures } from "../tables/summary-table.ts";

/**
 * The request behind each figure of the run, by name. It is found by requesting the summary's statistics, so that the
 * summary is not described twice.
 *
 * Fails: never. Figures without statistics, such as the month of a peak, are left out.
 */
export function findFigureRequests(results: Results): ReadonlyMap<string, FigureRequest> {
  const asked = new Map<Statistics, FigureRequest>();
  const read = (request: FigureRequest): Statistics => {
    const answer = placeholderStatistics(0);
    asked.set(answer, request);
    return answer;
  };
  const spread = { probabilities: [], trials: 0, seed: "", read };
  return new Map(
    makeFigures({ ...results, spread }).flatMap(({ metric, statistics }) => {
      const request = statistics && asked.get(statistics);
      return request ? [[metric, request] as const] : [];
    }),
  );
}
