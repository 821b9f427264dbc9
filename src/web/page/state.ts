/** All that the page shows, in one place. Components read it; actions.ts, compare.ts, disk.ts, search.ts and share.ts alone change it. */
import { computed, signal } from "@preact/signals";
import { fixed } from "../../charts/kit/numbers.ts";
import type {
  Answer,
  Compared,
  FoundPlan,
  Influence,
  Movable,
  Plan,
  PostedNode,
  Problem,
  Texts,
  Unmovable,
} from "../messages.ts";
import { type Draft, isSameRun, planOf } from "./draft.ts";

/** The file behind the page as `gigafleet open` reads it; its version is empty where it is gone. */
export type DiskFile = {
  readonly file: string;
  readonly text: string;
  readonly others: Texts;
  readonly version: string;
};

/** A node of a trace on the page: what it is made of is asked for when it is opened. */
export type OpenNode = { readonly node: PostedNode; readonly path: readonly number[] };

export type Tab = "answer" | "values" | "plan" | "trace" | "compare" | "search";

export const draft = signal<Draft>({ file: "", text: "", others: {}, moved: {}, pins: [] });
export const problems = signal<readonly Problem[]>([]);
export const movables = signal<readonly Movable[]>([]);
/** Uncertain values that have no slider. */
export const unmovables = signal<readonly Unmovable[]>([]);
/** How closely the cost follows the values, by which they are sorted. */
export const influence = signal<Influence | undefined>(undefined);
/** The last answer of a sound plan. */
export const answer = signal<Answer | undefined>(undefined);
/** Whether the answer is of an earlier state of the plan. */
export const isStale = signal(true);
/** Whether the answer is even of another plan than an earlier state of this one. */
export const isOfAnother = signal(false);
/** Whether the plan as it stands can be run. */
export const isSound = signal(true);
/** A fault of the program, or of what was opened. */
export const alarm = signal("");
export const note = signal("");
export const tab = signal<Tab>("answer");
export const trace = signal<
  | {
      /** Counts the numbers taken apart: another one may have the same name and value, and is not it. */
      readonly count: number;
      /** The number that was clicked, as it stands there: of trials it is another than that of the plain run. */
      readonly clicked: string;
      readonly metric: string;
      readonly text: string;
      readonly root: PostedNode;
      readonly isOfTrials: boolean;
      readonly isStale: boolean;
    }
  | undefined
>(undefined);

/** Whether the answer stands beside the other parts. */
export const isWide = signal(true);

/** The plan kept as A. */
export const kept = signal<
  { readonly plan: Plan; readonly title: string; readonly moved: string } | undefined
>(undefined);
export const comparison = signal<
  (Compared & { readonly plan: Plan; readonly isOfMixes: boolean }) | undefined
>(undefined);
/** The comparison that is wanted: under way, or waiting for all trials of a plan that changed meanwhile. */
export const comparing = signal<{ readonly other: Plan | "mixes"; readonly isWaiting: boolean } | undefined>(
  undefined,
);

/** The search for a better plan, and the plan it is for: under way, or with what it ended. */
export const search = signal<
  | { readonly kind: "running"; readonly plan: Plan }
  | { readonly kind: "found"; readonly plan: Plan; readonly found: FoundPlan }
  | { readonly kind: "refused"; readonly plan: Plan; readonly reason: string }
  | undefined
>(undefined);

/** What a change of the plan called off, and how to begin it again. */
export const calledOff = signal<{ readonly text: string; readonly again: () => void } | undefined>(undefined);

/** Where the plan is saved: a file on disk through `gigafleet open`, or nowhere. */
export const saved = signal<{ readonly file: string; readonly text: string } | undefined>(undefined);
/** Whether the server that saves it does not answer any more. */
export const isCutOff = signal(false);
/** A text of the file that differs from the one the draft began with. */
export const conflict = signal<DiskFile | undefined>(undefined);

/** Whether the browser had room for the plan. */
export const isKept = signal(true);

/** Another plan that this browser keeps for the same place: of another tab, or of an earlier visit. */
export const rival = signal<Draft | undefined>(undefined);

/** Whether the file lacks what the plan has, or is gone. */
export const isDirty = computed(() => {
  const isGone = conflict.value?.version === "";
  return saved.value !== undefined && (isGone || saved.value.text !== draft.value.text);
});

/** The plan as it stands, sliders included. */
export const planNow = computed(() => planOf(draft.value));

/** Whether the answer is the last one to the plan as it stands. */
export const isReady = computed(() => answer.value?.isFinal === true && !isStale.value && isSound.value);

/** Whether what was made of a plan is out of date, because another one stands here now. */
export function isOutdated(plan: Plan): boolean {
  return !isSameRun(plan, planNow.value);
}

/** What stands in the place of the answer to a plan with a fault. */
function remainder(): string {
  if (!answer.value) return "once it is mended, the answer stands here";
  return isOfAnother.value
    ? `this is the answer to the plan before, ${answer.value.title}`
    : "this is the last good answer";
}

/** What the page is doing, in a few words. */
export const status = computed(() => {
  const shown = answer.value;
  if (!isSound.value) return `The plan has a fault; ${remainder()}.`;
  if (!shown) return "Starting\u2026";
  if (isStale.value)
    return isOfAnother.value
      ? `Running ${draft.value.file}\u2026 Until then this is the answer to the plan before, ${shown.title}.`
      : "Running\u2026";
  if (!shown.isFinal && shown.trials === 0)
    return "Every uncertain value at its median; trials are running\u2026";
  if (shown.isWhole && !shown.isFinal)
    return `${fixed(shown.trials)} trials; the plan is being checked\u2026`;
  if (!shown.isFinal) return `${shown.trials} trials; more are running\u2026`;
  return shown.trials === 0
    ? "Up to date; nothing is uncertain."
    : `Up to date: ${fixed(shown.trials)} trials.`;
});
