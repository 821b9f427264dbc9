import { InternalError } from "../../diagnostics/diagnostic.ts";
import { type Figure, type Plan, Reduction, type Statistics } from "../../engine/index.ts";
import { columnKey } from "../results/results.ts";
import { scalesOf } from "../results/scales.ts";
import { type FigureRequest, placeholderStatistics } from "../results/spread.ts";

/**
 * Collects the figures that readers of a spread request, so that a sample computes exactly these: none that no table shows,
 * and none listed twice.
 */
export class FigureCollector {
  readonly figures: Figure[] = [];
  readonly #columns: ReadonlyMap<string, number>;
  /** Positions of a column's figures: tables read tens of thousands, so that a key made of text would cost more than the rest. */
  readonly #known = new Map<number, Map<number, number>>();
  readonly #nothing: Statistics;
  #last: LastColumn | undefined;

  constructor(plan: Plan, probabilities: readonly number[]) {
    // Metrics that are one register in the same unit share a column, so their figures are summarised once.
    const scales = scalesOf(plan);
    const sameAs = new Map<string, number>();
    this.#columns = new Map(
      plan.columns.map(({ level, metric, entity, register }, index) => {
        const same = `${register} ${scales[index]}`;
        const first = sameAs.get(same) ?? index;
        sameAs.set(same, first);
        return [columnKey(level, metric, entity), first];
      }),
    );
    this.#nothing = placeholderStatistics(probabilities.length);
  }

  /** Adds a figure, and returns placeholder statistics of the right shape. */
  collect(request: FigureRequest): Statistics | undefined {
    return this.indexOf(request) === undefined ? undefined : this.#nothing;
  }

  /** Position of a figure among those collected, or undefined for a column that is not simulated. */
  indexOf(request: FigureRequest): number | undefined {
    const { first, end, reduction = Reduction.sum, code = 0, ranked = true } = request;
    const column = this.#columnOf(request);
    if (column === undefined) return undefined;
    const own = this.#known.get(column) ?? new Map<number, number>();
    const key = keyOf(first, end, reduction, code, ranked);
    const known = own.get(key);
    if (known !== undefined) return known;
    const index = this.figures.push({ column, first, end, reduction, code, ranked }) - 1;
    this.#known.set(column, own.set(key, index));
    return index;
  }

  /** Readers ask for all months of one column after the other. */
  #columnOf({ level, metric, entity }: FigureRequest): number | undefined {
    const last = this.#last;
    if (last && last.level === level && last.metric === metric && last.entity === entity) return last.column;
    const column = this.#columns.get(columnKey(level, metric, entity));
    this.#last = { level, metric, entity, column };
    return column;
  }
}

/** A column that was asked for, and where it is. */
type LastColumn = Pick<FigureRequest, "level" | "metric"> & {
  readonly entity: string | undefined;
  readonly column: number | undefined;
};

/** A key has room for numbers below these; the longest horizon has far fewer months. */
const [MONTHS, REDUCTIONS, CODES] = [1e5, 32, 256];

/** What tells a column's figures apart, as one whole number below 2^53. */
function keyOf(first: number, end: number, reduction: Reduction, code: number, ranked: boolean): number {
  // Beyond the bounds two figures would have one key, and one would silently show the other's statistics.
  if (!(end < MONTHS && reduction < REDUCTIONS && code >= 0 && code < CODES))
    throw new InternalError(
      `figure of months ${first} to ${end}, reduction ${reduction}, code ${code} has no key`,
    );
  return (((first * MONTHS + end) * REDUCTIONS + reduction) * CODES + code) * 2 + Number(ranked);
}
