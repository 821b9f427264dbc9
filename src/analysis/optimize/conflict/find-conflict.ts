import type { LinearProgram, Solver, SolverOptions } from "../linear-program.ts";

/**
 * Finds a minimal conflicting set of limits: without any one of them, the program with the others has a plan. It is a
 * deletion filter (Chinneck and Dravnieks 1991), which removes everything that can be removed without making a plan
 * possible: a whole group if possible, else halves, down to single rows.
 *
 * @param groups rows of the limits, with those of one subject together; rows outside all groups always stay
 * @param options its time limits each search; rows whose search times out stay, so the set may not be minimal
 * @return the rows; none if the program has a plan, or if it has none even without all limits
 *
 * Fails: never. Cost: solutions of the program without its objective, each from the previous basis: about one per group,
 * and for each conflicting row the number of halvings of its group.
 */
export function findConflict(
  program: LinearProgram,
  groups: readonly (readonly number[])[],
  solver: Solver,
  options: SolverOptions = {},
): readonly number[] {
  // Whether a plan exists does not depend on the objective, and without one nothing is unbounded.
  const open = solver.open({ ...program, costs: new Float64Array(program.costs.length) }, options);
  const kept = new Set(groups.flat());
  const isInfeasible = () => open.solve().status === "infeasible";
  const visit = (rows: readonly number[]): void => {
    for (const row of rows) open.changeRow(row, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    if (isInfeasible()) {
      for (const row of rows) kept.delete(row);
      return;
    }
    for (const row of rows) open.changeRow(row, program.rowLower[row], program.rowUpper[row]);
    if (rows.length < 2) return;
    // Later rows are removed first, so that the conflict is reported where it begins.
    const half = rows.length >> 1;
    visit(rows.slice(half));
    visit(rows.slice(0, half));
  };
  try {
    if (!isInfeasible()) return [];
    for (const rows of groups) if (rows.length > 0) visit(rows);
    return [...kept];
  } finally {
    open.close();
  }
}
