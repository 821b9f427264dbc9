import * as highsModule from "highs";
import type {
  LinearProgram,
  OpenProgram,
  ProgramSolution,
  ProgramStatus,
  Solver,
} from "../analysis/optimize/linear-program.ts";

const loadHighs = highsModule.default;

/** The status of a solution that meets all bounds in HiGHS (`primal_solution_status`). */
const FEASIBLE = 2;

/** Primal simplex of HiGHS (`simplex_strategy`), whose intermediate plans meet the limits. */
const PRIMAL_SIMPLEX = 4;

/** This process cannot run the solver: it has no WebAssembly, may not compile it, or has no memory for it. */
export class SolverMissingError extends Error {
  override readonly name = "SolverMissingError";
}

/**
 * Loads HiGHS, compiled to WebAssembly. The same program gives the same result bit for bit, except under a time limit.
 *
 * Memory: an open program occupies memory of the solver until it is closed.
 * Fails: throws `SolverMissingError` where it cannot be loaded.
 */
export async function loadSolver(): Promise<Solver> {
  const highs = await loadHighs().catch((cause: unknown) => {
    throw new SolverMissingError(
      "this process cannot load the solver: it has no WebAssembly, may not compile it, or has too little memory for it",
      { cause },
    );
  });
  const codes = highs.constants.modelStatus;
  const statusOf = (code: number): ProgramStatus => {
    if (code === codes.optimal) return "optimal";
    if (code === codes.infeasible) return "infeasible";
    if (code === codes.unbounded || code === codes.unboundedOrInfeasible) return "unbounded";
    return code === codes.timeLimit || code === codes.iterationLimit ? "time_limit" : "failed";
  };
  return {
    open: (program, { timeLimitSeconds } = {}) => {
      const model = highs.createModel({ ...dataOf(program), sense: senseOf(highs, program) });
      const options = {
        output_flag: false,
        primal_feasibility_tolerance: 1e-9,
        dual_feasibility_tolerance: 1e-9,
      };
      model.options.set(options);
      if (timeLimitSeconds !== undefined) model.options.set("time_limit", timeLimitSeconds);
      const read = (): ProgramSolution => {
        const { colValue, rowDual, colDual } = model.getSolution();
        return {
          status: statusOf(model.getModelStatus()),
          objective: model.getObjectiveValue(),
          columns: colValue,
          rowDuals: rowDual,
          columnDuals: colDual,
          isFeasible: Number(model.info.get("primal_solution_status")) === FEASIBLE,
        };
      };
      const solve = (): ProgramSolution => {
        model.run();
        // Presolve may not tell infeasible from unbounded.
        if (model.getModelStatus() === codes.unboundedOrInfeasible) {
          model.options.set("presolve", "off");
          model.run();
          model.options.set("presolve", "choose");
        }
        const found = read();
        if (found.status !== "time_limit" || found.isFeasible) return found;
        // Presolve loses intermediate plans, so this program is solved without it.
        model.options.set({ simplex_strategy: PRIMAL_SIMPLEX, presolve: "off" });
        model.clearSolver();
        model.zeroAllClocks();
        model.run();
        const second = read();
        // Prices of the dual simplex prove more than those of an intermediate plan.
        return second.status === "time_limit" ? { ...second, rowDuals: found.rowDuals } : second;
      };
      return {
        solve,
        changeRow: (row, lower, upper) => void model.changeRowBounds(row, lower, upper),
        changeColumn: (column, lower, upper) => void model.changeColBounds(column, lower, upper),
        close: () => model.dispose(),
      } satisfies OpenProgram;
    },
  };
}

type Highs = Awaited<ReturnType<typeof loadHighs>>;

function senseOf(highs: Highs, { sense }: LinearProgram) {
  const { minimize, maximize } = highs.constants.objectiveSense;
  return sense === "minimize" ? minimize : maximize;
}

function dataOf(program: LinearProgram) {
  const [numCols, numRows] = [program.costs.length, program.rowLower.length];
  const { starts, indices, values } = program;
  return {
    numCols,
    numRows,
    colCost: program.costs,
    colLower: program.columnLower,
    colUpper: program.columnUpper,
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    matrix: { format: "csr" as const, numRows, numCols, starts, indices, values },
  };
}
