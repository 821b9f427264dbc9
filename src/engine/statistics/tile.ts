import type { Plan } from "../plan/plan.ts";
import { type Figure, Reduction } from "./figures.ts";
import { countEntries } from "./sift.ts";

/**
 * Rows of a tile of trials: what figures read of each column, month after month, and behind them a row of its own for each figure that is
 * made of several months. Each strip of trials has all rows, one below the other.
 */
export type TileLayout = {
  /** First row of each column, -1 for those that no figure reads. */
  readonly columnRows: Int32Array;
  /** The row of each figure. */
  readonly figureRows: Int32Array;
  /** Figures that are sums of months: first row, months, and the figure's row, one after the other. */
  readonly sums: Int32Array;
  /** Figures that are made of months otherwise, by their index. */
  readonly reduced: readonly number[];
  readonly rowCount: number;
  /** Entries that are sifted (`SummaryState`). */
  readonly entries: number;
};

/**
 * Lays out the rows that figures need.
 *
 * @param ranks order statistics that are wanted of each figure
 */
export function layOutTile(plan: Plan, figures: readonly Figure[], ranks: number): TileLayout {
  const columnRows = new Int32Array(plan.columns.length).fill(-1);
  const figureRows = new Int32Array(figures.length);
  const sums: number[] = [];
  const reduced: number[] = [];
  let rowCount = 0;
  for (const { column } of figures) {
    if (columnRows[column] >= 0) continue;
    columnRows[column] = rowCount;
    rowCount += monthsOfColumn(plan, column);
  }
  for (const [index, { column, first, end, reduction }] of figures.entries()) {
    const source = columnRows[column] + first;
    const isRow = reduction === Reduction.sum && end - first === 1;
    figureRows[index] = isRow ? source : rowCount++;
    if (reduction !== Reduction.sum) reduced.push(index);
    else if (!isRow) sums.push(source, end - first, figureRows[index]);
  }
  const entries = countEntries(figures.length, ranks);
  return { columnRows, figureRows, sums: Int32Array.from(sums), reduced, rowCount, entries };
}

/** Months reported of a column: one where it is one number a trial. */
export function monthsOfColumn({ columns, horizonMonths }: Plan, column: number): number {
  return columns[column].isScalar ? 1 : horizonMonths;
}
