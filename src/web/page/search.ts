/** The search for a better plan: in a thread of its own, which `gigafleet open` serves and which ends with the search. */
import type { Plan, Search, Searched, Shipped } from "../messages.ts";
import { openPlan, panelWidth } from "./actions.ts";
import { alarm, planNow, search } from "./state.ts";

const UNLOADED = "the solver cannot be loaded; start `gigafleet open` again if it has been stopped";

let worker: Worker | undefined;

/** Begins a search; one that is under way goes on. */
export function startSearch(shipped: Shipped, task: Pick<Search, "goal" | "book">): void {
  if (worker) return;
  const begun = new Worker("optimizer.js");
  worker = begun;
  const plan = planNow.value;
  search.value = { kind: "running", plan };
  begun.onmessage = ({ data }: MessageEvent<Searched>) => finish(data, plan);
  begun.onerror = () => finish({ kind: "unloaded" }, plan);
  const asked: Search = { shipped, plan, width: panelWidth("search"), ...task };
  begun.postMessage(asked);
}

/** Ends a search without a result. */
export function cancelSearch(): void {
  end();
  search.value = undefined;
}

function end(): void {
  // The solver's memory goes with it.
  worker?.terminate();
  worker = undefined;
}

/**
 * Shows what a search ended with.
 *
 * @param plan the plan searched for, which may have changed meanwhile
 */
function finish(told: Searched, plan: Plan): void {
  end();
  if (told.kind === "found") search.value = { kind: "found", plan, found: told.found };
  else if (told.kind === "refused") search.value = { kind: "refused", plan, reason: told.reason };
  else if (told.kind === "unloaded") search.value = { kind: "refused", plan, reason: UNLOADED };
  else {
    search.value = undefined;
    alarm.value = `This is a fault of the program, not of your plan: ${told.reason}`;
  }
}

/** Replaces the plan by the one that was found. */
export function openFound(): void {
  if (search.value?.kind !== "found") return;
  const { file, text, others } = search.value.found;
  openPlan({ file, text, others, moved: {}, pins: [] });
}
