/**
 * The search for a better plan, in a thread of its own. Only `gigafleet open` serves it: the solver is larger than the page, and a
 * file on disk can load neither a worker nor WebAssembly from beside it.
 */
import { loadSolver } from "../../solver/highs-solver.ts";
import type { Search, Searched } from "../messages.ts";
import { findPlan } from "./find-plan.ts";
import { createPlanReader } from "./plans.ts";
import { Refusal } from "./shown.ts";

/** The global scope of a worker, as far as it is used here. */
type Scope = {
  postMessage: (message: Searched) => void;
  onmessage: ((event: MessageEvent<Search>) => void) | null;
};

const scope = globalThis as unknown as Scope;

scope.onmessage = ({ data }) => {
  search(data).then(
    (found) => scope.postMessage({ kind: "found", found }),
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      scope.postMessage({ kind: error instanceof Refusal ? "refused" : "broken", reason });
    },
  );
};

async function search(asked: Search) {
  return findPlan(asked, createPlanReader(asked.shipped), await loadSolver());
}
