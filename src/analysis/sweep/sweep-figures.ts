import type { Results } from "../results/results.ts";
import { placeholderStatistics, type Spread } from "../results/spread.ts";
import type { SampleSettings } from "../sample/sample-request.ts";
import type { Figure } from "../tables/summary-table.ts";
import { figuresOfPoint } from "./point-figures.ts";
import { cellsOfFigure } from "./sample-point.ts";

/**
 * The figures in a row of a sweep: those of the first point's summary, including its contracts, tranches and loans.
 *
 * @param first  results of the first point
 * @param spread placeholder statistics, if points are sampled
 *
 * Fails: never.
 */
export function figuresOfSweep(first: Results, spread?: Spread): readonly Figure[] {
  return figuresOfPoint(spread ? { ...first, spread } : first);
}

/** Statistics of the right shape for every figure. */
export function specimenSpread(sample: SampleSettings): Spread {
  const answer = placeholderStatistics(sample.probabilities.length);
  return { ...sample, read: () => answer };
}

/**
 * Cells of a point's figures, in the order of the sweep's. A figure that the point lacks, such as that of a missing
 * contract, is empty in all its columns.
 *
 * Fails: never.
 */
export function alignCells(
  heads: readonly Figure[],
  figures: readonly Figure[],
): readonly (number | string | null)[] {
  const own = new Map(figures.map((figure) => [figure.metric, figure]));
  return heads.flatMap((head) => {
    const figure = own.get(head.metric);
    return figure ? cellsOfFigure(figure) : cellsOfFigure(head).map(() => null);
  });
}
