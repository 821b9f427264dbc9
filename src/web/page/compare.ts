/**
 * The plan beside one that was kept, and the mixes of a scenario side by side. A change of the plan calls a comparison off; it begins
 * again once the plan as it is then has all its trials.
 */
import { batch } from "@preact/signals";
import type { Plan } from "../messages.ts";
import { engineNow, messageOf, movedNow, panelWidth } from "./actions.ts";
import { CalledOff, type Heard } from "./engine.ts";
import {
  answer,
  comparing,
  comparison,
  draft,
  isOutdated,
  isReady,
  kept,
  note,
  planNow,
  tab,
} from "./state.ts";
import { movedInWords } from "./words.ts";

/** Keeps the plan as it stands as A. */
export function keepPlan(): void {
  batch(() => {
    const title = answer.value?.title ?? draft.value.file;
    kept.value = { plan: planNow.value, title, moved: movedInWords(movedNow()) };
    comparing.value = undefined;
    comparison.value = undefined;
  });
}

/** Compares the plan with another one, or its mixes. */
export async function compare(other: Plan | "mixes"): Promise<void> {
  const engine = engineNow();
  if (!engine) return;
  if (other === "mixes" && answer.value?.hasMixes === false) {
    comparing.value = undefined;
    note.value = "There is no comparison: the plan as it is now names no mixes.";
    return;
  }
  const [asked, plan] = [{ other, isWaiting: false }, planNow.value];
  comparing.value = asked;
  try {
    const width = panelWidth("compare");
    const compared = await engine.ask<"compare">({ kind: "compare", with: other, width });
    if (comparing.value !== asked) return;
    comparison.value = { ...compared, plan, isOfMixes: other === "mixes" };
    if (isOutdated(plan)) goOn(other);
    else comparing.value = undefined;
  } catch (error) {
    if (comparing.value !== asked) return;
    if (error instanceof CalledOff) return goOn(other);
    comparing.value = undefined;
    note.value = `There is no comparison: ${messageOf(error)}.`;
  }
}

/** Begins a comparison again that was called off, or waits until there is something to compare. */
function goOn(other: Plan | "mixes"): void {
  comparing.value = { other, isWaiting: true };
  if (isReady.value) void compare(other);
}

/** Wants no comparison any more that waits. */
export function stopComparing(): void {
  comparing.value = undefined;
}

/** Hears of the plan's last answer: a comparison that waits begins, and one with A that is looked at follows the plan. */
export function followPlan(told: Heard): void {
  if (!isReady.value || (told.kind !== "answer" && told.kind !== "final")) return;
  const wanted = comparing.value;
  if (wanted?.isWaiting) void compare(wanted.other);
  if (wanted || !kept.value || tab.value !== "compare") return;
  if (comparison.value?.isOfMixes === false && isOutdated(comparison.value.plan))
    void compare(kept.value.plan);
}
