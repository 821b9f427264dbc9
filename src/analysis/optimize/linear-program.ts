/** A linear program as arrays: columns are decisions, rows are limits; entries are stored by row (compressed sparse rows). */
export type LinearProgram = {
  readonly sense: "minimize" | "maximize";
  readonly costs: Float64Array;
  readonly columnLower: Float64Array;
  readonly columnUpper: Float64Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  /** First entry of each row, and the end of the last. */
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
};

/** The outcome of a search. */
export type ProgramStatus = "optimal" | "infeasible" | "unbounded" | "time_limit" | "failed";

/** A solver's answer, in the units of the program. */
export type ProgramSolution = {
  readonly status: ProgramStatus;
  readonly objective: number;
  readonly columns: Float64Array;
  /** Change of the objective per unit of a row's bound, and of a column's. */
  readonly rowDuals: Float64Array;
  readonly columnDuals: Float64Array;
  /** Whether the columns meet all limits; after a time limit they may or may not. */
  readonly isFeasible: boolean;
};

/** A program held by a solver, so that changed bounds are solved from the last basis. */
export type OpenProgram = {
  readonly solve: () => ProgramSolution;
  readonly changeRow: (row: number, lower: number, upper: number) => void;
  readonly changeColumn: (column: number, lower: number, upper: number) => void;
  readonly close: () => void;
};

/** Options of a solver. */
export type SolverOptions = {
  /** Time limit for one solution [s]. */
  readonly timeLimitSeconds?: number;
};

/** A solver of programs: HiGHS in the command line, another one in tests. */
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

  /** Adds a column between bounds, with its cost in the objective; returns its index. */
  column(cost: number, lower = 0, upper = Number.POSITIVE_INFINITY): number {
    this.#costs.push(cost);
    this.#columnLower.push(lower);
    return this.#columnUpper.push(upper) - 1;
  }

  /** Adds a row between bounds, without entries of 0; returns its index. */
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

  /** The program with all columns and rows added so far. */
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
 * A bound on the objective of any plan, by weak duality: a lower bound if the program minimises, an upper bound if it
 * maximises. Any row prices give a bound, and the optimal ones give the optimum itself.
 *
 *     sum over rows of y times the side that y presses on  +  sum over columns of the best of (c - A'y) x in their bounds
 *
 * A column without an upper bound gets that of a row without negative entries. Infinite if nothing bounds a column.
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
    // A price on a side without a bound proves nothing, and is ignored.
    if (price === 0 || !Number.isFinite(side)) continue;
    bound += price * side;
    for (let at = starts[row]; at < starts[row + 1]; at++) reduced[indices[at]] -= price * values[at];
  }
  for (const [column, cost] of reduced.entries()) {
    if (cost !== 0) bound += cost * (cost > 0 ? columnLower[column] : uppers[column]);
  }
  return sign * bound;
}

/** Upper bounds of columns, from rows without negative entries if they have none; columns are at least 0. */
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
