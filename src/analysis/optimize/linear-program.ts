/** A linear program as arrays: columns are decisions, rows are limits; entries by row (compressed sparse rows). */
export type LinearProgram = {
  readonly sense: "minimize" | "maximize";
  readonly costs: Float64Array;
  readonly columnLower: Float64Array;
  readonly columnUpper: Float64Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  /** First entry of each row, and the end behind the last. */
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
};

/** How a search ended. */
export type ProgramStatus = "optimal" | "infeasible" | "unbounded" | "time_limit" | "failed";

/** What a solver gives back, in the units of the program. */
export type ProgramSolution = {
  readonly status: ProgramStatus;
  readonly objective: number;
  readonly columns: Float64Array;
  /** Change of the objective per unit of a row's bound, and of a column's. */
  readonly rowDuals: Float64Array;
  readonly columnDuals: Float64Array;
  /** Whether the columns meet all limits; a search that ran out of time may have such a plan or none. */
  readonly isFeasible: boolean;
};

/** A program that a solver holds, so that a changed bound is solved from the last basis. */
export type OpenProgram = {
  readonly solve: () => ProgramSolution;
  readonly changeRow: (row: number, lower: number, upper: number) => void;
  readonly changeColumn: (column: number, lower: number, upper: number) => void;
  readonly close: () => void;
};

/** What a solver is told beside the program. */
export type SolverOptions = {
  /** Time for one solution [s]. */
  readonly timeLimitSeconds?: number;
};

/** What solves programs: HiGHS in the command line, another in tests. */
export type Solver = { readonly open: (program: LinearProgram, options?: SolverOptions) => OpenProgram };

/** Builds a program row by row. */
export class ProgramBuilder {
  readonly #costs: number[] = [];
  readonly #columnLower: number[] = [];
  readonly #columnUpper: number[] = [];
  readonly #rowLower: number[] = [];
  readonly #rowUpper: number[] = [];
  readonly #starts: number[] = [0];
  readonly #indices: number[] = [];
  readonly #values: number[] = [];

  /** Adds a column between bounds, with its cost in the objective; gives its index. */
  column(cost: number, lower = 0, upper = Number.POSITIVE_INFINITY): number {
    this.#costs.push(cost);
    this.#columnLower.push(lower);
    return this.#columnUpper.push(upper) - 1;
  }

  /** Adds a row between bounds; entries of 0 are left out. Gives its index. */
  row(entries: Iterable<readonly [column: number, value: number]>, lower: number, upper: number): number {
    for (const [column, value] of entries) {
      if (value === 0) continue;
      this.#indices.push(column);
      this.#values.push(value);
    }
    this.#starts.push(this.#indices.length);
    this.#rowLower.push(lower);
    return this.#rowUpper.push(upper) - 1;
  }

  /** The program of all columns and rows added so far. */
  build(sense: LinearProgram["sense"]): LinearProgram {
    return {
      sense,
      costs: Float64Array.from(this.#costs),
      columnLower: Float64Array.from(this.#columnLower),
      columnUpper: Float64Array.from(this.#columnUpper),
      rowLower: Float64Array.from(this.#rowLower),
      rowUpper: Float64Array.from(this.#rowUpper),
      starts: Int32Array.from(this.#starts),
      indices: Int32Array.from(this.#indices),
      values: Float64Array.from(this.#values),
    };
  }
}

/**
 * A bound that no plan's objective can pass, by weak duality: below it for a program that minimises, above it for one that
 * maximises. Any prices of the rows give one, the optimal ones the optimum itself.
 *
 *     sum over rows of y times the side that y presses on  +  sum over columns of the best of (c - A'y) x in their bounds
 *
 * A column without an upper bound has that of the rows of entries that are not negative. Infinite where nothing bounds a column.
 *
 * Fails: never. Cost: entries.
 */
export function boundObjective(program: LinearProgram, rowDuals: Float64Array): number {
  const { sense, costs, columnLower, rowLower, rowUpper, starts, indices, values } = program;
  const sign = sense === "minimize" ? 1 : -1;
  const uppers = impliedUppers(program);
  const reduced = costs.map((cost) => sign * cost);
  let bound = 0;
  for (let row = 0; row < rowLower.length; row++) {
    const price = sign * (rowDuals[row] ?? 0);
    const side = price > 0 ? rowLower[row] : rowUpper[row];
    // A price that presses on a side that is not there proves nothing, and is left out.
    if (price === 0 || !Number.isFinite(side)) continue;
    bound += price * side;
    for (let at = starts[row]; at < starts[row + 1]; at++) reduced[indices[at]] -= price * values[at];
  }
  for (const [column, cost] of reduced.entries()) {
    if (cost !== 0) bound += cost * (cost > 0 ? columnLower[column] : uppers[column]);
  }
  return sign * bound;
}

/** Upper bounds of columns, from rows without negative entries where they state none; columns are at least 0. */
function impliedUppers(program: LinearProgram): Float64Array {
  const { columnUpper, rowUpper, starts, indices, values } = program;
  const uppers = columnUpper.slice();
  for (let row = 0; row < rowUpper.length; row++) {
    const [start, end] = [starts[row], starts[row + 1]];
    if (!Number.isFinite(rowUpper[row]) || values.subarray(start, end).some((value) => value < 0)) continue;
    for (let at = start; at < end; at++)
      uppers[indices[at]] = Math.min(uppers[indices[at]], rowUpper[row] / values[at]);
  }
  return uppers;
}
