/** What takes the plan elsewhere: a link that holds it, the files of its run. */
import { engineNow, messageOf } from "./actions.ts";
import { writeFragment } from "./link.ts";
import { draft, note } from "./state.ts";

/** Longest address that mail and chat carry, about [characters]. */
const LONG_LINK = 30_000;

/** Copies an address that holds the plan. */
export async function copyLink(): Promise<void> {
  const fragment = await writeFragment(draft.value);
  const address = `${location.href.replace(/#.*$/s, "")}${fragment}`;
  history.replaceState(undefined, "", fragment);
  const isLong =
    address.length > LONG_LINK ? " It is long: mail or chat may cut it, so send the file instead." : "";
  try {
    await navigator.clipboard.writeText(address);
    note.value = `The link is copied. Whoever opens it in Gigafleet's page sees this plan.${isLong}`;
  } catch {
    note.value = `The link is in the address bar; copy it from there.${isLong}`;
  }
}

/** Lists the files that the command would write, with their texts; none, and a note that says why, without a finished run. */
export async function listFiles(): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const engine = engineNow();
  if (!engine) return [];
  try {
    return await engine.ask<"files">({ kind: "files" });
  } catch (error) {
    note.value = `There are no files yet: ${messageOf(error)}.`;
    return [];
  }
}

/** Downloads the workbook that the command would write. */
export async function downloadWorkbook(): Promise<void> {
  const engine = engineNow();
  if (!engine) return;
  note.value = "The workbook is being made; a large plan takes half a minute\u2026";
  try {
    const { name, pieces } = await engine.ask<"workbook">({ kind: "workbook" });
    note.value = "";
    // They come by message, so their memory is not shared.
    download(name, ...(pieces as readonly Uint8Array<ArrayBuffer>[]));
  } catch (error) {
    note.value = `There is no workbook: ${messageOf(error)}.`;
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
