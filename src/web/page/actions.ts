/** What a person can do with a plan, and what the engine tells. */
import { batch } from "@preact/signals";
import { type FigureName, isOfTrials } from "../../charts/kit/figure-name.ts";
import { isoMonth } from "../../charts/kit/months.ts";
import { NARROW_SPACE, significant } from "../../charts/kit/numbers.ts";
import { readFigureAttributes } from "../figure-attributes.ts";
import type { Movable, Place, Plan, Problem, Replies, TracedFigure } from "../messages.ts";
import { type Draft, isSamePlan, isSameRun, planOf } from "./draft.ts";
import type { Editor } from "./editor.ts";
import { CalledOff, type Engine, type Heard } from "./engine.ts";
import {
  alarm,
  answer,
  calledOff,
  type DiskFile,
  draft,
  influence,
  isKept,
  isOfAnother,
  isOutdated,
  isSound,
  isStale,
  movables,
  note,
  type OpenNode,
  planNow,
  problems,
  rival,
  type Tab,
  tab,
  trace,
  unmovables,
} from "./state.ts";
import { type Boxes, draftOfChange, forgetDrafts, keepDraft } from "./store.ts";

/** After the last key, before the plan is run: typing is not disturbed [ms]. */
const TYPING = 250;

/** The parts of the page that actions work on; set once, when the page starts. */
export type Parts = {
  readonly engine: Engine;
  readonly editor: () => Editor | undefined;
  /** Width of the column of pictures [px]. */
  readonly width: () => number;
  /** Where drafts are kept. */
  readonly place: () => string;
  /** Whether nothing is lost with a draft, because it can be opened again without the browser. */
  readonly isElsewhere: (draft: Draft) => boolean;
};

/** What the browser has to keep drafts in. */
export const boxes: Boxes = { own: () => sessionStorage, shared: () => localStorage };

let parts: Parts | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The engine, once the page has started. */
export function engineNow(): Engine | undefined {
  return parts?.engine;
}

export function connect(given: Parts): void {
  parts = given;
  addEventListener("pagehide", keepNow);
  // The browser tells of what other tabs do, never of what this one does.
  addEventListener("storage", (event) => {
    const other = event.storageArea === localStorage ? draftOfChange(event, given.place()) : undefined;
    if (other) meet(other);
  });
}

/**
 * Compares a plan with another one that the browser keeps: until a person chooses, neither replaces the other. One that comes with the
 * page, or is in its file, needs no choice.
 */
export function meet(other: Draft, here = draft.value): void {
  rival.value = isSamePlan(other, here) || parts?.isElsewhere(other) ? undefined : other;
}

/** Takes the other plan. */
export function takeRival(): void {
  const other = rival.value;
  rival.value = undefined;
  if (other) openPlan(other);
}

/** Keeps the plan of this tab instead of the other one. */
export function keepOwn(): void {
  rival.value = undefined;
  keepNow();
}

function run(moving?: string): void {
  clearTimeout(timer);
  isStale.value = true;
  const { pins } = draft.value;
  const more = {
    ...(moving ? { moving } : {}),
    ...(movables.value.length === 0 ? { isWithoutSliders: true } : {}),
  };
  parts?.engine.run({ plan: planNow.value, pins, width: parts.width(), far: picturesFar(), ...more });
}

/** Beyond the edges of the screen, as far as a reader scrolls while a picture is drawn [px]. */
const NEAR = 300;

/** The pictures of the answer that are neither on the screen nor soon will be. */
function picturesFar(): readonly string[] {
  // Of the cells: asked for a figure, the browser would lay out those that it need not show.
  return [...document.querySelectorAll("#answer .cell")]
    .filter((cell) => {
      const { top, bottom } = cell.getBoundingClientRect();
      return bottom <= -NEAR || top >= innerHeight + NEAR;
    })
    .flatMap((cell) => cell.querySelector("figure")?.id ?? []);
}

/** @param fragment that of the address, where it is a link to just this plan */
function change(next: Draft, fragment = ""): void {
  if (trace.value && !isSameRun(planOf(next), planNow.value)) trace.value = { ...trace.value, isStale: true };
  draft.value = next;
  if (rival.value && isSamePlan(rival.value, next)) rival.value = undefined;
  isStale.value = true;
  // What was wrong with a link, stopped a run, or was done with the plan, is not so of the plan from here on.
  alarm.value = "";
  note.value = "";
  clearTimeout(keeping);
  keeping = setTimeout(keepNow, TYPING);
  if (location.hash !== fragment) setFragment(fragment);
}

/** Puts a link into the address, or takes it out: a reload shows the plan as it was left. */
export function setFragment(fragment: string): void {
  history.replaceState(undefined, "", `${location.href.replace(/#.*$/s, "")}${fragment}`);
}

let keeping: ReturnType<typeof setTimeout> | undefined;

/** Keeps the plan in the browser. It waits for a pause, because a long text takes longer than a key may; the page's end does not wait. */
function keepNow(): void {
  clearTimeout(keeping);
  if (parts) isKept.value = keepDraft(boxes, parts.place(), draft.value, rival.value === undefined);
}

/**
 * Replaces the plan by another.
 *
 * @param fragment that of the address, where the plan came by a link
 */
export function openPlan(next: Draft, fragment = ""): void {
  batch(() => {
    change(next, fragment);
    // The sliders of the plan before would set what this one does not have.
    movables.value = [];
    unmovables.value = [];
    influence.value = undefined;
    trace.value = undefined;
    calledOff.value = undefined;
    isOfAnother.value = answer.value !== undefined;
  });
  parts?.editor()?.open(next.text);
  keepNow();
  run();
}

/** Takes another text of the same plan: its sliders stay. */
export function followText(text: string): void {
  change({ ...draft.value, text });
  parts?.editor()?.open(text);
  keepNow();
  run();
}

/** What is known of the file behind the plan: the version that a later save is compared with, and the files beside it. */
export function takeFile({ file, version: base, others }: DiskFile): void {
  const next = { ...draft.value, file, base, others };
  if (!isSamePlan(next, draft.value)) {
    change(next);
    run();
  } else if (base !== draft.value.base) {
    draft.value = next;
    keepNow();
  }
}

/** Takes what was typed. */
export function editText(text: string): void {
  change({ ...draft.value, text });
  clearTimeout(timer);
  timer = setTimeout(() => run(), TYPING);
}

/** Moves a slider: the value is certain then, in every trial. */
export function move(movable: Movable, position: number): void {
  const value = movable.isMonth ? isoMonth(Math.round(position)) : String(Number(position.toPrecision(6)));
  const written = [value, movable.unit].filter(Boolean).join(" ");
  const set = `${movable.path}=${movable.form.replace("VALUE", written)}`;
  const { moved } = draft.value;
  change({ ...draft.value, moved: { ...moved, [movable.path]: { position, set } } });
  run(movable.path);
}

/** A slider is about to be moved. */
export function hold({ path }: Movable): void {
  if (!isStale.value) parts?.engine.hold(path);
}

/** Puts a slider back: the value is as the scenario has it. */
export function putBack(path: string): void {
  const { [path]: _gone, ...moved } = draft.value.moved;
  change({ ...draft.value, moved });
  run();
}

export function putAllBack(): void {
  change({ ...draft.value, moved: {} });
  run();
}

/** Gives a certain value a slider, or takes it away. */
export function pin(path: string): void {
  const { pins } = draft.value;
  if (!pins.includes(path)) change({ ...draft.value, pins: [...pins, path] });
  tab.value = "values";
  run();
}

export function unpin(path: string): void {
  const { [path]: _gone, ...moved } = draft.value.moved;
  change({ ...draft.value, moved, pins: draft.value.pins.filter((one) => one !== path) });
  run();
}

/** A value of a slider as a reader sees it. */
export function valueText({ isMonth, unit }: Movable, position: number): string {
  if (isMonth) return isoMonth(Math.round(position));
  const number = significant(position);
  return unit === "" ? number : `${number}${NARROW_SPACE}${unit}`;
}

/** Puts a text in place of a fault. */
export function fix({ at }: Problem, by: string): void {
  if (at) parts?.editor()?.replace(at, by);
}

/** Shows a place of the scenario in the editor. */
export function goTo(place: Place): void {
  tab.value = "plan";
  // The editor is on the page once the tab has been drawn.
  setTimeout(() => parts?.editor()?.goTo(place));
}

/** Whoever waits longer is told for what [ms]. */
const LATE = 500;

/** The number whose trace is open, and the part of the page that it is in. */
let opener: { readonly number: HTMLElement; readonly figure: FigureName; readonly from: Tab } | undefined;

/**
 * Opens what a figure is made of.
 *
 * @param plans those that the figure's `run` counts among, where they are not the ones compared last
 */
export async function openTrace(
  figure: FigureName,
  number: HTMLElement,
  plans?: readonly [Plan, Plan],
): Promise<void> {
  if (!parts) return;
  calledOff.value = undefined;
  const [asked, isOld] = [draft.value, isStale.value || !isSound.value];
  // Of a large plan it takes seconds.
  const late = setTimeout(() => {
    note.value = "This number opens as soon as the engine, which is busy with this plan, has a moment\u2026";
  }, LATE);
  try {
    const question = { kind: "trace", figure, ...(plans ? { plans } : {}) } as const;
    const traced = await parts.engine.ask<"trace">(question);
    showTrace(traced, figure, number, isOld || !isSameRun(planOf(asked), planNow.value));
  } catch (error) {
    const again = () => void openTrace(figure, number, plans);
    sayUndone("This number cannot be taken apart", error, again);
  } finally {
    clearTimeout(late);
  }
}

/** Numbers taken apart so far. */
let tracedCount = 0;

/** Shows what a figure is made of, and takes whoever uses the keyboard there. */
export function showTrace(
  { metric, text, tree }: TracedFigure,
  figure: FigureName,
  number: HTMLElement,
  isOld: boolean,
): void {
  opener = { number, figure, from: tab.value };
  batch(() => {
    tracedCount++;
    trace.value = {
      count: tracedCount,
      clicked: number.innerText.trim(),
      metric,
      text,
      root: tree,
      isStale: isOld,
      isOfTrials: isOfTrials(figure),
    };
    tab.value = "trace";
    note.value = "";
  });
  // It is on the page once the tab has been drawn.
  setTimeout(() => document.querySelector<HTMLElement>("#panel-trace .trace")?.focus());
}

/** Goes back to the number whose trace is open; where it has been drawn again, to the one in its place. */
export function closeTrace(): void {
  if (!opener) return;
  const { number, figure, from } = opener;
  tab.value = from;
  const isSame = (other: HTMLElement) => {
    const own = readFigureAttributes(other.dataset);
    return own !== undefined && JSON.stringify(own) === JSON.stringify(figure);
  };
  setTimeout(() => {
    const all = [...document.querySelectorAll<HTMLElement>("button.num")];
    (number.isConnected ? number : all.find(isSame))?.focus();
  });
}

/** The nodes below one of the trace. */
export async function unfold({ node, path }: OpenNode): Promise<readonly OpenNode[]> {
  let children = node.children;
  try {
    if (node.hidden) children = (await parts?.engine.ask<"unfold">({ kind: "unfold", path })) ?? [];
  } catch (error) {
    note.value = `This cannot be opened: ${messageOf(error)}.`;
  }
  return children.map((child, index) => ({ node: child, path: [...path, index] }));
}

/** The values that are moved, as a reader sees them. */
export function movedNow(): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(draft.value.moved).map(([path, { position }]) => {
    const movable = movables.value.find((one) => one.path === path);
    return movable
      ? { name: movable.name, value: valueText(movable, position) }
      : { name: path, value: significant(position) };
  });
}

/** Space beside the pictures of a panel, and their least width [px]. */
const [PANEL_MARGIN, LEAST_WIDTH] = [40, 280];

/** Width that pictures in a panel may take [px]. */
export function panelWidth(name: Tab): number {
  const { clientWidth = 400 } = document.getElementById(`panel-${name}`) ?? {};
  return Math.max(LEAST_WIDTH, clientWidth - PANEL_MARGIN);
}

/** Certain values by words of their name; none before there is an answer. */
export async function findValues(words: readonly string[]): Promise<Replies["find"]> {
  return (await parts?.engine.ask<"find">({ kind: "find", words }).catch(() => [])) ?? [];
}

/** Forgets what the browser keeps; the page stays as it is until it is left. */
export function forget(): void {
  forgetDrafts(boxes);
  rival.value = undefined;
  setFragment("");
  note.value = "Nothing is kept in this browser any more. The next change is kept again.";
}

/**
 * Takes what the engine tells.
 *
 * @param plan what the run was of; the plan may have changed since
 */
export function hear(told: Heard, plan: Plan | undefined): void {
  batch(() => {
    switch (told.kind) {
      case "checked":
        problems.value = told.problems;
        isSound.value = told.isSound;
        break;
      case "sliders":
        // Those of a plan that was left while it ran would set what this one does not have.
        if (plan?.file !== draft.value.file) break;
        movables.value = told.movables;
        unmovables.value = told.unmovables;
        break;
      case "fixes":
        problems.value = told.problems;
        break;
      case "answer":
        answer.value = told.answer;
        isStale.value = plan !== undefined && isOutdated(plan);
        isOfAnother.value &&= isStale.value;
        takeInfluence(told);
        break;
      case "final":
        if (answer.value) answer.value = { ...answer.value, isFinal: true };
        takeInfluence(told);
        break;
      case "broken":
        alarm.value = `This is a fault of the program, not of your plan: ${told.text}`;
        break;
    }
  });
  if (told.kind === "checked" || told.kind === "fixes") parts?.editor()?.show(problems.value, fix);
}

/**
 * Sorts the values by the first trials of a plan, and again once all are there. While one is held, none moves away below the finger; and
 * while one is moved, which leaves the others more of the cost, they stay as the plan as written has them.
 */
function takeInfluence({ influence: told }: Extract<Heard, { kind: "answer" | "final" }>): void {
  if (!told || document.activeElement?.closest(".slider")) return;
  const { trials } = influence.value ?? { trials: 0 };
  const isMoved = Object.keys(draft.value.moved).length > 0;
  if (told.trials > trials || (told.trials === trials && !isMoved)) influence.value = told;
}

/** Draws the pictures for another width. */
export function resize(): void {
  parts?.engine.draw(parts.width());
}

/** Says what was not done, and why; what only a change of the plan called off can be begun again. */
export function sayUndone(what: string, error: unknown, again: () => void): void {
  if (error instanceof CalledOff) {
    note.value = "";
    calledOff.value = { text: `${what}: the plan changed meanwhile.`, again };
  } else note.value = `${what}: ${messageOf(error)}.`;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
