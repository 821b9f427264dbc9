/** Starts the page: its parts, and the plan to begin with; the engine has been started by then. */
import { render } from "preact";
import { TWO_COLUMNS } from "../columns.ts";
import type { Answer } from "../messages.ts";
import { boxes, connect, editText, fix, hear, meet, openPlan } from "./actions.ts";
import type { Boot } from "./boot.ts";
import { followPlan } from "./compare.ts";
import { begin, isServed, loadFile, watch } from "./disk.ts";
import { type Draft, isSamePlan } from "./draft.ts";
import { createEditor, type Editor } from "./editor.ts";
import { type Engine, startEngine } from "./engine.ts";
import { readFragment } from "./link.ts";
import { alarm, answer, draft, isStale, isWide, note, problems, rival, saved } from "./state.ts";
import { keptDrafts } from "./store.ts";
import { App } from "./views/app.tsx";

/** Where drafts are kept that are of no file on disk. */
const NOWHERE = "plan";

async function start(): Promise<void> {
  const { boot } = globalThis as { boot?: Boot };
  if (!boot) throw new Error("a part of the page is missing");
  const { shipped, makeWorker, firstAnswer } = boot;
  let editor: Editor | undefined;
  let place = NOWHERE;
  const engine: Engine = startEngine(makeWorker, (told, plan) => {
    hear(told, plan);
    followPlan(told);
  });
  const isElsewhere = ({ file, text, moved, pins }: Draft): boolean =>
    text === (saved.value ? saved.value.text : shipped.scenarios[file]) &&
    Object.keys(moved).length + pins.length === 0;
  connect({ engine, editor: () => editor, width: widthOfAnswer, place: () => place, isElsewhere });
  const mount = (parent: HTMLElement): void => {
    editor = createEditor(parent, engine, editText);
    if (draft.value.file !== "") editor.open(draft.value.text);
    editor.show(problems.value, fix);
  };
  const wide = matchMedia("(min-width: 900px)");
  const measure = (): void => {
    isWide.value = wide.matches;
  };
  wide.addEventListener("change", measure);
  measure();
  const root = document.getElementById("app");
  if (root) render(<App shipped={shipped} mount={mount} />, root);

  const linked = await readFragment(location.hash);
  const file = isServed() ? await loadFile() : undefined;
  if (file) {
    place = `file ${location.pathname} ${file.file}`;
    watch();
  }
  const fresh: Draft = file
    ? { file: file.file, text: file.text, others: file.others, moved: {}, pins: [], base: file.version }
    : { file: shipped.first, text: shipped.scenarios[shipped.first] ?? "", others: {}, moved: {}, pins: [] };
  const { own, shared } = keptDrafts(boxes, place);
  const last = linked.draft ? undefined : (own ?? shared);
  const kept = file ? begin(file, last) : last;
  const first = linked.draft ?? kept ?? fresh;
  const isKept = kept !== undefined && !isSamePlan(kept, fresh);
  draft.value = first;
  // A link, or another tab, does not replace what is kept before a person says so.
  if (shared) meet(shared);
  openPlan(first, linked.draft ? location.hash : "");
  if (first === fresh && !file) showBefore(firstAnswer());
  if (linked.fault !== undefined) {
    const instead = isKept ? `Your last changes to ${first.file} are` : `${first.file} is`;
    alarm.value = `${linked.fault} ${instead} shown instead.`;
  }
  if (linked.draft) note.value = "This is the plan of the link.";
  else if (isKept && linked.fault === undefined) note.value = "Your last changes are here again.";
}

/** Shows what the engine will tell first of the first scenario: it takes a second to start. */
function showBefore(told: Answer): void {
  answer.value = { ...told, columns: widthOfAnswer() >= TWO_COLUMNS ? 2 : 1 };
  isStale.value = false;
}

/** Width that pictures may take [px]. */
function widthOfAnswer(): number {
  const own = document.getElementById("answer");
  if (!own || own.clientWidth === 0) return document.documentElement.clientWidth - 32;
  const { paddingLeft, paddingRight } = getComputedStyle(own);
  return Math.floor(own.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight));
}

addEventListener("hashchange", () => void follow(location.hash));

/** Opens a link in the page as it is: the plan that was here stays to be chosen. */
async function follow(fragment: string): Promise<void> {
  const { draft: next, fault } = await readFragment(fragment);
  if (fault !== undefined) alarm.value = `${fault} The plan that was here stays.`;
  if (!next) return;
  if (rival.value) {
    alarm.value = "The link is not opened: first choose one of the two plans below, then open it again.";
    return;
  }
  const before = draft.value;
  meet(before, next);
  openPlan(next, fragment);
  note.value = "This is the plan of the link.";
}

void start().catch((error: unknown) => {
  alarm.value = `The page cannot start: ${error instanceof Error ? error.message : String(error)}`;
});
