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

scope.onmessage = async ({ data }) => scope.postMessage(await search(data));

async function search(asked: Search): Promise<Searched> {
  const solver = await loadSolver().catch(() => undefined);
  if (!solver) return { kind: "unloaded" };
  try {
    return { kind: "found", found: await findPlan(asked, createPlanReader(asked.shipped), solver) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: error instanceof Refusal ? "refused" : "broken", reason };
  }
}
