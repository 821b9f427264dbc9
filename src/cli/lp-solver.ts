import type { SolveLinear } from "../analysis/check-assignment.ts";

/** The parts of the solver that are used here; its own types name the browser's. */
type Highs = {
  readonly solve: (problem: string) => { readonly Status: string; readonly ObjectiveValue: number };
};

/** Loads HiGHS, which takes a moment and is wanted by few commands. */
export async function loadLinearSolver(): Promise<SolveLinear> {
  const module = (await import("highs")) as unknown as { readonly default: () => Promise<Highs> };
  const highs = await module.default();
  return (problem) => {
    const { Status, ObjectiveValue } = highs.solve(problem);
    return Status === "Optimal" ? ObjectiveValue : undefined;
  };
}
