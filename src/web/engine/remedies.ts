import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { LoadResult } from "../../scenario/load.ts";
import type { Plan, Problem } from "../messages.ts";
import { problemOf, proposalsOf, replaceAt } from "./problems.ts";

/** Most faults for which remedies are tried. */
const MOST_REMEDIED = 5;

/**
 * The problems of a plan with the texts that remove them: each is tried, since only trying shows that nothing else goes wrong.
 *
 * @param breathe awaited before each trial; it may throw to end the search
 */
export async function findRemedies(
  plan: Plan,
  diagnostics: readonly Diagnostic[],
  load: (plan: Plan) => LoadResult,
  breathe: () => Promise<void>,
): Promise<readonly Problem[]> {
  const before = countErrors(diagnostics);
  const problems: Problem[] = [];
  for (const [index, diagnostic] of diagnostics.entries()) {
    const { at } = problemOf(diagnostic, plan.file);
    const proposals = at && index < MOST_REMEDIED ? proposalsOf(diagnostic) : [];
    const fixes: string[] = [];
    for (const proposal of proposals) {
      await breathe();
      const text = at ? replaceAt(plan.text, at, proposal) : plan.text;
      if (countErrors(load({ ...plan, text }).diagnostics) < before) fixes.push(proposal);
    }
    problems.push(problemOf(diagnostic, plan.file, fixes));
  }
  return problems;
}

function countErrors(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(({ severity }) => severity === "error").length;
}
