/** What takes the plan elsewhere: a link that holds it, the files of its run. */
import type { Replies } from "../messages.ts";
import { engineNow, messageOf, sayUndone, setFragment } from "./actions.ts";
import { CalledOff } from "./engine.ts";
import { writeFragment } from "./link.ts";
import { answer, calledOff, draft, isReady, note } from "./state.ts";

/** Longest address that mail and chat carry, about [characters]. */
const LONG_LINK = 30_000;

/** Copies an address that holds the plan. */
export async function copyLink(): Promise<void> {
  const fragment = await writeFragment(draft.value);
  setFragment(fragment);
  const address = location.href;
  const isLong =
    address.length > LONG_LINK ? " It is long: mail or chat may cut it, so send the file instead." : "";
  try {
    await navigator.clipboard.writeText(address);
    note.value = `The link is copied. Whoever opens it in Gigafleet's page sees this plan.${isLong}`;
  } catch {
    note.value = `The link is in the address bar; copy it from there.${isLong}`;
  }
}

/** Lists the files that the command would write for the run that is shown; none where it is not the last answer to the plan. */
export async function listFiles(): Promise<Replies["files"]> {
  const [engine, run] = [engineNow(), answer.value];
  if (!engine || !isReady.value) return [];
  try {
    const files = await engine.ask<"files">({ kind: "files" });
    return isReady.value && answer.value === run ? files : [];
  } catch (error) {
    // They are listed again once the plan as it is then has all its trials.
    if (!(error instanceof CalledOff)) note.value = `There are no files: ${messageOf(error)}.`;
    return [];
  }
}

/** Downloads the workbook that the command would write. */
export async function downloadWorkbook(): Promise<void> {
  const engine = engineNow();
  if (!engine) return;
  calledOff.value = undefined;
  note.value = "The workbook is being made; a large plan takes half a minute\u2026";
  try {
    const { name, pieces } = await engine.ask<"workbook">({ kind: "workbook" });
    note.value = "";
    // They come by message, so their memory is not shared.
    download(name, ...(pieces as readonly Uint8Array<ArrayBuffer>[]));
  } catch (error) {
    sayUndone("The workbook is not made", error, () => void downloadWorkbook());
  }
}

/** Hands a text, or a file in pieces, to the browser as a file. */
export function download(name: string, ...pieces: readonly BlobPart[]): void {
  const address = URL.createObjectURL(new Blob([...pieces], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
