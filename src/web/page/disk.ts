/** The file behind the page, where `gigafleet open` serves it. From disk there is no server, and nothing here asks for one. */
import { batch } from "@preact/signals";
import { openPlan } from "./actions.ts";
import { conflict, type DiskFile, draft, note, saved } from "./state.ts";

/** Whether this page is served by `gigafleet open`. */
export function isServed(): boolean {
  return document.querySelector('meta[name="gigafleet-open"]') !== null;
}

/** The file of the server; undefined where it serves none. */
export async function loadFile(): Promise<DiskFile | undefined> {
  const response = await fetch("file");
  return response.status === 200 ? ((await response.json()) as DiskFile) : undefined;
}

/** Begins with a file: what it holds now is what a later save is compared with. */
export function begin(file: DiskFile): void {
  saved.value = { text: file.text };
  draft.value = { ...draft.value, base: file.version, others: file.others };
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
        begin(told);
        note.value = `${told.file} is saved.`;
      });
    } else if (response.status === 409) oppose(told);
    else note.value = `The plan is not saved: ${told.reason ?? "the server refused it"}.`;
  } catch {
    note.value =
      "The plan is not saved: `gigafleet open` has been stopped. Start it again, or download the plan.";
  }
}

/** Drops the changes here for the file on disk. */
export function loadConflict(): void {
  const file = conflict.value;
  if (!file) return;
  conflict.value = undefined;
  begin(file);
  openPlan({ ...draft.value, text: file.text });
}

/** Writes the plan here over the file on disk, whose version is known by now. */
export async function keepConflict(): Promise<void> {
  const file = conflict.value;
  if (!file) return;
  conflict.value = undefined;
  draft.value = { ...draft.value, base: file.version };
  await save();
}

/** Hears that the file changed on disk: an unchanged plan follows it, a changed one asks. */
export function watch(): void {
  const events = new EventSource("events");
  events.onmessage = () => void follow();
}

async function follow(): Promise<void> {
  const file = await loadFile().catch(() => undefined);
  if (!file || file.version === draft.value.base) return;
  if (file.text === draft.value.text) begin(file);
  else if (saved.value?.text === draft.value.text && file.version !== "") {
    begin(file);
    openPlan({ ...draft.value, text: file.text });
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
