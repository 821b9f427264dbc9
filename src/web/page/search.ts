/** The search for a better plan: in a thread of its own, which `gigafleet open` serves and which ends with the search. */
import type { Search, Searched, Shipped } from "../messages.ts";
import { openPlan, panelWidth, planNow } from "./actions.ts";
import { alarm, search } from "./state.ts";

let worker: Worker | undefined;

/** Begins a search; one that is under way goes on. */
export function startSearch(shipped: Shipped, task: Pick<Search, "goal" | "book">): void {
  if (worker) return;
  const begun = new Worker("optimizer.js");
  worker = begun;
  search.value = { kind: "running" };
  begun.onmessage = ({ data }: MessageEvent<Searched>) => finish(data);
  begun.onerror = () => {
    const reason = "the solver cannot be loaded; start `gigafleet open` again if it has been stopped";
    finish({ kind: "refused", reason });
  };
  const asked: Search = { shipped, plan: planNow(), width: panelWidth("search"), ...task };
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

function finish(told: Searched): void {
  end();
  if (told.kind === "found") search.value = { kind: "found", found: told.found, isStale: false };
  else if (told.kind === "refused") search.value = { kind: "refused", reason: told.reason };
  else {
    search.value = undefined;
    alarm.value = `The program has a fault, which is not one of your plan: ${told.reason}`;
  }
}

/** Replaces the plan by the one that was found. */
export function openFound(): void {
  if (search.value?.kind !== "found") return;
  const { file, text, others } = search.value.found;
  openPlan({ file, text, others, moved: {}, pins: [] });
}
