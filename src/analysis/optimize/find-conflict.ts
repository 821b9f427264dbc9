import type { LinearProgram, Solver, SolverOptions } from "./linear-program.ts";

/**
 * Finds limits that cannot hold together and of which none can be spared: without any one of them, the others, with the rest of the
 * program, can. A deletion filter (Chinneck and Dravnieks 1991): what can be taken out without making a plan possible is taken out,
 * a whole group where it can be, else by halves down to single rows.
 *
 * @param groups rows of the limits, those of one subject together; rows in none always stay
 * @param options its time is that of each search; where one ends before it is decided, its rows stay, so that the conflict may
 *   hold more than it needs
 * @return the rows, or none where the program has a plan or the rest of it alone has none
 *
 * Fails: never. Cost: solutions of the program without its objective, each from the basis of the one before: about one a group, and
 * for each row of the conflict as many as its group can be halved.
 */
export function findConflict(
  program: LinearProgram,
  groups: readonly (readonly number[])[],
  solver: Solver,
  options: SolverOptions = {},
): readonly number[] {
  // Whether there is a plan does not depend on what is sought, and nothing is without end where nothing is sought.
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
    // What is later goes first, so that a conflict is told where it begins.
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
