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

export type ProgramSolution = {
  readonly status: ProgramStatus;
  readonly objective: number;
  readonly columns: Float64Array;
  /** Change of the objective per unit of a row's bound, and of a column's. */
  readonly rowDuals: Float64Array;
  readonly columnDuals: Float64Array;
  /** Whether the columns meet all limits; a search that ran out of time may have such a plan or none. */
  readonly isFeasible: boolean;
  /** Relative distance of the objective from the best possible that is proved, 0 for an optimum; absent where nothing is known. */
  readonly gap?: number;
};

/** A program that a solver holds, so that a changed bound is solved from the last basis. */
export type OpenProgram = {
  readonly solve: () => ProgramSolution;
  readonly changeRow: (row: number, lower: number, upper: number) => void;
  readonly changeColumn: (column: number, lower: number, upper: number) => void;
  /** Rows and columns whose bounds cannot hold together, after `infeasible`. */
  readonly findConflict: () => { readonly rows: readonly number[]; readonly columns: readonly number[] };
  readonly close: () => void;
};

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

  column(cost: number, lower = 0, upper = Number.POSITIVE_INFINITY): number {
    this.#costs.push(cost);
    this.#columnLower.push(lower);
    return this.#columnUpper.push(upper) - 1;
  }

  /** Adds a row; entries of 0 are left out. */
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
