import createGlpk from "glpk.js/node";
import type { LinearProgram } from "../../../src/analysis/optimize/linear-program.ts";

const glpk = await createGlpk();

export type SecondSolution = {
  readonly status: "optimal" | "infeasible" | "unbounded" | "undefined";
  readonly objective: number;
};

/** Solves a program with GLPK, a simplex that shares nothing with HiGHS. */
export function solveWithGlpk(program: LinearProgram): SecondSolution {
  const { sense, costs, columnLower, columnUpper, rowLower, rowUpper, starts, indices, values } = program;
  const name = (column: number) => `x${column}`;
  // A simplex without presolve, so that an unbounded program is told from one without a plan.
  const { result } = glpk.solve(
    {
      name: "program",
      objective: {
        direction: sense === "minimize" ? glpk.GLP_MIN : glpk.GLP_MAX,
        name: "objective",
        vars: Array.from(costs, (coef, column) => ({ name: name(column), coef })),
      },
      subjectTo: Array.from(rowLower, (_, row) => ({
        name: `r${row}`,
        vars: Array.from(indices.subarray(starts[row], starts[row + 1]), (column, entry) => ({
          name: name(column),
          coef: values[starts[row] + entry],
        })),
        bnds: boundsOf(rowLower[row], rowUpper[row]),
      })),
      bounds: Array.from(costs, (_, column) => ({
        name: name(column),
        ...boundsOf(columnLower[column], columnUpper[column]),
      })),
    },
    { msglev: glpk.GLP_MSG_OFF, presol: false },
  );
  return { status: statusOf(result.status), objective: result.z };
}

function boundsOf(lower: number, upper: number) {
  const [hasLower, hasUpper] = [Number.isFinite(lower), Number.isFinite(upper)];
  const lb = hasLower ? lower : 0;
  const ub = hasUpper ? upper : 0;
  if (lower === upper) return { type: glpk.GLP_FX, lb, ub };
  if (hasLower && hasUpper) return { type: glpk.GLP_DB, lb, ub };
  if (hasLower) return { type: glpk.GLP_LO, lb, ub };
  return { type: hasUpper ? glpk.GLP_UP : glpk.GLP_FR, lb, ub };
}

function statusOf(status: number): SecondSolution["status"] {
  if (status === glpk.GLP_OPT) return "optimal";
  if (status === glpk.GLP_UNBND) return "unbounded";
  return status === glpk.GLP_NOFEAS || status === glpk.GLP_INFEAS ? "infeasible" : "undefined";
}
