/** The file behind the page, where `gigafleet open` serves it. From disk there is no server, and nothing here asks for one. */
import { batch } from "@preact/signals";
import { followText, openPlan, takeFile } from "./actions.ts";
import type { Draft } from "./draft.ts";
import { conflict, type DiskFile, draft, isCutOff, isDirty, note, saved } from "./state.ts";

/** Whether this page is served by `gigafleet open`. */
export function isServed(): boolean {
  return document.querySelector('meta[name="gigafleet-open"]') !== null;
}

/** The file of the server; undefined where it serves none. */
export async function loadFile(): Promise<DiskFile | undefined> {
  const response = await fetch("file");
  return response.status === 200 ? ((await response.json()) as DiskFile) : undefined;
}

/** What is kept of a file, as it stands on disk now; what differs from it because both changed is left to be chosen. */
export function begin(file: DiskFile, kept: Draft | undefined): Draft | undefined {
  const { text, others, version: base } = file;
  saved.value = { file: file.file, text };
  const isOfNow = kept !== undefined && (kept.base === base || kept.text === text);
  if (base === "" || (kept && !isOfNow)) conflict.value = file;
  return kept && isOfNow ? { ...kept, base, others } : kept;
}

/** Writes the plan to its file, unless the file has changed meanwhile. */
export async function save(): Promise<void> {
  const { text, base: version = "" } = draft.value;
  try {
    const response = await fetch("file", {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text, version }),
    });
    const told = (await response.json()) as DiskFile & { readonly reason?: string };
    if (response.status === 200) {
      batch(() => {
        // What a new `extends` names comes with the answer, and can be read from now on.
        accept(told);
        note.value = `${told.file} is saved.`;
      });
    } else if (response.status === 409) oppose(told);
    else note.value = `The plan is not saved: ${told.reason ?? "the server refused it"}.`;
  } catch {
    isCutOff.value = true;
    note.value = "The plan is not saved.";
  }
}

/** Takes the file as it is on disk for what the plan here began with. */
function accept(file: DiskFile): void {
  conflict.value = undefined;
  saved.value = { file: file.file, text: file.text };
  takeFile(file);
}

/** Drops the changes here for the file on disk. */
export function loadConflict(): void {
  const file = conflict.value;
  if (!file) return;
  // Sliders of a plan that came by a link are not of this file.
  const own = draft.value.base === undefined ? { moved: {}, pins: [] } : {};
  accept(file);
  openPlan({ ...draft.value, ...own, text: file.text });
}

/** Writes the plan here over the file on disk, whose version is known by now. */
export async function keepConflict(): Promise<void> {
  const file = conflict.value;
  if (!file) return;
  conflict.value = undefined;
  draft.value = { ...draft.value, base: file.version };
  await save();
}

/** Hears of changes on disk: an unchanged plan follows its file, a changed one asks. And of the server's end. */
export function watch(): void {
  const events = new EventSource("events");
  events.onmessage = () => void follow();
  events.onerror = () => {
    isCutOff.value = true;
  };
  events.onopen = () => {
    isCutOff.value = false;
    // What happened before was not told.
    void follow();
  };
  addEventListener("beforeunload", (event) => {
    // Nobody will find again what this tab keeps for a server that has ended.
    if (isCutOff.value && isDirty.value) event.preventDefault();
  });
}

async function follow(): Promise<void> {
  const file = await loadFile().catch(() => undefined);
  if (!file) return;
  const { text, base, others } = draft.value;
  if (file.version === base || (file.text === text && file.version !== "")) {
    const changed = Object.keys(file.others).filter((name) => file.others[name] !== others[name]);
    accept(file);
    if (changed.length > 0) note.value = `${changed.join(", ")} changed on disk and was read again.`;
  } else if (saved.value?.text === text && file.version !== "") {
    accept(file);
    followText(file.text);
    note.value = `${file.file} changed on disk and was loaded again.`;
  } else oppose(file);
}

/** Shows that the file differs; what was said of it before, such as that it is saved, is no longer so. */
function oppose(file: DiskFile): void {
  batch(() => {
    conflict.value = file;
    note.value = "";
  });
}
